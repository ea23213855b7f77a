"""An answer worked out again from the text of the problem, sharing nothing with the solver but the data.

Every team that is shown has passed `check`; the brute-force oracle (brute.py) prices its teams with `evaluate`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matching.composition.problem import Firm, Problem

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one assignment costs and when it runs; `None` instead of this means infeasible."""

    cost: float
    km: float
    starts: tuple[date, ...]
    finishes: tuple[date, ...]


def evaluate(problem: Problem, firm_ids: Sequence[str]) -> Evaluation | None:
    """Price `firm_ids` (one a step, in step order); `None` when a condition of the problem is broken."""
    team = set(firm_ids)
    limit = problem.params.max_firms
    if limit is not None and len(team) > limit:
        return None
    if not any(problem.firms[f].can_lead for f in team):
        return None
    placed = _place(problem, firm_ids)
    if placed is None:
        return None
    starts, finishes = placed
    if problem.due is not None and max(finishes) > problem.due:
        return None
    return Evaluation(*_price(problem, firm_ids, max(finishes)), tuple(starts), tuple(finishes))


def _price(problem: Problem, firm_ids: Sequence[str], last: date) -> tuple[float, float]:
    p = problem.params
    fits = [
        next(o.fit for o in options if o.firm_id == f) for f, options in zip(firm_ids, problem.options, strict=True)
    ]
    edges = [(firm_ids[a], firm_ids[i]) for i, s in enumerate(problem.steps) for a in s.after]
    km = sum(_km(problem.firms[a], problem.firms[b]) for a, b in edges)
    trusted = sum(1 for a, b in edges if a != b and frozenset((a, b)) in problem.past_handovers)
    days = sum(1 for _ in _working_days(problem, problem.start, last))
    cost = p.w_fit * sum(1.0 - f for f in fits) + p.w_km * km + p.w_firm * (len(set(firm_ids)) - 1)
    return cost + p.w_day * days - p.w_trust * trusted, km


def _km(a: Firm, b: Firm) -> float:
    p1, p2 = math.radians(a.lat), math.radians(b.lat)
    dp, dl = math.radians(b.lat - a.lat), math.radians(b.lng - a.lng)
    h = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def _transport(problem: Problem, a: str, b: str) -> int:
    km = _km(problem.firms[a], problem.firms[b])
    if a == b or km <= 10:
        return 0
    return 1 if km <= 100 else 2


def _working_days(problem: Problem, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.weekday() < 5 and day not in problem.holidays:
            yield day
        day += timedelta(1)


def _after(problem: Problem, finish: date, transport: int) -> date:
    """The first working day after `finish`, then `transport` working days more."""
    days = _working_days(problem, finish + timedelta(1), finish + timedelta(60))
    return [next(days) for _ in range(transport + 1)][-1]


def _daily(problem: Problem, firm: Firm) -> dict[date, float]:
    free: dict[date, float] = {}
    for week, hours in firm.capacity:
        days = list(_working_days(problem, week, week + timedelta(6)))
        for day in days:
            free[day] = free.get(day, 0.0) + hours / len(days)
    return free


def _place(problem: Problem, firm_ids: Sequence[str]) -> tuple[list[date], list[date]] | None:
    free = {f: _daily(problem, problem.firms[f]) for f in set(firm_ids)}
    starts: list[date] = []
    finishes: list[date] = []
    for step, firm in zip(problem.steps, firm_ids, strict=True):
        ready = [_after(problem, finishes[a], _transport(problem, firm_ids[a], firm)) for a in step.after]
        used = _use(free[firm], max([problem.start, *ready]), step.hours)
        if used is None:
            return None
        starts.append(used[0])
        finishes.append(used[-1])
    return starts, finishes


def _use(free: dict[date, float], earliest: date, hours: float) -> list[date] | None:
    need, used = hours, []
    for day in sorted(d for d in free if d >= earliest):
        # The same threshold as a person with a pencil: a thousand-millionth of an hour is not a day's work.
        if free[day] > 1e-9:
            piece = min(need, free[day])
            free[day] -= piece
            need -= piece
            used.append(day)
            if need <= 1e-9:
                return used
    return None
