"""The shared ground of a joint problem: working days, firms by number, and their free hours on each day."""

from bisect import bisect_left, bisect_right
from datetime import date

import numpy as np

from matching.composition.arrays import Array
from matching.composition.calendar import WorkCalendar
from matching.composition.problem import Problem
from matching.joint.problem import Case, JointProblem


class Region:
    """Days count from 0 = `start`; `days` means never. Firms are numbered in the order of their ids."""

    def __init__(self, problem: JointProblem) -> None:
        self.problem = problem
        self.ids = tuple(sorted({o.firm_id for c in problem.cases for options in c.options for o in options}))
        self.number = {f: n for n, f in enumerate(self.ids)}
        firms = {f: problem.firms[f] for f in self.ids}
        open_ended = Problem(problem.start, (), firms, (), holidays=problem.holidays)
        self.calendar = WorkCalendar(open_ended)
        self.days = len(self.calendar)
        self.free = [self._free(f) for f in self.ids]
        self.leads = [firms[f].can_lead for f in self.ids]
        self.radians: Array = np.radians(np.array([(f.lat, f.lng) for f in firms.values()], float).reshape(-1, 2))

    def _free(self, firm_id: str) -> list[float]:
        hours = self.calendar.free_hours(self.problem.firms[firm_id].capacity)
        taken = self.problem.taken
        if not taken:
            return hours
        return [max(0.0, h - taken.get((firm_id, day), 0.0)) for day, h in zip(self.calendar.days, hours, strict=True)]

    def first_day(self, case: Case) -> int:
        """The day on which the case may begin."""
        return bisect_left(self.calendar.days, case.start) if case.start else 0

    def last_day(self, due: date | None) -> int:
        """The last working day until `due`; -1 when it is over before the start."""
        return bisect_right(self.calendar.days, due) - 1 if due else self.days - 1
