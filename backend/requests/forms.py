"""How the request forms arrive. One form carries the text, the corrections made so far and the fields of each chip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from backend.core import clock
from backend.requests import rules


@dataclass(frozen=True)
class Wording:
    """A text with the corrections that go with it."""

    text: str
    corrections: Mapping[str, str] = field(default_factory=dict)


def corrections_of(form: Mapping[str, str]) -> dict[str, str]:
    """The corrections and answers a form asks to keep.

    `c-material` carries one made before, `w-material` what the field showed and `v-material` what it holds now: a
    field somebody changed is a correction. `answer=quantity:10` is an answer of one tap, `reset=material` undoes.
    """
    found = {key: form[f"c-{key}"] for key in sorted(rules.KEPT) if f"c-{key}" in form}
    for aspect in rules.CORRECTABLE:
        now = form.get(f"v-{aspect}", "").strip()
        if f"v-{aspect}" in form and now != form.get(f"w-{aspect}", "").strip():
            found[aspect] = now
    question, colon, value = form.get("answer", "").partition(":")
    if colon and question in rules.QUESTIONS:
        found[rules.ANSWERED + question] = _dated(question, value)
    for key in rules.told_by(form.get("reset", "")):
        found.pop(key, None)
    return found


def _dated(question: str, value: str) -> str:
    """ "Within 14 days" is kept as a date, because it means: from the day of the answer."""
    if question == "due" and value.isdecimal() and len(value) <= 4:
        return (clock.today() + timedelta(days=int(value))).isoformat()
    return value


def wording_of(form: Mapping[str, str]) -> Wording:
    """What a form says, checked; refuses with a sentence."""
    return Wording(rules.check_text(form.get("text", "")), rules.check_corrections(corrections_of(form)))
