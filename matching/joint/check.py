"""A joint plan worked out again from the text of the problem, sharing nothing with the solver but the data."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from matching.composition.problem import Firm, Option
from matching.joint.problem import Case, JointProblem
from matching.joint.result import CasePlan, JointPlan

DAY = timedelta(1)
# Hours that are no work, only rounding.
TOLERANCE = 1e-6


def check(problem: JointProblem, plan: JointPlan) -> list[str]:
    """What is wrong with the plan, in sentences; empty when every rule is kept."""
    checker = _Checker(problem)
    faults = list(checker.overbooked(plan))
    for case, found in zip(problem.cases, plan.cases, strict=True):
        if found:
            faults += [f"{case.id}: {fault}" for fault in checker.faults(case, found)]
    if plan.delivered != sum(c.weight for c, p in zip(problem.cases, plan.cases, strict=True) if p and p.on_time):
        faults.append("the weight delivered is added up wrongly")
    if abs(plan.cost - sum(p.cost for p in plan.on_time)) > TOLERANCE:
        faults.append("the cost is added up wrongly")
    return faults


class _Checker:
    def __init__(self, problem: JointProblem) -> None:
        self.problem = problem

    def overbooked(self, plan: JointPlan) -> Iterator[str]:
        """Firms that give more hours on a day than they have."""
        given: dict[tuple[str, date], float] = defaultdict(float)
        for case in plan.cases:
            for work in case.work if case else ():
                given[work.firm_id, work.day] += work.hours
        for (firm_id, day), hours in sorted(given.items()):
            free = self._free(self.problem.firms[firm_id], day)
            if hours > free + TOLERANCE:
                yield f"{firm_id} gives {hours:g} hours on {day} and has {free:g}"

    def _works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.problem.holidays

    def _free(self, firm: Firm, day: date) -> float:
        if not self._works(day):
            return 0.0
        hours = 0.0
        for week, free in firm.capacity:
            if week <= day < week + 7 * DAY:
                hours += free / sum(self._works(week + n * DAY) for n in range(7))
        return max(0.0, hours - self.problem.taken.get((firm.id, day), 0.0))

    def faults(self, case: Case, plan: CasePlan) -> Iterator[str]:
        yield from self._team_faults(case, plan)
        for i, step in enumerate(case.steps):
            work = [w for w in plan.work if w.step == i]
            if abs(sum(w.hours for w in work) - step.hours) > TOLERANCE:
                yield f"step {step.id} does not get its hours"
            if any(w.firm_id != plan.firms[i] or w.hours <= 0 for w in work):
                yield f"step {step.id} is worked on elsewhere"
            if (min(w.day for w in work), max(w.day for w in work)) != (plan.starts[i], plan.finishes[i]):
                yield f"step {step.id} has other dates than its work"
            if plan.starts[i] < self._ready(case, plan, i):
                yield f"step {step.id} begins before it can"

    def _team_faults(self, case: Case, plan: CasePlan) -> Iterator[str]:
        p, team = self.problem.params, set(plan.firms)
        for options, firm in zip(case.options, plan.firms, strict=True):
            if firm not in {o.firm_id for o in options}:
                yield f"{firm} is no candidate"
        if not any(self.problem.firms[f].can_lead for f in team):
            yield "nobody can lead"
        if p.max_firms is not None and len(team) > p.max_firms:
            yield "too many firms"
        if plan.on_time and case.due and max(plan.finishes) > case.due:
            yield "called on time and late"
        if abs(self._cost(case, plan) - plan.cost) > TOLERANCE:
            yield f"costs {self._cost(case, plan):g}, not {plan.cost:g}"

    def _start(self, case: Case) -> date:
        day = max(self.problem.start, case.start or self.problem.start)
        while not self._works(day):
            day += DAY
        return day

    def _ready(self, case: Case, plan: CasePlan, i: int) -> date:
        ready = [self._start(case)]
        for a in case.steps[i].after:
            day, left = plan.finishes[a], self._transport(plan.firms[a], plan.firms[i]) + 1
            while left:
                day += DAY
                left -= self._works(day)
            ready.append(day)
        return max(ready)

    def _transport(self, a: str, b: str) -> int:
        km = self._km(a, b)
        return 0 if a == b or km <= 10 else 1 if km <= 100 else 2

    def _km(self, a: str, b: str) -> float:
        x, y = self.problem.firms[a], self.problem.firms[b]
        p1, p2 = math.radians(x.lat), math.radians(y.lat)
        dp, dl = math.radians(y.lat - x.lat), math.radians(y.lng - x.lng)
        h = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
        return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))

    def _cost(self, case: Case, plan: CasePlan) -> float:
        p, past = self.problem.params, self.problem.past_handovers
        fit = [_fit(options, f) for options, f in zip(case.options, plan.firms, strict=True)]
        pairs = [(plan.firms[a], plan.firms[i]) for i, step in enumerate(case.steps) for a in step.after]
        days, day = 0, self._start(case)
        while day <= max(plan.finishes):
            days += self._works(day)
            day += DAY
        cost = p.w_fit * sum(1 - f for f in fit) + p.w_km * sum(self._km(a, b) for a, b in pairs)
        cost += p.w_firm * (len(set(plan.firms)) - 1) + p.w_day * days
        return cost - p.w_trust * sum(a != b and frozenset((a, b)) in past for a, b in pairs)


def _fit(options: tuple[Option, ...], firm_id: str) -> float:
    """Who is no candidate does not fit at all."""
    return next((o.fit for o in options if o.firm_id == firm_id), 0.0)
