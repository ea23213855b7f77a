"""The cheap first look at many firms at once: arrays over all of them, so that only a few are checked in detail.

It is never stricter than the detailed checks: what is unknown passes, and sizes are compared with the largest
space of any machine. A firm that breaks a condition here falls behind all that break none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.scoring.calendar import WORKING_DAYS
from matching.scoring.demand import Demand
from matching.scoring.process import relations
from matching.types import CapacityWeek, Verdict
from matching.understanding.offer import Offer
from matching.vocabulary.materials import covers

Floats = npt.NDArray[np.float64]
_TOLERANCE_SLACK, _SIZE_SLACK = 1.000001, 1.005


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all firms laid end to end: firm i has `codes[starts[i]:starts[i + 1]]`; code 0 stands for none."""

    words: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def best(self, value: Callable[[str], float], none: float) -> Floats:
        """For each firm the largest value of its words; `none` for a firm without any."""
        values = np.array([none, *(value(word) for word in self.words)])
        return np.asarray(np.maximum.reduceat(values[self.codes], self.starts))


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The weeks of all firms laid end to end, as the ordinals of their Mondays; 0 stands for none on file."""

    mondays: npt.NDArray[np.int32]
    free: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.int64]

    def full(self, first: int, last: int) -> npt.NDArray[np.bool_]:
        """For each firm whether it told of weeks with working days from `first` to `last`, and none has free hours."""
        asked = (self.mondays > first - WORKING_DAYS) & (self.mondays <= last)
        told = np.logical_or.reduceat(asked, self.starts)
        return np.asarray(told & ~np.logical_or.reduceat(asked & self.free, self.starts))


@dataclass(frozen=True, slots=True)
class Columns:
    """What the first look needs of n firms, in their order; NaN is unknown. `room` has shape (n, 3)."""

    processes: _Words
    materials: _Words
    lot_min: Floats
    lot_max: Floats
    tolerance: Floats
    room: Floats
    weeks: _Weeks
    relied_until: Floats


def columns(offers: Sequence[Offer]) -> Columns:
    """The arrays over `offers`, which must not be empty."""
    return Columns(
        processes=_words([tuple(p.process_id for p in offer.processes) for offer in offers]),
        materials=_words([_material_words(offer) for offer in offers]),
        lot_min=_numbers(offer.firm.lot_min for offer in offers),
        lot_max=_numbers(offer.firm.lot_max for offer in offers),
        tolerance=_numbers(offer.firm.tolerance_mm for offer in offers),
        room=np.array([_room(offer) for offer in offers]),
        weeks=_weeks([offer.firm.capacity or () for offer in offers]),
        relied_until=_numbers(_relied_until(offer) for offer in offers),
    )


def _words(lists: Sequence[Sequence[str]]) -> _Words:
    place: dict[str, int] = {}
    codes: list[int] = []
    starts: list[int] = []
    for words in lists:
        starts.append(len(codes))
        codes.extend([place.setdefault(word, len(place) + 1) for word in words] or [0])
    return _Words(tuple(place), np.array(codes, dtype=np.int32), np.array(starts, dtype=np.int64))


def _material_words(offer: Offer) -> tuple[str, ...]:
    """None where the list rules nothing out."""
    return () if offer.open_materials else tuple(entry.words for entry in offer.materials)


def _numbers(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _room(offer: Offer) -> list[float]:
    """The largest length, width and height of any machine, each for itself."""
    spaces = [sorted(m.equipment.envelope_mm, reverse=True) for m in offer.machines if m.equipment.envelope_mm]
    return [max(sides) for sides in zip(*spaces, strict=True)] if spaces else [np.nan] * 3


def _weeks(lists: Sequence[Sequence[CapacityWeek]]) -> _Weeks:
    told = [[(week.week_start.toordinal(), week.hours_free > 0) for week in weeks] or [(0, False)] for weeks in lists]
    starts = np.cumsum([0, *(len(weeks) for weeks in told[:-1])])
    mondays, free = zip(*(week for weeks in told for week in weeks), strict=True)
    return _Weeks(np.array(mondays, dtype=np.int32), np.array(free, dtype=np.bool_), starts.astype(np.int64))


def _relied_until(offer: Offer) -> float:
    """The ordinal of the last day on which the hours on file count; infinite where they do not age."""
    return np.inf if offer.firm.capacity_until is None else float(offer.firm.capacity_until.toordinal())


def first_look(table: Columns, demand: Demand) -> Floats:
    """For each firm: how near its trade comes to the core of the job (0..1), less one for each broken condition."""
    core = [relations(w.process_id, demand.shape) for w in demand.core]

    def trade(process_id: str) -> float:
        return max((by.get(process_id, 0.0) for by in core), default=0.0)

    return table.processes.best(trade, 0.0) - _broken(table, demand)


def _broken(table: Columns, demand: Demand) -> Floats:
    need, broken = demand.need, np.zeros(len(table.lot_min))
    if need.quantity:
        broken += (table.lot_min > need.quantity.value).astype(float) + (table.lot_max < need.quantity.value)
    if need.tolerance_mm:
        broken += table.tolerance > need.tolerance_mm.value * _TOLERANCE_SLACK
    if need.due:
        # Hours that nobody confirmed for weeks speak neither for a firm nor against it.
        today = need.today.toordinal()
        broken += table.weeks.full(today, need.due.value.toordinal()) & (table.relied_until >= today)
    if demand.sides:
        sides = np.array(demand.sides[:2])
        broken += (sides > table.room[:, : len(sides)] * _SIZE_SLACK).any(axis=1)
    return broken + _lacks_material(table, demand)


def _lacks_material(table: Columns, demand: Demand) -> Floats:
    wanted = demand.material
    if wanted is None:
        return np.zeros(len(table.lot_min))
    return 1.0 - table.materials.best(lambda word: float(covers(word, wanted) is not Verdict.NO), none=1.0)
