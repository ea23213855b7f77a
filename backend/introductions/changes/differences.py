"""What a request says now that it did not say before, part by part, in the words in which it is read."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from backend.core.i18n import mark, speaking
from backend.matches import service as matches
from backend.matches.questions import questions_for
from backend.matches.reading import view
from backend.requests.forms import Wording

TEXT = "text"
PARTS: Mapping[str, str] = {
    "process": mark("工程"),
    "material": mark("材質"),
    "size": mark("寸法"),
    "tolerance": mark("公差"),
    "quantity": mark("数量"),
    "due": mark("納期"),
    "certification": mark("認証"),
    "drawing": mark("図面"),
    "supply": mark("材料の支給"),
    TEXT: mark("相談の文"),
}
LONGEST = 300
# Where a sentence ends; a line is one too, and a point inside a figure is none.
_END = re.compile(r"(?<=[。！？!?])|\n|(?<=\.)\s+")
Line = tuple[str, str, str]


def between(before: Wording, after: Wording) -> list[Line]:
    """[part, before, after]; blank where a side says nothing. In Japanese, the language of those who will read it."""
    with speaking("ja"):
        one, other = _parts(before), _parts(after)
    lines = [(part, one.get(part, ""), other.get(part, "")) for part in PARTS if one.get(part) != other.get(part)]
    said, says = text_difference(before.text, after.text)
    return [*lines, (TEXT, said, says)] if said or says else lines


def _parts(wording: Wording) -> dict[str, str]:
    """What is read of a wording, and what was answered that is no part of the reading."""
    need, _wrong = matches.as_shown(wording)
    found = {chip.aspect: chip.value for chip in view(need, wording.corrections).chips if chip.value}
    answered = questions_for(need, wording.corrections).answered
    return found | {one.key: one.given for one in answered if one.key in {"drawing", "supply"} and one.given}


def text_difference(before: str, after: str) -> tuple[str, str]:
    """The sentences that went and the sentences that came, each side cut to a length that can be read at once."""
    one, other = sentences(before), sentences(after)
    gone: list[str] = []
    come: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += one[a:b]
            come += other[c:d]
    return _cut(gone), _cut(come)


def sentences(text: str) -> list[str]:
    """The text sentence by sentence, without the blanks between them."""
    return [found for part in _END.split(text) if (found := part.strip())]


def _cut(parts: Sequence[str]) -> str:
    text = " ".join(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def changed_lines(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[Line]:
    """What differs between two summaries that a firm was shown: [label, before, after]."""
    one, other = dict(_pairs(before)), dict(_pairs(after))
    labels = dict.fromkeys((*one, *other))
    return [(label, one.get(label, ""), other.get(label, "")) for label in labels if one.get(label) != other.get(label)]


def _pairs(lines: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Labels that stand there twice are told apart, so that no line is lost."""
    seen: dict[str, int] = {}
    found = []
    for label, words in lines:
        seen[label] = seen.get(label, 0) + 1
        found.append((label if seen[label] == 1 else f"{label} {seen[label]}", words))
    return found
