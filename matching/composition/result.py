"""What composing a team gives back, and its form as JSON (docs/reference/composition.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching.composition.check import Checker
from matching.composition.problem import Problem


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """One team: a firm for each step, what it costs by the weights, how far the part travels, when it is ready."""

    assignment: Mapping[str, str]
    cost: float
    km: float
    finish: date
    starts: Mapping[str, date]
    finishes: Mapping[str, date]
    lead_firm: str

    def to_json(self) -> dict[str, Any]:
        return {
            "assignment": dict(self.assignment),
            "cost": self.cost,
            "km": self.km,
            "finish": self.finish.isoformat(),
            "starts": {s: d.isoformat() for s, d in self.starts.items()},
            "finishes": {s: d.isoformat() for s, d in self.finishes.items()},
            "lead_firm": self.lead_firm,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """Firm ids of each team in step order, whether this is proven to be the answer, and a bound on the best cost."""

    teams: tuple[tuple[str, ...], ...]
    optimal: bool
    bound: float


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why no team exists, the step at fault (if one is), and the cheapest change that would make one possible."""

    code: str
    reason: str
    step: str | None
    relaxation: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "reason": self.reason, "step": self.step, "relaxation": dict(self.relaxation)}


@dataclass(frozen=True, slots=True)
class Composition:
    """`optimal` says the list is proven to be the exact answer; `bound` is a proven lower bound on the best cost."""

    optimal: bool
    bound: float | None
    elapsed_ms: float
    answers: tuple[TeamAnswer, ...]
    infeasible: Infeasible | None = None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "optimal": self.optimal,
            "bound": self.bound,
            "elapsed_ms": round(self.elapsed_ms, 3),
            "answers": [a.to_json() for a in self.answers],
        }
        return data | ({"infeasible": self.infeasible.to_json()} if self.infeasible else {})


def answer(checker: Checker, firm_ids: tuple[str, ...]) -> TeamAnswer:
    """A team as it is shown: worked out again by the checker, which shares no code with the search.

    Raises:
        AssertionError: the search believed a team feasible that is not; never to be shown to anybody.
    """
    evaluation = checker.evaluate(firm_ids)
    if evaluation is None:
        raise AssertionError(f"the team {firm_ids} breaks a condition of its problem")
    ids = [s.id for s in checker.problem.steps]
    return TeamAnswer(
        assignment=dict(zip(ids, firm_ids, strict=True)),
        cost=evaluation.cost,
        km=evaluation.km,
        finish=max(evaluation.finishes),
        starts=dict(zip(ids, evaluation.starts, strict=True)),
        finishes=dict(zip(ids, evaluation.finishes, strict=True)),
        lead_firm=_lead_firm(checker.problem, firm_ids),
    )


def _lead_firm(problem: Problem, firm_ids: tuple[str, ...]) -> str:
    hours: dict[str, float] = {}
    for step, firm in zip(problem.steps, firm_ids, strict=True):
        if problem.firms[firm].can_lead:
            hours[firm] = hours.get(firm, 0.0) + step.hours
    most = max(hours.values()) - 1e-9
    return min(firm for firm, done in hours.items() if done >= most)
