"""Fold the many spellings of shop-floor Japanese and English into one, without losing the way back.

Every rule works on the text alone (no dictionary of whole sentences), and the same rules fold the words of the
vocabulary, so two spellings meet whenever they fold alike. What is folded: width, case and compatibility forms
(Unicode NFKC), dashes, the diameter signs, plus-minus in ASCII, the prolonged sound mark, okurigana of the usual
trade compounds, old kanji, and words written in either kana or kanji. `data/folding.yaml` holds the tables,
`by_ear.py` the words of a telephone note.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from matching.types import Span
from matching.vocabulary.by_ear import Respelling, heard
from matching.vocabulary.files import load

# A letter with the marks that stand on it, so that two code points for one kana fold together.
_CLUSTER = re.compile("[\\s\\S][\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")
_LONG_VOWEL = r"[ァ-ヺ][ー-]*ー+-*|[ァ-ヺ][-一](?=[ァ-ヺ])"
# Folding can bring forth a spelling that folds again (old kanji inside a compound); it settles in very few rounds.
_MAX_ROUNDS = 8

_Origin = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A folded text that remembers where each of its characters came from.

    `origins[i]` is the half-open range of `source` that became `text[i]`; ranges never run backwards.
    """

    text: str
    source: str
    origins: tuple[_Origin, ...]

    def span(self, start: int, end: int) -> Span:
        """The words as typed behind `text[start:end]`. Raises ValueError for an empty or outlying range."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no characters stand at {start}:{end} of a text of {len(self.text)}")
        first, last = self.origins[start][0], self.origins[end - 1][1]
        return Span(first, last, self.source[first:last])


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    data = load("folding")
    characters: dict[str, str] = {str(k): str(v) for k, v in data["characters"].items()}
    words = {old: new for new, olds in data["words"].items() for old in olds}
    words |= _okurigana(data["okurigana"])
    longest_first = sorted(words, key=len, reverse=True)
    # Most places of a text begin none of the words: the look-ahead passes over them at once.
    begins = "".join(sorted({re.escape(w[0]) for w in words}))
    pattern = "|".join([*(_alone(w) for w in longest_first), _LONG_VOWEL])
    return characters, words, re.compile(f"(?=[{begins}ァ-ヺ])(?:{pattern})")


def _alone(word: str) -> str:
    """The pattern of a word; a Latin or katakana one must not be cut out of a longer word of that script."""
    for letters in ("[a-z]", "[ァ-ヺー]"):
        if re.fullmatch(f"{letters}+", word):
            return f"(?<!{letters}){re.escape(word)}(?!{letters})"
    return re.escape(word)


def _okurigana(compounds: list[str]) -> dict[str, str]:
    """`焼(き)入(れ)` stands for its four spellings, all of which fold to the kanji alone."""
    folded: dict[str, str] = {}
    for compound in compounds:
        kanji = re.sub(r"\(.*?\)", "", compound)
        spellings = [""]
        for part in re.split(r"(\(.*?\))", compound):
            choices = ["", *part[1:-1].split("|")] if part.startswith("(") else [part]
            spellings = [s + c for s in spellings for c in choices]
        folded |= {s: kanji for s in spellings if s != kanji}
    return folded


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    characters, _, _ = _tables()
    if cluster in characters:
        return characters[cluster]
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).lower())
    return "".join(characters.get(c, c) for c in lowered)


def _fold_characters(text: str, origins: tuple[_Origin, ...]) -> tuple[str, tuple[_Origin, ...]]:
    clusters = _CLUSTER.findall(text)
    folded = [_fold_cluster(cluster) for cluster in clusters]
    if folded == clusters:
        return text, origins
    where: list[_Origin] = []
    at = 0
    for cluster, new in zip(clusters, folded, strict=True):
        end = at + len(cluster)
        where.extend([(origins[at][0], origins[end - 1][1])] * len(new))
        at = end
    return "".join(folded), tuple(where)


def _spelled_alike(text: str) -> tuple[Respelling, ...]:
    """The words of the table in their one spelling, and kana without its prolonged sound."""
    _, words, pattern = _tables()
    found = ((match, match.group()) for match in pattern.finditer(text))
    return tuple(Respelling(match.start(), match.end(), words.get(typed, typed[0])) for match, typed in found)


def _rewritten(
    text: str, origins: tuple[_Origin, ...], words: tuple[Respelling, ...]
) -> tuple[str, tuple[_Origin, ...]]:
    """The text with these words put in place of what was typed; each letter of a word comes from all of it."""
    if not words:
        return text, origins
    out: list[str] = []
    where: list[_Origin] = []
    at = 0
    for word in words:
        out += [text[at : word.start], word.meant]
        where.extend(origins[at : word.start])
        where.extend([(origins[word.start][0], origins[word.end - 1][1])] * len(word.meant))
        at = word.end
    out.append(text[at:])
    where.extend(origins[at:])
    return "".join(out), tuple(where)


@lru_cache(maxsize=512)
def normalise(text: str) -> Normalised:
    """Fold `text`. Never raises, for any string; folding a folded text changes nothing."""
    folded, origins = text, tuple((i, i + 1) for i in range(len(text)))
    for _ in range(_MAX_ROUNDS):
        before = folded
        folded, origins = _fold_characters(folded, origins)
        folded, origins = _rewritten(folded, origins, heard(folded))
        folded, origins = _rewritten(folded, origins, _spelled_alike(folded))
        if folded == before:
            break
    return Normalised(folded, text, origins)


def fold(word: str) -> str:
    """The key of a word: folded, and free of the blanks, hyphens and middle dots people put in or leave out."""
    return re.sub(r"[ \-・_]+", "", normalise(word.strip()).text)
