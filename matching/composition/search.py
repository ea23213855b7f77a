"""Best-first search over teams, one step at a time, in ascending order of a proven lower bound.

A team that leaves the queue complete is the cheapest one left: its own cost is exact and nothing still queued can be
cheaper. Siblings are drawn from their queue one by one (Lawler 1972, Eppstein 1998), so the queue grows with what was
looked at, not with k. Days are exact along a partial team, because later steps never move earlier ones.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from matching.composition import geography
from matching.composition.bounds import AdditiveCosts, CoverBound, Relaxation, TimeBound, scaled
from matching.composition.problem import Problem

# With so few firms still to be added, the relaxation is narrowed to those that can still complete the team.
NARROW_BELOW = 2


@dataclass(slots=True)
class Node:
    """A team for the first `len(places)` steps. `paid` is the true cost of its choices; `key` its lower bound."""

    places: tuple[int, ...]
    firms: tuple[str, ...]
    earliest: tuple[int, ...]
    finishes: tuple[int, ...]
    abilities: int
    leads: bool
    last: int
    paid: float
    relaxation: Relaxation
    # Lower bound without the leader, and without what the next step adds to the cheapest choice.
    base: float = 0.0
    key: float = 0.0


class Search:
    """Teams of one problem in ascending order. `bound` is the least cost anything unseen can have."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.costs = AdditiveCosts(problem)
        self.time = TimeBound(problem)
        self.cover = CoverBound(self.costs.team)
        self.size = len(problem.steps)
        params = problem.params
        self._firm_cost = scaled(params.w_firm)
        self._day_cost = scaled(params.w_day)
        self._narrowed: dict[tuple[frozenset[str], int], Relaxation] = {}
        self._transport: dict[tuple[str, str], int] = {}
        self._queue: list[tuple[float, tuple[int, ...], int, Node, int]] = []
        self._ticket = count()
        self._open_after = [self._open(i) for i in range(self.size + 1)]
        self._open_steps = [(1 << self.size) - (1 << i) for i in range(self.size + 1)]
        root = self._root()
        if root is not None:
            self._push(root, 0)

    @property
    def bound(self) -> float | None:
        return self._queue[0][0] if self._queue else None

    def _open(self, depth: int) -> list[int]:
        """Steps not yet chosen whose parent is chosen (or which have none) once `depth` steps are."""
        parents = self.costs.parent
        return [i for i in range(depth, self.size) if (p := parents[i]) is None or p < depth]

    def _root(self) -> Node | None:
        if any(not team for team in self.costs.team) or not len(self.time.calendar):
            return None
        nothing = Node(
            (), (), (), (), 0, leads=False, last=self.time.from_start(), paid=0.0, relaxation=Relaxation(self.costs)
        )
        return self._priced(nothing)

    def _priced(self, node: Node) -> Node | None:
        """Fill in the bound; `None` when no complete team can follow."""
        if node.last >= len(self.time.calendar):
            return None
        team = frozenset(node.firms)
        uncovered = self._open_steps[len(node.places)] & ~node.abilities
        firms = len(team) + self._further(uncovered)
        limit = self.problem.params.max_firms
        if limit is not None and not self._narrow(node, team, uncovered, limit - len(team)):
            return None
        node.base = node.paid + self._rest(node) + self._firm_cost * (firms - 1) + self._day_cost * (node.last + 1)
        node.key = node.base + self._lead_extra(node)
        return node if node.key < np.inf else None

    def _further(self, uncovered: int) -> int:
        """Firms needed beyond those chosen."""
        counts = self._firm_cost or self.problem.params.max_firms is not None
        return self.cover.need(uncovered) if counts else 0

    def _narrow(self, node: Node, team: frozenset[str], uncovered: int, free: int) -> bool:
        """Leave only firms that can still complete a team of the allowed size; False if none can."""
        if self.cover.need(uncovered) > free:
            return False
        if free > NARROW_BELOW or (free and not uncovered) or len(node.places) == self.size:
            return True
        if (team, uncovered) not in self._narrowed:
            self._narrowed[team, uncovered] = Relaxation(self.costs, self._completing(team, uncovered, free))
        node.relaxation = self._narrowed[team, uncovered]
        return node.relaxation.possible

    def _completing(self, team: frozenset[str], uncovered: int, free: int) -> list[NDArray[np.intp]]:
        useful = {
            firm
            for firm, ability in self.cover.abilities.items()
            if firm in team or (free and self.cover.need(uncovered & ~ability) < free)
        }
        return [np.array([n for n, f in enumerate(firms) if f.id in useful], np.intp) for firms in self.costs.team]

    def _rest(self, node: Node) -> float:
        """The least cost of all steps still open, side edges included."""
        depth = len(node.places)
        rest = sum(node.relaxation.least(i, self._parent_place(node, i)) for i in self._open_after[depth])
        return rest + sum(cost for (_, i), cost in self.costs.cheapest_side_edges.items() if i >= depth)

    def _lead_extra(self, node: Node) -> float:
        if node.leads:
            return 0.0
        open_steps = self._open_after[len(node.places)]
        extra = (node.relaxation.lead_least(i, self._parent_place(node, i)) for i in open_steps)
        return min(extra, default=np.inf)

    def _parent_place(self, node: Node, i: int) -> int | None:
        parent = self.costs.parent[i]
        return None if parent is None else node.places[parent]

    def _push(self, node: Node, rank: int) -> None:
        """Queue `node` itself if complete, otherwise its children from `rank` on, under a bound that covers them."""
        key = node.key
        if len(node.places) < self.size:
            found = self._sibling(node, rank)
            if found is None:
                return
            key = max(key, node.base + found[1])
        heappush(self._queue, (key, node.places, next(self._ticket), node, rank))

    def _sibling(self, node: Node, rank: int) -> tuple[int, float] | None:
        i = len(node.places)
        # Where nothing else is open, the leader must be found here or below: siblings are then ordered by that too.
        lead = not node.leads and len(self._open_after[i]) == 1
        return node.relaxation.siblings(i, self._parent_place(node, i), lead=lead).at(rank)

    def teams(self, depth_first: bool = False, until: float = np.inf) -> Iterator[Node | None]:
        """Complete teams in ascending order. Yields `None` now and then, so that a caller can watch the clock.

        With `depth_first`, what is queued is finished quickly instead: good teams, in no proven order.
        """
        if depth_first:
            self._turn_depth_first()
        for turn in count(1):
            if not self._queue:
                return
            if turn % 64 == 0:
                yield None
                if time.perf_counter() > until:
                    return
            _, _, _, node, rank = heappop(self._queue)
            if len(node.places) == self.size:
                yield node
            else:
                self._expand(node, rank, depth_first=depth_first)

    def _turn_depth_first(self) -> None:
        old, self._queue = self._queue, []
        for key, places, ticket, node, rank in old:
            heappush(self._queue, (key - 1e15 * len(node.places), places, ticket, node, rank))

    def _expand(self, node: Node, rank: int, *, depth_first: bool) -> None:
        found = self._sibling(node, rank)
        if found is None:
            return
        child = self._child(node, found[0])
        self._push(node, rank + 1)
        if child is None:
            return
        if depth_first:
            heappush(self._queue, (child.key - 1e15 * len(child.places), child.places, next(self._ticket), child, 0))
        else:
            self._push(child, 0)

    def _child(self, node: Node, place: int) -> Node | None:
        i = len(node.places)
        firm = self.costs.team[i][place]
        step = self.problem.steps[i]
        ready = (node.finishes[a] + 1 + self._days_between(node.firms[a], firm.id) for a in step.after)
        earliest = max(ready, default=0)
        before = (
            (e, s.hours) for f, e, s in zip(node.firms, node.earliest, self.problem.steps, strict=False) if f == firm.id
        )
        finish = self.time.workload(firm).finish((*before, (earliest, step.hours)))
        if finish is None:
            return None
        child = Node(
            places=(*node.places, place),
            firms=(*node.firms, firm.id),
            earliest=(*node.earliest, earliest),
            finishes=(*node.finishes, finish),
            abilities=node.abilities | self.cover.abilities[firm.id],
            leads=node.leads or firm.can_lead,
            last=max(node.last, self.time.tail(i, finish)),
            paid=node.paid + self._price(node, i, place),
            relaxation=node.relaxation,
        )
        return self._priced(child)

    def _price(self, node: Node, i: int, place: int) -> float:
        """The true cost of choosing `place` for step `i`: its fit and every handover to it."""
        handovers = (self.costs.true_edge(a, node.places[a], i, place) for a in self.problem.steps[i].after)
        return float(self.costs.node[i][place]) + sum(handovers)

    def _days_between(self, a: str, b: str) -> int:
        days = self._transport.get((a, b))
        if days is None:
            days = geography.transport_days(self.problem.firms[a], self.problem.firms[b])
            self._transport[a, b] = days
        return days
