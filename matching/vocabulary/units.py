"""Units of length and their factors to millimetres, with the spellings found in requests (after folding)."""

import re

_FACTORS = {
    "mm": 1.0,
    "ミリメートル": 1.0,
    "ミリメーター": 1.0,
    "ミリ": 1.0,
    "粍": 1.0,
    "millimeters": 1.0,
    "millimetres": 1.0,
    "millimeter": 1.0,
    "millimetre": 1.0,
    "cm": 10.0,
    "センチメートル": 10.0,
    "センチ": 10.0,
    "糎": 10.0,
    "centimeters": 10.0,
    "centimetres": 10.0,
    "centimeter": 10.0,
    "centimetre": 10.0,
    "m": 1000.0,
    "メートル": 1000.0,
    "メーター": 1000.0,
    "meters": 1000.0,
    "metres": 1000.0,
    "meter": 1000.0,
    "metre": 1000.0,
    "μm": 0.001,
    "um": 0.001,
    "μ": 0.001,
    "ミクロン": 0.001,
    "マイクロメートル": 0.001,
    "マイクロ": 0.001,
    "microns": 0.001,
    "micron": 0.001,
    "micrometers": 0.001,
    "micrometres": 0.001,
    "インチ": 25.4,
    "inches": 25.4,
    "inch": 25.4,
    "in": 25.4,
    '"': 25.4,
    "尺": 303.03,
    "寸": 30.303,
}
_LATIN_END = r"(?![a-zμ²³^/])"


def _spelling(word: str) -> str:
    return re.escape(word) + (_LATIN_END if word[-1].isascii() and word[-1].isalpha() else "")


#: A regular expression for any unit of length, longest spelling first.
LENGTH_UNIT = "(?:" + "|".join(_spelling(w) for w in sorted(_FACTORS, key=len, reverse=True)) + ")"


def to_mm(value: float, unit: str | None) -> float:
    """`value` in millimetres, which it is already where there is no unit. KeyError for an unknown unit."""
    return round(value * _FACTORS[unit or "mm"], 6)
