"""How full the firms of each process are, week by week, under a joint plan."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matching.days import monday_of
from matching.joint.problem import JointProblem
from matching.joint.region import Region
from matching.joint.result import JointPlan


@dataclass(frozen=True, slots=True)
class Load:
    """Hours of one process in the week that begins on the Monday `week`.

    `free`: what all firms have that are candidates for the process (a firm of two processes counts in both); `used`:
    what the plan gives to steps of the process; `other`: what it gives to other work at the same firms.
    """

    process: str
    week: date
    free: float
    used: float
    other: float

    @property
    def left(self) -> float:
        return max(0.0, self.free - self.used - self.other)


def able(problem: JointProblem) -> dict[str, set[str]]:
    """The firms that are candidates for each process."""
    firms: dict[str, set[str]] = defaultdict(set)
    for case in problem.cases:
        for step, options in zip(case.steps, case.options, strict=True):
            firms[step.process].update(o.firm_id for o in options)
    return dict(firms)


def loads(problem: JointProblem, plan: JointPlan) -> list[Load]:
    """By process in the order of their names, and by week; weeks in which nobody has hours are listed too."""
    region = Region(problem)
    weeks = sorted({monday_of(day) for day in region.calendar.days})
    free = _free(region)
    given = _given(problem, plan)
    found: list[Load] = []
    for process, firms in sorted(able(problem).items()):
        for week in weeks:
            used = sum(given.get((f, week), {}).get(process, 0.0) for f in firms)
            whole = sum(sum(given.get((f, week), {}).values()) for f in firms)
            found.append(Load(process, week, sum(free.get((f, week), 0.0) for f in firms), used, whole - used))
    return found


def _free(region: Region) -> dict[tuple[str, date], float]:
    free: dict[tuple[str, date], float] = defaultdict(float)
    for firm_id, hours in zip(region.ids, region.free, strict=True):
        for day, h in zip(region.calendar.days, hours, strict=True):
            free[firm_id, monday_of(day)] += h
    return free


def _given(problem: JointProblem, plan: JointPlan) -> Mapping[tuple[str, date], dict[str, float]]:
    """Hours by firm and week, then by process."""
    given: dict[tuple[str, date], dict[str, float]] = defaultdict(dict)
    for case, found in zip(problem.cases, plan.cases, strict=True):
        for work in found.work if found else ():
            here, process = given[work.firm_id, monday_of(work.day)], case.steps[work.step].process
            here[process] = here.get(process, 0.0) + work.hours
    return given
