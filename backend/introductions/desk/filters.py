"""Which cases somebody wants to see, as an address says it: words, state, ward, whose, how urgent."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from backend.core.i18n import gettext as _
from backend.core.i18n import mark, term
from backend.introductions import tables
from backend.introductions.states import CaseState

LONGEST_QUERY, MOST_WORDS, LONGEST_WARD = 200, 5, 20
NUMBER = re.compile(r"(?:\d\d-)?0*(\d{1,9})")
DUE: Mapping[str, str] = {"": mark("すべて"), "today": mark("今日まで"), "over": mark("過ぎた")}
WHOSE: Mapping[str, str] = {"": mark("みんなの案件"), "mine": mark("わたしの案件"), "nobody": mark("担当なし")}
# Two words that stand for several states.
RUNNING, ENDED = "running", "ended"


@dataclass(frozen=True)
class CaseFilter:
    """What is wanted; blank fields leave all."""

    q: str = ""
    state: str = ""
    ward: str = ""
    whose: str = ""
    due: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(unicodedata.normalize("NFKC", self.q).split()[:MOST_WORDS])

    @property
    def is_open(self) -> bool:
        """Whether nothing is narrowed down."""
        return self == CaseFilter()

    def pairs(self) -> list[tuple[str, str]]:
        named = {"q": self.q, "state": self.state, "ward": self.ward, "whose": self.whose, "due": self.due}
        return [(name, value) for name, value in named.items() if value]

    def query(self, **more: object) -> str:
        """The address after the question mark."""
        kept = [(name, value) for name, value in self.pairs() if name not in more]
        return urlencode([*kept, *((name, value) for name, value in more.items() if value)])

    def address(self, path: str, **more: object) -> str:
        query = self.query(**more)
        return f"{path}?{query}" if query else path


def read_filter(sent: Mapping[str, str]) -> CaseFilter:
    """The filter of an address. What is no filter of ours is left out."""
    state, whose, due = sent.get("state", ""), sent.get("whose", ""), sent.get("due", "")
    return CaseFilter(
        q=" ".join(sent.get("q", "").split())[:LONGEST_QUERY],
        state=state if state in {*CaseState, RUNNING, ENDED} else "",
        ward=sent.get("ward", "").strip()[:LONGEST_WARD],
        whose=whose if whose in WHOSE else "",
        due=due if due in DUE else "",
    )


def request_id_in(word: str) -> int | None:
    """The running number in 26-0412 or 412, if the word is one."""
    found = NUMBER.fullmatch(word)
    number = int(found[1]) if found else 0
    return number if 0 < number < 2**31 else None


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """A list to choose from, in the language of the screen."""
    return [(key, _(label)) for key, label in words.items()]


def state_choices() -> list[tuple[str, str]]:
    return [(state.value, _(rule.label)) for state, rule in tables.STATES.items()]


def ward_choices(wards: Sequence[str], chosen: str) -> list[tuple[str, str]]:
    """The wards there are; what was chosen stays in the list though nothing is found there."""
    return [(ward, term(ward)) for ward in dict.fromkeys((*wards, *((chosen,) if chosen else ())))]
