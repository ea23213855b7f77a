"""Find the words of a vocabulary in a folded text: all of them at once, in one walk.

A trie is walked from every position. Blanks, hyphens and middle dots are left out of both the keys and the walk,
so 「ワイヤー・カット」, "wire-cut" and "wire cut" are one word. A key that begins or ends with an ASCII letter or
digit must stand free of other letters and digits there, and a short katakana key free of other katakana, so that
"tin" is not found in "setting" nor 「バフ」 in 「バフェ」. A single kanji must stand free of other kanji but those that
only say what form the stuff has (「鉄板」).

A word may hold `*`: up to twelve characters of the same sentence stand there ("鏡*磨" finds 「鏡みたいに磨く」), and
`(a|b|)`: either of the choices.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from matching.vocabulary.normalise import Normalised, fold

T = TypeVar("T")

_GAP = 12
_SHORT_KATAKANA = 3
# What may follow a word of a single kanji: 「鉄板」 is of iron, 「鉄道」 is not.
_OF_THAT_STUFF = frozenset("製材板棒線管")
# `。`, `!` and a line break end a sentence: a gap never crosses them.
_SENTENCE_END = frozenset("。!?\n")
_SKIPPED = frozenset(" -・_")
_CHOICE = re.compile(r"\(([^()]*)\)")
_END = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A word that was found: `value` is what the lexicon holds for it, `start:end` its place in the folded text."""

    value: T
    start: int
    end: int
    # How many letters of the text the word itself accounts for: its length without its gaps.
    weight: int


@dataclass(frozen=True, slots=True)
class _Squeezed:
    text: str
    # places[i] is the position in the folded text of the i-th character that was not skipped.
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word(Generic[T]):
    value: T
    rest: tuple[str, ...]


def expand(word: str) -> tuple[str, ...]:
    """All words a pattern with `(a|b|)` choices stands for."""
    match = _CHOICE.search(word)
    if not match:
        return (word,)
    head, tail = word[: match.start()], word[match.end() :]
    return tuple(w for choice in match.group(1).split("|") for w in expand(head + choice + tail))


def keys(word: str) -> Iterator[tuple[str, ...]]:
    """The folded parts of each spelling a word stands for; more than one part where it holds gaps."""
    for spelling in expand(word):
        parts = tuple(part for part in (fold(p) for p in spelling.split("*")) if part)
        if parts:
            yield parts


def _is_katakana(character: str) -> bool:
    return "ァ" <= character <= "ヺ"


def _is_kanji(character: str) -> bool:
    return "一" <= character <= "鿿"


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


@lru_cache(maxsize=256)
def _squeeze(text: str) -> _Squeezed:
    places = tuple(i for i, c in enumerate(text) if c not in _SKIPPED or (c == " " and _keeps_apart(text, i)))
    return _Squeezed("".join([text[i] for i in places]), places)


def _keeps_apart(text: str, at: int) -> bool:
    """Whether a blank stands between the article and a number: "a 1050 mm bar" is not of the alloy A1050."""
    return text[at - 1 : at] == "a" and text[at + 1 : at + 2].isdigit() and not text[at - 2 : at - 1].isalnum()


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is a word of its own as far as ASCII and short katakana words must be."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and _is_ascii_word(text[start]) and _is_ascii_word(before):
        return False
    if after and _is_ascii_word(text[end - 1]) and _is_ascii_word(after):
        return False
    if end - start > _SHORT_KATAKANA:
        return True
    if end - start == 1 and _is_kanji(text[start]):
        return not (before and _is_kanji(before)) and (after in _OF_THAT_STUFF or not (after and _is_kanji(after)))
    return not (
        (before and _is_katakana(text[start]) and _is_katakana(before))
        or (after and _is_katakana(text[end - 1]) and _is_katakana(after))
    )


class Lexicon(Generic[T]):
    """Words and what they stand for. Built once, then only read."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._root: dict[str, object] = {}
        for word, value in entries:
            for first, *rest in keys(word):
                self._add(first, _Word(value, tuple(rest)))

    def _add(self, key: str, word: _Word[T]) -> None:
        node = self._root
        for character in key:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node.setdefault(_END, []).append(word)  # type: ignore[attr-defined]

    def exact(self, word: str) -> tuple[T, ...]:
        """The values of the entries whose whole spelling is `word`."""
        node: object = self._root
        for character in fold(word):
            node = node.get(character) if isinstance(node, dict) else None
        words: list[_Word[T]] = node.get(_END, []) if isinstance(node, dict) else []
        return tuple(w.value for w in words if not w.rest)

    def search(self, normalised: Normalised) -> list[Found[T]]:
        """The longest words of the text that do not overlap, in the order of the text."""
        found = [*self.everything(normalised)]
        return longest(found)

    def everything(self, normalised: Normalised) -> Iterator[Found[T]]:
        """Every word of the text, also those inside longer ones."""
        squeezed = _squeeze(normalised.text)
        for start, first in enumerate(squeezed.text):
            if first in self._root:
                yield from self._words_at(normalised.text, squeezed, start)

    def _words_at(self, text: str, squeezed: _Squeezed, start: int) -> Iterator[Found[T]]:
        node, places = self._root, squeezed.places
        for at in range(start, len(places)):
            below = node.get(squeezed.text[at])
            if below is None:
                return
            node = below  # type: ignore[assignment]
            if _END in node and _stands_free(text, places[start], places[at] + 1):
                for word in node[_END]:  # type: ignore[attr-defined]
                    end = _end_of_rest(squeezed.text, at + 1, word.rest)
                    if end:
                        weight = at + 1 - start + sum(map(len, word.rest))
                        yield Found(word.value, places[start], places[end - 1] + 1, weight)


def _end_of_rest(text: str, at: int, rest: tuple[str, ...]) -> int:
    """Where the parts after the gaps end, 0 if one of them does not follow within its gap."""
    for part in rest:
        found = text.find(part, at, at + _GAP + len(part))
        if found < 0 or not _SENTENCE_END.isdisjoint(text[at:found]):
            return 0
        at = found + len(part)
    return at


def longest(found: Iterable[Found[T]]) -> list[Found[T]]:
    """Drop what overlaps a weightier word (the earlier of two of one weight); keep the order of the text."""
    kept: list[Found[T]] = []
    taken: set[int] = set()
    for word in sorted(found, key=lambda f: (-f.weight, f.start)):
        if taken.isdisjoint(range(word.start, word.end)):
            kept.append(word)
            taken.update(range(word.start, word.end))
    return sorted(kept, key=lambda f: f.start)
