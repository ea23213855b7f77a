"""How words are brought to one form before they are compared. What people typed is kept as it is elsewhere."""

import re
import unicodedata

# Dashes, long-vowel marks used as dashes and minus signs that scans and keyboards mix up.
DASHES = "‐‑‒–—―−─ー－ｰ"
_LEGAL_FORMS = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)|\(資\)|\(名\)"
    r"|co\.?,? ?ltd\.?|inc\.?|k\.k\.|llc"
)
_NOT_A_WORD = re.compile(r"[\s・･.,、。()\[\]「」'\"/-]+")
_LIST_MARKS = re.compile(r"[、,;;\n\r]+")


def width(text: str) -> str:
    """Full-width letters and digits, half-width kana and ㎜-like signs in their ordinary form."""
    return unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """For search: ordinary width, small letters, single spaces."""
    return re.sub(r"\s+", " ", width(text).casefold()).strip()


def word_key(text: str) -> str:
    """For equality of a process, material or certificate name: folded, without spaces and hyphens."""
    folded = fold(text)
    for dash in "‐‑‒–—―−-":
        folded = folded.replace(dash, "")
    return folded.replace(" ", "")


def name_key(text: str) -> str:
    """For equality of firm names: without the legal form, spaces and punctuation."""
    return _NOT_A_WORD.sub("", _LEGAL_FORMS.sub("", fold(text)))


def address_key(text: str) -> str:
    """For equality of addresses: without prefecture, and with 丁目・番・号 and every dash written alike."""
    folded = fold(text).removeprefix("東京都")
    folded = re.sub(f"(?<=[0-9])[{DASHES}](?=[0-9])", "-", folded)
    folded = re.sub(r"(?<=[0-9])(丁目|番地の?|番)(?=[0-9])", "-", folded)
    folded = re.sub(r"(?<=[0-9])(号|番地|番)", "", folded)
    return folded.replace(" ", "").replace("ヶ", "ケ")


def split_list(text: str) -> tuple[str, ...]:
    """A cell with several words in it. The middle dot does not part words: it stands inside many names."""
    parts = (part.strip() for part in _LIST_MARKS.split(text.replace("／", "\n").replace("；", ";")))
    return tuple(dict.fromkeys(part for part in parts if part))
