"""The k cheapest teams where everything adds up along a tree of steps: no price of firms or days, no limits.

Least costs of what follows each choice come from a dynamic programme over straight lines between workshops, in single
precision and never above the truth. Going down the steps, the cheapest beginnings are carried on in one array, their
own cost exact. A beginning that is dropped costs at least its bound, so that all teams below the least bound dropped
are known when the last step is reached: that is the proof. Eppstein 1998 names the same order of successors.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.composition import geography
from matching.composition.arrays import HALF, LESS, Array, Candidates, Ints
from matching.composition.problem import Problem
from matching.composition.timing import Placing, Timing

# Beginnings carried on for each answer wanted, and at least.
WIDER = 1.3
FEWEST = 64
# With more beginnings than this the general search is better: ties without end, or hours that bind.
MOST = 20_000
# Beginnings looked at together.
TOGETHER = 256
# Candidates of a step that others are held against.
CHEAP = 24
# What is multiplied with in single precision is made more by more than its rounding can take off.
MORE = 2 - LESS
NO_PARENT = -1

Singles = NDArray[np.float32]
Team = tuple[float, tuple[int, ...]]


def applies(problem: Problem) -> bool:
    """Whether cost and conditions add up, apart from hours and leaders, which seldom bind here."""
    p = problem.params
    priced = p.w_firm or p.w_day or p.max_firms is not None or p.max_shared < 1.0
    return not priced and problem.due is None and all(len(s.after) <= 1 for s in problem.steps)


def cheapest(options: Candidates, timing: Timing, k: int) -> list[Team] | None:
    """The k cheapest feasible teams (cost, firm numbers), fewer if there are no more; None where this way is too long.

    `options` need no distances.
    """
    tree = _Tree(options)
    width = max(int(WIDER * k), FEWEST)
    while width <= MOST:
        teams, complete = _teams(tree, timing, width, k)
        if complete:
            return teams
        width *= 4
    return None


def _teams(tree: "_Tree", timing: Timing, width: int, k: int) -> tuple[list[Team], bool]:
    """The feasible ones of the first k known teams, and whether they are the answer."""
    known, dropped = tree.descend(width)
    firms = np.column_stack([f[x] for f, x in zip(tree.options.firm, known.places.T, strict=True)])
    cost = tree.options.weights.rounded(known.paid)
    order = np.lexsort((*firms.T[::-1], cost))
    sure = order[cost[order] < tree.options.weights.rounded(np.asarray(dropped - HALF))]
    teams: list[Team] = []
    for begin in range(0, len(sure), k):
        rows = sure[begin : begin + k]
        rows = rows[_feasible(tree.options, timing, known.at(rows), firms[rows])]
        teams += [(price, tuple(team)) for price, team in zip(cost[rows].tolist(), firms[rows].tolist(), strict=True)]
        if len(teams) >= k:
            return teams[:k], True
    return teams, dropped == np.inf


def _feasible(options: Candidates, timing: Timing, teams: "_Rows", firms: Ints) -> NDArray[np.bool_]:
    """Whether each team has a leader and the hours."""
    every = np.arange(len(firms))
    ready, finish = np.zeros_like(firms), np.zeros_like(firms)
    for i, step in enumerate(timing.steps):
        for a in step.after:
            ready[:, i] = finish[:, a] + 1 + teams.days[:, i]
        before = Placing(firms[:, :i], ready[:, :i], finish[:, :i])
        finish[:, i] = timing.placed(before, every, teams.places[:, i], ready[:, i])
    return np.asarray(options.leads[firms].any(axis=1) & (finish.max(axis=1) < len(timing)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Teams for the first steps: chosen positions and days on the way there (rows, steps), and what they cost."""

    places: Ints
    days: Ints
    paid: Array

    def at(self, kept: Ints) -> "_Rows":
        return _Rows(self.places[kept], self.days[kept], self.paid[kept])


@dataclass(frozen=True, slots=True)
class _Children:
    """Candidates `place` for the next step of the teams in `row`, and what such a team costs at least."""

    row: Ints
    place: Ints
    bound: Array

    def and_also(self, more: "_Children") -> "_Children":
        row, place = np.concatenate([self.row, more.row]), np.concatenate([self.place, more.place])
        return _Children(row, place, np.concatenate([self.bound, more.bound]))

    def at(self, kept: Ints) -> "_Children":
        return _Children(self.row[kept], self.place[kept], self.bound[kept])


class _Tree:
    """`_least[i]`, by candidate of the step before: at most the cost of step i and of all that follows it."""

    def __init__(self, options: Candidates) -> None:
        self.options = options
        self._parent = [s.after[0] if s.after else NO_PARENT for s in options.problem.steps]
        # In single precision, and with what past handovers are worth: never above the truth.
        self._chords = geography.Chords(options.radians, options.weights.km * LESS)
        self._trust = np.float32(options.weights.trust * (2.0 - LESS) if len(options.trusted) else 0.0)
        self._least: list[Array] = [np.empty(0)] * options.size
        self._own: list[Singles] = [np.empty(0, np.float32)] * options.size
        below: list[Array] = [fit.copy() for fit in options.fit]
        for i in reversed(range(options.size)):
            self._own[i] = (below[i] - (1 - LESS) * np.abs(below[i])).astype(np.float32)
            parent = self._parent[i]
            if parent == NO_PARENT:
                self._least[i] = self._own[i].min(keepdims=True).astype(np.float64)
            else:
                every = np.arange(len(options.firm[parent]))
                self._least[i] = self._costs(i, every, self._worth(i, below[i])).min(axis=0).astype(np.float64)
                below[parent] += self._least[i]

    def _worth(self, i: int, below: Array) -> Ints:
        """The candidates of step i that may be the cheapest choice for anybody before.

        From wherever the part comes: if a candidate costs more than a cheap one and the way from there to it, the
        cheap one is the better choice, because no detour is shorter than the straight line. Few are left of many.
        """
        if len(below) <= CHEAP:
            return np.arange(len(below))
        firm = self.options.firm[i]
        cheap = np.argpartition(below, CHEAP)[:CHEAP]
        undercut = self._chords.at_least(firm[cheap], firm) * (MORE * MORE) + (below[cheap, None] + 1.0)
        worth = undercut.min(axis=0) >= below
        worth[cheap] = True
        if self._trust:
            # Whoever is known before is cheaper for some.
            worth[self.options.acquainted(self._parent[i], i)[1]] = True
        return np.flatnonzero(worth)

    def _costs(self, i: int, above: Ints, places: Ints) -> Singles:
        """At most the cost of choosing `places` for step i and of what follows, by candidates `above` before it.

        Shape (places, above).
        """
        parent, own = self._parent[i], self._own[i][places, None]
        if parent == NO_PARENT:
            return np.broadcast_to(own, (len(own), len(above)))
        before, firm = self.options.firm[parent][above], self.options.firm[i][places]
        costs = self._chords.at_most(firm, before)
        costs += own
        if self._trust:
            costs -= self._trust * self.options.knows(firm[:, None], before)
        return costs

    def descend(self, width: int) -> tuple[_Rows, float]:
        """About the `width` cheapest teams, and a cost below which no team is missing."""
        none = np.zeros((1, 0), np.intp)
        rows = _Rows(none, none, np.zeros(1))
        limit = dropped = np.inf
        for i in range(self.options.size):
            children, limit = self._children(rows, i, limit, width)
            dropped = min(dropped, limit)
            rows = self._chosen(rows, i, children.row, children.place)
            # What these beginnings may become is as good as the worst of them: what is dearer is dropped at once.
            limit = float(self._bounds(rows, i + 1).max()) if len(children.bound) >= width else np.inf
        return rows, dropped

    def _children(self, rows: _Rows, i: int, limit: float, width: int) -> tuple["_Children", float]:
        """The `width` cheapest teams with one step more, and the limit above which others were dropped.

        A few rows at a time, so that memory does not grow with the answers wanted.
        """
        outside = self._outside(rows, i)
        parent = self._parent[i]
        above = rows.places[:, parent] if parent != NO_PARENT else np.zeros(len(outside), np.intp)
        best = _Children(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
        for n in range(0, len(outside), TOGETHER):
            more = self._within(i, above[n : n + TOGETHER], outside[n : n + TOGETHER], limit)
            best = best.and_also(replace(more, row=more.row + n))
            if len(best.bound) > width:
                best = best.at(np.sort(np.argpartition(best.bound, width)[:width]))
                limit = float(best.bound.max())
        return best, limit

    def _within(self, i: int, above: Ints, outside: Array, limit: float) -> "_Children":
        room = limit - outside
        # Rounded up: what is on the limit stays.
        room = (room + (1 - LESS) * np.abs(room)).astype(np.float32)
        # Most candidates are too dear whatever the way, and many rows have the same candidate before.
        places = np.flatnonzero(self._own[i] <= room.max() + self._trust)
        seen = np.zeros(above.max() + 1, bool)
        seen[above] = True
        costs = self._costs(i, np.flatnonzero(seen), places)[:, (np.cumsum(seen) - 1)[above]]
        place, row = np.nonzero(costs <= room)
        bound: Array = costs[place, row] + outside[row]
        return _Children(row, places[place], bound)

    def _outside(self, rows: _Rows, i: int) -> Array:
        """What each row costs at least, apart from step i and all that follows from it."""
        total = rows.paid
        for j in range(i + 1, self.options.size):
            if self._parent[j] < i:
                total = total + self._leasts(rows, j)
        return total

    def _leasts(self, rows: _Rows, j: int) -> Array:
        parent = self._parent[j]
        return self._least[j][rows.places[:, parent]] if parent != NO_PARENT else self._least[j]

    def _bounds(self, rows: _Rows, depth: int) -> Array:
        return self._outside(rows, depth) + (self._leasts(rows, depth) if depth < self.options.size else 0.0)

    def _chosen(self, rows: _Rows, i: int, begun: Ints, place: Ints) -> _Rows:
        paid = rows.paid[begun] + self.options.fit[i][place]
        days = np.zeros(len(begun), np.intp)
        parent = self._parent[i]
        if parent != NO_PARENT:
            cost, days = self.options.handover(parent, rows.places[begun, parent], i, place)
            paid += cost
        places = np.column_stack([rows.places[begun], place])
        return _Rows(places, np.column_stack([rows.days[begun], days]), paid)
