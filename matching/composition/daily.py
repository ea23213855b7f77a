"""Free hours day by day: what is left of a firm's week when other cases have promised hours of some of its days.

The problem of docs/reference/composition.md knows hours by week, spread evenly over the week's working days. Here every
working day becomes the Monday of a made-up week whose other days are holidays. That is a problem of the usual form with
the same answers, so solver, repair and check work on it as they are; answers are put back on the real calendar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matching.composition.check import Checker
from matching.composition.problem import Firm, Problem
from matching.composition.result import TeamAnswer

DAY, WEEK = timedelta(1), timedelta(7)
# A Monday that cannot be mistaken for a date of a case.
FIRST_MONDAY = date(2001, 1, 1)
# Transport may reach a few days past the last day that is known.
SPARE_DAYS = 8
# A thousand-millionth of an hour is rounding, not work.
EPSILON_H = 1e-9

# Hours by firm and day.
Hours = Mapping[str, Mapping[date, float]]


@dataclass(frozen=True, slots=True)
class Work:
    """One step at one firm: the hours it takes on each day, ascending."""

    step_id: str
    firm_id: str
    hours: tuple[tuple[date, float], ...]

    @property
    def start(self) -> date:
        return self.hours[0][0]

    @property
    def finish(self) -> date:
        return self.hours[-1][0]


@dataclass(frozen=True, slots=True)
class Daily:
    """A problem by day. `problem` stands on made-up weeks; `days` are the real working days, the first is its start."""

    problem: Problem
    days: tuple[date, ...]
    free: Hours

    def real(self, made_up: date) -> date:
        """The real day of a day of `problem`; past the known days the last one."""
        return self.days[min((made_up - FIRST_MONDAY).days // 7, len(self.days) - 1)]

    def answer(self, found: TeamAnswer) -> TeamAnswer:
        """An answer of `problem` on the real calendar."""
        return replace(
            found,
            finish=self.real(found.finish),
            starts={step: self.real(day) for step, day in found.starts.items()},
            finishes={step: self.real(day) for step, day in found.finishes.items()},
        )

    def works(self, firm_ids: Sequence[str]) -> tuple[Work, ...]:
        """Which hours of which days each step takes, steps in listed order.

        Raises:
            ValueError: the team breaks a condition of the problem.
        """
        found = Checker(self.problem).evaluate(firm_ids)
        if found is None:
            raise ValueError("the team breaks a condition of its problem")
        left = {firm: dict(self.free[firm]) for firm in set(firm_ids)}
        steps = zip(self.problem.steps, firm_ids, found.starts, strict=True)
        return tuple(Work(s.id, f, _taken(left[f], self.real(start), s.hours)) for s, f, start in steps)


def by_day(problem: Problem, taken: Hours) -> Daily:
    """The problem without the hours that are `taken` already; a day never falls below nothing."""
    days = _working_days(problem)
    number = {day: i for i, day in enumerate(days)}
    free = {id_: _left(problem, firm, taken.get(id_, {}), number) for id_, firm in problem.firms.items()}
    firms = {id_: replace(f, capacity=_weeks(free[id_], number)) for id_, f in problem.firms.items()}
    due = None if problem.due is None else _monday(sum(day <= problem.due for day in days) - 1)
    made_up = replace(problem, start=FIRST_MONDAY, due=due, holidays=_closed(len(days)), firms=firms)
    return Daily(made_up, days, free)


def _working_days(problem: Problem) -> tuple[date, ...]:
    weeks = (f.capacity[-1][0] for f in problem.firms.values() if f.capacity)
    last = max([problem.start, *weeks]) + 6 * DAY
    span = (problem.start + n * DAY for n in range((last - problem.start).days + 1))
    return tuple(day for day in span if _works(problem, day))


def _works(problem: Problem, day: date) -> bool:
    return day.weekday() < 5 and day not in problem.holidays


def _left(problem: Problem, firm: Firm, taken: Mapping[date, float], known: Mapping[date, int]) -> dict[date, float]:
    free: dict[date, float] = {}
    for start, hours in firm.capacity:
        days = [day for n in range(7) if _works(problem, day := start + n * DAY)]
        for day in days:
            free[day] = free.get(day, 0.0) + hours / len(days)
    rest = {day: hours - taken.get(day, 0.0) for day, hours in free.items() if day in known}
    return {day: rest[day] for day in sorted(rest) if rest[day] > EPSILON_H}


def _monday(number: int) -> date:
    return FIRST_MONDAY + number * WEEK


def _weeks(free: Mapping[date, float], number: Mapping[date, int]) -> tuple[tuple[date, float], ...]:
    return tuple((_monday(number[day]), hours) for day, hours in free.items())


def _closed(days: int) -> frozenset[date]:
    """Tuesday to Friday of every made-up week."""
    return frozenset(_monday(week) + n * DAY for week in range(days + SPARE_DAYS) for n in range(1, 5))


def _taken(left: dict[date, float], start: date, hours: float) -> tuple[tuple[date, float], ...]:
    """What `hours` begun on `start` take of each day; it is gone from `left` afterwards."""
    used: list[tuple[date, float]] = []
    for day in [d for d in left if d >= start]:
        piece = min(hours, left[day])
        if piece > EPSILON_H:
            used.append((day, piece))
            left[day] -= piece
            hours -= piece
        if hours <= EPSILON_H:
            break
    return tuple(used)
