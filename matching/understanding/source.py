"""The text as every reader of this package sees it: folded to one spelling, with the way back to what was typed."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from matching.types import Span
from matching.vocabulary.by_ear import heard

# Circled and parenthesised numbers are list marks; folding them to digits would glue them to the next number.
_KEEP = re.compile("[①-⓿❶-➓㈠-㊿]")
_VOICED = {"ﾞ": "\u3099", "ﾟ": "\u309a", "゛": "\u3099", "゜": "\u309a"}
_SIGNS = str.maketrans(
    {
        "✕": "×",
        "✖": "×",
        "╳": "×",
        "⨯": "×",
        "х": "x",
        "－": "-",
        "−": "-",
        "‐": "-",
        "–": "-",
        "—": "-",
        "〜": "~",
        "～": "~",
        "⌀": "φ",
        "∅": "φ",
        "ø": "φ",
        "Ø": "φ",
        "Ф": "φ",
        "ф": "φ",
        "ɸ": "φ",
        "ϕ": "φ",
        "µ": "μ",
        "’": "'",
        "”": '"',
        "″": '"',
        "\u3000": " ",
        "\xa0": " ",
        "\t": " ",
        "｡": "。",
        "､": "、",
    }
)
# A letter O or l among digits is a scanner's or a FAX's reading of 0 and 1 (「3O個」「l5枚」).
_OCR_ZERO = re.compile(
    r"(?<=[\d.])[oOＯ](?=[\d.,×x*個枚本台迄まにﾏ㎜mφ月日ヶケセ０-９]|$)|(?<=[φ±×])[oO](?=\.\d)|"
    r"(?<=\d[oO])[oO](?=[^A-Za-z])"
)
_OCR_ONE = re.compile(r"(?<=[φ±/:])[li](?=\d)|(?<=\d)[l|](?=\d)|(?<![a-z])l(?=\d{1,3}[個枚本台月日])", re.IGNORECASE)
# Every room that plans a request asks for its stretches, so what is this short is folded once for all of them.
_STRETCH = 240
# The point of "approx. 30 mm" and "ca. 5 pcs" ends no sentence.
_POINT = r"(?<!\bapprox)(?<!\bca)\.(?=\s|$)"
_BREAKS = re.compile(rf"[。！？!?\n;；]|{_POINT}")
# The sentence tells of something that is ordered besides the part.
_BESIDES = re.compile(
    r"\s?(?:併せて|あわせて(?!\s?\d)|あと(?![\d一-龥])|それと|それから|ついでに|そこに(?:付|つ)く|plus\b|also\b)"
)
_COMMAS = re.compile(rf"[、，,。！？!?\n;；]|{_POINT}")


@dataclass(frozen=True)
class Source:
    """`text` is folded (NFKC, lower case, one kind of dash); `starts[i]:ends[i]` is where `text[i]` was typed."""

    typed: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The words typed at `text[start:end]`, trimmed of blanks at both ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return Span(0, 0, "")
        a, b = self.starts[start], self.ends[end - 1]
        return Span(a, b, self.typed[a:b])

    def as_typed(self, span: Span) -> Span:
        """The same place in what was typed, for a span that was found in `repaired`."""
        return Span(span.start, span.end, self.typed[span.start : span.end])

    @cached_property
    def repaired(self) -> str:
        """The text as typed but with a scanner's O and l among digits mended; as long as what was typed."""
        return _mend(self.typed)

    def place(self, typed_at: int) -> int:
        """The place in `text` of the character typed at `typed_at`."""
        return bisect_left(self.starts, typed_at)

    @cached_property
    def sentence_breaks(self) -> list[int]:
        return [m.end() for m in _BREAKS.finditer(self.text)]

    @cached_property
    def clause_breaks(self) -> list[int]:
        return [m.end() for m in _COMMAS.finditer(self.text)]

    def sentence(self, at: int) -> tuple[int, int]:
        return self._piece(self.sentence_breaks, at)

    def is_beside(self, at: int) -> bool:
        """Whether the sentence at `at` tells of what is ordered besides: 「併せてヘラを6枚」."""
        return bool(_BESIDES.match(self.text, self.sentence(at)[0]))

    def clause(self, at: int) -> tuple[int, int]:
        return self._piece(self.clause_breaks, at)

    def _piece(self, breaks: list[int], at: int) -> tuple[int, int]:
        i = bisect_right(breaks, at)
        return (breaks[i - 1] if i else 0), (breaks[i] if i < len(breaks) else len(self.text))

    def before(self, at: int, width: int = 14) -> str:
        """The words before `at` in its sentence, at most `width` characters."""
        return self.text[max(at - width, self.sentence(max(at - 1, 0))[0]) : at] if at else ""

    def after(self, at: int, width: int = 14) -> str:
        """The words from `at` on to the end of its sentence, at most `width` characters."""
        return self.text[at : min(at + width, self.sentence(at)[1])] if at < len(self.text) else ""


def fold(text: str) -> Source:
    """Fold `text` so that each folded character knows its place. Linear in its length."""
    return _of_stretch(text) if len(text) <= _STRETCH else _fold(text)


@lru_cache(maxsize=1024)
def _of_stretch(text: str) -> Source:
    return _fold(text)


def _fold(text: str) -> Source:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _pieces(text):
        for char in piece:
            out.append(char)
            starts.append(start)
            ends.append(end)
    return _with_words(text, _mend("".join(out)), starts, ends)


def _with_words(typed: str, text: str, starts: list[int], ends: list[int]) -> Source:
    """The words of a telephone note as they are meant: 「電カイ研磨」 is 電解研磨."""
    words = heard(text)
    for word in reversed(words):
        first, last, many = starts[word.start], ends[word.end - 1], len(word.meant)
        text = text[: word.start] + word.meant + text[word.end :]
        starts[word.start : word.end] = [first] * many
        ends[word.start : word.end] = [last] * many
    return Source(typed, text, tuple(starts), tuple(ends))


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    i = 0
    while i < len(text):
        char = text[i]
        following = text[i + 1 : i + 2]
        if following in _VOICED and following:
            yield i, i + 2, unicodedata.normalize("NFKC", char + _VOICED[following])
            i += 2
            continue
        yield i, i + 1, _folded(char)
        i += 1


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    if char < "\x7f":
        return " " if char == "\t" else char.lower()
    if _KEEP.match(char):
        return char
    return unicodedata.normalize("NFKC", char.translate(_SIGNS)).translate(_SIGNS).lower()


def _mend(text: str) -> str:
    """Repairs that keep the length, so that places stay true."""
    return _OCR_ONE.sub("1", _OCR_ZERO.sub("0", text))
