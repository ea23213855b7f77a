"""What a product needs when nobody names the operation: a gear is cut, a spring is coiled, a photo book is bound."""

import re
from dataclasses import dataclass
from functools import cache

from matching.types import Span
from matching.understanding.source import Source
from matching.understanding.tables import load
from matching.vocabulary.materials import families, find_materials, materials
from matching.vocabulary.processes import find_processes, is_a

Implied = tuple[tuple[str, tuple[Span, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Product:
    pattern: re.Pattern[str]
    processes: tuple[str, ...]
    # Only where the material has this trait, or any if empty.
    trait: str
    # Words that must stand somewhere in the text as well.
    condition: re.Pattern[str]


@cache
def _products(table: str) -> tuple[_Product, ...]:
    return tuple(
        _Product(
            re.compile("|".join(map(str, row["words"]))),
            _ids(row["processes"]),
            str(row.get("trait", "")),
            re.compile(str(row.get("with", ""))),
        )
        for row in load("products")[table]
    )


def _ids(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for name in names for i in process_ids(name)))


def process_ids(name: str) -> tuple[str, ...]:
    """The processes a name of the product table stands for; the vocabulary owns the ids."""
    hits = [h.process_id for h in find_processes(name) if not h.cue]
    return tuple(dict.fromkeys(hits[:1] or [h.process_id for h in find_processes(name)][:1]))


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = load("products")["phrases"].items()
    return tuple((re.compile(pattern), id_) for name, pattern in rows for id_ in process_ids(name))


def phrased(source: Source) -> list[tuple[str, int, int]]:
    """The operations a phrase tells by its object (「外径を研ぐ」), each with its place in the folded text."""
    return [(id_, *match.span()) for pattern, id_ in _phrases() for match in pattern.finditer(source.text)]


@cache
def _minor() -> frozenset[str]:
    """Steps that come with another operation and make no part by themselves."""
    return frozenset(_ids(load("products")["minor"]))


def implied(
    source: Source, wanted: frozenset[str], refused: frozenset[str], size: tuple[float, ...], material: str
) -> Implied:
    """The operations the product and its shape suggest, where the text itself names none that makes the part."""
    if wanted - _minor():
        return ()
    traits = material_traits(material)
    told = _told("products", source, traits, wanted, refused)
    if told:
        return told
    shaped = _allowed(_by_shape(source, size, traits), wanted, refused)
    if shaped:
        return tuple((id_, ()) for id_ in shaped)
    stuff = _allowed(_by_stuff(traits), wanted, refused)
    return _told("vague", source, traits, wanted, refused) or tuple((id_, ()) for id_ in stuff)


def _told(
    table: str, source: Source, traits: frozenset[str], wanted: frozenset[str], refused: frozenset[str]
) -> Implied:
    """What the first product of the table that the text names is made by."""
    for product in _products(table):
        suits = (not product.trait or product.trait in traits) and product.condition.search(source.text)
        match = product.pattern.search(source.text) if suits else None
        found = _allowed(product.processes, wanted, refused) if match else ()
        if match and found:
            return tuple((id_, (source.span(match.start(), match.end()),)) for id_ in found)
    return ()


def _allowed(ids: tuple[str, ...], wanted: frozenset[str], refused: frozenset[str]) -> tuple[str, ...]:
    return tuple(i for i in ids if i not in wanted and not any(is_a(i, r) for r in refused))


@cache
def material_traits(material: str) -> frozenset[str]:
    """The traits of a material as people write it, with the ids of its families; empty for an unknown word."""
    ids = [hit.material_id for hit in find_materials(material)] if material else []
    return frozenset(t for id_ in ids for t in (*materials()[id_].traits, *families(id_)))


def _by_stuff(traits: frozenset[str]) -> tuple[str, ...]:
    return next((_ids([name]) for trait, name in load("products")["stuff"].items() if trait in traits), ())


def _by_shape(source: Source, size: tuple[float, ...], traits: frozenset[str]) -> tuple[str, ...]:
    """Round parts are turned, flat ones cut from sheet, blocks milled; only for stock that is cut at all."""
    if not traits & {"metal", "plastic"}:
        return ()
    table = load("products")["shapes"]
    kind = "metal" if "metal" in traits else "plastic"
    if len(size) == 2 and size[0] != size[1] and re.search(r"薄|板|シート|thin|sheet|plate", source.text):
        return _ids(table[kind]["flat"])
    if len(size) != 3:
        return ()
    if size[0] == size[1] and re.search(r"[φ⌀]|直径|外径|丸|\bdia|\bod\b|round", source.text):
        return _ids(table[kind]["round"])
    thin, *wider = sorted(size)
    flat = kind == "metal" and thin <= 6 and wider[0] >= 8 * thin
    return _ids(table[kind]["flat" if flat else "block"])
