"""The reading as people see it: their own sentence with numbered balloons, and one chip for each number."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from backend.core.i18n import gettext as _
from backend.matches import words
from backend.requests.rules import told_by
from matching.types import Need, Reading, Span

T = TypeVar("T")
# Figures and words of a kind: where the text holds one, the part is written, though nobody understood it.
_WRITTEN = {
    "size": re.compile(r"\d\s?(?:mm|㎜|cm|㎝|m\b|ミリ|センチ|メートル|寸|尺|インチ|inch)|[φΦ]\s?\d", re.IGNORECASE),
    "tolerance": re.compile(r"公差|精度|誤差|位置は|±|(?<![\d.])0\.0\d|toleran|accura", re.IGNORECASE),
    "quantity": re.compile(r"\d\s?(?:個|本|枚|台|組|セット|ロット|pieces|pcs)", re.IGNORECASE),
    "due": re.compile(
        r"(?:納期|期日|期限)(?!は?(?:いつ|未定|相談|問|急ぎません))|急ぎ(?!ません)|"
        r"月末|月中|\d\s?[月日](?!本)|週間|までに|deadline|due ",
        re.IGNORECASE,
    ),
    "material": re.compile(r"材質|材料は|素材は|material", re.IGNORECASE),
}
MOST_SOURCES = 5


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence. With a number, it is the source of that chip."""

    text: str
    number: int = 0


@dataclass(frozen=True)
class Chip:
    """One part of the reading. `entry` is what stands in its field when it is corrected."""

    aspect: str
    number: int
    label: str
    value: str
    entry: str
    hint: str
    source: str = ""
    corrected: bool = False
    # Whether a part that says nothing is written all the same.
    unread: bool = False
    problem: str = ""


@dataclass(frozen=True)
class ReadingView:
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]
    # What the text rules out, in words; blank mostly.
    refused: str = ""

    @property
    def understood(self) -> tuple[Chip, ...]:
        return tuple(chip for chip in self.chips if chip.number)

    @property
    def silent(self) -> tuple[Chip, ...]:
        return tuple(chip for chip in self.chips if not chip.number)


@dataclass(frozen=True)
class _Part:
    aspect: str
    label: str
    hint: str
    value: str
    spans: tuple[Span, ...]


def view(need: Need, corrections: Mapping[str, str], not_understood: frozenset[str] = frozenset()) -> ReadingView:
    """What was understood of a need whose corrections are applied already."""
    parts = _parts(need)
    numbers = _numbers(parts, corrections)
    text = unicodedata.normalize("NFKC", need.text)
    chips = tuple(_chip(part, text, numbers[part.aspect], corrections, not_understood) for part in parts)
    marked = [(span, numbers[part.aspect]) for part in parts if numbers[part.aspect] for span in part.spans]
    return ReadingView(_pieces(need.text, marked), chips, words.process_names(m.process_id for m in need.refused))


def _parts(need: Need) -> tuple[_Part, ...]:
    routes = sorted(need.processes, key=lambda m: m.order)
    route = words.process_names(m.process_id for m in routes)
    told = tuple(span for mention in routes for span in mention.spans)
    return (
        _Part("process", _("工程"), _("例: 切削、曲げ、黒アルマイト"), route, told),
        _Part("material", _("材質"), _("例: A5052"), *_said(need.material, words.material)),
        _Part("size", _("寸法"), _("例: 240×160×90"), *_said(need.size_mm, words.size)),
        _Part("tolerance", _("公差"), _("例: ±0.05"), *_said(need.tolerance_mm, words.tolerance)),
        _Part("quantity", _("数量"), _("例: 10個"), *_said(need.quantity, words.quantity)),
        _Part("due", _("納期"), _("例: 来月末、1月15日"), *_said(need.due, words.day)),
        _Part("certification", _("認証"), _("例: JIS Q 9100"), *_said(need.certifications, words.certification_names)),
    )


def _said(reading: Reading[T] | None, say: Callable[[T], str]) -> tuple[str, tuple[Span, ...]]:
    return (say(reading.value), reading.spans) if reading else ("", ())


def _numbers(parts: Iterable[_Part], corrections: Mapping[str, str]) -> dict[str, int]:
    """Balloons count the parts that say something, from 1; a part that a person blanked keeps a balloon to undo it."""
    numbers: dict[str, int] = {}
    for part in parts:
        shown = bool(part.value) or _told(part.aspect, corrections)
        numbers[part.aspect] = 1 + sum(map(bool, numbers.values())) if shown else 0
    return numbers


def _told(aspect: str, corrections: Mapping[str, str]) -> bool:
    """Whether a person said this themselves; an answer that leaves it open does not count."""
    return aspect in corrections or any(corrections.get(key) for key in told_by(aspect))


def _chip(part: _Part, text: str, number: int, corrections: Mapping[str, str], not_understood: frozenset[str]) -> Chip:
    corrected = _told(part.aspect, corrections)
    problem = ""
    if part.aspect in not_understood:
        problem = _("読み取れませんでした。%(hint)s のように書いてください。", hint=part.hint)
    return Chip(
        aspect=part.aspect,
        number=number,
        label=part.label,
        value=part.value or (_("指定なし") if corrected else ""),
        entry=corrections.get(part.aspect, part.value),
        hint=part.hint,
        source="" if corrected else _source(part.spans),
        corrected=corrected,
        unread=not number and _is_written(part.aspect, text),
        problem=problem,
    )


def _is_written(aspect: str, text: str) -> bool:
    return aspect in _WRITTEN and _WRITTEN[aspect].search(text) is not None


def _source(spans: tuple[Span, ...]) -> str:
    """「削った」「曲げて」から: the words a part was read from, the first few of them."""
    said = list(dict.fromkeys(span.text for span in spans))[:MOST_SOURCES]
    return _("%(words)sから", words="".join(_("「%(words)s」", words=words) for words in said)) if said else ""


def _pieces(text: str, marked: list[tuple[Span, int]]) -> tuple[Piece, ...]:
    """Cuts the text at the spans; where two overlap, the earlier and longer one is marked."""
    pieces: list[Piece] = []
    place = 0
    for span, number in sorted(marked, key=lambda m: (m[0].start, -m[0].end)):
        if span.start < place or span.end > len(text):
            continue
        if span.start > place:
            pieces.append(Piece(text[place : span.start]))
        pieces.append(Piece(text[span.start : span.end], number))
        place = span.end
    return (*pieces, Piece(text[place:])) if place < len(text) else tuple(pieces)
