"""Troubles that teams meet after they were promised, and how long the cheapest repair takes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bench.measure import fastest
from matching.composition.problem import Problem
from matching.composition.repair import repairs, without
from matching.composition.solve import compose

# Where no firm is lost, so many steps may change.
CHANGES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A team as it was promised, the problem as it is now, and how many steps may change."""

    before: Problem
    after: Problem
    team: tuple[str, ...]
    changes: int


def repair_cases(problems: Sequence[Problem]) -> dict[str, list[Case]]:
    """Four troubles for the best team of each problem that has one."""
    cases: dict[str, list[Case]] = {}
    for seed, problem in enumerate(problems):
        answers = compose(problem).answers
        if answers:
            team = tuple(answers[0].assignment.values())
            rng = random.Random(seed)  # noqa: S311 - a repeatable measurement
            wanted = replace(problem, params=replace(problem.params, k=1))
            for kind, case in _troubles(wanted, team, (answers[0].finish - problem.start).days, rng).items():
                cases.setdefault(kind, []).append(case)
    return cases


def _troubles(problem: Problem, team: tuple[str, ...], days: int, rng: random.Random) -> dict[str, Case]:
    some, busiest = rng.choice(team), max(sorted(set(team)), key=team.count)
    firm = problem.firms[some]
    fewer = replace(firm, capacity=tuple((week, 0.4 * hours) for week, hours in firm.capacity))
    sooner = problem.start + timedelta(max(1, days - rng.randint(3, 7)))
    return {
        "a firm declines": Case(problem, without(problem, {some}), team, team.count(some) + 1),
        "the busiest firm declines": Case(problem, without(problem, {busiest}), team, team.count(busiest) + 1),
        "fewer hours": Case(problem, replace(problem, firms={**problem.firms, some: fewer}), team, CHANGES),
        "an earlier date": Case(problem, replace(problem, due=sooner), team, CHANGES),
    }


def repaired(case: Case) -> tuple[float, bool]:
    """Milliseconds of processor time, and whether the repair is proven (or that there is none)."""
    took, (_, proven) = fastest(partial(repairs, case.before, case.after, case.team, case.changes))
    return took, proven
