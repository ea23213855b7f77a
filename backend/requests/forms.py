"""How the request forms arrive. One form carries the text, the corrections made so far and the fields of each chip."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from backend.requests import rules


@dataclass(frozen=True)
class Wording:
    """A text with the corrections that go with it."""

    text: str
    corrections: Mapping[str, str] = field(default_factory=dict)


def corrections_of(form: Mapping[str, str]) -> dict[str, str]:
    """The corrections a form asks for.

    `c-material` carries one made before, `w-material` what the field showed and `v-material` what it holds now: a
    field somebody changed is a correction. `answer=material:A5052` is a one-tap answer, `reset=material` undoes.
    """
    found = {aspect: form[f"c-{aspect}"] for aspect in rules.CORRECTABLE if f"c-{aspect}" in form}
    for aspect in rules.CORRECTABLE:
        now = form.get(f"v-{aspect}", "").strip()
        if f"v-{aspect}" in form and now != form.get(f"w-{aspect}", "").strip():
            found[aspect] = now
    aspect, colon, value = form.get("answer", "").partition(":")
    if colon and aspect in rules.CORRECTABLE:
        found[aspect] = value
    found.pop(form.get("reset", ""), None)
    return found


def wording_of(form: Mapping[str, str]) -> Wording:
    """What a form says, checked; refuses with a sentence."""
    return Wording(rules.check_text(form.get("text", "")), rules.check_corrections(corrections_of(form)))


class RequestIn(BaseModel):
    """A request as a program sends it."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="What should be made, in plain Japanese or English.")
    corrections: dict[str, str] = Field(default_factory=dict, description="Parts of the reading to put right, in words.")


class RequestOut(BaseModel):
    """A request as a program receives it."""

    token: str
    number: str
    text: str
    lang: str
    corrections: dict[str, str]
    url: str
