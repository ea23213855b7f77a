"""Requests and phrases as people write them, with the words that tell of each operation marked: what hearing learns.

`data/told_requests.tsv` has a request a line: language, text, order. In the text `[[words|process_id]]` marks the words
of one step; the order names the steps as they are done, with a `+` before those no word tells of.
`data/told_phrases.tsv` has a stretch a line: process id (or `none`), language, words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matching.routing.hearing import SILENCE
from matching.vocabulary.processes import processes

DATA = Path(__file__).resolve().parent / "data"
REQUESTS, PHRASES = DATA / "told_requests.tsv", DATA / "told_phrases.tsv"
_MARK = re.compile(r"\[\[([^\[\]|]+)\|([a-z0-9_]+)\]\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """The words `text[start:end]` tell of the operation."""

    start: int
    end: int
    process_id: str


@dataclass(frozen=True, slots=True)
class ToldRequest:
    """A request without its marks, and where they were. `steps` are in the order of doing; no words tell `unsaid`."""

    lang: str
    text: str
    marks: tuple[Mark, ...]
    steps: tuple[str, ...]
    unsaid: frozenset[str]


@dataclass(frozen=True, slots=True)
class ToldPhrase:
    """A stretch that tells of one operation, or of none."""

    process_id: str
    lang: str
    text: str


def told_requests() -> list[ToldRequest]:
    """All marked requests. Raises ValueError with file and line for one that is not well marked."""
    return [_request(fields, place) for fields, place in _lines(REQUESTS)]


def told_phrases() -> list[ToldPhrase]:
    """All marked phrases. Raises ValueError with file and line for an operation that is not known."""
    return [ToldPhrase(_known(id_, place), lang, text) for (id_, lang, text), place in _lines(PHRASES)]


def _lines(file: Path) -> Iterator[tuple[list[str], str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        fields, place = line.split("\t"), f"{file.name}, line {number}"
        if len(fields) != 3:
            raise ValueError(f"{place}: three fields with tabs between them are wanted, there are {len(fields)}")
        yield fields, place


def _request(fields: list[str], place: str) -> ToldRequest:
    lang, marked, order = fields
    text, marks = _unmarked(marked)
    wanted = [one.strip() for one in order.split(",")]
    steps = tuple(_known(one.removeprefix("+"), place) for one in wanted)
    unsaid = frozenset(one[1:] for one in wanted if one.startswith("+"))
    if {mark.process_id for mark in marks} != set(steps) - unsaid:
        raise ValueError(f"{place}: the steps of the order are not those that are marked")
    return ToldRequest(lang, text, tuple(marks), steps, unsaid)


def _unmarked(marked: str) -> tuple[str, list[Mark]]:
    text, done, marks = "", 0, []
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        marks.append(Mark(len(text), len(text) + len(found[1]), found[2]))
        text += found[1]
        done = found.end()
    return text + marked[done:], marks


def _known(process_id: str, place: str) -> str:
    if process_id not in processes() and process_id != SILENCE:
        raise ValueError(f"{place}: the vocabulary has no process “{process_id}”")
    return process_id
