"""Several good teams for several wishes: one exact solution for each, without those that another one beats.

Each wish is a choice of weights of the same cost (docs/reference/composition.md): its own part weighs a thousand times
as much as the rest. All weights stay above nothing, so an optimal answer is also one that no team beats in every
respect (Geoffrion 1968); what is left to drop are answers that ran out of time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from matching.composition.check import Checker
from matching.composition.problem import Params, Problem
from matching.composition.result import Infeasible, TeamAnswer, answer
from matching.composition.solve import compose

# What the other parts of the cost weigh beside the one a wish is about.
REST = 1e-3
# So different must a further proposal be, and so many are looked at.
SHARED, FURTHER = 0.7, 3
# Below this two km figures are one.
EPSILON = 1e-6


class Objective(StrEnum):
    """What somebody may want most."""

    BALANCED = "balanced"
    NEAREST = "nearest"
    EARLIEST = "earliest"
    FEWEST = "fewest"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a team is compared by. `days` are working days from the start.

    `known` and `new` count the handovers between two firms that have and have not passed on work to each other.
    """

    cost: float
    misfit: float
    km: float
    days: int
    firms: int
    known: int
    new: int

    def beats(self, other: "Figures") -> bool:
        """Whether a team with these is nowhere worse and somewhere better: in the five parts of the cost."""
        pairs = list(zip(self.parts, other.parts, strict=True))
        return all(a <= b + EPSILON for a, b in pairs) and any(a < b - EPSILON for a, b in pairs)

    @property
    def parts(self) -> tuple[float, ...]:
        """The parts of the cost, less being better."""
        return self.misfit, self.km, self.days, self.firms, -self.known


@dataclass(frozen=True, slots=True)
class Proposal:
    """A team that no other shown one beats, and the wishes it serves best."""

    team: TeamAnswer
    figures: Figures
    best_in: frozenset[Objective]


@dataclass(frozen=True, slots=True)
class Proposals:
    """`proven` when every wish was solved to the end."""

    proposals: tuple[Proposal, ...]
    proven: bool
    infeasible: Infeasible | None = None


def proposals(problem: Problem, objectives: Sequence[Objective] = tuple(Objective)) -> Proposals:
    """The best team for each wish, balanced first, and a further one or two where they differ enough.

    Every team is worked out again by `check`; none shown is beaten in every respect by another one.
    """
    found = [compose(_wishing(problem, objective)) for objective in objectives]
    found.append(compose(replace(problem, params=replace(problem.params, k=FURTHER, max_shared=SHARED))))
    teams = list(dict.fromkeys(_firm_ids(problem, a) for each in found for a in each.answers))
    infeasible = next((each.infeasible for each in found if each.infeasible), None) if not teams else None
    return Proposals(front(problem, teams, objectives), all(each.optimal for each in found), infeasible)


def front(
    problem: Problem, teams: Iterable[tuple[str, ...]], objectives: Sequence[Objective] = tuple(Objective)
) -> tuple[Proposal, ...]:
    """The given feasible teams (firm ids in step order) without those beaten by another, each with its merits."""
    checker = Checker(problem)
    known = [(answer(checker, ids), figures(checker, ids)) for ids in teams]
    kept = [(team, own) for team, own in known if not any(other.beats(own) for _, other in known)]
    return tuple(Proposal(team, own, _merits(own, [f for _, f in kept], objectives)) for team, own in kept)


def figures(checker: Checker, firm_ids: tuple[str, ...]) -> Figures:
    """What a feasible team is compared by.

    Raises:
        ValueError: the team breaks a condition of the problem.
    """
    problem = checker.problem
    found = checker.evaluate(firm_ids)
    if found is None:
        raise ValueError("the team breaks a condition of its problem")
    fits = [{o.firm_id: o.fit for o in offers}[f] for offers, f in zip(problem.options, firm_ids, strict=True)]
    pairs = [frozenset((firm_ids[a], firm_ids[i])) for i, s in enumerate(problem.steps) for a in s.after]
    between = [pair for pair in pairs if len(pair) == 2]
    known = sum(pair in problem.past_handovers for pair in between)
    days = checker.days_to(max(found.finishes))
    misfit = sum(1.0 - fit for fit in fits)
    return Figures(found.cost, misfit, found.km, days, len(set(firm_ids)), known, len(between) - known)


def _merits(own: Figures, all_figures: Sequence[Figures], objectives: Sequence[Objective]) -> frozenset[Objective]:
    return frozenset(o for o in objectives if _figure(own, o) <= min(_figure(f, o) for f in all_figures) + EPSILON)


def _figure(figures_: Figures, objective: Objective) -> float:
    return {
        Objective.BALANCED: figures_.cost,
        Objective.NEAREST: figures_.km,
        Objective.EARLIEST: figures_.days,
        Objective.FEWEST: figures_.firms,
        Objective.TRUSTED: figures_.new,
    }[objective]


def _wishing(problem: Problem, objective: Objective) -> Problem:
    return replace(problem, params=weights(problem.params, objective))


def weights(params: Params, objective: Objective) -> Params:
    """The weights for a wish; for the balanced one those of the problem."""
    once = replace(params, k=1, max_shared=1.0)
    if objective is Objective.BALANCED:
        return once
    p = params
    rest = replace(
        once, w_fit=p.w_fit * REST, w_km=p.w_km * REST, w_firm=p.w_firm * REST, w_day=p.w_day * REST, w_trust=REST
    )
    if objective is Objective.NEAREST:
        return replace(rest, w_km=1.0)
    if objective is Objective.EARLIEST:
        return replace(rest, w_day=1.0)
    if objective is Objective.FEWEST:
        return replace(rest, w_firm=1.0)
    # A handover between firms that know each other is worth having only against one between strangers.
    return replace(rest, w_trust=1.0, w_firm=1.0 + p.w_firm * REST)


def _firm_ids(problem: Problem, found: TeamAnswer) -> tuple[str, ...]:
    return tuple(found.assignment[s.id] for s in problem.steps)
