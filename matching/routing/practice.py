"""How operations are done in small shops: hours, what of the part concerns them, what has to come first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from matching.types import Phrase
from matching.vocabulary.processes import is_a, lineage, processes


class Concern(StrEnum):
    """Whose material or size a step must take: the part's, only what is said of this very step, or nobody's."""

    PART = "part"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Practice:
    """`hours` for ten pieces the size of a hand with set-up; `grows` the exponent of the quantity.

    `fineness`: the step with the highest figure holds a close tolerance, 0 never does.
    """

    hours: float
    grows: float
    material: Concern
    size: Concern
    fineness: int
    lot: bool
    shapes: bool
    joins: bool


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """`step` cannot begin before `needs`, unless one of `instead` is in the route.

    Where `told` is given the text must hold these words, since not everything that is bound is printed.
    """

    step: str
    needs: str
    instead: tuple[str, ...]
    unless: tuple[str, ...]
    why: Phrase
    told: re.Pattern[str] | None = None


@cache
def _table() -> Mapping[str, Any]:
    text = (files("matching.routing") / "data" / "practice.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table


@lru_cache(maxsize=1024)
def practice(process_id: str) -> Practice:
    """The practice of a process; what its own row leaves open comes from the nearest ancestor. KeyError if unknown."""
    values: dict[str, Any] = dict(_table()["default"])
    for id_ in reversed(lineage(process_id)):
        values |= _table()["processes"].get(id_, {})
    return Practice(**values | {"material": Concern(values["material"]), "size": Concern(values["size"])})


def has_own_row(process_id: str) -> bool:
    """Whether the table speaks of this very process, not only of the trade above it."""
    return "hours" in _table()["processes"].get(process_id, {})


def is_step(process_id: str) -> bool:
    """Whether a firm can be given this as a step of a route; a wish about how the job is run cannot."""
    return not any(process_id == id_ for id_ in _table()["not_steps"])


def is_deed(process_id: str) -> bool:
    """Whether a wording that suggests it tells what is to be done (「中を見たい」), not merely what the product is."""
    return any_is([process_id], _table()["deeds"])


def runs_beside(process_id: str) -> bool:
    """Whether it is done at a desk beside the making, so that its usual place in a route tells nothing."""
    return process_id in _table()["beside"]


def is_for_all(process_id: str) -> bool:
    """Whether it is done for the job as a whole, before anything is made of any part."""
    return any_is([process_id], _table()["for_all"])


def is_apart(process_id: str) -> bool:
    """Whether the craft has nothing to do with the making of the part it is told with."""
    return any_is([process_id], _table()["apart"])


def names_whole(process_id: str) -> bool:
    """Whether the trade names a whole product rather than an operation of its making."""
    return process_id in _table()["wholes"]


def does_several(process_id: str) -> bool:
    """Whether the trade is several operations one after the other on the same part."""
    return process_id in _table()["several"]


def suits(process_id: str, traits: frozenset[str]) -> bool:
    """Whether a trade works anything like this material; True where nothing is known of either."""
    wanted: Sequence[str] = next((w for id_ in lineage(process_id) if (w := _table()["only_for"].get(id_))), ())
    return not wanted or not traits or bool(traits & set(wanted))


@cache
def prerequisites() -> tuple[Prerequisite, ...]:
    return tuple(
        Prerequisite(
            row["step"],
            row["needs"],
            tuple(row.get("instead", ())),
            tuple(row.get("unless", ())),
            Phrase(row["ja"], row["en"]),
            re.compile(row["told"]) if "told" in row else None,
        )
        for row in _table()["first"]
    )


def beginning(shape: str, traits: frozenset[str]) -> str | None:
    """The operation by which a part of this shape ("round", "box", "flat", "") and stock usually begins."""
    tables: Mapping[str, Mapping[str, str]] = _table()["begins"]
    rows = (table for trait, table in tables.items() if trait in traits)
    return next(filter(None, (table.get(shape, table.get("any")) for table in rows)), None)


def any_is(process_ids: Sequence[str], ancestors: Sequence[str]) -> bool:
    return any(is_a(id_, a) for id_ in process_ids for a in ancestors)


@cache
def vague() -> Mapping[str, tuple[str, ...]]:
    """General processes, and the special ones next to which the general word says nothing more."""
    return {general: tuple(special) for general, special in _table()["vague"].items()}


def comes_last(process_id: str) -> bool:
    """Whether a step ends a route whatever the order of the words (a box around the finished product)."""
    return any(is_a(process_id, id_) for id_ in _table()["last"])


@lru_cache(maxsize=1024)
def kind(process_id: str) -> str:
    """The kind of work: one stretch of a text that tells of it does not tell of another of the same kind."""
    kinds: Mapping[str, str] = _table()["kinds"]
    return next((kinds[id_] for id_ in lineage(process_id) if id_ in kinds), lineage(process_id)[-1])


def neighbours(process_id: str) -> tuple[str, ...]:
    """Trades to ask where nobody does the very work: the general one above it, then others known to stand in for it."""
    above = [id_ for id_ in lineage(process_id)[1:] if not processes()[id_].heading]
    others = next((row for row in _table()["stand_ins"] if process_id in row), ())
    return tuple(id_ for id_ in (*above, *others) if id_ != process_id)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a part is like: the traits of its material, its shape ("round", "box", "flat", "") and the lot."""

    traits: frozenset[str]
    shape: str
    pieces: int | None


@dataclass(frozen=True, slots=True)
class Sharper:
    """A general process that means a special one under these conditions; an empty condition always holds."""

    general: str
    special: str
    words: re.Pattern[str]
    near: re.Pattern[str]
    absent: re.Pattern[str] | None
    traits: frozenset[str]
    shape: str
    few: int | None

    def holds(self, process_id: str, stretch: str, text: str, like: "Piece") -> bool:
        """Whether the process, told in `stretch` of `text`, of a part like this, means the special one."""
        if process_id != self.general or (self.traits and not self.traits & like.traits):
            return False
        if self.few is not None and like.pieces is not None and like.pieces > self.few:
            return False
        if self.shape and self.shape != like.shape:
            return False
        told = bool(self.words.search(stretch) and self.near.search(text))
        return told and not (self.absent and self.absent.search(text))


@cache
def sharpers() -> tuple[Sharper, ...]:
    """The table of general words, the first that holds decides."""
    return tuple(
        Sharper(
            row["from"],
            row["to"],
            re.compile(row.get("words", "")),
            re.compile(row.get("text", "")),
            re.compile(row["not"]) if "not" in row else None,
            frozenset(row.get("any", ())),
            row.get("shape", ""),
            row.get("few"),
        )
        for row in _table()["sharper"]
    )
