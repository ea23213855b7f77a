"""A problem as numpy arrays over its candidates: firms by number, fits and handovers as whole costs, abilities.

Costs are whole numbers of a small unit held in float64, so that equal teams compare equal whatever order they are
summed in. Firms are numbered in the order of their ids: comparing numbers is comparing ids.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from matching.composition import geography
from matching.composition.problem import Problem

Array = NDArray[np.float64]
Ints = NDArray[np.intp]

# Unless costs are so large that their sums would no longer be whole in 53 bits.
FINEST = 1e12
LARGEST = 8e15
# Teams whose costs differ by less are equal: kilometres added up in another order must not decide.
TIE = 1e-7
# Above so many pairs of candidates the relaxation uses chords; the exact arc is taken when a team is built.
EXACT_PAIRS = 300_000
# What is added up in single precision is made less by more than its rounding can add.
LESS = 1 - 1e-6
HALF_ROUND_KM = 20_100.0
# Costs are whole; a sum this much above another is really above.
HALF = 0.25
# Much quicker over many options than a comprehension.
FIRM_ID, FIT = attrgetter("firm_id"), attrgetter("fit")
LAT, LNG = attrgetter("lat"), attrgetter("lng")


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the cost in whole units, and how many units make 1."""

    unit: float
    km: float
    firm: float
    day: float
    trust: float

    @property
    def grain(self) -> float:
        """The whole units that make a tie."""
        return max(1.0, self.unit * TIE)

    @property
    def slack(self) -> float:
        """What a bound may lie above the cost of a team, which is rounded to grains, without excluding it."""
        return self.grain / 2 + HALF

    def rounded(self, costs: Array) -> Array:
        """Costs of whole teams as they are compared."""
        grains: Array = np.rint(costs / self.grain)
        return grains * self.grain

    @classmethod
    def of(cls, problem: Problem) -> "Weights":
        p = problem.params
        n = len(problem.steps)
        handovers = sum(len(s.after) for s in problem.steps)
        most = n * (p.w_fit + p.w_firm + 500 * p.w_day) + handovers * (p.w_trust + HALF_ROUND_KM * p.w_km)
        unit = min(FINEST, 10.0 ** math.floor(math.log10(LARGEST / most))) if most else FINEST
        return cls(unit, p.w_km * unit, round(p.w_firm * unit), round(p.w_day * unit), round(p.w_trust * unit))


@dataclass(frozen=True)
class Candidates:
    """What can be chosen. `firm[i]` are the firm numbers of step i, ascending; `fit[i]` their cost of not fitting."""

    problem: Problem
    weights: Weights
    ids: tuple[str, ...]
    firm: tuple[Ints, ...]
    fit: tuple[Array, ...]
    leads: NDArray[np.bool_]
    radians: Array
    trusted: Ints
    # Distances between the candidates of both ends of a handover, km; lower bounds when not `exact`.
    km: dict[tuple[int, int], Array]
    exact: bool

    @property
    def size(self) -> int:
        return len(self.firm)

    def only(self, keep: Sequence[Ints]) -> "Candidates":
        """The same problem with only the candidates at positions `keep[i]` of each step."""
        return replace(
            self,
            firm=tuple(f[k] for f, k in zip(self.firm, keep, strict=True)),
            fit=tuple(f[k] for f, k in zip(self.fit, keep, strict=True)),
            km={(a, i): m[np.ix_(keep[a], keep[i])] for (a, i), m in self.km.items()},
        )

    def measured(self, *, exact: bool = False) -> "Candidates":
        """The same with distances: exact ones where there are few pairs, or where they are asked for."""
        pairs = [(a, i) for i, s in enumerate(self.problem.steps) for a in s.after]
        exact = exact or sum(len(self.firm[a]) * len(self.firm[i]) for a, i in pairs) <= EXACT_PAIRS
        return replace(self, km=_distances(self.radians, self.firm, pairs, exact=exact), exact=exact)

    def handovers(self, a: int, i: int) -> Array:
        """Cost of each handover from step a to step i, shape (len a, len i); a lower bound when not `exact`.

        Not exact ones may be in single precision, low enough for sums to be rounded in it. The array is the caller's.
        """
        km = self.km[a, i]
        cost: Array = np.rint(km * self.weights.km) if self.exact else km * km.dtype.type(self.weights.km * LESS)
        if self.weights.trust and len(self.trusted):
            cost[self.acquainted(a, i)] -= self.weights.trust * (1.0 if self.exact else 2.0 - LESS)
        return cost

    def handover(self, a: int, x: Ints, i: int, y: Ints) -> tuple[Array, Ints]:
        """True cost and transport days of the handovers from positions `x` of step a to positions `y` of step i."""
        u, v = self.firm[a][x], self.firm[i][y]
        km = self.km[a, i][x, y] if self.exact else geography.arcs_km(self.radians[u], self.radians[v])
        cost = np.rint(km * self.weights.km) - np.where(self.knows(u, v), self.weights.trust, 0.0)
        return cost, np.where(u == v, 0, transport_days(km))

    def acquainted(self, a: int, i: int) -> tuple[Ints, Ints]:
        """Positions in step a and step i of the pairs that have passed work to each other before."""
        one, other = np.divmod(self.trusted, max(len(self.ids), 1))
        rows = self._positions(a)[np.concatenate([one, other])]
        columns = self._positions(i)[np.concatenate([other, one])]
        both = (rows >= 0) & (columns >= 0)
        return rows[both], columns[both]

    def _positions(self, i: int) -> Ints:
        """Where each firm stands among the candidates of step i; -1 where it does not."""
        positions = np.full(len(self.ids), -1)
        positions[self.firm[i]] = np.arange(len(self.firm[i]))
        return positions

    def knows(self, u: Ints, v: Ints) -> NDArray[np.bool_]:
        """Which of the pairs of firm numbers have passed work to each other before."""
        if not len(self.trusted):
            return np.zeros(np.broadcast_shapes(u.shape, v.shape), bool)
        pair = np.minimum(u, v) * len(self.ids) + np.maximum(u, v)
        place = np.minimum(np.searchsorted(self.trusted, pair), len(self.trusted) - 1)
        known: NDArray[np.bool_] = self.trusted[place] == pair
        return known


def transport_days(km: Array) -> Ints:
    """Working days on the way: up to 10 km 0, up to 100 km 1, else 2."""
    return (km > 10).astype(np.intp) + (km > 100)


def candidates(problem: Problem) -> Candidates:
    """Read a problem into arrays. Every step must have at least one option."""
    return bare(problem).measured()


def bare(problem: Problem) -> Candidates:
    """As `candidates`, but without distances between all pairs."""
    names = [list(map(FIRM_ID, options)) for options in problem.options]
    # In this order they are a few sorted runs, which are sorted quickly.
    ids = sorted(dict.fromkeys(chain.from_iterable(names)))
    number = dict(zip(ids, range(len(ids)), strict=True))
    firms = [problem.firms[f] for f in ids]
    degrees = [np.fromiter(map(of, firms), float, len(firms)) for of in (LAT, LNG)]
    weights = Weights.of(problem)
    w_fit = problem.params.w_fit * weights.unit
    return Candidates(
        problem=problem,
        weights=weights,
        ids=tuple(ids),
        firm=tuple(np.fromiter(map(number.__getitem__, row), np.intp, len(row)) for row in names),
        fit=tuple(np.rint(w_fit * (1.0 - np.fromiter(map(FIT, row), float, len(row)))) for row in problem.options),
        leads=np.array([f.can_lead for f in firms], bool),
        radians=np.radians(np.column_stack(degrees)),
        trusted=_trusted(problem, number),
        km={},
        exact=False,
    )


def _trusted(problem: Problem, number: dict[str, int]) -> Ints:
    known = [
        sorted(number[f] for f in p) for p in problem.past_handovers if len(p) == 2 and all(f in number for f in p)
    ]
    return np.array(sorted(x * len(number) + y for x, y in known), np.intp)


def _distances(
    radians: Array, firm: Sequence[Ints], pairs: Sequence[tuple[int, int]], *, exact: bool
) -> dict[tuple[int, int], Array]:
    if exact:
        return {(a, i): geography.haversine_km(radians[firm[a]], radians[firm[i]]) for a, i in pairs}
    points = geography.plane_points(radians)
    return {(a, i): geography.chord_km(points[firm[a]], points[firm[i]]) for a, i in pairs}


class Cover:
    """How many further firms some steps need at least (a set cover, exact, remembered by the steps)."""

    def __init__(self, options: Candidates) -> None:
        self.ability = np.zeros(len(options.ids), np.int64)
        for i, firm in enumerate(options.firm):
            self.ability[firm] |= 1 << i
        masks = set(self.ability.tolist())
        self._by_step = [sorted((m for m in masks if m >> i & 1), reverse=True) for i in range(options.size)]
        self.need = lru_cache(maxsize=None)(self._need)

    def needs(self, uncovered: NDArray[np.int64]) -> Ints:
        """`need` of each of many sets of steps, given as bits."""
        kinds, which = np.unique(uncovered, return_inverse=True)
        return np.array([self.need(int(k)) for k in kinds], np.intp)[which.reshape(-1)]

    def _need(self, uncovered: int) -> int:
        if not uncovered:
            return 0
        first = (uncovered & -uncovered).bit_length() - 1
        rests = {uncovered & ~mask for mask in self._by_step[first]}
        # A rest that contains another one can never need fewer.
        least = [r for r in rests if not any(o != r and o & r == o for o in rests)]
        return 1 + min((self.need(rest) for rest in least), default=len(self._by_step) + 1)

    def useful(self, options: Candidates, most: int) -> list[Ints]:
        """Per step: positions of the candidates that are part of at least one team of `most` firms."""
        everything = (1 << options.size) - 1
        possible = self.needs(everything & ~self.ability) < most
        return [np.flatnonzero(possible[firm]) for firm in options.firm]
