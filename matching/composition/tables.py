"""What the rest of a team must cost at least: a dynamic programme over a forest of the route, with its charges.

Each step hangs on one of its predecessors (its parent). A handover from any other predecessor is a side edge: its cost
E(x, y) is replaced by `u(x) + v(y) + rest` with rest = min(E - u - v), so that ends may be chosen apart. Each firm's
price (w_firm, and what max_firms is worth) is spread over the steps it could do: a team that uses a firm pays at least
the parts of the steps it does there. Both are Lagrangian relaxations; prices.py looks for charges that raise the bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matching.composition.arrays import LESS, Array, Candidates, Ints, transport_days
from matching.composition.timing import Timing

NO_PARENT = -1


@dataclass(frozen=True)
class Forest:
    """The parent of each step, the side edges, and the one path on which days are charged."""

    parent: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    side: tuple[tuple[int, int], ...]
    path: frozenset[int]

    @classmethod
    def of(cls, timing: Timing) -> "Forest":
        steps = timing.steps
        # A step waits for its latest predecessor; hanging it there lets the bound see the wait.
        ends = [int(timing.fastest[i][timing.ready[i]]) for i in range(len(steps))] if timing.matters else []
        late = [max(s.after, key=lambda a: (ends[a] if ends else 0, a), default=NO_PARENT) for s in steps]
        children = tuple(tuple(c for c, p in enumerate(late) if p == i) for i in range(len(steps)))
        side = tuple((a, i) for i, s in enumerate(steps) for a in s.after if a != late[i])
        last = max(range(len(steps)), key=lambda i: (ends[i] if ends else 0, i))
        return cls(tuple(late), children, side, frozenset(_ancestors(last, late)))


def _ancestors(i: int, parent: Sequence[int]) -> list[int]:
    found = [i]
    while parent[found[-1]] != NO_PARENT:
        found.append(parent[found[-1]])
    return found


@dataclass
class Charges:
    """Prices that stand in for the terms that do not add up: see the module. Lists are by step or side edge."""

    per_firm: float
    constant: float
    share: list[Array]
    u: dict[tuple[int, int], Array] = field(default_factory=dict)
    v: dict[tuple[int, int], Array] = field(default_factory=dict)
    rest: dict[tuple[int, int], float] = field(default_factory=dict)
    # Where a team must stay near another: the price of each change, and 1 for each candidate that is one.
    change: float = 0.0
    changes: int = 0
    differs: list[Array] = field(default_factory=list)

    @property
    def fixed_part(self) -> float:
        """What every team is charged whatever it chooses."""
        return self.constant + sum(self.rest.values()) - self.change * self.changes

    def firm(self, i: int) -> Array:
        """What choosing each candidate of step i pays towards its firm's price."""
        return self.share[i] * self.per_firm

    def node(self, i: int) -> Array:
        """Everything charged to the candidates of step i."""
        ends = [c for (a, _), c in self.u.items() if a == i] + [c for (_, b), c in self.v.items() if b == i]
        return self.firm(i) + self.changed(i) + sum(ends, start=np.zeros(len(self.share[i])))

    def changed(self, i: int) -> Array:
        """What choosing each candidate of step i pays for being a change."""
        return self.change * self.differs[i] if self.differs else np.zeros(len(self.share[i]))

    def only(self, keep: Sequence[Ints]) -> "Charges":
        share = [s[k] for s, k in zip(self.share, keep, strict=True)]
        u = {(a, b): c[keep[a]] for (a, b), c in self.u.items()}
        v = {(a, b): c[keep[b]] for (a, b), c in self.v.items()}
        differs = [d[k] for d, k in zip(self.differs, keep, strict=bool(self.differs))]
        return replace(self, share=share, u=u, v=v, rest=dict(self.rest), differs=differs)


class Tables:
    """Least costs below each choice. `below[i]`: by candidate of step i (and its finish day when `timed`).

    `step[i]` is by parent's candidate (one row without a parent), the parent's finish day when `timed`, and candidate:
    the cost of choosing it and of all below it. `least[i]` is its minimum over the candidates. Days on the path are
    counted exactly when `timed`, otherwise as the shortest each candidate can take.
    """

    def __init__(self, options: Candidates, timing: Timing, forest: Forest, charges: Charges, *, timed: bool) -> None:
        self.options = options
        self.timing = timing
        self.forest = forest
        self.charges = charges
        self.timed = timed
        size = options.size
        self.step: list[Array] = [np.empty(0)] * size
        self.least: list[Array] = [np.empty(0)] * size
        self.below: list[Array] = [np.empty(0)] * size
        for i in reversed(range(size)):
            self._solve(i)

    def _solve(self, i: int) -> None:
        below = sum((self.least[c] for c in self.forest.children[i]), start=self._leaf(i))
        self.below[i] = below
        parent = self.forest.parent[i]
        own = self.options.fit[i] + self.charges.node(i)
        self.step[i] = self._timed_step(i, parent, own) if self.timed else self._plain_step(i, parent, own)
        self.least[i] = self.step[i].min(axis=-1, initial=np.inf)

    def _leaf(self, i: int) -> Array:
        """What is below a step without any children: by day, the days of the route if they are charged here."""
        size = len(self.options.firm[i])
        if not self.timed:
            return np.zeros(size)
        days = np.zeros(len(self.timing) + 1)
        days[-1] = np.inf
        if i in self.forest.path and not any(c in self.forest.path for c in self.forest.children[i]):
            days += self.options.weights.day * (np.arange(len(days)) + 1)
        return np.broadcast_to(days, (size, len(days)))

    def _plain_step(self, i: int, parent: int, own: Array) -> Array:
        own = own + self.below[i]
        day = self.options.weights.day
        charged = bool(day) and i in self.forest.path
        if charged:
            own = own + day * self.timing.shortest(i)
        if parent == NO_PARENT:
            return own[None, :]
        step = self.options.handovers(parent, i)
        if charged:
            step += day * self._days(parent, i)
        step += own if self.options.exact else own - (1 - LESS) * np.abs(own)
        return step

    def _days(self, parent: int, i: int) -> Ints:
        return transport_days(self.options.km[parent, i])

    def _timed_step(self, i: int, parent: int, own: Array) -> Array:
        finish = self.timing.table(i)
        after = np.take_along_axis(self.below[i], finish, axis=1)  # by candidate and first day
        if parent == NO_PARENT:
            return (own + after[:, 0])[None, None, :]
        base = (self.options.handovers(parent, i) + own)[:, None, :]
        transport = self._days(parent, i)[:, None, :]
        span = len(self.timing) + 1
        step = base + after[:, 1 : 1 + span].T
        for days in (1, 2):
            if (transport >= days).any():
                later = base + after[:, 1 + days : 1 + days + span].T
                step = np.where(transport >= days, later, step)
        return step

    def total(self) -> float:
        """A lower bound on the cost of every team."""
        roots = sum(float(self.least[i].min()) for i, p in enumerate(self.forest.parent) if p == NO_PARENT)
        return roots + self.charges.fixed_part

    def floors(self) -> list[Array]:
        """Per step and candidate: a lower bound on every team that makes this choice (only without days)."""
        total = self.total()
        through: list[Array] = []
        for i, parent in enumerate(self.forest.parent):
            if parent == NO_PARENT:
                through.append(self.step[i][0] - self.least[i][0] + total)
            else:
                through.append(((through[parent] - self.least[i])[:, None] + self.step[i]).min(axis=0))
        return through

    def rows(self, i: int, places: Ints, finishes: Ints) -> Array:
        """`step[i]` for each team of a block (its chosen positions and finish days), shape (teams, candidates)."""
        return self.step[i][self._index(i, places, finishes)]

    def leasts(self, i: int, places: Ints, finishes: Ints) -> Array:
        """`least[i]` for each team of a block."""
        return self.least[i][self._index(i, places, finishes)]

    def _index(self, i: int, places: Ints, finishes: Ints) -> tuple[Ints, ...]:
        parent = self.forest.parent[i]
        none = np.zeros(len(places), np.intp)
        place = none if parent == NO_PARENT else places[:, parent]
        if not self.timed:
            return (place,)
        return place, none if parent == NO_PARENT else finishes[:, parent]
