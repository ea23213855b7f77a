"""From words to workshops: reads a text, applies what people put right, finds firms, and says why in their words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from backend.core import clock
from backend.matches import corrections as correcting
from backend.matches.cards import Card, card_of
from backend.matches.index import Found, LiveIndex, NotReady
from backend.matches.operations import DEPTH, able_for_all, by_operation
from backend.matches.questions import Questions, questions_for
from backend.matches.reading import ReadingView, view
from backend.requests.forms import Wording
from matching.routing.telling import with_route, with_told_steps
from matching.types import Aspect, Need, Verdict
from matching.understanding.request import read

MOST_NEAR = 6
MOST_LACKS = 2
# A firm that cannot do the process, or declines it, is not nearly able to do the job.
TRADE = frozenset({Aspect.PROCESS, Aspect.EXCLUSION})


@dataclass(frozen=True)
class Answer:
    """What a text was understood to ask for, what is still open, and who may be able to do it."""

    need: Need
    corrections: Mapping[str, str]
    reading: ReadingView
    questions: Questions
    # The first of the firms that come into question, and how many there are.
    cards: tuple[Card, ...] = ()
    fitting: int = 0
    # How many of them can do a job of several operations as a whole; None where that was not counted.
    whole: int | None = None
    # Firms that have the processes and fail only a condition or two.
    near: tuple[Card, ...] = ()
    # Why nobody could be searched; blank mostly. `soon` says that asking again in a moment helps.
    unavailable: str = ""
    soon: bool = False

    @property
    def problems(self) -> bool:
        """Whether a correction could not be understood."""
        return any(chip.problem for chip in self.reading.chips)


def understand(wording: Wording) -> tuple[Need, frozenset[str]]:
    """The need of a text with its corrections, and the corrections that could not be understood; routes start here."""
    return _understood(wording.text, tuple(sorted(wording.corrections.items())), clock.today())


@lru_cache(maxsize=256)
def _understood(text: str, corrections: tuple[tuple[str, str], ...], today: date) -> tuple[Need, frozenset[str]]:
    """Kept for a while: the reading, the route, the teams and the legs of one page all begin with the same words."""
    return correcting.apply(with_told_steps(read(text, today)), dict(corrections))


def as_shown(wording: Wording) -> tuple[Need, frozenset[str]]:
    """The same for whoever reads or ranks: of a job of several operations all told steps of its route, unless a person
    put the operations right.
    """
    need, wrong = understand(wording)
    return (need if "process" in wording.corrections else with_route(need)), wrong


def answer(index: LiveIndex, wording: Wording, *, top: int, staff: bool, split: bool = False) -> Answer:
    """Everything a page shows about a text; `split` counts who can do the whole. NotReady while there is no index."""
    need, wrong = as_shown(wording)
    found = suitable(index.find(need, DEPTH), staff=staff)
    cards = [card_of(one, need, rank, staff=staff) for rank, one in enumerate(found, 1)]
    fitting = [card for card in cards if card.verdict != Verdict.NO]
    near = [card for card in cards if is_near(card)]
    return replace(
        _read(need, wording, wrong),
        cards=tuple(fitting[:top]),
        fitting=len(fitting),
        whole=_whole(index, need, fitting) if split else None,
        near=tuple(near[:MOST_NEAR]),
    )


def _whole(index: LiveIndex, need: Need, fitting: list[Card]) -> int | None:
    """Counted as the coordinator's comparison counts; None where the job has one operation."""
    each = by_operation(index, need)
    return len(able_for_all(each) & {card.firm_id for card in fitting}) if each else None


def read_only(wording: Wording, reason: NotReady) -> Answer:
    """What was understood, without firms, and the reason why there are none."""
    need, wrong = as_shown(wording)
    return replace(_read(need, wording, wrong), unavailable=reason.message, soon=reason.soon)


def _read(need: Need, wording: Wording, wrong: frozenset[str]) -> Answer:
    reading = view(need, wording.corrections, wrong)
    return Answer(need, wording.corrections, reading, questions_for(need, wording.corrections))


def is_near(card: Card) -> bool:
    """Whether only a condition or two stand between this firm and the job, not the process itself."""
    broken = card.lacks
    return 0 < len(broken) <= MOST_LACKS and all(line.aspect not in TRADE for line in broken)


def suitable(found: list[Found], *, staff: bool) -> list[Found]:
    """Those this reader may know of."""
    return [one for one in found if staff or one.facts.listed]
