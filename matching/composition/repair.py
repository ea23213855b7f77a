"""A team that has lost a firm, or an hour: changed where it must be, and otherwise left as it was promised."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.composition.check import Checker, Evaluation
from matching.composition.problem import Option, Problem
from matching.composition.result import TeamAnswer, answer
from matching.composition.solve import nearest_teams


@dataclass(frozen=True, slots=True)
class Repair:
    """A team close to the former one. Differences count from it: working days, km and cost, where it could be priced.

    `changed` are the ids of the steps that another firm does now.
    """

    answer: TeamAnswer
    changed: tuple[str, ...]
    days: int | None
    km: float | None
    cost: float | None


def repairs(before: Problem, after: Problem, team: Sequence[str], changes: int) -> tuple[tuple[Repair, ...], bool]:
    """The cheapest teams of `after` with at most `changes` steps done by another firm than in `team`.

    `team` are firm ids in step order, as they were for `before`. The second value says whether this is proven.
    """
    found = nearest_teams(after, team, changes, time.perf_counter() + after.params.time_limit_s)
    former, checker = Checker(before).evaluate(team), Checker(after)
    return tuple(_repair(checker, former, team, ids) for ids in found.teams), found.optimal


def _repair(checker: Checker, former: Evaluation | None, team: Sequence[str], ids: tuple[str, ...]) -> Repair:
    new = answer(checker, ids)
    steps = zip(checker.problem.steps, team, ids, strict=True)
    changed = tuple(step.id for step, old, now in steps if old != now)
    if former is None:
        return Repair(new, changed, None, None, None)
    days = checker.days_to(new.finish) - checker.days_to(max(former.finishes))
    return Repair(new, changed, days, new.km - former.km, new.cost - former.cost)


def without(problem: Problem, firms: Collection[str]) -> Problem:
    """The problem when these firms have declined."""
    options = tuple(tuple(o for o in offers if o.firm_id not in firms) for offers in problem.options)
    return replace(problem, options=options)


def fixed(problem: Problem, choices: Mapping[str, str]) -> Problem:
    """The problem when some steps (by id) are promised to a firm.

    Raises:
        KeyError: the firm is no candidate for its step.
    """
    offers = zip(problem.steps, problem.options, strict=True)
    return replace(problem, options=tuple(_fixed(s.id, options, choices) for s, options in offers))


def _fixed(step: str, options: tuple[Option, ...], choices: Mapping[str, str]) -> tuple[Option, ...]:
    if step not in choices:
        return options
    chosen = tuple(o for o in options if o.firm_id == choices[step])
    if not chosen:
        raise KeyError(f"{choices[step]} is no candidate for step {step}")
    return chosen
