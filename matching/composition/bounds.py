"""What the rest of a team must cost at least: the relaxations that let the search stop with a proof.

Costs are whole thousand-millionths held in float64 (exact up to 9 million), so that equal teams compare equal.
The additive part (fit, km, trust) is a dynamic programme over a forest of the route: each step hangs on one of its
predecessors, and an edge to any other predecessor counts with its cheapest value until both ends are known.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.composition import geography
from matching.composition.calendar import WorkCalendar, Workload
from matching.composition.problem import Firm, Problem

SCALE = 1e9
# Above so many pairs of candidates the relaxation uses chords; the exact arc is taken when a team is built.
EXACT_PAIRS = 300_000
FIRST_SIBLINGS = 16

Array = NDArray[np.float64]


def scaled(cost: float) -> float:
    """A cost as a whole number of thousand-millionths."""
    return float(round(cost * SCALE))


class AdditiveCosts:
    """Fit, km and trust of a problem as matrices, and the forest that the relaxation runs on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        steps = problem.steps
        # The last predecessor is the one most steps really wait for, and makes a chain a chain.
        self.parent: list[int | None] = [max(s.after) if s.after else None for s in steps]
        self.children = [[c for c, p in enumerate(self.parent) if p == i] for i in range(len(steps))]
        self.team: list[list[Firm]] = [[problem.firms[o.firm_id] for o in options] for options in problem.options]
        pairs = sum(len(self.team[i]) * len(self.team[a]) for i, s in enumerate(steps) for a in s.after)
        self.exact = pairs <= EXACT_PAIRS
        self._matrices: dict[tuple[int, int], Array] = {}
        self.leads = [np.array([f.can_lead for f in team]) for team in self.team]
        self.node = [
            np.array([scaled(problem.params.w_fit * (1.0 - o.fit)) for o in options]) for options in problem.options
        ]

    def edges(self, a: int, b: int) -> Array:
        """Least cost of handing over from each candidate of step `a` to each of step `b`, shape (len a, len b)."""
        if (a, b) not in self._matrices:
            self._matrices[a, b] = self._edges(a, b)
        return self._matrices[a, b]

    def _edges(self, a: int, b: int) -> Array:
        weight = self.problem.params.w_km * SCALE
        if self.exact:
            cost = np.rint(geography.haversine_km(self._radians[a], self._radians[b]) * weight)
        else:
            cost = np.floor(geography.chord_km(self._points[a], self._points[b]) * weight)
        trust = scaled(self.problem.params.w_trust)
        for row, column in self._trusted(a, b):
            cost[row, column] -= trust
        return cost

    @cached_property
    def _radians(self) -> list[Array]:
        return [np.radians([(f.lat, f.lng) for f in team]) for team in self.team]

    @cached_property
    def _points(self) -> list[Array]:
        return [geography.unit_vectors(team) for team in self.team]

    def _trusted(self, a: int, b: int) -> list[tuple[int, int]]:
        rows = {f.id: n for n, f in enumerate(self.team[a])}
        columns = {f.id: n for n, f in enumerate(self.team[b])}
        pairs = [tuple(p) for p in self.problem.past_handovers if len(p) == 2]
        ways = [*pairs, *((y, x) for x, y in pairs)]
        return [(rows[x], columns[y]) for x, y in ways if x in rows and y in columns]

    def true_edge(self, a: int, row: int, b: int, column: int) -> float:
        """The real cost of one handover, in thousand-millionths."""
        if self.exact:
            return float(self.edges(a, b)[row, column])
        x, y = self.team[a][row], self.team[b][column]
        p = self.problem.params
        cost = scaled(p.w_km * geography.km_between(x, y))
        known = x.id != y.id and frozenset((x.id, y.id)) in self.problem.past_handovers
        return cost - scaled(p.w_trust) if known else cost

    @cached_property
    def cheapest_side_edges(self) -> dict[tuple[int, int], float]:
        """For each edge outside the forest, (predecessor, step): its least cost over all pairs."""
        steps = self.problem.steps
        outside = [(a, i) for i, s in enumerate(steps) for a in s.after if a != self.parent[i]]
        return {(a, i): float(self.edges(a, i).min()) for a, i in outside}


class Relaxation:
    """What everything below a step costs at least, by the candidate chosen for the step's parent.

    With `allowed` (per step: positions of the candidates that may be used, ascending), the others count as absent,
    also as parents: the bound of a team that is already full, or nearly.
    """

    def __init__(self, costs: AdditiveCosts, allowed: Sequence[NDArray[np.intp]] | None = None) -> None:
        self._costs = costs
        self._allowed = allowed or [np.arange(len(team)) for team in costs.team]
        self._place = None if allowed is None else [{int(p): n for n, p in enumerate(a)} for a in allowed]
        sizes = [len(a) for a in self._allowed]
        self._below = [np.zeros(n) for n in sizes]
        self._lead_below = [np.full(n, np.inf) for n in sizes]
        self._rows: list[Array] = [np.empty(0)] * len(sizes)
        self._least: list[Array] = [np.empty(0)] * len(sizes)
        self._lead_least: list[Array] = [np.empty(0)] * len(sizes)
        self._lead_extra: list[Array] = [np.empty(0)] * len(sizes)
        self._siblings: dict[tuple[int, int, bool], Siblings] = {}
        self.possible = all(sizes)
        if self.possible:
            for i in reversed(range(len(sizes))):
                self._solve_step(i)

    def _solve_step(self, i: int) -> None:
        costs, places, parent = self._costs, self._allowed[i], self._costs.parent[i]
        own = costs.node[i][places] + self._below[i]
        rows = own[None, :]
        if parent is not None:
            rows = costs.edges(parent, i)[np.ix_(self._allowed[parent], places)] + own
        leads = costs.leads[i][places]
        self._lead_extra[i] = np.where(leads, 0.0, self._lead_below[i])
        self._rows[i] = rows
        self._least[i] = rows.min(axis=1)
        wanted = self._least[i] if leads.all() else (rows + self._lead_extra[i]).min(axis=1)
        self._lead_least[i] = wanted - self._least[i]
        if parent is not None:
            self._below[parent] += self._least[i]
            self._lead_below[parent] = np.minimum(self._lead_below[parent], self._lead_least[i])

    def _row(self, i: int, place: int | None) -> int:
        parent = self._costs.parent[i]
        if parent is None or place is None:
            return 0
        return place if self._place is None else self._place[parent][place]

    def least(self, i: int, parent_place: int | None) -> float:
        """The least cost of step `i` and all below it, its handover included."""
        return float(self._least[i][self._row(i, parent_place)])

    def lead_least(self, i: int, parent_place: int | None) -> float:
        """What it costs extra if the lead firm has to be found in step `i` or below; infinite if it cannot."""
        return float(self._lead_least[i][self._row(i, parent_place)])

    def siblings(self, i: int, parent_place: int | None, *, lead: bool) -> "Siblings":
        """The candidates of step `i`, cheapest first, by what they cost above the least (`lead`: with a leader)."""
        row = self._row(i, parent_place)
        found = self._siblings.get((i, row, lead))
        if found is None:
            values = self._rows[i][row] - self._least[i][row]
            found = Siblings(values + self._lead_extra[i] if lead else values, self._allowed[i])
            self._siblings[i, row, lead] = found
        return found


class Siblings:
    """The candidates of one step behind one choice, cheapest first, sorted only as far as they are asked for."""

    def __init__(self, values: Array, places: NDArray[np.intp]) -> None:
        self._values = values
        self._places = places
        self._sort(FIRST_SIBLINGS)

    def _sort(self, size: int) -> None:
        values = self._values
        chosen = np.arange(len(values))
        if size < len(values):
            # All equals of the last one come along, so that ties keep the order of positions.
            chosen = np.nonzero(values <= np.partition(values, size)[size])[0]
        order = chosen[np.argsort(values[chosen], kind="stable")]
        self._order: list[int] = self._places[order].tolist()
        self._costs: list[float] = values[order].tolist()

    def at(self, rank: int) -> tuple[int, float] | None:
        """(position of the candidate, its cost), or `None` behind the last that can lead to a team."""
        if rank >= len(self._order):
            if rank >= len(self._values):
                return None
            self._sort(len(self._values))
        cost = self._costs[rank]
        return (self._order[rank], cost) if cost < np.inf else None


class TimeBound:
    """The earliest day a route can end, if every firm still had all its hours and parts needed no transport."""

    def __init__(self, problem: Problem) -> None:
        self.calendar = WorkCalendar(problem)
        self._problem = problem
        self._loads: dict[str, Workload] = {}
        self.successors = [[j for j, s in enumerate(problem.steps) if i in s.after] for i in range(len(problem.steps))]
        self.matters = problem.due is not None or problem.params.w_day > 0

    def workload(self, firm: Firm) -> Workload:
        if firm.id not in self._loads:
            self._loads[firm.id] = Workload(self.calendar.free_hours(firm))
        return self._loads[firm.id]

    @cached_property
    def fastest(self) -> list[NDArray[np.intp]]:
        """Per step and first day: the earliest finish over its candidates; `len(calendar)` means never."""
        return [self._fastest(i) for i in range(len(self._problem.steps))]

    def _fastest(self, i: int) -> NDArray[np.intp]:
        hours = self._problem.steps[i].hours
        firms = (self._problem.firms[o.firm_id] for o in self._problem.options[i])
        best = np.full(len(self.calendar) + 1, len(self.calendar), dtype=np.intp)
        for firm in firms:
            np.minimum(best, self.workload(firm).finishes(hours), out=best)
        return best

    @cached_property
    def tails(self) -> list[NDArray[np.intp]]:
        """Per step and finish day: the earliest last day of the whole route below it."""
        never = len(self.calendar)
        days = np.arange(never + 1)
        following = np.minimum(days + 1, never)
        tails: list[NDArray[np.intp]] = [days] * len(self._problem.steps)
        for i in reversed(range(len(tails))):
            for j in self.successors[i]:
                tails[i] = np.maximum(tails[i], tails[j][self.fastest[j][following]])
        return tails

    def tail(self, i: int, finish: int) -> int:
        return int(self.tails[i][finish]) if self.matters else finish

    def from_start(self) -> int:
        """The earliest last day of the route, or `len(calendar)`."""
        if not self.matters:
            return 0
        roots = [i for i, s in enumerate(self._problem.steps) if not s.after]
        return max(int(self.tails[i][self.fastest[i][0]]) for i in roots)


class CoverBound:
    """How many further firms the open steps need at least (a set cover, exact, remembered by the open steps)."""

    def __init__(self, options: Sequence[Sequence[Firm]]) -> None:
        self.abilities: dict[str, int] = {}
        for i, team in enumerate(options):
            for firm in team:
                self.abilities[firm.id] = self.abilities.get(firm.id, 0) | 1 << i
        masks = set(self.abilities.values())
        self._by_step = [sorted((m for m in masks if m >> i & 1), reverse=True) for i in range(len(options))]
        self.need = lru_cache(maxsize=None)(self._need)

    def _need(self, uncovered: int) -> int:
        if not uncovered:
            return 0
        first = (uncovered & -uncovered).bit_length() - 1
        rests = {uncovered & ~mask for mask in self._by_step[first]}
        # A rest that contains another one can never need fewer.
        least = [r for r in rests if not any(o != r and o & r == o for o in rests)]
        return 1 + min(self.need(rest) for rest in least)
