"""Trade words jotted down by ear, on a FAX or over the telephone: 「ﾖｳｾﾂ」, 「電カイ研磨」, 「黒ｿﾒ」, 「切ッテ曲ゲテ」.

`data/by_ear.yaml` tells the parts of a word with their readings. Every part may stand as it is or by a reading; what
stands in katakana must not be cut out of a longer word of katakana. On a telephone half a word stays in hiragana:
「溶せつ」, 「板きん」. Only text in full-width kana is understood, so that it is to be asked after Unicode NFKC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from matching.vocabulary.files import load

_PART = re.compile(r"([^()]+)(?:\(([^()]+)\))?")
_KATAKANA = "[ァ-ヺー]"
_MOST_IN_A_ROW = 4
# The first half stays as it is, and what follows is more than one sign and goes on like a noun: 「空いた金曜」 and
# 「お金がたりない」 hold neither 板金 nor 金型.
_HALF = re.compile(r"(?=[^ァ-ヺ]*[ァ-ヺ])[一-龥](?:[^ァ-ヺ]|[ァ-ヺー]{2,}(?![ァ-ヺー]))*")
_AFTER_HALF = "(?=[をにでとがはものしす]|まで|なし|あり|ずみ|[^ぁ-ん]|$)"
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}


@dataclass(frozen=True, slots=True)
class Respelling:
    """`meant` is what `text[start:end]` stands for."""

    start: int
    end: int
    meant: str


@dataclass(frozen=True, slots=True)
class _Table:
    meant: dict[str, str]
    one: re.Pattern[str]
    row: re.Pattern[str]
    half: re.Pattern[str]
    ending: re.Pattern[str]


@cache
def _table() -> _Table:
    data = load("by_ear")
    meant = {spelling: word for row in data["words"] for spelling, word in _spellings(row)}
    halves = {spelling.translate(_TO_HIRAGANA): word for spelling, word in meant.items() if _HALF.fullmatch(spelling)}
    one = "|".join(map(re.escape, sorted(meant, key=len, reverse=True)))
    goes_on = "|".join(sorted(data["goes_on"], key=len, reverse=True))
    free = f"(?=(?:{goes_on})?(?!{_KATAKANA}))"
    # Most places of a text have no katakana near: the first look-ahead passes over them at once.
    row = f"(?=.{{0,2}}[ァ-ヺ])(?:(?<!{_KATAKANA})|(?=[^ァ-ヺ]))(?:{one}){{1,{_MOST_IN_A_ROW}}}{free}"
    endings = "|".join(sorted(data["endings"], key=len, reverse=True))
    ending = f"(?<=[{data['stems']}])(?:{endings})(?!{_KATAKANA})"
    half = f"(?:{'|'.join(map(re.escape, sorted(halves, key=len, reverse=True)))}){_AFTER_HALF}"
    return _Table(halves | meant, re.compile(one), re.compile(row), re.compile(half), re.compile(ending))


def _spellings(row: str) -> Iterator[tuple[str, str]]:
    """Every spelling of a word by ear, with the word; not the word itself."""
    parts = [(match[1], (match[2] or "").split("|")) for match in _PART.finditer(row)]
    word = "".join(head for head, _ in parts)
    for choice in product(*([head, *filter(None, readings)] for head, readings in parts)):
        if "".join(choice) != word:
            yield "".join(choice), word


def heard(text: str) -> tuple[Respelling, ...]:
    """The words of a text that are written by ear, in its order, without overlap. Linear in the text."""
    table = _table()
    words = [
        Respelling(row.start() + one.start(), row.start() + one.end(), table.meant[one.group()])
        for row in table.row.finditer(text)
        for one in table.one.finditer(row.group())
    ]
    words += [Respelling(m.start(), m.end(), table.meant[m.group()]) for m in table.half.finditer(text)]
    taken = {at for word in words for at in range(word.start, word.end)}
    endings = (Respelling(m.start(), m.end(), m.group().translate(_TO_HIRAGANA)) for m in table.ending.finditer(text))
    return tuple(sorted([*words, *(e for e in endings if e.start not in taken)], key=lambda h: h.start))
