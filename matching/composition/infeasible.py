"""Why no team exists, and the cheapest way out: another due date, a leader, one firm more, a missing process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from matching.composition.arrays import candidates
from matching.composition.check import evaluate
from matching.composition.problem import Firm, Problem
from matching.composition.result import Infeasible, Outcome
from matching.composition.timing import Timing

# Looks for the teams of a problem in the time that is left for the whole answer.
Finder = Callable[[Problem], Outcome]


def explain(problem: Problem, find: Finder) -> Infeasible:
    """The first reason that holds, from the plainest to the subtlest. `problem` must have no feasible team.

    A team that was found shows that a change would help. That none was found shows nothing where time ran out.
    """
    for step, options in zip(problem.steps, problem.options, strict=True):
        if not options:
            reason = f"no candidate for step {step.id} ({step.process})"
            return Infeasible("no_candidate", reason, step.id, {"missing_process": step.process})
    proven = True

    def tried(relaxed: Problem) -> Outcome:
        nonlocal proven
        outcome = find(relaxed)
        proven = proven and (outcome.optimal or bool(outcome.teams))
        return outcome

    found = _no_leader(problem, tried) or _too_late(problem, tried) or _too_few_firms(problem, tried)
    return found or _no_hours(problem, proven=proven)


def _everyone_leads(problem: Problem) -> Problem:
    firms: Mapping[str, Firm] = {f: replace(firm, can_lead=True) for f, firm in problem.firms.items()}
    return replace(problem, firms=firms)


def _no_leader(problem: Problem, find: Finder) -> Infeasible | None:
    teams = find(_everyone_leads(problem)).teams
    if not teams:
        return None
    reason = "nobody can lead: no feasible team contains a firm that carries delivery"
    return Infeasible("nobody_can_lead", reason, None, {"can_lead": sorted(set(teams[0]))})


def _too_late(problem: Problem, find: Finder) -> Infeasible | None:
    if problem.due is None:
        return None
    # Only the last day counts here: the answer wanted is the earliest date that could be promised.
    params = replace(problem.params, k=1, max_shared=1.0, w_fit=0.0, w_km=0.0, w_firm=0.0, w_trust=0.0, w_day=1.0)
    open_ended = replace(problem, due=None, params=params)
    outcome = find(open_ended)
    placed = evaluate(open_ended, outcome.teams[0]) if outcome.teams else None
    if placed is None:
        return None
    step = next(s for s, day in zip(problem.steps, placed.finishes, strict=True) if day > problem.due)
    reason = f"no capacity before due {problem.due}: step {step.id} ({step.process}) ends too late"
    if not outcome.optimal:
        reason += "; an earlier date than the one given is not ruled out"
    return Infeasible("no_capacity_before_due", reason, step.id, {"due": max(placed.finishes).isoformat()})


def _too_few_firms(problem: Problem, find: Finder) -> Infeasible | None:
    if problem.params.max_firms is None:
        return None
    params = replace(problem.params, k=1, max_shared=1.0, max_firms=None)
    params = replace(params, w_fit=0.0, w_km=0.0, w_firm=1.0, w_trust=0.0, w_day=0.0)
    outcome = find(replace(problem, params=params))
    if not outcome.teams:
        return None
    needed = len(set(outcome.teams[0]))
    least = "at least" if outcome.optimal else "not proven to be the fewest:"
    reason = f"{least} {needed} firms are needed, max_firms is {problem.params.max_firms}"
    return Infeasible("too_few_firms", reason, None, {"max_firms": needed})


def _no_hours(problem: Problem, *, proven: bool) -> Infeasible:
    """Nobody has the hours in the weeks that are known: name the first step no team can reach."""
    timing = Timing(candidates(replace(problem, due=None)))
    steps = problem.steps
    late = (s for s, ready, ends in zip(steps, timing.ready, timing.fastest, strict=True) if ends[ready] >= len(timing))
    step = next(late, steps[-1] if proven else None)
    if step is None:
        return Infeasible("unproven", "time ran out before a reason was proven", None, {})
    reason = f"no capacity for step {step.id} ({step.process}) in the weeks that are known"
    relaxation: dict[str, Any] = {"hours": step.hours, "process": step.process}
    if problem.due is not None:
        relaxation["due"] = None
    return Infeasible("no_capacity", reason, step.id, relaxation)
