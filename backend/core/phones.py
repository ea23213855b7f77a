"""Telephone numbers as people type them, in the one form in which they are kept, shown and looked for."""

import re
import unicodedata

# Japanese keyboards offer a long vowel mark, a minus and several dashes where the hyphen of a number is meant.
_DASH = re.compile("(?<=[0-9)]) ?[\u30fc\u2010-\u2015\u2212-] ?(?=[(0-9])")
_PHONE = re.compile(r"(?=(?:\D*\d){6,15}\D*$)[-+0-9() ./]{6,40}")


def plain(text: str) -> str:
    """Figures of ordinary width, and a hyphen for every dash between two of them; other words stay."""
    return _DASH.sub("-", unicodedata.normalize("NFKC", text))


def is_phone(text: str) -> bool:
    """Whether a plain text can be the number of a telephone."""
    return _PHONE.fullmatch(text) is not None
