"""The search for a joint plan: large neighbourhood search (Shaw 1998) over teams that are found exactly.

Each round takes the teams of a few related cases away and gives them new ones, one case after the other, each the
cheapest in what is left. A case that waits goes first, with cases whose hours stand in its way. A worse plan is kept
for a while with a chance that falls to nothing (simulated annealing, Kirkpatrick et al. 1983); the best one is kept.
"""

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matching.joint.finder import EPSILON, WITHOUT_END, Team
from matching.joint.placing import packed_into, tidied
from matching.joint.problem import JointProblem
from matching.joint.roster import Roster, Worth, better

# How many cases change in one round besides the first.
MOST_RELATED = 5
# A plan this much dearer is kept with a chance of 1/e in the first round.
WARMTH = 1.5
# The share of rounds that place all steps anew, and by how many days a case may then come later than its urgency.
SQUEEZED = 0.2
SHIFTS = (0.0, 3.0, 10.0)
# Rounds after which somebody who waits is told how far the search is, and after which the best plan is tidied.
TELL = 25
TIDY = 100

# Told how much of the work is done, from 0 to 1.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Lone:
    """A case that has the region for itself: its cheapest team, and a lower bound on what any team costs.

    Without a team and `certain`, no plan can deliver the case in time.
    """

    team: Team | None
    bound: float
    certain: bool


class Search:
    """A run over one problem. The same seed and number of rounds give the same plan, if the clock does not end it."""

    def __init__(self, problem: JointProblem, seed: int) -> None:
        self.roster = Roster(problem)
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.lone = [self._alone(c) for c in range(len(problem.cases))]
        self.able = [c for c, lone in enumerate(self.lone) if lone.team or not lone.certain]
        self.best = list(self.roster.teams)
        self.best_worth: Worth = (-1, 0.0)
        self.rounds = 0

    def _alone(self, case: int) -> Lone:
        finder = self.roster.finders[case]
        team = finder.cheapest(self.roster.ledger, choices=WITHOUT_END)
        base = finder.costs.base - self.roster.region.problem.params.w_firm
        return Lone(team, team.cost if team and finder.complete else base, finder.complete)

    def take_over(self, teams: Mapping[int, Team]) -> None:
        """Begin with these teams, which fit together; no worse plan is given back."""
        self.roster.clear(self.able)
        for case, team in teams.items():
            self.roster.put(case, team)
        self.roster.fill(c for c in self.able if self.roster.teams[c] is None)
        self._note()

    def run(self, rounds: int, until: float, most: int, progress: Progress | None = None) -> None:
        """Search for so many rounds, until the clock (perf_counter) or until nothing better is possible.

        `most`: no plan delivers more weight than this.
        """
        self._begin()
        cheapest = sum(lone.bound for lone in self.lone if lone.team)
        for done in range(rounds):
            if time.perf_counter() > until or self._perfect(most, cheapest):
                return
            if progress and done % TELL == 0:
                progress(done / rounds)
            self.rounds = done + 1
            self._round(WARMTH * (1.0 - done / rounds))
            if self.rounds % TIDY == 0:
                self._tidy()

    def _perfect(self, most: int, cheapest: float) -> bool:
        everyone = all(self.best[c] for c in self.able)
        return everyone and self.best_worth[0] >= most and self.best_worth[1] <= cheapest + EPSILON

    def _begin(self) -> None:
        """The best of a few orders, each filled from an empty ledger."""
        finders = self.roster.finders
        by_due = sorted(self.able, key=lambda c: (finders[c].due, c))
        by_room = sorted(self.able, key=lambda c: (self._room(c), c))
        by_weight = sorted(by_room, key=lambda c: -finders[c].case.weight)
        by_work = sorted(self.able, key=lambda c: (sum(s.hours for s in finders[c].case.steps), c))
        for order in (by_work, by_weight, by_room, by_due):
            self.roster.clear(self.able)
            self.roster.fill(order)
            self._note()
        self._restore({c: team for c, team in enumerate(self.best) if team})

    def _room(self, case: int) -> int:
        """Days to spare when the case has the region for itself."""
        finder, team = self.roster.finders[case], self.lone[case].team
        return finder.due - team.last if team else 0

    def _tidy(self) -> None:
        """Place the best teams anew, each step as early as possible: hours that stood empty serve those who wait."""
        teams = {c: team for c, team in enumerate(self.best) if team}
        self._restore(tidied(self.roster.region, self.roster.finders, teams))
        self.roster.fill(self.roster.waiting)
        self._note()

    def _restore(self, teams: Mapping[int, Team]) -> None:
        self.roster.clear(self.able)
        for case, team in teams.items():
            self.roster.put(case, team)

    def _note(self) -> None:
        worth = self.roster.worth
        if better(worth, self.best_worth):
            self.best, self.best_worth = list(self.roster.teams), worth

    def _round(self, warmth: float) -> None:
        if self._random.random() < SQUEEZED:
            self._squeeze(warmth)
            return
        before = self.roster.worth
        change = self.roster.renew(self._chosen())
        after = self.roster.worth
        if after[0] < before[0] or (after[0] == before[0] and not self._bearable(after[1] - before[1], warmth)):
            self.roster.undo(change)
        else:
            self._note()

    def _squeeze(self, warmth: float) -> None:
        """Give one case the team it would like best, and place all steps anew, the most urgent first."""
        case = self._first()
        team = self._wish(case)
        if team is None:
            return
        teams = {c: held for c, held in enumerate(self.roster.teams) if held} | {case: team}
        shift = self._random.choice(SHIFTS)
        late = {c: self._random.random() * shift for c in teams}
        finders = self.roster.finders
        turns = [(end + late[c], c, i) for c in teams for i, end in enumerate(finders[c].deadlines)]
        packed = packed_into(self.roster.region, finders, teams, [(c, i) for _, c, i in sorted(turns)])
        if packed is None:
            return
        before, after = self.roster.worth, sum(t.cost for t in packed.values())
        if len(packed) > sum(t is not None for t in self.roster.teams) or self._bearable(after - before[1], warmth):
            self._restore(packed)
            self._note()

    def _wish(self, case: int) -> Team | None:
        """The team of a case that is alone, the one it would get from a few others, or any that costs little."""
        kind = self._random.random()
        if kind < 0.3:
            return self.lone[case].team
        if kind < 0.6:
            return self._any_team(case)
        related = [case, *self._related(case, 2)]
        teams = [team for c in related if (team := self.roster.teams[c])]
        for team in teams:
            self.roster.ledger.release(team.bookings)
        wished = self.roster.finders[case].cheapest(self.roster.ledger)
        for team in teams:
            self.roster.ledger.book(team.bookings)
        return wished

    def _any_team(self, case: int) -> Team | None:
        """Drawn step by step, the cheaper ways on more often."""
        finder = self.roster.finders[case]
        chosen: list[int] = []
        for i, parent in enumerate(finder.costs.parent):
            ranked = finder.costs.ranked[i][chosen[parent] if parent >= 0 else 0]
            place = int(self._random.expovariate(0.5)) % len(ranked)
            chosen.append(ranked[place][1])
        return finder.team(chosen)

    def _bearable(self, dearer: float, warmth: float) -> bool:
        if dearer <= 0:
            return True
        return warmth > 0 and self._random.random() < math.exp(-dearer / warmth)

    def _first(self) -> int:
        """A case that waits, or one that could be cheaper."""
        waiting = [c for c in self.able if self.roster.teams[c] is None]
        if waiting and self._random.random() < 0.7:
            return self._random.choice(waiting)
        return self._weighted([(self._regret(c), c) for c in self.able])

    def _chosen(self) -> list[int]:
        first = self._first()
        waiting = [c for c in self.able if self.roster.teams[c] is None]
        count = self._random.randint(1, MOST_RELATED)
        others = self._related(first, count)
        rest = [*others, *(c for c in waiting if c != first and c not in others)]
        self._random.shuffle(rest)
        if self._random.random() < 0.3:
            rest.sort(key=lambda c: self.roster.finders[c].due)
        return [first, *rest]

    def _regret(self, case: int) -> float:
        """What the case costs more than if it were alone."""
        team = self.roster.teams[case]
        return 0.05 + max(0.0, team.cost - self.lone[case].bound) if team else 0.05

    def _related(self, case: int, count: int) -> list[int]:
        """Cases whose hours stand in the way of this one, drawn by how many hours."""
        wanted = self._wanted(case)
        due = self.roster.finders[case].due
        weights: list[tuple[float, int]] = []
        for other in self.able:
            team = self.roster.teams[other]
            if team and other != case:
                inside = sum(h for firm, day, h in team.bookings if firm in wanted and day <= due)
                weights.append((inside + 0.01, other))
        found: list[int] = []
        for _ in range(min(count, len(weights))):
            found.append(self._weighted(weights))
            weights = [w for w in weights if w[1] != found[-1]]
        return found

    def _wanted(self, case: int) -> set[int]:
        """The firms this case would like to have hours of."""
        team = self.lone[case].team
        if self.roster.teams[case] and team:
            return set(team.firms)
        return {f for firms in self.roster.finders[case].costs.firm for f in firms}

    def _weighted(self, weights: Sequence[tuple[float, int]]) -> int:
        place = self._random.random() * sum(w for w, _ in weights)
        for weight, case in weights:
            place -= weight
            if place <= 0:
                return case
        return weights[-1][1]
