"""The verbs by which people tell a step among others, where the reading of the whole text has not caught it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from matching.types import Span
from matching.understanding.source import fold
from matching.vocabulary.processes import misleading

_NOT_OURS = re.compile(
    r"(?<![れリり傷跡目ミや艶])(?:なし|無し)|不要|しない(?!よう|ため|ほど|くらい|位)|せず|いらない|社内|自社|私たち|わたしたち|当社|弊社|当方|自分(?:たち)?で|みんなで|仲間で|内職|こちらで|うちで|別途|他社|済み?(?:の|で|、|$)|支給|"
    r"のは[^、。]{1,12}(?:で|が)(?:や|し|行|用意|持)|(?<!しい)(?<!たい)(?<!必要な)のは(?:私|僕|店|園|客|事務局|運営|こちら|うち)|もう.{0,10}(?:上が|あが|できて|出来て|あります|届|済)|(?:刷り|出来|でき)上が(?:って|りました)|済ませ(?:た|ま)|"
    r"ではなく|not wanted|\bnot\b|in-house|ourselves|myself|by us|\bno\b(?! (?:later|more|less)|\. ?\d)|without|"
    r"supplied|already"
)


_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def _blank(found: re.Match[str]) -> str:
    """An aside on what others do (「型は当社にあります」) says nothing of the words around it."""
    return " " * len(found.group()) if _NOT_OURS.search(fold(found.group()).text) else found.group()


def asks_nothing(folded: str) -> bool:
    """Whether a stretch speaks of what others do, of what is there already or of what is not wanted."""
    return bool(_NOT_OURS.search(folded))


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: re.Pattern[str]
    process_id: str
    any_of: frozenset[str]
    none_of: frozenset[str]

    def suits(self, traits: frozenset[str], whole: frozenset[str]) -> bool:
        """Whether the words may be meant of such a stock."""
        return (not self.any_of or bool(self.any_of & (traits | whole))) and not self.none_of & traits


@cache
def _rows() -> tuple[_Row, ...]:
    text = (files("matching.routing") / "data" / "spoken.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)["spoken"]
    return tuple(
        _Row(re.compile(r["words"]), r["process"], frozenset(r.get("any", ())), frozenset(r.get("none", ())))
        for r in rows
    )


def wordings() -> tuple[str, ...]:
    """The regular expressions of the table."""
    return tuple(row.pattern.pattern for row in _rows())


def spoken(text: str, start: int, traits: frozenset[str], whole: frozenset[str]) -> Iterator[tuple[str, Span]]:
    """The processes a stretch tells of and the words, by the material's traits; `start` is its place in the whole.

    `whole` are the traits of the material of the whole job: a mould may be named between the part and its moulding.
    Nothing is told by a stretch that speaks of what others do, what is there already or what is not wanted.
    """
    for row, place in _said(text):
        if row.suits(traits, whole):
            yield row.process_id, Span(start + place.start, start + place.end, place.text)


def _without(text: str, spans: Iterable[Span]) -> str:
    """The text with blanks for these words, so that every place stays."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


@lru_cache(maxsize=256)
def _said(text: str) -> tuple[tuple[_Row, Span], ...]:
    """What a stretch would tell of any stock, by its own places; it is asked again whenever the text is planned."""
    source = fold(_BRACKETS.sub(_blank, _without(text, misleading(text))))
    if asks_nothing(source.text):
        return ()
    found = ((row, row.pattern.search(source.text)) for row in _rows())
    return tuple((row, source.span(match.start(), match.end())) for row, match in found if match)
