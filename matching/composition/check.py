"""An answer worked out again from the text of the problem, sharing nothing with the solver but the data.

Every team that is shown has passed `check`; the brute-force oracle of the tests prices its teams with `evaluate`.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from matching.composition.problem import Firm, Problem

DAY = timedelta(1)

# The days on which a firm has hours, ascending, and how many on each.
Hours = tuple[list[date], list[float]]
# First and last day of a step; none where the hours do not suffice.
Worked = tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one assignment costs and when it runs; `None` instead of this means infeasible."""

    cost: float
    km: float
    starts: tuple[date, ...]
    finishes: tuple[date, ...]


class Leg(NamedTuple):
    """A handover: km, working days on the way, and whether both firms know each other from before."""

    km: float
    days: int
    trusted: bool


def evaluate(problem: Problem, firm_ids: Sequence[str]) -> Evaluation | None:
    """Price `firm_ids` (one a step, in step order); `None` when a condition of the problem is broken."""
    return Checker(problem).evaluate(firm_ids)


class Checker:
    """Evaluates teams of one problem; remembers distances, free hours and fits between them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._edges = [(a, i) for i, s in enumerate(problem.steps) for a in s.after]
        # For each step: its predecessors, and the place of the handover from each in the list of edges.
        self._before = [[(e, a) for e, (a, b) in enumerate(self._edges) if b == i] for i in range(len(problem.steps))]
        self._fits = [{o.firm_id: o.fit for o in options} for options in problem.options]
        self._daily: dict[str, Hours] = {}
        # Many firms have the same weeks.
        self._alike: dict[tuple[tuple[date, float], ...], Hours] = {}
        self._legs: dict[tuple[str, str], Leg] = {}
        # What firms do on days on which nothing else of the same team is done there.
        self._alone: dict[tuple[str, date, float], Worked] = {}
        self._next: dict[tuple[date, int], date] = {}
        self._counts: dict[date, int] = {problem.start - DAY: 0}

    def evaluate(self, firm_ids: Sequence[str]) -> Evaluation | None:
        """As `evaluate` of this module."""
        problem, firms = self.problem, self.problem.firms
        limit = problem.params.max_firms
        if limit is not None and len(set(firm_ids)) > limit:
            return None
        if True not in [firms[f].can_lead for f in firm_ids]:
            return None
        fits = [offers.get(f) for f, offers in zip(firm_ids, self._fits, strict=True)]
        if None in fits:
            return None
        pairs = [(firm_ids[a], firm_ids[i]) for a, i in self._edges]
        legs = [self._legs.get(pair) or self._leg(*pair) for pair in pairs]
        placed = self._place(firm_ids, legs)
        if placed is None:
            return None
        starts, finishes = placed
        last = max(finishes)
        if problem.due is not None and last > problem.due:
            return None
        unfit = sum([1.0 - fit for fit in fits if fit is not None])
        km = sum([leg.km for leg in legs])
        p = problem.params
        cost = p.w_fit * unfit + p.w_km * km + p.w_firm * (len(set(firm_ids)) - 1)
        cost += p.w_day * self.days_to(last) - p.w_trust * sum([leg.trusted for leg in legs])
        # Kilometres added up in another order must not tell equal teams apart.
        return Evaluation(round(cost, 7), km, tuple(starts), tuple(finishes))

    def _leg(self, a: str, b: str) -> Leg:
        km = _apart(self.problem.firms[a], self.problem.firms[b])
        days = 0 if a == b or km <= 10 else 1 if km <= 100 else 2
        leg = self._legs[a, b] = Leg(km, days, a != b and frozenset((a, b)) in self.problem.past_handovers)
        return leg

    def _works(self, day: date) -> bool:
        return _works(day, self.problem.holidays)

    def days_to(self, last: date) -> int:
        """Working days from the start to `last`, both counted."""
        if last not in self._counts:
            day, count = self.problem.start, 0
            while day <= last:
                count += self._works(day)
                day += DAY
            self._counts[last] = count
        return self._counts[last]

    def _after(self, finish: date, transport: int) -> date:
        """The first working day after `finish`, then `transport` working days more."""
        day, left = finish, transport + 1
        while left:
            day += DAY
            left -= self._works(day)
        self._next[finish, transport] = day
        return day

    def _free(self, firm: Firm) -> Hours:
        """The days on which the firm has any hours, ascending, and how many."""
        if firm.id not in self._daily:
            if firm.capacity not in self._alike:
                self._alike[firm.capacity] = self._days(firm)
            self._daily[firm.id] = self._alike[firm.capacity]
        return self._daily[firm.id]

    def _days(self, firm: Firm) -> Hours:
        free: dict[date, float] = {}
        for week, hours in firm.capacity:
            days = _working_week(week, self.problem.holidays)
            for day in days:
                free[day] = free.get(day, 0.0) + hours / len(days)
        known = sorted(free)
        return known, [free[d] for d in known]

    def _place(self, firm_ids: Sequence[str], legs: Sequence[Leg]) -> tuple[list[date], list[date]] | None:
        taken: dict[str, dict[int, float]] = {}
        starts: list[date] = []
        finishes: list[date] = []
        several = len(set(firm_ids)) < len(firm_ids)
        for step, firm, before in zip(self.problem.steps, firm_ids, self._before, strict=True):
            earliest = self.problem.start
            for edge, a in before:
                key = (finishes[a], legs[edge].days)
                earliest = max(earliest, self._next.get(key) or self._after(*key))
            if several and firm_ids.count(firm) > 1:
                worked = self._worked(firm, earliest, step.hours, taken.setdefault(firm, {}))
            else:
                own = (firm, earliest, step.hours)
                worked = self._alone.get(own) or self._worked_alone(*own)
            if worked is None:
                return None
            starts.append(worked[0])
            finishes.append(worked[1])
        return starts, finishes

    def _worked_alone(self, firm: str, earliest: date, hours: float) -> Worked:
        worked = self._alone[firm, earliest, hours] = self._worked(firm, earliest, hours, {})
        return worked

    def _worked(self, firm: str, earliest: date, hours: float, taken: dict[int, float]) -> Worked:
        """First and last day of `hours` at a firm that has given away `taken` hours; they are added there."""
        days, free = self._free(self.problem.firms[firm])
        used = _use(free, taken, bisect_left(days, earliest), hours)
        return None if used is None else (days[used[0]], days[used[1]])


def _works(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


@lru_cache(maxsize=4096)
def _working_week(start: date, holidays: frozenset[date]) -> tuple[date, ...]:
    """The working days of a week; all the teams of a region share the same weeks."""
    return tuple(day for n in range(7) if _works(day := start + n * DAY, holidays))


def _apart(x: Firm, y: Firm) -> float:
    """Kilometres between two firms (haversine)."""
    p1, p2 = math.radians(x.lat), math.radians(y.lat)
    dp, dl = math.radians(y.lat - x.lat), math.radians(y.lng - x.lng)
    h = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def _use(free: list[float], taken: dict[int, float], earliest: int, hours: float) -> tuple[int, int] | None:
    """The first and last position on which `hours` are worked; what is used is written into `taken`."""
    first = -1
    for day in range(earliest, len(free)):
        left = free[day] - taken.get(day, 0.0)
        # A thousand-millionth of an hour is not a day's work.
        if left > 1e-9:
            first = day if first < 0 else first
            piece = min(hours, left)
            taken[day] = taken.get(day, 0.0) + piece
            hours -= piece
            if hours <= 1e-9:
                return first, day
    return None
