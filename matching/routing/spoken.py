"""The verbs by which people tell a step among others, where the reading of the whole text has not caught it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from matching.types import Span
from matching.understanding.source import fold

_NOT_OURS = re.compile(
    r"(?<![れリり傷跡目ミや艶])(?:なし|無し)|不要|しない|せず|いらない|社内|自社|当社|弊社|当方|自分(?:たち)?で|みんなで|仲間で|内職|こちらで|うちで|別途|他社|済み?(?:の|で|、|$)|支給|"
    r"ではなく|not wanted|\bnot\b|in-house|ourselves|by us|\bno\b|without|supplied|already"
)


# The table of wider wordings.
WIDELY = "told_widely"
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def _blank(found: re.Match[str]) -> str:
    """An aside on what others do (「型は当社にあります」) says nothing of the words around it."""
    return " " * len(found.group()) if _NOT_OURS.search(fold(found.group()).text) else found.group()


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: re.Pattern[str]
    process_id: str
    any_of: frozenset[str]
    none_of: frozenset[str]

    def suits(self, traits: frozenset[str], whole: frozenset[str], table: str) -> bool:
        """Whether the words may be meant of such a stock; wider wordings also of one that is not told."""
        known = traits | whole
        untold = table == WIDELY and not known
        return (not self.any_of or untold or bool(self.any_of & known)) and not self.none_of & traits


@cache
def _rows(table: str) -> tuple[_Row, ...]:
    text = (files("matching.routing") / "data" / f"{table}.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)["spoken"]
    return tuple(
        _Row(re.compile(r["words"]), r["process"], frozenset(r.get("any", ())), frozenset(r.get("none", ())))
        for r in rows
    )


def spoken(
    text: str, start: int, traits: frozenset[str], whole: frozenset[str], table: str = "spoken"
) -> Iterator[tuple[str, Span]]:
    """The processes a stretch tells of and the words, by the material's traits; `start` is its place in the whole.

    `whole` are the traits of the material of the whole job: a mould may be named between the part and its moulding.
    Nothing is told by a stretch that speaks of what others do, what is there already or what is not wanted.
    """
    for row, place in _said(text, table):
        if row.suits(traits, whole, table):
            yield row.process_id, Span(start + place.start, start + place.end, place.text)


@lru_cache(maxsize=256)
def _said(text: str, table: str) -> tuple[tuple[_Row, Span], ...]:
    """What a stretch would tell of any stock, by its own places; it is asked again for each stock in question."""
    source = fold(_BRACKETS.sub(_blank, text))
    if _NOT_OURS.search(source.text):
        return ()
    found = ((row, row.pattern.search(source.text)) for row in _rows(table))
    return tuple((row, source.span(match.start(), match.end())) for row, match in found if match)
