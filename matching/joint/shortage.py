"""What one waiting case lacks: the fewest further hours, of as few processes as possible, with which it is on time."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from matching.joint.bound import window
from matching.joint.finder import Team, TeamFinder
from matching.joint.ledger import Booking, Ledger
from matching.joint.problem import Slot
from matching.joint.region import Region

# Hours are asked for in halves.
GRAIN_H = 0.5
# Days that the window of a step may have to give to the way of the part, before it and behind it.
WAYS = 3


@dataclass(frozen=True, slots=True)
class Addition:
    """Hours more that one firm would have from `first` to `last`, the same on each working day."""

    process: str
    firm_id: str
    first: date
    last: date
    hours: float


@dataclass(frozen=True, slots=True)
class Shortage:
    """The additions that help, and the team that becomes possible."""

    additions: tuple[Addition, ...]
    team: Team

    @property
    def hours(self) -> float:
        return sum(a.hours for a in self.additions)


def shortage(finder: TeamFinder, ledger: Ledger) -> Shortage | None:
    """What is missing in what the ledger has left; None when no hours would help. The ledger stays as it is."""
    processes = sorted({step.process for step in finder.case.steps})
    single = [found for p in processes if (found := _of(finder, ledger, (p,)))]
    if single:
        return min(single, key=lambda s: (s.hours, [a.process for a in s.additions]))
    return _of(finder, ledger, processes)


def _of(finder: TeamFinder, ledger: Ledger, processes: Sequence[str]) -> Shortage | None:
    windows = _windows(finder, ledger, processes)
    if windows is None:
        return None
    for early, late in sorted(product(range(WAYS), repeat=2), key=sum):
        additions = _additions(finder, ledger, [(first + early, last - late) for first, last in windows], processes)
        if additions is not None:
            team = _with(finder, ledger, additions)
            if team:
                return Shortage(additions, team)
    return None


def _windows(finder: TeamFinder, ledger: Ledger, processes: Sequence[str]) -> list[tuple[int, int]] | None:
    """First and last day of each step if `processes` had hours without end; None when that does not help either."""
    steps = [i for i, step in enumerate(finder.case.steps) if step.process in processes]
    firms = {o.firm_id for i in steps for o in finder.case.options[i]}
    most = sum(finder.case.steps[i].hours for i in steps)
    every = [(finder.region.number[f], day, -most) for f in sorted(firms) for day in range(finder.days)]
    ledger.book(every)
    possible = finder.cheapest(ledger) is not None
    windows = window(finder, ledger) if possible else None
    ledger.release(every)
    return windows


def _additions(
    finder: TeamFinder, ledger: Ledger, windows: Sequence[tuple[int, int]], processes: Sequence[str]
) -> tuple[Addition, ...] | None:
    """What the steps of `processes` lack one after the other; what one takes is not there for the next."""
    found: list[Addition] = []
    taken: list[Booking] = []
    ends: dict[int, int] = {}
    for i, step in enumerate(finder.case.steps):
        if step.process in processes:
            first, last = windows[i]
            first = max([first, finder.start, *(ends[a] + 1 for a in step.after if a in ends)])
            if first > last:
                break
            pieces, more = _for_step(finder, ledger, i, (first, last))
            ledger.book(pieces)
            taken += pieces
            found += more
            ends[i] = last if more else pieces[-1][1]
    ledger.release(taken)
    complete = all(i in ends for i, step in enumerate(finder.case.steps) if step.process in processes)
    return tuple(found) if complete else None


def _for_step(
    finder: TeamFinder, ledger: Ledger, i: int, days: tuple[int, int]
) -> tuple[list[Booking], tuple[Addition, ...]]:
    """What the best candidate of step i gives in these days, and what it lacks."""
    region, step = finder.region, finder.case.steps[i]
    first, last = days
    lacks = [
        (step.hours - sum(ledger.left[region.number[o.firm_id]][first : last + 1]), -o.fit, o.firm_id)
        for o in finder.case.options[i]
    ]
    missing, _, firm_id = min((max(0.0, lack), fit, firm) for lack, fit, firm in lacks)
    firm, dates = region.number[firm_id], region.calendar.days
    if missing <= 0:
        return ledger.spread(firm, first, step.hours) or [], ()
    pieces = [(firm, day, ledger.left[firm][day]) for day in range(first, last + 1)]
    hours = math.ceil(missing / GRAIN_H - 1e-9) * GRAIN_H
    return pieces, (Addition(step.process, firm_id, dates[first], dates[last], hours),)


def _with(finder: TeamFinder, ledger: Ledger, additions: Sequence[Addition]) -> Team | None:
    """The team there is with these hours added."""
    more = booked(finder.region, additions)
    ledger.book(more)
    team = finder.cheapest(ledger)
    ledger.release(more)
    return team


def booked(region: Region, additions: Sequence[Addition]) -> list[tuple[int, int, float]]:
    """Additions as bookings of less than nothing."""
    number = {day: n for n, day in enumerate(region.calendar.days)}
    return [(region.number[f], number[day], -hours) for (f, day), hours in spread(region, additions) if day in number]


def spread(region: Region, additions: Sequence[Addition]) -> Iterator[tuple[Slot, float]]:
    """The hours of additions in equal parts on their working days."""
    for a in additions:
        days = [day for day in region.calendar.days if a.first <= day <= a.last]
        for day in days:
            yield (a.firm_id, day), a.hours / len(days)
