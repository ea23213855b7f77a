"""Prices for what does not add up, found by subgradient ascent (Held and Karp 1971; step length after Polyak 1969)."""

import time
from dataclasses import dataclass, replace

import numpy as np

from matching.composition.arrays import Array, Candidates, transport_days
from matching.composition.tables import NO_PARENT, Charges, Forest
from matching.composition.timing import Timing

# Rounds of ascent on a problem of ordinary size, and how many additions all rounds may take together.
ROUNDS = 90
EFFORT = 6_000_000
# Without progress for so many rounds the steps are halved.
PATIENCE = 6
SMALLEST_PACE = 0.02


def even(options: Candidates, forest: Forest) -> Charges:
    """Each firm's price spread evenly over the steps it could do; side edges charged where they end."""
    times = np.zeros(len(options.ids))
    for firm in options.firm:
        times[firm] += 1
    charges = Charges(options.weights.firm, -options.weights.firm, [1.0 / times[firm] for firm in options.firm])
    for a, i in forest.side:
        cost = options.handovers(a, i)
        charges.v[a, i] = cost.min(axis=0)
        charges.u[a, i] = (cost - charges.v[a, i]).min(axis=1)
        charges.rest[a, i] = 0.0
    return charges


@dataclass
class _Picked:
    """The cheapest choice under some charges, and its value as a bound."""

    bound: float
    place: list[int]
    side: dict[tuple[int, int], tuple[int, int]]


class Ascent:
    """Raises the bound of the undated programme by moving prices to where they bite."""

    def __init__(self, options: Candidates, timing: Timing, forest: Forest, charges: Charges) -> None:
        self._options = options
        self._forest = forest
        self._edges = {
            (p, i): options.handovers(p, i) + self._transport(p, i)
            for i, p in enumerate(forest.parent)
            if p != NO_PARENT
        }
        self._own = [options.fit[i] + self._shortest(timing, i) for i in range(options.size)]
        self._side = {edge: options.handovers(*edge) for edge in forest.side}
        self._seats = self._seats_by_firm()
        self._limit = options.problem.params.max_firms
        self.charges = charges
        self.bound = -np.inf
        # Whether further climbing would bring nothing.
        self.settled = False

    def _transport(self, p: int, i: int) -> Array | float:
        day = self._options.weights.day
        if not day or i not in self._forest.path:
            return 0.0
        spent: Array = transport_days(self._options.km[p, i]).astype(np.float64) * day
        return spent

    def _shortest(self, timing: Timing, i: int) -> Array | float:
        day = self._options.weights.day
        if not day or i not in self._forest.path:
            return 0.0
        spent: Array = timing.shortest(i).astype(np.float64) * day
        return spent

    def _seats_by_firm(self) -> dict[int, list[tuple[int, int]]]:
        seats: dict[int, list[tuple[int, int]]] = {}
        for i, firm in enumerate(self._options.firm):
            for place, f in enumerate(firm.tolist()):
                seats.setdefault(f, []).append((i, place))
        return seats

    def run(self, target: float, until: float) -> None:
        """Climb towards `target` (the cost of a known team) up to the time `until`; the best charges are kept."""
        self._climb(target, until)
        self.settled = self.bound < target

    def _climb(self, target: float, until: float) -> None:
        work = sum(e.size for e in self._edges.values()) + sum(e.size for e in self._side.values()) + 1
        now, pace, idle = _copy(self.charges), 1.0, 0
        for _ in range(min(ROUNDS, EFFORT // work)):
            picked = self._pick(now)
            if picked.bound > self.bound:
                self.bound, self.charges, idle = picked.bound, _copy(now), 0
            else:
                idle += 1
            if idle >= PATIENCE:
                now, pace, idle = _copy(self.charges), pace / 2, 0
                picked = self._pick(now)
            if pace < SMALLEST_PACE or picked.bound >= target or time.perf_counter() > until:
                return
            if not self._move(now, picked, pace, target):
                return

    def _pick(self, charges: Charges) -> _Picked:
        below: list[Array | float] = [0.0] * self._options.size
        best: list[np.ndarray] = [np.empty(0)] * self._options.size
        self._settle_side(charges)
        bound = charges.fixed_part
        side = {e: self._cheapest_side(e, charges) for e in self._side}
        for i in reversed(range(self._options.size)):
            own = self._own[i] + charges.node(i) + below[i]
            parent = self._forest.parent[i]
            rows = own[None, :] if parent == NO_PARENT else self._edges[parent, i] + own
            best[i] = rows.argmin(axis=1)
            least = rows[np.arange(len(rows)), best[i]]
            if parent == NO_PARENT:
                bound += float(least[0])
            else:
                below[parent] = below[parent] + least
        return _Picked(bound, self._trace(best), side)

    def _settle_side(self, charges: Charges) -> None:
        for (a, i), cost in self._side.items():
            rest = cost - charges.u[a, i][:, None] - charges.v[a, i][None, :]
            charges.rest[a, i] = float(rest.min())

    def _cheapest_side(self, edge: tuple[int, int], charges: Charges) -> tuple[int, int]:
        rest = self._side[edge] - charges.u[edge][:, None] - charges.v[edge][None, :]
        x, y = divmod(int(rest.argmin()), rest.shape[1])
        return x, y

    def _trace(self, best: list[np.ndarray]) -> list[int]:
        place: list[int] = []
        for i, parent in enumerate(self._forest.parent):
            place.append(int(best[i][0 if parent == NO_PARENT else place[parent]]))
        return place

    def _move(self, charges: Charges, picked: _Picked, pace: float, target: float) -> bool:
        """One step along the subgradient; False where it vanishes, which proves the charges best."""
        used = self._used(picked)
        lopsided = {f: seats for f, seats in used.items() if len(seats) < len(self._seats[f])}
        apart = {e: xy for e, xy in picked.side.items() if xy != (picked.place[e[0]], picked.place[e[1]])}
        firms = sum(charges.share[i][p] for seats in used.values() for i, p in seats)
        excess = 0.0 if self._limit is None else float(firms) - self._limit
        changed = self._changed(charges, picked)
        norm = 4.0 * len(apart) + sum(len(s) for s in lopsided.values()) + excess * excess + changed * changed
        if norm < 1e-9:
            return False
        length = pace * (target - picked.bound) / norm
        for firm, seats in lopsided.items():
            self._shift(charges, firm, seats, length)
        for (a, i), (x, y) in apart.items():
            charges.u[a, i][picked.place[a]] += length
            charges.u[a, i][x] -= length
            charges.v[a, i][picked.place[i]] += length
            charges.v[a, i][y] -= length
        charges.change = max(0.0, charges.change + length * changed)
        if self._limit is not None:
            self._reprice(charges, max(0.0, charges.per_firm - self._options.weights.firm + length * excess))
        return True

    @staticmethod
    def _changed(charges: Charges, picked: _Picked) -> float:
        """How many changes too many (or, where they cost something, too few) were picked."""
        if not charges.differs:
            return 0.0
        excess = sum(float(d[p]) for d, p in zip(charges.differs, picked.place, strict=True)) - charges.changes
        return excess if charges.change > 0 else max(excess, 0.0)

    def _reprice(self, charges: Charges, scarcity: float) -> None:
        """`scarcity`: what one more allowed firm would be worth."""
        assert self._limit is not None  # noqa: S101 - only called where a limit is set
        charges.per_firm = self._options.weights.firm + scarcity
        charges.constant = -self._options.weights.firm - scarcity * self._limit

    def _used(self, picked: _Picked) -> dict[int, list[tuple[int, int]]]:
        used: dict[int, list[tuple[int, int]]] = {}
        for i, place in enumerate(picked.place):
            used.setdefault(int(self._options.firm[i][place]), []).append((i, place))
        return used

    def _shift(self, charges: Charges, firm: int, seats: list[tuple[int, int]], length: float) -> None:
        """Move the price of a firm towards the steps it was picked for."""
        if charges.per_firm <= 0:
            return
        all_seats = self._seats[firm]
        gain = length / charges.per_firm
        wanted = [float(charges.share[i][p]) + (gain if (i, p) in seats else 0.0) for i, p in all_seats]
        for (i, p), share in zip(all_seats, _to_simplex(wanted), strict=True):
            charges.share[i][p] = share


def _to_simplex(values: list[float]) -> list[float]:
    """The nearest point with entries >= 0 and sum 1."""
    total, taken = 0.0, 0.0
    for n, value in enumerate(sorted(values, reverse=True), start=1):
        total += value
        level = (total - 1.0) / n
        if value > level:
            taken = level
    return [max(v - taken, 0.0) for v in values]


def _copy(charges: Charges) -> Charges:
    u, v = ({e: c.copy() for e, c in side.items()} for side in (charges.u, charges.v))
    share = [s.copy() for s in charges.share]
    return replace(charges, share=share, u=u, v=v, rest=dict(charges.rest))
