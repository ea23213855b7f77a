"""How many cases any plan can deliver at most: a proven bound.

A case that is not ready in time even alone never is. For the others a linear relaxation by week: a share z of a case
needs that share of the hours of each of its steps, from firms that can do the step, within the step's own window (from
the earliest day it can be ready to the latest day that leaves time for what follows), and no firm gives more hours in a
week than it has. The whole numbers of z are kept and solved by branch and cut (HiGHS, Huangfu & Hall 2018); the dual
bound counts, so that a stopped search still proves what it says.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from matching.composition.arrays import Array
from matching.composition.calendar import EPSILON_H
from matching.joint.finder import TeamFinder
from matching.joint.ledger import Ledger
from matching.joint.region import Region

# Working days between two weeks count as one bucket.
BUCKET = 5
SLACK = 1e-4


@dataclass(frozen=True, slots=True)
class Share:
    """Hours of step `step` (numbered over all cases) that firm `firm` could give in bucket `week`, at most `most`."""

    step: int
    firm: int
    week: int
    most: float


def window(finder: TeamFinder, ledger: Ledger) -> list[tuple[int, int]]:
    """First and last day on which each step can be worked on, if the case is to be ready in time."""
    finder.earliest(ledger)
    ready: list[int] = []
    ends: list[int] = []
    for i, step in enumerate(finder.case.steps):
        ready.append(min(max([finder.start, *(ends[a] + 1 for a in step.after)]), finder.days))
        ends.append(min(rows[ready[i]] for rows in finder.rows[i]))
    return list(zip(ready, finder.latest(), strict=True))


def most_weight(region: Region, finders: Sequence[TeamFinder], ledger: Ledger, seconds: float) -> int:
    """No plan delivers more than this weight. `finders`: the cases that can be ready in time when alone."""
    total = sum(f.case.weight for f in finders)
    if not finders or seconds <= 0:
        return total
    cases = [c for c, finder in enumerate(finders) for _ in finder.case.steps]
    shares = list(_shares(region, finders, ledger))
    weights = np.array([f.case.weight for f in finders], float)
    hours = np.array([step.hours for finder in finders for step in finder.case.steps])
    found = milp(
        c=np.concatenate([-weights, np.zeros(len(shares))]),
        constraints=[_work(cases, hours, len(finders), shares), _capacity(ledger, len(finders), shares)],
        integrality=np.concatenate([np.ones(len(finders)), np.zeros(len(shares))]),
        bounds=Bounds(0.0, np.concatenate([np.ones(len(finders)), np.array([s.most for s in shares])])),
        options={"time_limit": seconds},
    )
    dual = getattr(found, "mip_dual_bound", None)
    if dual is None or not math.isfinite(dual):
        return total
    return int(min(total, math.floor(-dual + SLACK)))


def _shares(region: Region, finders: Sequence[TeamFinder], ledger: Ledger) -> Iterator[Share]:
    number = 0
    for finder in finders:
        for i, (first, last) in enumerate(window(finder, ledger)):
            for firm in finder.costs.firm[i]:
                for week in range(first // BUCKET, last // BUCKET + 1):
                    most = _inside(region, firm, max(first, week * BUCKET), min(last + 1, (week + 1) * BUCKET))
                    if most > EPSILON_H:
                        yield Share(number, firm, week, most)
            number += 1


def _inside(region: Region, firm: int, begin: int, end: int) -> float:
    return sum(region.free[firm][begin:end])


def _work(cases: Sequence[int], hours: Array, count: int, shares: Sequence[Share]) -> LinearConstraint:
    """The hours of each step equal its share of the case."""
    rows = [*range(len(cases)), *(s.step for s in shares)]
    columns = [*cases, *range(count, count + len(shares))]
    values = np.concatenate([-hours, np.ones(len(shares))])
    matrix = coo_array((values, (rows, columns)), shape=(len(cases), count + len(shares)))
    return LinearConstraint(matrix.tocsr(), 0.0, 0.0)


def _capacity(ledger: Ledger, count: int, shares: Sequence[Share]) -> LinearConstraint:
    slots = {slot: n for n, slot in enumerate(sorted({(s.firm, s.week) for s in shares}))}
    rows = [slots[s.firm, s.week] for s in shares]
    matrix = coo_array(
        (np.ones(len(shares)), (rows, range(count, count + len(shares)))), shape=(len(slots), count + len(shares))
    )
    free = [sum(ledger.left[firm][week * BUCKET : (week + 1) * BUCKET]) for firm, week in slots]
    return LinearConstraint(matrix.tocsr(), -np.inf, np.array(free) + 1e-6)
