"""Why no team exists, and the cheapest way out: another due date, a leader, one firm more, a missing process."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matching.composition.bounds import TimeBound
from matching.composition.problem import Firm, Params, Problem
from matching.composition.result import Infeasible
from matching.composition.search import Node, Search


def explain(problem: Problem) -> Infeasible:
    """The first reason that holds, from the plainest to the subtlest. `problem` must have no feasible team."""
    for step, options in zip(problem.steps, problem.options, strict=True):
        if not options:
            reason = f"no candidate for step {step.id} ({step.process})"
            return Infeasible("no_candidate", reason, step.id, {"missing_process": step.process})
    return _no_leader(problem) or _too_late(problem) or _too_few_firms(problem) or _no_hours(problem)


def _best(problem: Problem, params: Params) -> Node | None:
    nodes = Search(replace(problem, params=params)).teams()
    return next((n for n in nodes if n is not None), None)


def _everyone_leads(problem: Problem) -> Problem:
    firms: Mapping[str, Firm] = {f: replace(firm, can_lead=True) for f, firm in problem.firms.items()}
    return replace(problem, firms=firms)


def _no_leader(problem: Problem) -> Infeasible | None:
    team = _best(_everyone_leads(problem), problem.params)
    if team is None:
        return None
    firms = sorted(set(team.firms))
    reason = "nobody can lead: no feasible team contains a firm that carries delivery"
    return Infeasible("nobody_can_lead", reason, None, {"can_lead": firms})


def _too_late(problem: Problem) -> Infeasible | None:
    if problem.due is None:
        return None
    # Only the last day counts here: the answer wanted is the earliest date that could be promised.
    params = replace(problem.params, w_fit=0.0, w_km=0.0, w_firm=0.0, w_trust=0.0, w_day=1.0)
    open_ended = replace(problem, due=None, params=params)
    search = Search(open_ended)
    team = next((n for n in search.teams() if n is not None), None)
    if team is None:
        return None
    days = search.time.calendar.days
    step = problem.steps[_first_late([days[f] for f in team.finishes], problem.due)]
    reason = f"no capacity before due {problem.due}: step {step.id} ({step.process}) ends too late"
    return Infeasible("no_capacity_before_due", reason, step.id, {"due": days[max(team.finishes)].isoformat()})


def _first_late(finishes: list[date], due: date) -> int:
    return next(i for i, day in enumerate(finishes) if day > due)


def _too_few_firms(problem: Problem) -> Infeasible | None:
    if problem.params.max_firms is None:
        return None
    params = replace(problem.params, w_fit=0.0, w_km=0.0, w_firm=1.0, w_trust=0.0, w_day=0.0, max_firms=None)
    team = _best(problem, params)
    if team is None:
        return None
    needed = len(set(team.firms))
    reason = f"at least {needed} firms are needed, max_firms is {problem.params.max_firms}"
    return Infeasible("too_few_firms", reason, None, {"max_firms": needed})


def _no_hours(problem: Problem) -> Infeasible:
    """Nobody has the hours in the weeks that are known: name the first step no team can reach."""
    time = TimeBound(replace(problem, due=None))
    never = len(time.calendar)
    step = problem.steps[-1]
    done: list[int] = []
    for i, current in enumerate(problem.steps):
        ready = max((done[a] + 1 for a in current.after), default=0)
        done.append(int(time.fastest[i][min(ready, never)]))
        if done[-1] >= never:
            step = current
            break
    reason = f"no capacity for step {step.id} ({step.process}) in the weeks that are known"
    relaxation: dict[str, Any] = {"hours": step.hours, "process": step.process}
    if problem.due is not None:
        relaxation["due"] = None
    return Infeasible("no_capacity", reason, step.id, relaxation)
