"""What a wish for looks or feel means on the material at hand: black is anodised on aluminium, dyed on cloth.

The table `data/finishes.yaml` holds the knowledge; this module only looks it up.
"""

import re
from dataclasses import dataclass
from functools import cache

from matching.understanding.materials import named_materials
from matching.understanding.products import material_traits, process_ids
from matching.understanding.source import Source
from matching.understanding.tables import load
from matching.vocabulary.materials import families, materials
from matching.vocabulary.processes import is_a

_UNKNOWN = frozenset({"unknown"})
# A material named this many characters before a wish is the one it is meant for.
_NEAR = 24


@dataclass(frozen=True, slots=True)
class Finish:
    """A wish at `text[start:end]`; `process_id` is "" where that material needs no step for it."""

    process_id: str
    start: int
    end: int
    yields_to: tuple[str, ...] = ()
    # Whether more than the material alone decides it.
    sure: bool = False

    def yields(self, process_id: str) -> bool:
        """Whether the process fulfils the wish already."""
        return any(is_a(process_id, other) for other in self.yields_to)


@dataclass(frozen=True, slots=True)
class _Rule:
    traits: frozenset[str]
    near: re.Pattern[str]
    process_id: str


@dataclass(frozen=True, slots=True)
class _Wish:
    words: re.Pattern[str]
    rules: tuple[_Rule, ...]
    yields_to: tuple[str, ...]
    # The wish counts only on materials with this trait, or on all if empty.
    only: str


@cache
def _wishes() -> tuple[_Wish, ...]:
    return tuple(
        _Wish(
            re.compile("|".join(row["words"])),
            tuple(_Rule(frozenset(r["for"]), re.compile(r.get("near", "")), _id(r["do"])) for r in row["rules"]),
            tuple(map(_id, row.get("yields_to", ()))),
            str(row.get("only", "")),
        )
        for row in load("finishes")["finishes"]
    )


def _id(name: str) -> str:
    return process_ids(name)[0] if name else ""


def finishes(source: Source, material: str) -> tuple[Finish, ...]:
    """The wishes of a text and what they mean, in text order.

    Each is read on the material named shortly before it (a unit may have parts of several), else on `material`,
    the one of the request; "" if the text names none.
    """
    named = named_materials(source)
    found = [
        Finish(rule.process_id, *match.span(), wish.yields_to, bool(rule.near.pattern) or not rule.process_id)
        for wish in _wishes()
        for match in wish.words.finditer(source.text)
        if (rule := _rule(wish, _traits_at(source, named, match.start(), material), source.text))
    ]
    return tuple(sorted(found, key=lambda f: f.start))


def _traits_at(source: Source, named: tuple[tuple[int, str], ...], at: int, material: str) -> frozenset[str]:
    first = max(source.sentence(at)[0], at - _NEAR)
    near = [id_ for start, id_ in named if first <= start < at]
    if near:
        return materials()[near[-1]].traits | frozenset(families(near[-1]))
    return (material_traits(material) if material else frozenset()) or _UNKNOWN


def _rule(wish: _Wish, traits: frozenset[str], text: str) -> _Rule | None:
    if wish.only and wish.only not in traits:
        return None
    return next((r for r in wish.rules if r.traits & traits and r.near.search(text)), None)


@cache
def _closer() -> dict[str, dict[str, str]]:
    return {_id(name): {t: _id(p) for t, p in row.items()} for name, row in load("finishes")["closer"].items()}


def closer(process_id: str, material: str) -> str:
    """The process that the general one means on `material`: itself mostly, "" where it makes no sense there."""
    traits = material_traits(material) if material else frozenset()
    meant = [p for trait, p in _closer().get(process_id, {}).items() if trait in traits]
    return meant[0] if meant else process_id
