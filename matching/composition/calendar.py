"""Working days and the hours a firm has free on each of them."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from matching.composition.problem import Problem

# Hours below this are rounding left over from dividing a week by its days, not work.
EPSILON_H = 1e-9

# For so few days a loop is quicker than an array.
FEW = 16

# First day and free hours of each week.
Weeks = tuple[tuple[date, float], ...]


def is_working(day: date, holidays: frozenset[date]) -> bool:
    """Monday to Friday, not a holiday."""
    return day.weekday() < 5 and day not in holidays


class WorkCalendar:
    """The working days of a problem, numbered from 0 = `start`, up to the due date or the last listed week."""

    def __init__(self, problem: Problem) -> None:
        self._holidays = problem.holidays
        end = _last_day(problem)
        span = (end - problem.start).days + 1
        days = (problem.start + timedelta(n) for n in range(max(span, 1)))
        self.days: tuple[date, ...] = tuple(d for d in days if is_working(d, problem.holidays))
        self._index = {d: i for i, d in enumerate(self.days)}
        self._weeks: dict[date, tuple[tuple[int, ...], int]] = {}

    def __len__(self) -> int:
        return len(self.days)

    def free_hours(self, weeks: Weeks) -> list[float]:
        """Free hours on each working day of a firm with these weeks; length `len(self)`."""
        free = [0.0] * len(self)
        for week_start, hours in weeks:
            days, working = self._week(week_start)
            for day in days:
                free[day] += hours / working
        return free

    def _week(self, start: date) -> tuple[tuple[int, ...], int]:
        """The numbered days of a week, and how many working days it has in all. Most firms share their weeks."""
        if start not in self._weeks:
            working = [d for n in range(7) if is_working(d := start + timedelta(n), self._holidays)]
            self._weeks[start] = tuple(self._index[d] for d in working if d in self._index), len(working)
        return self._weeks[start]


def _last_day(problem: Problem) -> date:
    weeks = (f.capacity[-1][0] for f in problem.firms.values() if f.capacity)
    last = max(weeks, default=problem.start) + timedelta(6)
    return min(last, problem.due) if problem.due is not None else last


# A load is (earliest day it may begin, hours); a firm takes its loads in the order they were placed.
Load = tuple[int, float]


def finishes(totals: NDArray[np.float64], hours: float) -> NDArray[np.intp]:
    """For each firm and first day: the day on which `hours` end; the number of days if the calendar ends first.

    `totals`: hours free before each day, shape (firms, days + 1), never falling; the result has the same shape.
    """
    never = totals.shape[1] - 1
    # One sorted list for all firms: each one's totals are lifted above those of the firm before.
    lift = np.arange(len(totals))[:, None] * (float(totals.max(initial=0.0)) + hours + 1.0)
    sought = (totals + lift + (hours - EPSILON_H)).ravel()
    found = np.searchsorted((totals + lift).ravel(), sought).reshape(totals.shape)
    days = found - np.arange(len(totals))[:, None] * totals.shape[1] - 1
    ends: NDArray[np.intp] = np.minimum(days, never)
    return ends


class Workload:
    """When one firm finishes what it is given. Cheap for a first load, exact for several on the same machines."""

    def __init__(self, free: Sequence[float]) -> None:
        self._free = list(free)
        self.totals = [0.0, *accumulate(self._free)]
        self._known: dict[tuple[Load, ...], int] = {}

    def first(self, earliest: int, hours: float) -> int:
        """The day on which `hours` begun on day `earliest` end; the number of days if the calendar ends first."""
        never = len(self._free)
        if earliest >= never:
            return never
        return min(bisect_left(self.totals, self.totals[earliest] + hours - EPSILON_H, earliest + 1) - 1, never)

    def firsts(self, earliest: NDArray[np.intp], hours: float) -> list[int] | NDArray[np.intp]:
        """`first` for many days."""
        if len(earliest) < FEW:
            return [self.first(day, hours) for day in earliest.tolist()]
        totals = np.array([*self.totals, self.totals[-1], self.totals[-1], self.totals[-1]])
        ends: NDArray[np.intp] = np.searchsorted(self.totals, totals[earliest] + (hours - EPSILON_H)) - 1
        return np.minimum(ends, len(self._free))

    def last(self, loads: tuple[Load, ...]) -> int:
        """The day on which the last of `loads` ends."""
        if loads not in self._known:
            left = list(self._free)
            self._known[loads] = [_take(left, earliest, hours) for earliest, hours in loads][-1]
        return self._known[loads]


def _take(left: list[float], earliest: int, hours: float) -> int:
    need = hours
    for day in range(earliest, len(left)):
        if left[day] > EPSILON_H:
            piece = min(need, left[day])
            left[day] -= piece
            need -= piece
            if need <= EPSILON_H:
                return day
    return len(left)
