"""From words to workshops: reads a text, applies what people put right, finds firms, and says why in their words."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.core import clock
from backend.matches import corrections as correcting
from backend.matches.cards import Card, card_of
from backend.matches.index import Found, LiveIndex
from backend.matches.questions import Questions, questions_for
from backend.matches.reading import ReadingView, view
from backend.requests.forms import Wording
from matching.types import Need, Verdict
from matching.understanding.request import read

# How deep a question goes: enough to count the firms that fit, few enough to stay quick.
DEPTH = 300


@dataclass(frozen=True)
class Answer:
    """What a text was understood to ask for, what is still open, and who may be able to do it."""

    need: Need
    corrections: Mapping[str, str]
    reading: ReadingView
    questions: Questions
    cards: tuple[Card, ...]
    # How many firms come into question; `cards` are the first of them.
    fitting: int

    @property
    def problems(self) -> bool:
        """Whether a correction could not be understood."""
        return any(chip.problem for chip in self.reading.chips)


def understand(wording: Wording) -> tuple[Need, frozenset[str]]:
    """The need of a text with its corrections, and the corrections that could not be understood."""
    return correcting.apply(read(wording.text, clock.today()), wording.corrections)


def answer(index: LiveIndex, wording: Wording, *, top: int, staff: bool) -> Answer:
    """Everything a page shows about a text. Raises NotReady while there is no index."""
    need, wrong = understand(wording)
    found = suitable(index.find(need, DEPTH), staff=staff)
    cards = tuple(card_of(one, need, rank, staff=staff) for rank, one in enumerate(found[:top], 1))
    return Answer(
        need=need,
        corrections=wording.corrections,
        reading=view(need, wording.corrections, wrong),
        questions=questions_for(need, wording.corrections),
        cards=cards,
        fitting=sum(1 for one in found if one.candidate.verdict is not Verdict.NO),
    )


def suitable(found: list[Found], *, staff: bool) -> list[Found]:
    """Those this reader may know of."""
    return [one for one in found if staff or one.facts.listed]
