"""What the forms of a case send: texts by name, and lists of ticked boxes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from backend.core.errors import NotFound
from backend.introductions.states import Channel

# Whoever chooses among many firms sends many boxes; every other form is short.
MOST_FIELDS, FEW_FIELDS = 400, 60
LARGEST_ID = 2**31 - 1
# How an answer reached the desk. What comes over the web comes from the person itself.
HEARD = (Channel.PHONE, Channel.FAX, Channel.VISIT, Channel.MAIL)

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Sent:
    """The text fields of a form as they were sent."""

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name)

    @property
    def seen(self) -> int | None:
        """The version of the case that the page showed; none where the form does not say."""
        text = self.one("seen")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def choice(self, name: str, kind: type[E], default: E) -> E:
        text = self.one(name)
        return kind(text) if text in set(kind) else default

    @property
    def heard(self) -> Channel:
        """How the answer reached the desk: by telephone, unless something else is said."""
        found = self.choice("channel", Channel, Channel.PHONE)
        return found if found in HEARD else Channel.PHONE


async def _sent(request: Request) -> Sent:
    return await _read(request, MOST_FIELDS)


async def _fields(request: Request) -> Sent:
    return await _read(request, FEW_FIELDS)


async def _read(request: Request, most: int) -> Sent:
    data = await request.form(max_fields=most, max_files=0)
    return Sent(tuple((name, value) for name, value in data.multi_items() if isinstance(value, str)))


Posted = Annotated[Sent, Depends(_sent)]
SentFields = Annotated[Sent, Depends(_fields)]
NOTHING_SENT = Sent()


def case_number(text: str) -> int:
    """The number of a case. One that no case can have is no page of ours."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    if not 0 < number <= LARGEST_ID:
        raise NotFound
    return number


def _case_id(case_id: str) -> int:
    return case_number(case_id)


# The number of a case in an address.
CaseId = Annotated[int, Depends(_case_id)]


@dataclass(frozen=True)
class Kept:
    """A form that was refused: what was typed into it and what is wrong, so that it can be shown again."""

    form: str = ""
    sent: Sent = field(default_factory=Sent)
    message: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def value(self, form: str, name: str, default: object = "") -> object:
        """What to show in a field: what was typed if this is the form, else what is stored."""
        return self.sent.one(name) if self.is_form(form) else default

    def ticked(self, form: str, name: str, value: str, default: bool = False) -> bool:
        return value in self.sent.all(name) if self.is_form(form) else default

    def error(self, form: str, name: str) -> str:
        return self.wrong.get(name, "") if self.is_form(form) else ""

    def is_form(self, form: str) -> bool:
        return bool(self.form) and self.form == form


NOTHING_KEPT = Kept()
