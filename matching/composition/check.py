"""An answer worked out again from the text of the problem, sharing nothing with the solver but the data.

Every team that is shown has passed `check`; the brute-force oracle (brute.py) prices its teams with `evaluate`.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matching.composition.problem import Firm, Problem

DAY = timedelta(1)

# The days on which a firm has hours, ascending, and how many on each.
Hours = tuple[list[date], list[float]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one assignment costs and when it runs; `None` instead of this means infeasible."""

    cost: float
    km: float
    starts: tuple[date, ...]
    finishes: tuple[date, ...]


def evaluate(problem: Problem, firm_ids: Sequence[str]) -> Evaluation | None:
    """Price `firm_ids` (one a step, in step order); `None` when a condition of the problem is broken."""
    return Checker(problem).evaluate(firm_ids)


class Checker:
    """Evaluates teams of one problem; remembers distances, weeks and fits between them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._edges = [(a, i) for i, s in enumerate(problem.steps) for a in s.after]
        self._fits = [{o.firm_id: o.fit for o in options} for options in problem.options]
        self._weeks: dict[date, list[date]] = {}
        self._daily: dict[str, Hours] = {}
        # Many firms have the same weeks.
        self._alike: dict[tuple[tuple[date, float], ...], Hours] = {}
        self._apart: dict[tuple[str, str], float] = {}
        self._next: dict[tuple[date, int], date] = {}
        self._counts: dict[date, int] = {problem.start - DAY: 0}

    def evaluate(self, firm_ids: Sequence[str]) -> Evaluation | None:
        """As `evaluate` of this module."""
        problem, team = self.problem, set(firm_ids)
        limit = problem.params.max_firms
        if limit is not None and len(team) > limit:
            return None
        if not any(problem.firms[f].can_lead for f in team):
            return None
        placed = self._place(firm_ids)
        if placed is None:
            return None
        starts, finishes = placed
        if problem.due is not None and max(finishes) > problem.due:
            return None
        return Evaluation(*self._price(firm_ids, max(finishes)), tuple(starts), tuple(finishes))

    def _price(self, firm_ids: Sequence[str], last: date) -> tuple[float, float]:
        p, past = self.problem.params, self.problem.past_handovers
        fits = [offers[f] for f, offers in zip(firm_ids, self._fits, strict=True)]
        edges = [(firm_ids[a], firm_ids[i]) for a, i in self._edges]
        km = sum(self._km(a, b) for a, b in edges)
        trusted = sum(1 for a, b in edges if a != b and frozenset((a, b)) in past)
        cost = p.w_fit * sum(1.0 - f for f in fits) + p.w_km * km + p.w_firm * (len(set(firm_ids)) - 1)
        return cost + p.w_day * self.days_to(last) - p.w_trust * trusted, km

    def _km(self, a: str, b: str) -> float:
        if (a, b) not in self._apart:
            x, y = self.problem.firms[a], self.problem.firms[b]
            p1, p2 = math.radians(x.lat), math.radians(y.lat)
            dp, dl = math.radians(y.lat - x.lat), math.radians(y.lng - x.lng)
            h = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
            self._apart[a, b] = 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))
        return self._apart[a, b]

    def _transport(self, a: str, b: str) -> int:
        km = self._km(a, b)
        if a == b or km <= 10:
            return 0
        return 1 if km <= 100 else 2

    def _works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.problem.holidays

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
        if (finish, transport) not in self._next:
            day, left = finish, transport + 1
            while left:
                day += DAY
                left -= self._works(day)
            self._next[finish, transport] = day
        return self._next[finish, transport]

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
            days = self._week(week)
            for day in days:
                free[day] = free.get(day, 0.0) + hours / len(days)
        known = sorted(free)
        return known, [free[d] for d in known]

    def _week(self, start: date) -> list[date]:
        if start not in self._weeks:
            self._weeks[start] = [d for n in range(7) if self._works(d := start + n * DAY)]
        return self._weeks[start]

    def _place(self, firm_ids: Sequence[str]) -> tuple[list[date], list[date]] | None:
        taken: dict[str, dict[int, float]] = {f: {} for f in firm_ids}
        starts: list[date] = []
        finishes: list[date] = []
        for step, firm in zip(self.problem.steps, firm_ids, strict=True):
            ready = [self._after(finishes[a], self._transport(firm_ids[a], firm)) for a in step.after]
            days, free = self._free(self.problem.firms[firm])
            earliest = bisect_left(days, max([self.problem.start, *ready]))
            used = _use(free, taken[firm], earliest, step.hours)
            if used is None:
                return None
            starts.append(days[used[0]])
            finishes.append(days[used[1]])
        return starts, finishes


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
