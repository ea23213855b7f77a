"""Branch and bound over whole blocks of partial teams at once, one step of the route after the other.

A block holds many teams for the same first steps as arrays. Its best rows are carried to the end first, which soon
gives k good teams; from then on a row whose proven lower bound exceeds the k-th is dropped. What is left when nothing
is queued is the exact answer; what is queued when time runs out gives the bound. Days are exact along a partial team,
because later steps never move earlier ones.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from matching.composition.arrays import Array, Cover, Ints
from matching.composition.tables import Tables

# Rows carried on together: few at first, so that good teams are known early.
FIRST_ROWS = 128
MOST_ROWS = 4096
# So many children a row, on average, are made at once; the dearer ones wait.
MOST_CHILDREN = 1
GRACE_S = 0.5
# Values looked at for each one wanted, where about how many is enough.
SAMPLE = 32
LAST_COST = 1e300

Team = tuple[float, tuple[int, ...]]


@dataclass(slots=True)
class Block:
    """Teams for the first `places.shape[1]` steps, one a row, in the order of their firms.

    `paid`: fit, km and trust of what is chosen. `charge`: what its firms have paid of their prices. `bound`: no
    complete team of this row costs less.
    """

    places: Ints
    firms: Ints
    ready: Ints
    finish: Ints
    first: NDArray[np.bool_]
    able: NDArray[np.int64]
    leads: NDArray[np.bool_]
    paid: Array
    charge: Array
    bound: Array
    # Children up to this bound have been made already.
    done: float = -np.inf

    def __len__(self) -> int:
        return len(self.bound)

    @property
    def depth(self) -> int:
        return int(self.places.shape[1])

    def at(self, rows: Ints | NDArray[np.bool_]) -> "Block":
        columns = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "done"}
        return replace(self, **columns)


def _about(values: Array, rank: int, above: float) -> float:
    """About the `rank`-th smallest of the values `above` a limit, from a sample: no order is needed here."""
    step = max(1, values.size // (SAMPLE * rank))
    sample = values.ravel()[::step]
    sample = sample[sample > above]
    place = min(rank // step, len(sample) - 1)
    return float(np.partition(sample, place)[place]) if len(sample) else np.inf


def _nothing() -> Block:
    none, no = np.zeros((1, 0), np.intp), np.zeros((1, 0), bool)
    zero = np.zeros(1)
    return Block(none, none, none, none, no, np.zeros(1, np.int64), np.zeros(1, bool), zero, zero, zero)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Teams (firm numbers) that an answer must differ from, or stay near to.

    At most `most` steps may be done by the same firm as in any of `teams`; at most `changes` by another firm than in
    `near`, where -1 stands for a firm that is no longer there.
    """

    teams: tuple[tuple[int, ...], ...] = ()
    most: int = 0
    near: tuple[int, ...] = ()
    changes: int = 0


class Search:
    """The `k` cheapest teams of the tables' problem. `known` are teams already found, as (cost, firm numbers)."""

    def __init__(
        self, tables: Tables, cover: Cover, k: int, known: Sequence[Team] = (), likeness: Likeness | None = None
    ) -> None:
        self._tables = tables
        self._options = tables.options
        self._timing = tables.timing
        self._steps = tables.timing.steps
        self._cover = cover
        self._k = k
        self._likeness = likeness or Likeness()
        self._limit_firms = tables.options.problem.params.max_firms
        self.found: list[Team] = list(known)
        self._size = tables.options.size
        self._constant = tables.charges.fixed_part
        self._share = self._shares()
        self._queue: list[Block] = [_nothing()]
        self._width = max(FIRST_ROWS, min(k, MOST_ROWS))

    def again(self, tables: Tables) -> "Search":
        """The same search from the start with sharper tables, knowing the teams found so far."""
        return Search(tables, self._cover, self._k, self.found, self._likeness)

    def _shares(self) -> Array:
        """What each firm pays for each step, shape (steps, firms)."""
        share = np.zeros((self._size, len(self._options.ids)))
        for i, firm in enumerate(self._options.firm):
            share[i, firm] = self._tables.charges.firm(i)
        return share

    @property
    def limit(self) -> float:
        """No team above this cost is wanted."""
        return self.found[-1][0] if len(self.found) >= self._k else np.inf

    @property
    def bound(self) -> float:
        """No team not yet found costs less; infinite when all wanted ones are."""
        return min((float(b.bound.min()) for b in self._queue if len(b)), default=np.inf)

    def run(self, until: float, dives: int = 0) -> bool:
        """Search until all is proven (True) or the clock (perf_counter) passes `until`.

        With `dives`, stop as soon as so many blocks have been carried to the end. While no team is known, the clock
        is given some grace: somebody waits for a proposal.
        """
        ended = 0
        while self._queue:
            block = self._next_block()
            self._advance(block)
            ended += len(block) > 0 and block.depth == self._size - 1
            if ended == dives > 0 or time.perf_counter() > until + (0.0 if self.found else GRACE_S):
                break
        self._queue = [b for b in map(self._wanted, self._queue) if len(b)]
        return not self._queue

    def _next_block(self) -> Block:
        """The best rows of the newest block; the rest goes back."""
        block = self._wanted(self._queue.pop())
        if len(block) <= self._width:
            return block
        # Rows of equal bounds keep their order, which is the order of ties.
        order = np.argsort(np.rint(block.bound), kind="stable")
        best, rest = np.sort(order[: self._width]), np.sort(order[self._width :])
        self._queue.append(block.at(rest))
        return block.at(best)

    def _wanted(self, block: Block) -> Block:
        limit = self.limit
        if limit == np.inf or not len(block):
            return block
        slack = self._options.weights.slack
        keep = block.bound < limit - slack
        ties = np.flatnonzero(~keep & (block.bound <= limit + slack))
        last = self.found[-1][1][: block.depth]
        keep[ties] = [tuple(block.firms[r].tolist()) <= last for r in ties]
        return block if keep.all() else block.at(keep)

    def _advance(self, block: Block) -> None:
        if not len(block):
            return
        children = self._children(block)
        if not len(children):
            return
        if children.depth == self._size:
            self._collect(children)
            self._width = min(2 * self._width, MOST_ROWS)
        else:
            self._queue.append(children)

    def _collect(self, teams: Block) -> None:
        order = np.lexsort((*teams.firms.T[::-1], teams.bound))[: self._k]
        new = [(float(teams.bound[r]), tuple(teams.firms[r].tolist())) for r in order]
        self.found = sorted({*self.found, *new})[: self._k]

    def _children(self, block: Block) -> Block:
        """All teams with one step more that may still be wanted."""
        rows, places, bound = self._affordable(block)
        keep = self._permitted(block, rows, self._options.firm[block.depth][places])
        child = self._child(block, rows[keep], places[keep], bound[keep])
        child = child.at(child.finish[:, -1] < len(self._timing))
        if child.depth == self._size:
            child.bound = self._price(child)
        else:
            child.bound = np.maximum(child.bound, self._bounds(child))
        return self._wanted(child.at(self._possible(child)))

    def _permitted(self, block: Block, rows: Ints, firm: Ints) -> NDArray[np.bool_]:
        """Whether few enough firms can do it all, and the team differs from those it must not resemble."""
        count = block.first.sum(axis=1)[rows] + (block.firms[rows] != firm[:, None]).all(axis=1)
        return self._allowed(block.depth, count, self._able(block, rows, firm)) & self._unlike(block, rows, firm)

    def _able(self, block: Block, rows: Ints, firm: Ints) -> NDArray[np.int64]:
        able: NDArray[np.int64] = block.able[rows] | self._cover.ability[firm]
        return able

    def _child(self, block: Block, rows: Ints, places: Ints, bound: Array) -> Block:
        i = block.depth
        firm = self._options.firm[i][places]
        first = (block.firms[rows] != firm[:, None]).all(axis=1)
        charge = block.charge[rows] + self._team_share(block, i)[rows] + self._tables.charges.changed(i)[places]
        paid, ready = self._handed_over(block, rows, places)
        finish = self._timing.placed(block, rows, places, ready)
        return Block(
            places=np.column_stack([block.places[rows], places]),
            firms=np.column_stack([block.firms[rows], firm]),
            ready=np.column_stack([block.ready[rows], ready]),
            finish=np.column_stack([block.finish[rows], finish]),
            first=np.column_stack([block.first[rows], first]),
            able=self._able(block, rows, firm),
            leads=block.leads[rows] | self._options.leads[firm],
            paid=paid,
            charge=charge + np.where(first, self._share[: i + 1].sum(axis=0)[firm], 0.0),
            bound=bound,
        )

    def _affordable(self, block: Block) -> tuple[Ints, Ints, Array]:
        """(row, candidate) pairs whose first, rough bound is low enough, and that bound."""
        i = block.depth
        bound = self._tables.rows(i, block.places, block.finish) + self._outside(block, i)[:, None]
        wanted = bound <= min(self.limit + self._options.weights.slack, LAST_COST)
        if block.done > -np.inf:
            wanted &= bound > block.done
        if self._likeness.near:
            wanted &= self._near_enough(block)
        most = MOST_CHILDREN * self._width
        if np.count_nonzero(wanted) > most:
            rest = replace(block, done=_about(bound, most, block.done))
            rest.bound = np.maximum(block.bound, rest.done)
            self._queue.append(rest)
            wanted &= bound <= rest.done
        rows, places = np.nonzero(wanted)
        return rows, places, bound[rows, places]

    def _outside(self, block: Block, i: int) -> Array:
        """The part of a row's bound that does not hang on the choice for step i."""
        total = block.paid + block.charge + self._constant + self._days_so_far(block)
        for j in range(i + 1, self._size):
            if self._tables.forest.parent[j] < i:
                total = total + self._tables.leasts(j, block.places, block.finish)
        for (a, b), u in self._tables.charges.u.items():
            if a < i <= b:
                total = total + u[block.places[:, a]]
            elif b < i:
                total = total - self._tables.charges.rest[a, b]
        return total

    def _bounds(self, block: Block) -> Array:
        """A proven lower bound for each row, by its true days."""
        i = block.depth
        return self._outside(block, i) + self._tables.leasts(i, block.places, block.finish)

    def _days_so_far(self, block: Block) -> Array | float:
        """Without days in the tables: those up to the last step chosen on the path where days are charged."""
        done = [i for i in self._tables.forest.path if i < block.depth]
        if self._tables.timed or not done:
            return 0.0
        spent: Array = (block.finish[:, max(done)] + 1).astype(np.float64) * self._options.weights.day
        return spent

    def _allowed(self, i: int, count: Ints, able: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether few enough firms can still do all steps."""
        if self._limit_firms is None:
            return np.ones(len(count), bool)
        still_open = (1 << self._size) - (1 << (i + 1))
        allowed: NDArray[np.bool_] = count + self._cover.needs(still_open & ~able) <= self._limit_firms
        return allowed

    def _unlike(self, block: Block, rows: Ints, firm: Ints) -> NDArray[np.bool_]:
        """Whether a row differs enough from the teams that must not be resembled."""
        keep = np.ones(len(rows), bool)
        i = block.depth
        for team in self._likeness.teams:
            same = (block.firms == np.array(team[:i], np.intp)).sum(axis=1)[rows] + (firm == team[i])
            keep &= same <= self._likeness.most
        return keep

    def _near_enough(self, block: Block) -> NDArray[np.bool_]:
        """Which candidates for the next step leave few enough changes, shape (teams, candidates)."""
        i, near = block.depth, self._likeness.near
        changed = (block.firms != np.array(near[:i], np.intp)).sum(axis=1)[:, None]
        enough: NDArray[np.bool_] = changed + (self._options.firm[i] != near[i]) <= self._likeness.changes
        return enough

    def _team_share(self, block: Block, i: int) -> Array:
        """What step i adds to the charge of the firms already in each team, whoever does it."""
        share: Array = np.where(block.first, self._share[i][block.firms], 0.0).sum(axis=1)
        return share

    def _handed_over(self, block: Block, rows: Ints, places: Ints) -> tuple[Array, Ints]:
        """What is paid with the new step, and the first day it may begin."""
        i = block.depth
        paid = block.paid[rows] + self._options.fit[i][places]
        ready = np.zeros(len(rows), np.intp)
        for a in self._steps[i].after:
            cost, days = self._options.handover(a, block.places[rows, a], i, places)
            paid = paid + cost
            ready = np.maximum(ready, block.finish[rows, a] + 1 + days)
        return paid, ready

    def _price(self, teams: Block) -> Array:
        """The true cost of complete teams."""
        weights = self._options.weights
        firms = weights.firm * (teams.first.sum(axis=1) - 1)
        price: Array = teams.paid + firms + weights.day * (teams.finish.max(axis=1) + 1)
        return weights.rounded(price)

    def _possible(self, child: Block) -> NDArray[np.bool_]:
        """Whether days and leaders are left for the rest."""
        possible = child.bound < np.inf
        if self._timing.matters:
            i = child.depth - 1
            possible &= self._timing.tails[i][child.finish[:, i]] < len(self._timing)
        if child.depth == self._size:
            possible &= child.leads
        else:
            possible &= child.leads | self._leads_follow(child.depth)
        return possible

    def _leads_follow(self, depth: int) -> bool:
        return any(bool(self._options.leads[firm].any()) for firm in self._options.firm[depth:])
