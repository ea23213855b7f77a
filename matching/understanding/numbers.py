"""Numbers as people write them: 1,200 · ２万 · 三十 · 1万5千 · twenty-five · two dozen."""

import re
from itertools import pairwise

# Quantifiers are bounded and a look-behind forbids a start inside a run of digits: matching stays linear.
ARABIC = r"(?<!\d)(?<!\d\.)(?:\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,9})(?:\.\d{1,6})?"
KANJI = r"[〇一二三四五六七八九十百千万]{1,8}"
COUNT = rf"(?:{ARABIC}(?:[万千百]\d{{0,4}}){{0,2}}|{KANJI})"

_ONES = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_PART = re.compile(r"\d+(?:\.\d+)?|.")
# 「二三個」「四五十個」 is two or three, forty or fifty: two figures that follow one another are no 23 and no 450.
FOLLOWING = tuple((a, b) for digits in ("一二三四五六七八九", "123456789") for a, b in pairwise(digits))
_EITHER = re.compile(rf"(?:{'|'.join(a + b for a, b in FOLLOWING[:8])})[十百千万]*")

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * (i + 2) for i, w in enumerate(_DECADES)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000}
_SINGLE = "|".join(sorted(_WORDS, key=len, reverse=True))
ENGLISH = (
    rf"(?<![a-z-])(?:half a dozen|(?:a|(?:{_SINGLE})(?:[ -](?:{'|'.join(_SMALL[1:10])}))?)"
    rf"(?: (?:dozen|hundred|thousand)){{1,2}}(?: and (?:{_SINGLE}))?|"
    rf"(?:{_SINGLE})(?:[ -](?:{'|'.join(_SMALL[1:10])}))?)(?![a-z])"
)


def number(words: str) -> float:
    """The value of an arabic, kanji or mixed number, the lower of 「二三」. ValueError if there is none."""
    words = words.replace(",", "").replace(" ", "")
    if _EITHER.fullmatch(words):
        words = words[0] + words[2:]
    if not words:
        raise ValueError("no number")
    total = section = 0.0
    current: float | None = None
    for part in _PART.findall(words):
        if part in _TENS:
            section += (1 if current is None else current) * _TENS[part]
            current = None
        elif part == "万":
            total += ((section + (current or 0)) or 1) * 10_000
            section, current = 0.0, None
        elif part in _ONES:
            current = (current or 0) * 10 + _ONES[part]
        else:
            current = float(part)
    return total + section + (current or 0)


def english_number(words: str) -> float:
    """The value of a number written in English words, such as `two dozen`. Unknown words count for nothing."""
    if words == "half a dozen":
        return 6.0
    total = current = 0.0
    for word in re.split(r"[ -]", words):
        if word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0.0
        elif word in _WORDS:
            current += _WORDS[word]
    return total + current
