"""When the steps of many teams can end: tables by candidate and first day, exact also for several steps at one firm."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np

from matching.composition.arrays import Candidates, Ints
from matching.composition.calendar import Weeks, WorkCalendar, Workload, finishes

# Transport takes at most two days, and a step begins the day after: so far may a first day lie behind the calendar.
BEYOND = 4
# Above so many (candidate, day) pairs no table is made unless days matter.
TABLE_CELLS = 30_000


@dataclass
class _Known:
    """What has been worked out: by firm number, by free hours (many firms have the same), and by step."""

    calendar: WorkCalendar
    loads: dict[int, Workload] = field(default_factory=dict)
    alike: dict[Weeks, Workload] = field(default_factory=dict)
    tables: dict[int, Ints] = field(default_factory=dict)


class Placed(Protocol):
    """Teams for the first steps, one a row: firm numbers, first day that each step may begin, and its finish."""

    @property
    def firms(self) -> Ints: ...
    @property
    def ready(self) -> Ints: ...
    @property
    def finish(self) -> Ints: ...


@dataclass(frozen=True, slots=True)
class Placing:
    """`Placed` and nothing else."""

    firms: Ints
    ready: Ints
    finish: Ints

    @classmethod
    def of(cls, teams: int) -> "Placing":
        """No step placed yet."""
        none = np.zeros((teams, 0), np.intp)
        return cls(none, none, none)

    def and_then(self, firm: Ints, ready: Ints, finish: Ints) -> "Placing":
        """One step more in each team."""
        pairs = ((self.firms, firm), (self.ready, ready), (self.finish, finish))
        return Placing(*(np.column_stack([old, new]) for old, new in pairs))


class Timing:
    """Days of a problem's steps. Days count from 0 = start; `len(self)` means never."""

    def __init__(self, options: Candidates, known: "_Known | None" = None) -> None:
        problem = options.problem
        self.options = options
        self.steps = problem.steps
        self.matters = problem.due is not None or problem.params.w_day > 0
        self._known = known or _Known(WorkCalendar(problem))
        self.calendar = self._known.calendar
        self._tables = self._known.tables
        self._tabled = self.matters or sum(len(f) for f in options.firm) * len(self) <= TABLE_CELLS

    def __len__(self) -> int:
        return len(self.calendar)

    def only(self, options: Candidates, keep: list[Ints]) -> "Timing":
        """The same for fewer candidates."""
        tables = {i: table[keep[i]] for i, table in self._tables.items()}
        return Timing(options, replace(self._known, tables=tables))

    def table(self, i: int) -> Ints:
        """The finish of step i by candidate and first day, shape (candidates, days + BEYOND)."""
        if i not in self._tables:
            totals = np.stack([self._workload(f).totals for f in self.options.firm[i].tolist()])
            never = np.full((len(totals), BEYOND), len(self))
            self._tables[i] = np.concatenate([finishes(totals, self.steps[i].hours), never], axis=1)
        return self._tables[i]

    def finish(self, i: int, place: Ints, ready: Ints) -> Ints:
        """The finish of step i at each candidate `place` from day `ready`, if the firm does nothing else."""
        if self._tabled:
            return self.table(i)[place, ready]
        # Many teams give a firm the step on the same day.
        pairs, back = np.unique(place * (len(self) + BEYOND) + ready, return_inverse=True)
        place, ready = np.divmod(pairs, len(self) + BEYOND)
        loads = [self._workload(f) for f in self.options.firm[i][place].tolist()]
        finish = np.empty(len(loads), np.intp)
        kinds: dict[int, list[int]] = {}
        for n, load in enumerate(loads):
            kinds.setdefault(id(load), []).append(n)
        for rows in kinds.values():
            finish[rows] = loads[rows[0]].firsts(ready[rows], self.steps[i].hours)
        return finish[back]

    def placed(self, before: Placed, rows: Ints, place: Ints, ready: Ints) -> Ints:
        """The finish of the next step at candidates `place` from day `ready`, each after the team in one of `rows`."""
        i = before.firms.shape[1]
        finish = self.finish(i, place, ready)
        firm = self.options.firm[i][place]
        # Hours matter only where an earlier step of the same firm is still running.
        busy = ((before.firms[rows] == firm[:, None]) & (before.finish[rows] >= ready[:, None])).any(axis=1)
        for n in np.flatnonzero(busy):
            finish[n] = self._shared_finish(before, int(rows[n]), int(firm[n]), int(ready[n]))
        return finish

    def _shared_finish(self, before: Placed, row: int, firm: int, ready: int) -> int:
        taken = np.flatnonzero(before.firms[row] == firm)
        loads = [(int(before.ready[row, s]), self.steps[s].hours) for s in taken]
        return self._workload(firm).last((*loads, (ready, self.steps[before.firms.shape[1]].hours)))

    def _workload(self, firm: int) -> Workload:
        loads, alike = self._known.loads, self._known.alike
        load = loads.get(firm)
        if load is None:
            weeks = self.options.problem.firms[self.options.ids[firm]].capacity
            load = alike.get(weeks)
            if load is None:
                load = alike[weeks] = Workload(self.calendar.free_hours(weeks))
            loads[firm] = load
        return load

    @cached_property
    def fastest(self) -> list[Ints]:
        """Per step and first day: the earliest finish over its candidates."""
        return [self.table(i).min(axis=0) for i in range(len(self.steps))]

    @cached_property
    def tails(self) -> list[Ints]:
        """Per step and finish day: the earliest last day of all that follows it, transport left out."""
        days = np.minimum(np.arange(len(self) + BEYOND), len(self))
        following = np.minimum(days + 1, len(self))
        tails = [days] * len(self.steps)
        for j in reversed(range(len(tails))):
            for i in self.steps[j].after:
                tails[i] = np.maximum(tails[i], tails[j][self.fastest[j][following]])
        return tails

    @cached_property
    def ready(self) -> list[int]:
        """The earliest first day of each step over all teams, transport left out."""
        ready: list[int] = []
        for step in self.steps:
            ends = [int(self.fastest[a][ready[a]]) for a in step.after]
            ready.append(min(max(ends, default=-1) + 1, len(self)))
        return ready

    def shortest(self, i: int) -> Ints:
        """The least number of days step i takes at each candidate, waiting for free hours included."""
        days = np.arange(self.ready[i], len(self))
        ends = self.table(i)[:, self.ready[i] : len(self)]
        lasts = np.where(ends < len(self), ends - days + 1, len(self))
        return np.asarray(lasts.min(axis=1, initial=len(self)))
