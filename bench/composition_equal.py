"""The whole team problem for CP-SAT, days and hours included: is its optimum ours?

The model shares nothing with the solver but the problem as data. CP-SAT alone does not prove 10 steps of 60 candidates
within a minute, so it is told what any reader may work out: a handover through which every team costs more than a team
that is known is left out. Hours that one firm gives to several steps are left out too, which can only make teams
earlier; where the best team of the model does not stand up to being worked out again, it is forbidden and the model
solved anew. So what is proven is the optimum of the whole problem.
"""

import math
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.composition.check import evaluate
from matching.composition.problem import Firm, Params, Problem
from matching.composition.solve import compose
from tests.unit.composition.generate import large_problem

# CP-SAT counts in whole numbers: a millionth of a cost.
GRAIN = 1e6
NEVER = 1_000
# Eight of ten problems have no price of firms and days. The others have small ones: with those of the default CP-SAT
# proves hardly any of this size in the time given.
KINDS = ("additive",) * 8 + ("firms", "everything")

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one problem: whether CP-SAT proved its optimum, and whether it is the cost that we found."""

    kind: str
    proven: bool
    equal: bool
    seconds: float


def equal_problem(seed: int, steps: int = 10, options: int = 60) -> tuple[str, Problem]:
    """One of the problems to compare on, and its kind."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable measurement
    kind = KINDS[seed % len(KINDS)]
    params = Params(k=1, time_limit_s=60.0)
    if kind == "additive":
        params = replace(params, w_firm=0.0, w_day=0.0)
    if kind == "firms":
        params = replace(params, w_firm=0.03, w_day=0.0)
    if kind == "everything":
        params = replace(params, w_firm=0.03, w_day=0.02)
    problem = large_problem(rng, steps=steps, options=options, params=params)
    return kind, replace(problem, due=problem.due if kind == "everything" else None)


def verdict(seed: int, seconds: float, steps: int = 10, options: int = 60) -> Verdict:
    kind, problem = equal_problem(seed, steps, options)
    result = compose(problem)
    ours = result.answers[0].cost if result.answers else math.inf
    began = time.perf_counter()
    theirs, proven = optimum(problem, ours, seconds)
    alike = result.optimal and (theirs == ours or abs(theirs - ours) < 1e-4)
    return Verdict(kind, proven, alike, time.perf_counter() - began)


def optimum(problem: Problem, known: float, seconds: float) -> tuple[float, bool]:
    """The cost of the best team (infinite if there is none), and whether it is proven. `known`: what one team costs."""
    model = _Model(problem, known)
    until = time.perf_counter() + seconds
    while True:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        # The linear relaxation of chosen handovers is nearly whole.
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = max(0.01, until - time.perf_counter())
        status = solver.solve(model.model)
        if status == cp_model.INFEASIBLE:
            return math.inf, True
        if status != cp_model.OPTIMAL:
            return math.inf, False
        team = model.team(solver)
        placed = evaluate(problem, team)
        if placed is not None and placed.cost <= solver.objective_value / GRAIN + 1e-4:
            return placed.cost, True
        model.forbid(team, None if placed is None else placed.cost)


class _Tables:
    """Kilometres, transport and finish days of a problem, from its text."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        last = max((f.capacity[-1][0] for f in problem.firms.values() if f.capacity), default=problem.start)
        end = last + timedelta(6) if problem.due is None else min(problem.due, last + timedelta(6))
        span = (end - problem.start).days + 1
        self.days = [d for n in range(span) if self._works(d := problem.start + timedelta(n))]

    def _works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.problem.holidays

    def km(self, a: int, i: int) -> Matrix:
        def places(step: int) -> Matrix:
            firms = [self.problem.firms[o.firm_id] for o in self.problem.options[step]]
            return np.radians([(f.lat, f.lng) for f in firms])

        p, q = places(a)[:, None, :], places(i)[None, :, :]
        half = np.sin((q - p) / 2) ** 2
        h = half[..., 0] + np.cos(p[..., 0]) * np.cos(q[..., 0]) * half[..., 1]
        km: Matrix = 2 * 6371.0088 * np.arcsin(np.sqrt(h))
        return km

    def cost(self, a: int, i: int) -> Matrix:
        p = self.problem.params
        names = [[o.firm_id for o in self.problem.options[s]] for s in (a, i)]
        past = self.problem.past_handovers
        known = [[x != y and frozenset((x, y)) in past for y in names[1]] for x in names[0]]
        return p.w_km * self.km(a, i) - p.w_trust * np.array(known, float)

    def finishes(self, firm: Firm, hours: float) -> list[int]:
        """By first day: the day on which the hours end, NEVER if they do not."""
        free = dict.fromkeys(self.days, 0.0)
        for week, amount in firm.capacity:
            working = [d for n in range(7) if self._works(d := week + timedelta(n))]
            free |= {d: amount / len(working) for d in working if d in free}
        by_day = list(free.values())
        return [self._finish(by_day, first, hours) for first in range(len(by_day))]

    @staticmethod
    def _finish(free: list[float], first: int, hours: float) -> int:
        for day in range(first, len(free)):
            hours -= free[day]
            if hours <= 1e-9:
                return day
        return NEVER


@dataclass
class _Parts:
    """Variables by step and candidate, and by handover and pair; left out are those in no team worth having."""

    chosen: list[dict[int, cp_model.IntVar]] = field(default_factory=list)
    pairs: dict[tuple[int, int], dict[tuple[int, int], cp_model.IntVar]] = field(default_factory=dict)


class _Model:
    def __init__(self, problem: Problem, known: float) -> None:
        self.model = cp_model.CpModel()
        self._problem = problem
        self._tables = _Tables(problem)
        self._edges = [(a, i) for i, s in enumerate(problem.steps) for a in s.after]
        self._cost = {e: self._tables.cost(*e) for e in self._edges}
        p = problem.params
        self._fit = [np.array([p.w_fit * (1 - o.fit) for o in row]) for row in problem.options]
        self._parts = _Parts()
        self._choose(known)
        self._terms = self._additive_terms()
        self._firms()
        if problem.due is not None or p.w_day:
            self._place()
        total = cp_model.LinearExpr.sum(self._terms)
        if known < math.inf:
            self.model.add(total <= math.floor(known * GRAIN) + 20)
        self.model.minimize(total)

    def team(self, solver: cp_model.CpSolver) -> tuple[str, ...]:
        picks = [next(n for n, x in row.items() if solver.boolean_value(x)) for row in self._parts.chosen]
        return tuple(row[n].firm_id for row, n in zip(self._problem.options, picks, strict=True))

    def forbid(self, team: tuple[str, ...], cost: float | None) -> None:
        """Take a team out that ends later than the model believes, or (with its true `cost`) make it pay that."""
        picks = [
            next(n for n, o in enumerate(row) if o.firm_id == f)
            for row, f in zip(self._problem.options, team, strict=True)
        ]
        chosen = [row[n] for row, n in zip(self._parts.chosen, picks, strict=True)]
        if cost is None:
            self.model.add(sum(chosen) <= len(chosen) - 1)
        else:
            slack = math.ceil(cost * GRAIN)
            total = cp_model.LinearExpr.sum(self._terms)
            self.model.add(total >= slack).only_enforce_if(chosen)

    def _choose(self, known: float) -> None:
        through = self._through()
        for i, row in enumerate(self._problem.options):
            worth = through[0][i] <= known + 1e-6
            self._parts.chosen.append({n: self.model.new_bool_var(f"x{i}.{n}") for n in range(len(row)) if worth[n]})
            self.model.add_exactly_one(self._parts.chosen[i].values())
        for e in self._edges:
            rows, columns = np.nonzero(through[1][e] <= known + 1e-6)
            pairs = set(zip(rows.tolist(), columns.tolist(), strict=True))
            pairs &= set(product(*(self._parts.chosen[step] for step in e)))
            self._parts.pairs[e] = {xy: self.model.new_bool_var(f"e{e}{xy}") for xy in sorted(pairs)}
            self._flow(e)

    def _flow(self, edge: tuple[int, int]) -> None:
        """One pair for each handover, whose ends are what is chosen."""
        pairs = self._parts.pairs[edge]
        for end, step in enumerate(edge):
            for n, x in self._parts.chosen[step].items():
                self.model.add(sum(v for xy, v in pairs.items() if xy[end] == n) == x)

    def _through(self) -> tuple[list[Matrix], dict[tuple[int, int], Matrix]]:
        """The least additive cost of any team through each candidate and each handover.

        Along the first predecessors; a handover from another one costs at least the least of its kind.
        """
        n = len(self._problem.steps)
        parent = [s.after[0] if s.after else -1 for s in self._problem.steps]
        least = {e: float(c.min()) for e, c in self._cost.items() if parent[e[1]] != e[0]}
        days = self._problem.params.w_day * self._longest()
        price = self._problem.params.w_firm
        below = [f + price * s for f, s in zip(self._fit, self._shares(), strict=True)]
        for i in reversed(range(n)):
            if parent[i] >= 0:
                below[parent[i]] = below[parent[i]] + (self._cost[parent[i], i] + below[i]).min(axis=1)
        roots = [float(below[i].min()) for i in range(n) if parent[i] < 0]
        total = sum(roots) + sum(least.values()) + days - price
        node: list[Matrix] = []
        pair = {e: self._cost[e] * 0 for e in self._edges}
        for i in range(n):
            a = parent[i]
            if a < 0:
                node.append(below[i] - below[i].min() + total)
                continue
            step = self._cost[a, i] + below[i]
            pair[a, i] = (node[a] - step.min(axis=1))[:, None] + step
            node.append(pair[a, i].min(axis=0))
        for (a, i), value in least.items():
            pair[a, i] = total + self._cost[a, i] - value
        return node, pair

    def _shares(self) -> list[Matrix]:
        """The part of a firm that each of the steps it could do may be charged."""
        times = Counter(o.firm_id for row in self._problem.options for o in row)
        return [np.array([1 / times[o.firm_id] for o in row]) for row in self._problem.options]

    def _longest(self) -> int:
        """Steps one after the other take a day each at least."""
        depth: list[int] = []
        for step in self._problem.steps:
            depth.append(1 + max((depth[a] for a in step.after), default=0))
        return max(depth)

    def _additive_terms(self) -> list[cp_model.LinearExpr]:
        terms: list[cp_model.LinearExpr] = []
        for row, fit in zip(self._parts.chosen, self._fit, strict=True):
            terms += [round(float(fit[n]) * GRAIN) * x for n, x in row.items()]
        for e, pairs in self._parts.pairs.items():
            terms += [round(float(self._cost[e][xy]) * GRAIN) * v for xy, v in pairs.items()]
        return terms

    def _firms(self) -> None:
        p = self._problem.params
        seats: dict[str, list[cp_model.IntVar]] = {}
        for row, options in zip(self._parts.chosen, self._problem.options, strict=True):
            for n, x in row.items():
                seats.setdefault(options[n].firm_id, []).append(x)
        used = {f: self.model.new_bool_var(f) for f in seats}
        for f, xs in seats.items():
            self.model.add_bool_or(xs).only_enforce_if(used[f])
            for x in xs:
                self.model.add_implication(x, used[f])
        self.model.add_bool_or([y for f, y in used.items() if self._problem.firms[f].can_lead])
        if p.max_firms is not None:
            self.model.add(sum(used.values()) <= p.max_firms)
        price = round(p.w_firm * GRAIN)
        self._terms += [price * y for y in used.values()] + [self.model.new_constant(-price)]

    def _place(self) -> None:
        """Each step ends as its firm has hours, if it does nothing else."""
        span = len(self._tables.days)
        ready = [self.model.new_int_var(0, span - 1, f"r{i}") for i in range(len(self._problem.steps))]
        end = [self.model.new_int_var(0, span - 1, f"f{i}") for i in range(len(self._problem.steps))]
        for a, i in self._edges:
            km = self._tables.km(a, i)
            for xy, v in self._parts.pairs[a, i].items():
                same = self._problem.options[a][xy[0]].firm_id == self._problem.options[i][xy[1]].firm_id
                days = 0 if same or km[xy] <= 10 else 1 if km[xy] <= 100 else 2
                self.model.add(ready[i] >= end[a] + 1 + days).only_enforce_if(v)
        for i, (row, step) in enumerate(zip(self._parts.chosen, self._problem.steps, strict=True)):
            for n, x in row.items():
                firm = self._problem.firms[self._problem.options[i][n].firm_id]
                finishes = self._tables.finishes(firm, step.hours)
                pairs = [(d, f) for d, f in enumerate(finishes) if f < NEVER]
                self.model.add_allowed_assignments([ready[i], end[i]], pairs).only_enforce_if(x)
        last = self.model.new_int_var(0, span, "last")
        self.model.add_max_equality(last, [1 + e for e in end])
        self._terms.append(round(self._problem.params.w_day * GRAIN) * last)
