"""足りないこと: what the text is silent about, as plain questions with answers of one tap."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.core.i18n import language
from backend.requests.rules import ANSWERED
from matching.types import Need
from matching.understanding.questions import MissingQuestion, missing

# More questions than these at once, and people answer none.
ASKED_AT_ONCE = 4
# Answers to the question of the drawing that say: there is something to send.
TO_SEND = frozenset({"drawing", "model", "sketch", "sample"})


@dataclass(frozen=True)
class AnswerView:
    """A button; `entry` is `question:value`."""

    text: str
    entry: str


@dataclass(frozen=True)
class QuestionView:
    """A question with its answers, or with the answer that was given."""

    key: str
    text: str
    answers: tuple[AnswerView, ...]
    given: str = ""
    # Whether the answer speaks of something that can be sent as a file.
    to_send: bool = False


@dataclass(frozen=True)
class Questions:
    """What is still open, and what was answered without changing the reading."""

    open: tuple[QuestionView, ...]
    answered: tuple[QuestionView, ...]


def questions_for(need: Need, corrections: Mapping[str, str]) -> Questions:
    """The open questions, the most important first; what a person left open on purpose is not asked again."""
    asked = [(question, corrections.get(ANSWERED + question.key)) for question in missing(need)]
    still_open = [_view(question) for question, given in asked if given is None]
    answered = [_view(question, given) for question, given in asked if given is not None]
    return Questions(tuple(still_open[:ASKED_AT_ONCE]), tuple(answered))


def _view(question: MissingQuestion, given: str | None = None) -> QuestionView:
    lang = language()
    answers = tuple(AnswerView(c.label.text(lang), f"{question.key}:{c.value}") for c in question.choices)
    chosen = next((c.label.text(lang) for c in question.choices if c.value == given), given or "")
    to_send = question.key == "drawing" and given in TO_SEND
    return QuestionView(question.key, question.text.text(lang), answers, chosen, to_send)
