"""Named measures in free text: 「板厚0.8〜3.2」「モジュール2」「線径0.1〜6㎜」「AWG28」 with their ranges.

The same reading serves both sides: what a firm says it can do is a range, what a request asks for is a value, and
the two are compared kind by kind. Lengths are millimetres, wire cross-sections square millimetres, hardness is HRC.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE


class MeasureKind(StrEnum):
    """What is measured; the words that announce it stand in `_ANNOUNCED`."""

    DIAMETER = "diameter"
    BORE = "bore"
    HOLE = "hole"
    LENGTH = "length"
    DEPTH = "depth"
    THICKNESS = "thickness"
    WIRE = "wire"
    WIRE_SECTION = "wire_section"
    MODULE = "module"
    SCREW = "screw"
    HARDNESS = "hardness"
    ROUGHNESS = "roughness"


@dataclass(frozen=True, slots=True)
class Measure:
    """A range in the text; `None` is open. A single plain value has `low == high`."""

    kind: MeasureKind
    low: float | None
    high: float | None
    text: str
    start: int = 0

    def holds(self, value: float, slack: float = 0.02) -> bool:
        """Whether a value lies inside, with a relative slack for the rounding of catalogue figures."""
        above = self.low is None or value >= self.low * (1 - slack)
        return above and (self.high is None or value <= self.high * (1 + slack))


def plain(text: str) -> str:
    """The text in compatibility form with one sign each for diameter, range and multiplication."""
    folded = unicodedata.normalize("NFKC", text)
    return folded.translate(_SIGNS)


_SIGNS = str.maketrans({"Φ": "φ", "ø": "φ", "Ø": "φ", "⌀": "φ", "~": "〜", "∼": "〜", "µ": "μ", "✕": "×", "㎜": "mm"})
# Bounded, so that thousands of digits in a row do not keep the patterns below busy for minutes.
_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?"
_UNIT = r"(?:mm|ミリ(?:メートル)?|cm|センチ(?:メートル)?|μm?|ミクロン|(?<=\d)m(?![a-z]))?"
_UNIT_MM = {"mm": 1.0, "ミリ": 1.0, "cm": 10.0, "セン": 10.0, "μ": 0.001, "μm": 0.001, "ミク": 0.001, "m": 1000.0}
_RANGE_SIGN = r"(?:〜|から|ないし|–|-|to)"
# A count of pieces or a multiple is no measure.
_VALUE = rf"(?:φ|M|t)?({_NUMBER})(?![\d.]*\s*(?:つ|個|本|枚|か所|ヶ所|カ所|箇所|倍|度))\s*({_UNIT})"
_TO_END = r"(?:まで|以下|以内|迄|が上限|max)"
_FROM = r"(?:から|以上|より)"
_ABOUT = rf"(?:\s*{ABOUT_AFTER})?"
_SPAN = rf"{_VALUE}(?:\s*{_RANGE_SIGN}\s*{_VALUE})?{_ABOUT}\s*({_TO_END}|{_FROM})?"
_GLUE = rf"\s*(?:は|が|の|:)?\s*{ABOUT_BEFORE}?\s*"

# The words before the figures; the longer ones come first so that 「穴径」 is not read as 「径」.
_ANNOUNCED: tuple[tuple[MeasureKind, str], ...] = (
    (MeasureKind.MODULE, r"(?:モジュール|module)"),
    (MeasureKind.HOLE, r"(?:穴径|孔径|穴の?直径|穴|孔|holes?)"),
    (MeasureKind.BORE, r"(?:内径|(?:inner|inside) dia(?:meter)?|bore)"),
    (MeasureKind.WIRE, r"(?:線径|線の太さ|wire dia(?:meter)?)"),
    (MeasureKind.THICKNESS, r"(?:板厚|肉厚|(?<!膜)厚み|(?<!膜)厚さ|(?<!膜)厚|thickness|(?<![a-zA-Z])t(?=\d))"),
    (MeasureKind.LENGTH, r"(?:長さ|全長|曲げ長さ|length|心間)"),
    (MeasureKind.DEPTH, r"(?:深さ|depth)"),
    (MeasureKind.HARDNESS, r"(?:HRC|硬度|硬さ)"),
    (MeasureKind.ROUGHNESS, r"(?:Ra)"),
    (MeasureKind.SCREW, r"(?<![A-Za-z0-9])(?=M\d)"),
    (MeasureKind.DIAMETER, r"(?:外径|直径|(?<![穴孔線内])径|振り|(?=φ)|diameter|dia\.?)"),
)
_AFTER: tuple[tuple[MeasureKind, str], ...] = (
    (MeasureKind.HOLE, rf"(?:φ|直径)\s*{_VALUE}\s*(?:の|mmの)?\s*(?:穴|孔)"),
    (
        MeasureKind.THICKNESS,
        rf"(?<![A-Za-z0-9.])({_NUMBER})()(?:t(?![a-zA-Z\d])|\s?mm\s*板|mm厚|ミリ厚|ミリの?板|mm thick)",
    ),
    (MeasureKind.HARDNESS, rf"(?<![A-Za-z0-9.])({_NUMBER})()\s?HRC(?!\s?\d)"),
)
_PATTERNS = tuple((kind, re.compile(word + _GLUE + _SPAN, re.IGNORECASE)) for kind, word in _ANNOUNCED)
_TRAILING = tuple((kind, re.compile(word, re.IGNORECASE)) for kind, word in _AFTER)
_SQUARE = re.compile(rf"({_NUMBER})\s*(?:sq)?(?:\s*{_RANGE_SIGN}\s*({_NUMBER})\s*(?:sq)?)?(?<=sq)", re.IGNORECASE)
_GAUGE = re.compile(rf"AWG\s*(\d{{1,2}})(?:\s*{_RANGE_SIGN}\s*(?:AWG\s*)?(\d{{1,2}}))?", re.IGNORECASE)
_HOLE_TALK = re.compile(r"開け|あけ|空け|穴|孔|drill", re.IGNORECASE)


def read_measures(text: str) -> tuple[Measure, ...]:
    """All named measures of a text, in the order of the text; each figure is read once."""
    taken: list[tuple[int, int]] = []
    found: list[Measure] = []
    for measure, start, end in _candidates(plain(text)):
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            found.append(measure)
    return tuple(sorted(found, key=lambda m: m.start))


def _candidates(text: str) -> Iterator[tuple[Measure, int, int]]:
    yield from _wire_sections(text)
    for kind, pattern in _TRAILING:
        for match in pattern.finditer(text):
            value = _millimetres(match.group(1), match.group(2))
            yield Measure(kind, value, value, match.group(), match.start()), match.start(), match.end()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            low, high = _bounds(match)
            real = _kind_in_context(kind, text, match.start(), is_range=low != high)
            yield Measure(real, low, high, match.group().strip(), match.start()), match.start(), match.end()


def _kind_in_context(kind: MeasureKind, text: str, at: int, is_range: bool) -> MeasureKind:
    """A bare range of diameters in a sentence about drilling is that of the hole."""
    if kind is not MeasureKind.DIAMETER or text[at] != "φ" or not is_range:
        return kind
    start = max(text.rfind(mark, 0, at) for mark in "。\n") + 1
    ends = [end for mark in "。\n" if (end := text.find(mark, at)) >= 0]
    return MeasureKind.HOLE if _HOLE_TALK.search(text[start : min(ends, default=len(text))]) else kind


def _bounds(match: re.Match[str]) -> tuple[float | None, float | None]:
    first, first_unit, second, second_unit, mark = match.groups()
    low = _millimetres(first, first_unit or second_unit or "")
    if second:
        return low, _millimetres(second, second_unit or "")
    if mark and re.fullmatch(_TO_END, mark, re.IGNORECASE):
        return None, low
    return (low, None) if mark else (low, low)


def _millimetres(number: str, unit: str) -> float:
    return float(number.replace(",", "")) * _UNIT_MM.get(unit if len(unit) <= 2 and unit.isascii() else unit[:2], 1.0)


def _wire_sections(text: str) -> Iterator[tuple[Measure, int, int]]:
    for match in _GAUGE.finditer(text):
        sections = sorted(gauge_section(int(g)) for g in match.groups() if g)
        yield _section(sections, match), match.start(), match.end()
    for match in _SQUARE.finditer(text):
        sections = sorted(float(g.replace(",", "")) for g in match.groups() if g)
        yield _section(sections, match), match.start(), match.end()


def _section(sections: list[float], match: re.Match[str]) -> Measure:
    return Measure(MeasureKind.WIRE_SECTION, sections[0], sections[-1], match.group(), match.start())


def gauge_section(gauge: int) -> float:
    """Cross-section in square millimetres of an American wire gauge (ASTM B258)."""
    return 0.012668 * math.pow(92.0, (36 - gauge) / 19.5)
