"""What a person put right about a whole request, carried into the stretches that told it otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from matching.routing.segments import Segment
from matching.types import Need, Reading
from matching.understanding.request import read
from matching.vocabulary.materials import families, find_materials

T = TypeVar("T")


def put_right(known: Sequence[Segment], need: Need) -> tuple[Segment, ...]:
    """The stretches with the corrected material, size and tolerance wherever they told the one that was corrected.

    A stretch that tells of another material, size or tolerance keeps it: it speaks of another part.
    """
    owns = [(one.stock, one.need.size_mm, one.need.tolerance_mm) for one in known]
    readings = (need.material, need.size_mm, need.tolerance_mm)
    if not any(_may_differ(now, told) for now, told in zip(readings, zip(*owns, strict=True), strict=False)):
        return tuple(known)
    # Words that were corrected leave no trace in the need, so what the text itself said is read once more.
    told = read(need.text, need.today, need.lang)
    return tuple(replace(one, need=_put_right(one, told, need)) for one in known)


def _may_differ(now: Reading[Any] | None, told: Sequence[Reading[Any] | None]) -> bool:
    """Whether a stretch tells what the need does not have from the text: mostly not, which spares a reading."""
    return (now is None or not now.spans) and any(told)


def _put_right(segment: Segment, told: Need, need: Need) -> Need:
    own = segment.need
    meant = (
        segment.stock is not None and told.material is not None and _covers(segment.stock.value, told.material.value)
    )
    return replace(
        own,
        material=need.material if meant and _is_corrected(told.material, need.material) else own.material,
        size_mm=_instead(own.size_mm, told.size_mm, need.size_mm),
        tolerance_mm=_instead(own.tolerance_mm, told.tolerance_mm, need.tolerance_mm),
    )


def _instead(own: Reading[T] | None, told: Reading[T] | None, now: Reading[T] | None) -> Reading[T] | None:
    same = own is not None and told is not None and own.value == told.value
    return now if same and _is_corrected(told, now) else own


def _is_corrected(told: Reading[T] | None, now: Reading[T] | None) -> bool:
    """Whether a person said otherwise; taken away counts too."""
    return told is not None and (now is None or not now.spans)


def _covers(here: str, corrected: str) -> bool:
    """Whether a stretch means the corrected material: it says the same, or the family of the grade that was read."""
    if here == corrected:
        return True
    above = {family for hit in find_materials(corrected) for family in families(hit.material_id)[1:]}
    return any(hit.material_id in above for hit in find_materials(here))
