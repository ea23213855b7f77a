"""Processes to add to a route: found by their names, by the words of laymen, and by what looks alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from backend.matches import words
from matching.routing.practice import is_step
from matching.vocabulary.normalise import fold
from matching.vocabulary.processes import Process, find_processes, processes

MOST = 18
LEAST_LIKENESS = 0.5
# What coordinators add most when nobody has typed a word yet.
USUAL = (
    "laser_cutting",
    "bending",
    "welding",
    "milling",
    "turning",
    "grinding",
    "hardening",
    "stress_relief",
    "blasting",
    "polishing",
    "anodising",
    "electroless_nickel",
    "painting",
    "laser_marking",
    "assembly",
    "cmm",
    "packaging",
)


@dataclass(frozen=True)
class Choice:
    """A process that can be added: its name and the trade it belongs to."""

    process_id: str
    name: str
    trade: str


def search(wanted: str) -> tuple[Choice, ...]:
    """The processes a few words mean, surest first; the usual ones while there are no words."""
    ids = list(USUAL) if not wanted.strip() else _found(wanted.strip()[:80])
    return tuple(_choice(id_) for id_ in dict.fromkeys(ids) if is_step(id_))[:MOST]


def _found(wanted: str) -> list[str]:
    meant = [hit.process_id for hit in find_processes(wanted)]
    part = fold(wanted)
    within = [process.id for process in _orderable() if any(part in fold(name) for name in _names(process))]
    return [*meant, *within] or _alike(wanted)


def _alike(wanted: str) -> list[str]:
    names = {name: process.id for process in _orderable() for name in (process.ja, process.en)}
    return [names[name] for name in get_close_matches(wanted, names, MOST, LEAST_LIKENESS)]


def _orderable() -> Iterator[Process]:
    return (process for process in processes().values() if not process.heading)


def _names(process: Process) -> tuple[str, ...]:
    return (process.ja, process.en, *process.spellings)


def _choice(process_id: str) -> Choice:
    parent = processes()[process_id].parent
    return Choice(process_id, words.process_name(process_id), words.process_name(parent) if parent else "")
