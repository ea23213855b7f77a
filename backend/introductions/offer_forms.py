"""What a firm's page sends: every field with all its values, and the answer to one operation read from them."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.introductions.desk_forms import Sent
from backend.introductions.offers import Reply

MOST_FIELDS = 60
NOTHING_SENT = Sent()


async def _fields(request: Request) -> Sent:
    data = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return Sent(tuple((name, value) for name, value in data.multi_items() if isinstance(value, str)))


SentFields = Annotated[Sent, Depends(_fields)]


def reply_of(sent: Sent) -> Reply:
    """The answer as it was typed. offers.answer checks it; only a date that is none is refused here."""
    return Reply(
        sent.one("answer"),
        sent.one("reason"),
        sent.all("conditions"),
        _date(sent.one("proposed_date")) if sent.one("answer") == "conditional" else None,
        sent.one("words"),
    )


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = _("日付を選びなおしてください。")
        raise Invalid(message, {"proposed_date": message}) from error
