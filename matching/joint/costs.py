"""What the teams of one case cost, with a bound on all that is not chosen yet.

Each step is priced along one handover into it (a tree), so that the cheapest way on from a choice is a table; the other
handovers count with their cheapest pair until both ends are chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.composition import geography
from matching.composition.arrays import Array, transport_days
from matching.joint.problem import Case
from matching.joint.region import Region

# (what the choice adds to the bound, position of the candidate), ascending.
Ranked = list[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Handover:
    """From an earlier step `source`: cost and transport days by (its candidate, this candidate)."""

    source: int
    cost: list[list[float]]
    days: list[list[int]]
    least: float


class CaseCosts:
    """`firm[i]` are the firm numbers of step i; `ranked[i][y]` its candidates behind candidate y of `parent[i]`.

    `base` is the bound on the cost of a team before anything is chosen, days left out.
    """

    def __init__(self, region: Region, case: Case) -> None:
        self._region = region
        self.firm = [[region.number[o.firm_id] for o in options] for options in case.options]
        self.parent = [step.after[-1] if step.after else -1 for step in case.steps]
        self.handovers = [[self._handover(a, i) for a in step.after] for i, step in enumerate(case.steps)]
        w_fit = region.problem.params.w_fit
        self._fit = [[w_fit * (1.0 - o.fit) for o in options] for options in case.options]
        self.ranked: list[list[Ranked]] = [[] for _ in case.steps]
        self.base = self._rank()
        for i, found in enumerate(self.handovers):
            self.base += sum(h.least for h in found if h.source != self.parent[i])

    def team_cost(self, chosen: Sequence[int]) -> float:
        """What a team costs (positions by step), days left out."""
        p = self._region.problem.params
        cost = p.w_firm * (len({self.firm[i][x] for i, x in enumerate(chosen)}) - 1)
        for i, x in enumerate(chosen):
            cost += self._fit[i][x] + sum(h.cost[chosen[h.source]][x] for h in self.handovers[i])
        return cost

    def _handover(self, a: int, i: int) -> Handover:
        x, y = self.firm[a], self.firm[i]
        p = self._region.problem.params
        km = geography.haversine_km(self._region.radians[x], self._region.radians[y])
        cost = p.w_km * km - p.w_trust * self._trusted(a, i)
        days = np.where(np.array(x)[:, None] == np.array(y)[None, :], 0, transport_days(km))
        return Handover(a, cost.tolist(), days.tolist(), float(cost.min(initial=np.inf)))

    def _trusted(self, a: int, i: int) -> Array:
        ids, past = self._region.ids, self._region.problem.past_handovers
        known = np.zeros((len(self.firm[a]), len(self.firm[i])))
        for x, here in enumerate(self.firm[a] if past else ()):
            for y, there in enumerate(self.firm[i]):
                known[x, y] = here != there and frozenset((ids[here], ids[there])) in past
        return known

    def _rank(self) -> float:
        """Fill `ranked`, from the last step backwards; gives the sum of the cheapest trees."""
        onward: list[Array] = [np.array(fit) for fit in self._fit]
        base = 0.0
        for i in reversed(range(len(onward))):
            parent = self.parent[i]
            arrive = onward[i][None, :]
            if parent >= 0:
                arrive = arrive + np.array(self.handovers[i][-1].cost).reshape(
                    len(self.firm[parent]), len(self.firm[i])
                )
            least = arrive.min(axis=1, initial=np.inf)
            self.ranked[i] = [_ascending(row) for row in arrive - least[:, None]]
            if parent >= 0:
                onward[parent] = onward[parent] + least
            else:
                base += float(least[0])
        return base


def _ascending(values: Array) -> Ranked:
    order = np.argsort(values, kind="stable")
    return list(zip(values[order].tolist(), order.tolist(), strict=True))
