"""Teams near a given one: every set of steps that may change is looked at apart, all others staying where they are.

What stays turns handovers at its edges into costs of single candidates, so that little is left to relax: handovers
between steps that both change add up along a tree, and each new firm's price is shared by the changing steps it could
do. All teams whose bound lies below a limit are listed, priced and placed; if enough of them cost no more than the
limit, they are the answer, because no other team can. Otherwise the limit is raised.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from matching.composition.arrays import Array, Candidates, Cover, Ints
from matching.composition.timing import BEYOND, Placing, Timing

# Beyond so many sets of steps, or teams listed at once, the general search is the better way.
MOST_SETS = 256
MOST_TEAMS = 40_000
# The first limit lies above the least bound by this share of it; then it is raised so many times as far, then lifted.
FIRST = 0.04
RAISE = 4.0
RAISES = 3

Team = tuple[float, tuple[int, ...]]
Edge = tuple[int, int]


class TooMany(Exception):
    """There are more teams below the limit than this way can list."""


def nearest(options: Candidates, timing: Timing, near: Sequence[int], changes: int, k: int) -> list[Team] | None:
    """The k cheapest teams (cost, firm numbers) with at most `changes` steps done by others than `near`.

    -1 in `near` stands for a firm that is no longer there. None where this way is too long.
    """
    route = _Route(options, timing, near)
    if route.sets_of(changes) > MOST_SETS:
        return None
    sets = [_Free(route, free) for free in route.free_sets(changes)]
    try:
        return _ascend(route, sorted((s for s in sets if s.bound < np.inf), key=lambda s: s.bound), k)
    except TooMany:
        return None


def _ascend(route: "_Route", sets: "list[_Free]", k: int) -> list[Team]:
    if not sets:
        return []
    weights = route.options.weights
    step = FIRST * abs(sets[0].bound) + weights.unit * FIRST
    limits = [sets[0].bound + step * RAISE**n for n in range(RAISES)]
    limit = limits[0]
    for following in (*limits[1:], np.inf, np.inf):
        found = _below(route, [s for s in sets if s.bound <= limit + weights.slack], limit + weights.slack)
        if limit == np.inf or (len(found) >= k and found[k - 1][0] <= limit):
            break
        # Teams found above the limit are as good a limit as any.
        limit = found[k - 1][0] if len(found) >= k else following
    return found[:k]


def _below(route: "_Route", sets: "Sequence[_Free]", limit: float) -> list[Team]:
    """All feasible teams up to the limit, and some beyond it, in order."""
    places = np.concatenate([np.zeros((0, route.options.size), np.intp), *(s.places(limit) for s in sets)])
    if len(places) > MOST_TEAMS:
        raise TooMany
    firms = np.column_stack([f[x] for f, x in zip(route.options.firm, places.T, strict=True)])
    price, allowed = route.priced(places, firms)
    keep = allowed & (price <= limit)
    places, firms, price = places[keep], firms[keep], price[keep]
    last = route.last_days(places, firms)
    cost = route.options.weights.rounded(price + route.options.weights.day * (last + 1))
    teams = zip(cost.tolist(), map(tuple, firms.tolist()), strict=True)
    return sorted(team for team, day in zip(teams, last.tolist(), strict=True) if day < len(route.timing))


class _Route:
    """What all sets of changing steps share. `place[i]`: where the former firm is among the candidates, or -1."""

    def __init__(self, options: Candidates, timing: Timing, near: Sequence[int]) -> None:
        self.options = options
        self.timing = timing
        self.near = near
        self.steps = timing.steps
        self.place = [_position(firm, n) for firm, n in zip(options.firm, near, strict=True)]
        self.edges = [(a, i) for i, s in enumerate(self.steps) for a in s.after]
        self.cost = {edge: options.handovers(*edge) for edge in self.edges}
        self.able = np.zeros((len(options.ids), options.size), np.intp)
        for i, firm in enumerate(options.firm):
            self.able[firm, i] = 1
        self.cover = Cover(options)
        self._nodes: dict[tuple[int, tuple[bool, ...]], Array] = {}
        self._near: dict[tuple[Edge, bool], Ints] = {}

    @property
    def lost(self) -> tuple[int, ...]:
        return tuple(i for i, p in enumerate(self.place) if p < 0)

    def sets_of(self, changes: int) -> int:
        others = self.options.size - len(self.lost)
        return sum(comb(others, n) for n in range(changes - len(self.lost) + 1))

    def free_sets(self, changes: int) -> Iterator[frozenset[int]]:
        others = [i for i, p in enumerate(self.place) if p >= 0]
        for n in range(changes - len(self.lost) + 1):
            for more in combinations(others, n):
                yield frozenset((*self.lost, *more))

    def touching(self, i: int) -> list[Edge]:
        return [edge for edge in self.edges if i in edge]

    def node(self, i: int, free: frozenset[int]) -> Array:
        """What each candidate of a changing step costs with the firms that stay; the former firm is no change."""
        stays = tuple((a if i == b else b) not in free for a, b in self.touching(i))
        if (i, stays) not in self._nodes:
            own = self.options.fit[i].copy()
            for (a, b), kept in zip(self.touching(i), stays, strict=True):
                if kept:
                    own += self.cost[a, b][self.place[a]] if i == b else self.cost[a, b][:, self.place[b]]
            if self.place[i] >= 0:
                own[self.place[i]] = np.inf
            self._nodes[i, stays] = own
        return self._nodes[i, stays]

    def transport(self, edge: Edge, *, onward: bool) -> Ints:
        """Days on the way from the former firm to each candidate (`onward`), or from each to the former firm."""
        if (edge, onward) not in self._near:
            a, b = edge
            fixed, other = (a, b) if onward else (b, a)
            every = np.arange(len(self.options.firm[other]))
            stays = np.full(len(every), self.place[fixed])
            x, y = (stays, every) if onward else (every, stays)
            self._near[edge, onward] = self.options.handover(a, x, b, y)[1]
        return self._near[edge, onward]

    def priced(self, places: Ints, firms: Ints) -> tuple[Array, NDArray[np.bool_]]:
        """Cost of whole teams without days, and whether firms and leader are as they must be."""
        o = self.options
        price = sum((fit[x] for fit, x in zip(o.fit, places.T, strict=True)), start=np.zeros(len(places)))
        for a, i in self.edges:
            price = price + o.handover(a, places[:, a], i, places[:, i])[0]
        ordered = np.sort(firms, axis=1)
        distinct = 1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1)
        most = o.problem.params.max_firms
        few = distinct <= most if most is not None else np.ones(len(places), bool)
        return price + o.weights.firm * (distinct - 1), few & o.leads[firms].any(axis=1)

    def last_days(self, places: Ints, firms: Ints) -> Ints:
        """The true last day of each team."""
        placing, rows = Placing.of(len(places)), np.arange(len(places))
        for i, step in enumerate(self.steps):
            ready = np.zeros(len(places), np.intp)
            for a in step.after:
                days = self.options.handover(a, places[:, a], i, places[:, i])[1]
                ready = np.maximum(ready, placing.finish[:, a] + 1 + days)
            finish = self.timing.placed(placing, rows, places[:, i], np.minimum(ready, len(self.timing) + BEYOND - 1))
            placing = placing.and_then(firms[:, i], ready, finish)
        return np.asarray(placing.finish.max(axis=1))


def _position(firms: Ints, firm: int) -> int:
    place = int(np.searchsorted(firms, firm))
    return place if place < len(firms) and firms[place] == firm else -1


@dataclass(frozen=True, slots=True)
class _Begun:
    """Teams for the first changing steps: positions by step, what they cost, and their last day at least."""

    places: dict[int, Ints]
    paid: Array
    last: Ints


class _Free:
    """The teams in which exactly the steps `free` are done by other firms than before."""

    def __init__(self, route: _Route, free: frozenset[int]) -> None:
        self._route = route
        self._free = sorted(free)
        self._set = free
        o = route.options
        self._kept = sorted({route.near[i] for i in range(o.size) if i not in free})
        self.bound = np.inf
        self._least: dict[int, Array] = {}
        if self._too_many_firms() or self._last >= len(route.timing):
            return
        self._parent = {i: next((a for a in route.steps[i].after if a in free), -1) for i in self._free}
        self._own = {i: route.node(i, free) + self._new_firms[o.firm[i]] for i in self._free}
        self._below = {i: np.zeros(len(o.firm[i])) for i in self._free}
        self._constant = self._staying() + o.weights.firm * (len(self._kept) - 1)
        self.bound = self._solved()

    def _too_many_firms(self) -> bool:
        most = self._route.options.problem.params.max_firms
        return most is not None and len(self._kept) + self._route.cover.need(self._uncovered) > most

    @cached_property
    def _stays(self) -> NDArray[np.bool_]:
        """Which firms are in the team whatever is chosen."""
        stays = np.zeros(len(self._route.options.ids), bool)
        stays[self._kept] = True
        return stays

    @cached_property
    def _new_firms(self) -> Array:
        """What each firm pays for being new, at each changing step it could do; infinite where none is allowed."""
        route, o = self._route, self._route.options
        price: Array = o.weights.firm / np.maximum(route.able[:, self._free].sum(axis=1), 1)
        most = o.problem.params.max_firms
        if most is not None:
            price[1 + route.cover.needs(self._uncovered & ~route.cover.ability) > most - len(self._kept)] = np.inf
        price[self._kept] = 0.0
        return price

    @cached_property
    def _uncovered(self) -> int:
        """The changing steps (as bits) that no firm which stays could take over."""
        route = self._route
        able = route.able[self._kept].sum(axis=0).tolist()
        # The former firm of a changing step is not asked again for it.
        former = {i for i in self._free if route.place[i] >= 0 and route.near[i] in self._kept}
        return sum(1 << i for i in self._free if able[i] <= (i in former))

    def _staying(self) -> float:
        route = self._route
        fits = sum(float(route.options.fit[i][p]) for i, p in enumerate(route.place) if i not in self._set)
        ends = (e for e in route.edges if not self._set & set(e))
        return fits + sum(float(route.cost[a, i][route.place[a], route.place[i]]) for a, i in ends)

    def _solved(self) -> float:
        """Fill the tables of what follows each choice; the bound of the cheapest team."""
        route = self._route
        total = self._constant + route.options.weights.day * (self._last + 1)
        for i in reversed(self._free):
            for a in route.steps[i].after:
                if a in self._set and a != self._parent[i]:
                    self._own[i] = self._own[i] + route.cost[a, i].min(axis=0)
            own = self._own[i] + self._below[i]
            if self._parent[i] < 0:
                self._least[i] = own.min(keepdims=True, initial=np.inf)
                total += float(self._least[i][0])
            else:
                self._least[i] = (route.cost[self._parent[i], i] + own).min(axis=1, initial=np.inf)
                self._below[self._parent[i]] = self._below[self._parent[i]] + self._least[i]
        return total

    @cached_property
    def _ends(self) -> list[int]:
        """The earliest finish of each step, if changing steps go to whoever is fastest."""
        route, timing, ends = self._route, self._route.timing, list[int]()
        for i, step in enumerate(route.steps):
            ready = max((ends[a] + 1 + self._on_the_way(a, i) for a in step.after), default=0)
            ends.append(int(self._ending(i)[min(ready, len(timing))]))
        return ends

    def _on_the_way(self, a: int, i: int) -> int:
        if a in self._set or i in self._set:
            return 0
        return int(self._route.transport((a, i), onward=True)[self._route.place[i]])

    def _ending(self, i: int) -> Ints:
        """The earliest finish of step i by first day."""
        timing = self._route.timing
        return timing.fastest[i] if i in self._set else timing.table(i)[self._route.place[i]]

    @property
    def _last(self) -> int:
        return max(self._ends)

    @cached_property
    def _tails(self) -> list[Ints]:
        """Per step and finish: the earliest last day of all that follows."""
        route, never = self._route, len(self._route.timing)
        days = np.minimum(np.arange(never + BEYOND), never)
        tails = [np.maximum(days, self._last)] * len(route.steps)
        for a, i in reversed(route.edges):
            ready = np.minimum(days + 1 + self._on_the_way(a, i), never)
            tails[a] = np.maximum(tails[a], tails[i][self._ending(i)[ready]])
        return tails

    @cached_property
    def _lasts(self) -> dict[int, Ints]:
        """Per changing step and candidate: the earliest last day of a team that makes this choice."""
        route, never = self._route, len(self._route.timing)
        lasts = {}
        for i in self._free:
            ready = np.zeros(len(route.options.firm[i]), np.intp)
            for a in route.steps[i].after:
                days = route.transport((a, i), onward=True) if a not in self._set else 0
                ready = np.maximum(ready, self._ends[a] + 1 + days)
            finish = route.timing.table(i)[np.arange(len(ready)), np.minimum(ready, never)]
            last = self._tails[i][finish]
            for a, j in route.edges:
                if a == i and j not in self._set:
                    arrives = np.minimum(finish + 1 + route.transport((i, j), onward=False), never)
                    last = np.maximum(last, self._tails[j][self._ending(j)[arrives]])
            lasts[i] = last
        return lasts

    def places(self, limit: float) -> Ints:
        """Positions of all teams that may cost up to `limit`, shape (teams, steps)."""
        begun = _Begun({}, np.full(1, self._constant), np.full(1, self._last, np.intp))
        for i in self._free:
            begun = self._extended(begun, i, limit)
            if len(begun.paid) > MOST_TEAMS:
                raise TooMany
        fixed = np.broadcast_to(np.array(self._route.place, np.intp), (len(begun.paid), len(self._route.place))).copy()
        for i, place in begun.places.items():
            fixed[:, i] = place
        return fixed

    def _extended(self, begun: _Begun, i: int, limit: float) -> _Begun:
        route, never, parent = self._route, len(self._route.timing), self._parent[i]
        own = self._own[i] if parent < 0 else route.cost[parent, i][begun.places[parent]] + self._own[i]
        paid = begun.paid[:, None] + own
        last = np.maximum(begun.last[:, None], self._lasts[i])
        bound = paid + self._below[i] + self._later(begun, i)[:, None] + route.options.weights.day * (last + 1)
        rows, place = np.nonzero((bound <= limit) & (last < never) & (paid < np.inf))
        few = self._few_enough(begun, i, rows, place)
        rows, place = rows[few], place[few]
        chosen = {j: x[rows] for j, x in begun.places.items()}
        return _Begun(chosen | {i: place}, paid[rows, place], last[rows, place])

    def _later(self, begun: _Begun, i: int) -> Array:
        """What other steps not yet chosen cost at least."""
        later = np.zeros(len(begun.paid))
        for j in self._free:
            if j > i and self._parent[j] < i:
                later += self._least[j][begun.places[self._parent[j]]] if self._parent[j] >= 0 else self._least[j]
        return later

    def _few_enough(self, begun: _Begun, i: int, rows: Ints, place: Ints) -> NDArray[np.bool_]:
        """Whether these choices for step i leave the new firms few enough."""
        o = self._route.options
        most = o.problem.params.max_firms
        room = o.size if most is None else most - len(self._kept)
        if room >= len(begun.places) + 1:
            return np.ones(len(rows), bool)
        used = [*(o.firm[j][x[rows]] for j, x in begun.places.items()), o.firm[i][place]]
        count = np.zeros(len(rows), np.intp)
        for n, firm in enumerate(used):
            known = self._stays[firm]
            for other in used[:n]:
                known |= firm == other
            count += ~known
        enough: NDArray[np.bool_] = count <= room
        return enough
