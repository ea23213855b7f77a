"""The grades of a material family that are commonly used for a process, the most usual first."""

from dataclasses import dataclass
from functools import cache

from matching.understanding.products import process_ids
from matching.understanding.tables import load
from matching.vocabulary.materials import families, find_materials, materials
from matching.vocabulary.processes import is_a

# Families up to this many grades are listed in full.
_SMALL = 4


@dataclass(frozen=True, slots=True)
class _Row:
    family: str
    fits: tuple[str, ...]
    grades: tuple[str, ...]

    def suits(self, family: str, process_ids: tuple[str, ...]) -> bool:
        wanted = not self.fits or any(is_a(p, fit) for p in process_ids for fit in self.fits)
        return self.family == family and wanted


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(row["family"], tuple(i for name in row.get("fits", ()) for i in process_ids(name)), tuple(row["grades"]))
        for row in load("grades")
    )


def grades(material: str, process_ids: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The grades to offer for the family `material`; none for a grade, for unlisted families and unknown words."""
    hits = find_materials(material)
    if not hits or not _is_family(hits[-1].material_id, hits[-1].as_written):
        return ()
    family = hits[-1].material_id
    rows = [row for row in _rows() if row.suits(family, process_ids)]
    return rows[0].grades if rows else _below(family)


def _is_family(material_id: str, as_written: str) -> bool:
    """A symbol that stands in no table is a grade, though it is filed under a family."""
    own = materials()[material_id]
    return as_written in {own.ja, own.en, *own.names}


def _below(family: str) -> tuple[str, ...]:
    """A small family says all its grades; a wide one without a row of its own says none rather than a long list."""
    below = [m for m in materials() if m != family and family in families(m)]
    parents = {materials()[m].family for m in below}
    leaves = [materials()[m].ja for m in below if m not in parents]
    return tuple(leaves) if len(leaves) <= _SMALL else ()
