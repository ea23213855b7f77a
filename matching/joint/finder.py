"""The cheapest team of one case in the hours that others have left: depth-first branch and bound.

Candidates are tried in the order of the bound of costs.py; a branch ends when its bound passes the best team, or when
no way on, by the fastest candidates, is ready in time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.composition.arrays import Ints
from matching.composition.calendar import Load, finishes
from matching.joint.costs import CaseCosts
from matching.joint.ledger import Booking, Ledger
from matching.joint.problem import Case
from matching.joint.region import Region

# Costs closer than this are equal.
EPSILON = 1e-9
# So many choices are looked at before the best team so far has to do.
CHOICES = 4_000
WITHOUT_END = 300_000


@dataclass(frozen=True, slots=True)
class Team:
    """Firm numbers and finish days by step, cost by the weights, and the hours it takes from the ledger."""

    firms: tuple[int, ...]
    finishes: tuple[int, ...]
    cost: float
    bookings: tuple[Booking, ...]

    @property
    def last(self) -> int:
        return max(self.finishes)


class TeamFinder:
    """Finds teams for one case. Tables of finish days are kept, and renewed only where a firm's hours changed."""

    def __init__(self, region: Region, case: Case) -> None:
        self.region, self.case = region, case
        self.start, self.due = region.first_day(case), region.last_day(case.due)
        self.possible = all(case.options)
        self.costs = CaseCosts(region, case)
        self.days = region.days
        self.rows: list[list[list[int]]] = [[[] for _ in options] for options in case.options]
        self._tables: list[Ints] = [np.zeros((len(options), region.days + 1), np.intp) for options in case.options]
        self._seen: list[Ints] = [np.full(len(options), -1, np.intp) for options in case.options]
        self._firm = [np.array([region.number[o.firm_id] for o in options], np.intp) for options in case.options]
        self._ledger: Ledger | None = None
        self.tails: list[list[int]] = []
        # Whether the last search ended by itself.
        self.complete = True

    def cheapest(
        self, ledger: Ledger, *, due: int | None = None, below: float = math.inf, choices: int = CHOICES
    ) -> Team | None:
        """The cheapest team that is ready on day `due` (the case's own) and costs less than `below`."""
        self.complete = True
        due = self.due if due is None else due
        if not self.possible or self.earliest(ledger) > due:
            return None
        descent = _Descent(self, ledger, due, below, choices)
        descent.choose(0, self.costs.base - self.region.problem.params.w_firm, self.start - 1)
        self.complete = descent.choices > 0
        return None if descent.team is None else self._booked(ledger, descent.team, descent.best)

    def team(self, chosen: Sequence[int]) -> Team | None:
        """The team of these candidates (positions by step) with no hours taken yet; None if it may not be a team."""
        firms = tuple(self.costs.firm[i][x] for i, x in enumerate(chosen))
        most = self.region.problem.params.max_firms
        if not any(self.region.leads[f] for f in firms) or (most is not None and len(set(firms)) > most):
            return None
        return Team(firms, (self.start - 1,) * len(firms), self.costs.team_cost(chosen), ())

    def soonest(self, ledger: Ledger) -> Team | None:
        """The cheapest team among those that are ready first; None when nobody has the hours."""
        if not self.possible:
            return None
        late = self.earliest(ledger)
        early, step, team = late - 1, 1, None
        while team is None and early < self.days - 1:
            late = min(early + step, self.days - 1)
            team = self.cheapest(ledger, due=late)
            early, step = (early, step) if team else (late, 2 * step)
        while team and team.last - early > 1:
            middle = (early + team.last) // 2
            sooner = self.cheapest(ledger, due=middle)
            team, early = (sooner, early) if sooner else (team, middle)
        return team

    def earliest(self, ledger: Ledger) -> int:
        """No team is ready before this day in what the ledger has left (transport left out)."""
        self._renew(ledger)
        fastest = [table.min(axis=0, initial=self.days) for table in self._tables]
        ends: list[int] = []
        for step, quick in zip(self.case.steps, fastest, strict=True):
            ready = max([self.start, *(ends[a] + 1 for a in step.after)])
            ends.append(int(quick[min(ready, self.days)]))
        self.tails = self._tails(fastest)
        return max(self.tails[i][end] for i, end in enumerate(ends))

    def _renew(self, ledger: Ledger) -> None:
        ledger.renew()
        if ledger is not self._ledger:
            self._ledger = ledger
            for seen in self._seen:
                seen[:] = -1
        for i, firm in enumerate(self._firm):
            now = ledger.version[firm]
            stale = np.flatnonzero(now != self._seen[i])
            if len(stale):
                rows = finishes(ledger.totals[firm[stale]], self.case.steps[i].hours)
                self._tables[i][stale] = rows
                for place, row in zip(stale.tolist(), rows.tolist(), strict=True):
                    self.rows[i][place] = row
                self._seen[i] = now

    def latest(self) -> list[int]:
        """The latest day on which each step may end by the hours that `earliest` was asked about; later is late."""
        return [max((d for d in range(self.days) if tail[d] <= self.due), default=-1) for tail in self.tails]

    @cached_property
    def deadlines(self) -> list[int]:
        """`latest` when the whole region is free."""
        self.earliest(Ledger(self.region))
        return self.latest()

    def _tails(self, fastest: Sequence[Ints]) -> list[list[int]]:
        """Per step and finish day: no team that finishes the step then is ready before this day."""
        days = np.arange(self.days + 1)
        following = np.minimum(days + 1, self.days)
        tails: list[Ints] = [days] * len(fastest)
        for j in reversed(range(len(tails))):
            for i in self.case.steps[j].after:
                tails[i] = np.maximum(tails[i], tails[j][fastest[j][following]])
        return [tail.tolist() for tail in tails]

    def _booked(self, ledger: Ledger, chosen: Sequence[int], cost: float) -> Team:
        firms = tuple(int(self._firm[i][x]) for i, x in enumerate(chosen))
        return place(ledger, self, firms, cost)


class _Descent:
    """One search. `best` is the cost to beat; `team` holds the positions of the best team."""

    def __init__(self, finder: TeamFinder, ledger: Ledger, due: int, below: float, choices: int) -> None:
        self.finder, self.costs, self.ledger = finder, finder.costs, ledger
        self.due, self.best, self.choices = due, below, choices
        self.team: tuple[int, ...] | None = None
        self.steps = finder.case.steps
        self.weights = finder.region.problem.params
        self.most = self.weights.max_firms or len(self.steps)
        leads = finder.region.leads
        anyone = [any(leads[f] for f in firms) for firms in self.costs.firm]
        self.leads_later = [any(anyone[i:]) for i in range(len(anyone) + 1)]
        self.chosen = [0] * len(self.steps)
        self.ends = [0] * len(self.steps)
        self.loads: dict[int, tuple[Load, ...]] = {}
        self.leaders = 0

    def choose(self, i: int, cost: float, last: int) -> None:
        """Choose step i and all that follow. `cost`: bound without days; `last`: bound on the last day."""
        days = self.weights.w_day * (last - self.finder.start + 1)
        if i == len(self.steps):
            self.best, self.team = cost + days, tuple(self.chosen)
            return
        parent = self.costs.parent[i]
        for more, x in self.costs.ranked[i][self.chosen[parent] if parent >= 0 else 0]:
            if cost + more + days >= self.best - EPSILON or self.choices <= 0:
                return
            self.choices -= 1
            self._take(i, x, cost + more, last)

    def _take(self, i: int, x: int, cost: float, last: int) -> None:
        firm = self.costs.firm[i][x]
        leader = self.finder.region.leads[firm]
        before = self.loads.get(firm)
        if before is None:
            cost += self.weights.w_firm
        if not self._allowed(i, before is None, leader):
            return
        ready = self.finder.start
        for h in self.costs.handovers[i]:
            y = self.chosen[h.source]
            ready = max(ready, self.ends[h.source] + 1 + h.days[y][x])
            if h.source != self.costs.parent[i]:
                cost += h.cost[y][x] - h.least
        end = self._end(i, x, ready, before)
        last = max(last, self.finder.tails[i][end])
        days = self.weights.w_day * (last - self.finder.start + 1)
        if last > self.due or cost + days >= self.best - EPSILON:
            return
        self.chosen[i], self.ends[i] = x, end
        self.loads[firm] = (*(before or ()), (ready, self.steps[i].hours))
        self.leaders += leader
        self.choose(i + 1, cost, last)
        self.leaders -= leader
        if before is None:
            del self.loads[firm]
        else:
            self.loads[firm] = before

    def _allowed(self, i: int, new: bool, leader: bool) -> bool:
        if not (self.leaders or leader or self.leads_later[i + 1]):
            return False
        return len(self.loads) + new <= self.most

    def _end(self, i: int, x: int, ready: int, before: tuple[Load, ...] | None) -> int:
        days = self.finder.days
        if ready >= days:
            return days
        if before is None:
            return self.finder.rows[i][x][ready]
        return self.ledger.last(self.costs.firm[i][x], (*before, (ready, self.steps[i].hours)))


def place(ledger: Ledger, finder: TeamFinder, firms: Sequence[int], cost: float) -> Team:
    """The team with the hours it takes; the ledger is left as it was. It must fit."""
    bookings: list[Booking] = []
    ends: list[int] = []
    for i, (step, firm) in enumerate(zip(finder.case.steps, firms, strict=True)):
        ready = finder.start
        for h in finder.costs.handovers[i]:
            y = finder.costs.firm[h.source].index(firms[h.source])
            ready = max(ready, ends[h.source] + 1 + h.days[y][finder.costs.firm[i].index(firm)])
        pieces = ledger.spread(firm, ready, step.hours) or []
        # Booked at once, because the next step may be at the same firm.
        ledger.book(pieces)
        bookings += pieces
        ends.append(pieces[-1][1])
    ledger.release(bookings)
    return Team(tuple(firms), tuple(ends), cost, tuple(bookings))
