"""Compose teams: the k cheapest feasible ones, proven, or the best found with a proven bound."""

import time
from collections.abc import Sequence

import numpy as np

from matching.composition import additive, near
from matching.composition.arrays import Candidates, Cover, bare, candidates
from matching.composition.check import Checker
from matching.composition.infeasible import explain
from matching.composition.prices import Ascent, even
from matching.composition.problem import Problem
from matching.composition.result import Composition, Outcome, TeamAnswer, answer
from matching.composition.search import Likeness, Search, Team
from matching.composition.tables import Forest, Tables
from matching.composition.timing import Timing

# So many (candidate, day, candidate) entries a table by day may have in all: about 100 MB.
TIMED_CELLS = 12_000_000
# Blocks carried to the end before the bounds are sharpened.
DIVES = 2
# Where no team is known yet, the ascent aims this far above the bound.
HOPE = 1.1


def compose(problem: Problem) -> Composition:
    """The k cheapest teams in ascending cost (ties by the tuple of firm ids in step order).

    `optimal` is true only if the list is proven exact. When `time_limit_s` runs out, the answers are the best found
    and `bound` a proven lower bound on the cost of the best team. Without any team `infeasible` says why.
    Method: Lagrangian bounds on a dynamic programme (tables.py, prices.py), candidates that can be in no wanted team
    dropped, the rest by branch and bound (search.py); each answer worked out again by check.py.
    """
    began = time.perf_counter()
    until = began + problem.params.time_limit_s
    outcome = best_teams(problem, until)
    checker = Checker(problem)
    answers = tuple(answer(checker, team) for team in outcome.teams)
    infeasible = None
    if not answers and outcome.optimal:
        infeasible = explain(problem, lambda relaxed: best_teams(relaxed, until))
    elapsed = (time.perf_counter() - began) * 1000
    return Composition(outcome.optimal, _bound(outcome, answers), elapsed, answers, infeasible)


def _bound(outcome: Outcome, answers: Sequence[TeamAnswer]) -> float | None:
    if outcome.optimal:
        return answers[0].cost if answers else None
    return min([outcome.bound, *(a.cost for a in answers)])


def best_teams(problem: Problem, until: float) -> Outcome:
    """The wanted teams of a problem, found before the clock (perf_counter) passes `until`."""
    if not all(problem.options):
        return Outcome((), optimal=True, bound=np.inf)
    if additive.applies(problem):
        known = _added_up(problem)
        if known is not None:
            return known
    solver = _Solver(problem)
    if not solver.possible:
        return Outcome((), optimal=True, bound=np.inf)
    if problem.params.max_shared >= 1.0:
        return solver.outcome(*solver.best(problem.params.k, until, Likeness()))
    return _diverse(solver, problem, until)


def _added_up(problem: Problem) -> Outcome | None:
    options = bare(problem)
    teams = additive.cheapest(options, Timing(options), problem.params.k)
    return None if teams is None else _proven(options, teams)


def _named(options: Candidates, teams: Sequence[Team]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(options.ids[f] for f in firms) for _, firms in teams)


def _diverse(solver: "_Solver", problem: Problem, until: float) -> Outcome:
    """Each next team is the cheapest one that differs enough from all before it."""
    most = int(np.floor((problem.params.max_shared + 1e-12) * len(problem.steps)))
    kept: list[Team] = []
    bound = np.inf
    for _ in range(problem.params.k):
        found, optimal, proven = solver.best(1, until, Likeness(tuple(t for _, t in kept), most))
        bound = min(bound, proven)
        kept += found
        if not optimal or not found:
            return solver.outcome(kept, optimal=optimal, bound=bound)
    return solver.outcome(kept, optimal=True, bound=bound)


def nearest_teams(problem: Problem, team: Sequence[str], changes: int, until: float) -> Outcome:
    """The cheapest teams that differ from `team` (firm ids in step order) in at most `changes` steps."""
    if not all(problem.options):
        return Outcome((), optimal=True, bound=np.inf)
    listed = _listed(problem, team, changes)
    if listed is not None:
        return listed
    solver = _Solver(problem)
    if not solver.possible:
        return Outcome((), optimal=True, bound=np.inf)
    return solver.outcome(*solver.best(problem.params.k, until, Likeness(near=solver.numbers(team), changes=changes)))


def _listed(problem: Problem, team: Sequence[str], changes: int) -> Outcome | None:
    options = candidates(problem)
    timing = Timing(options)
    teams = near.nearest(options, timing, _numbers(options, team), changes, problem.params.k) if len(timing) else []
    return None if teams is None else _proven(options, teams)


def _numbers(options: Candidates, team: Sequence[str]) -> tuple[int, ...]:
    """Firm numbers; -1 for a firm that can do nothing any more."""
    known = {f: n for n, f in enumerate(options.ids)}
    return tuple(known.get(f, -1) for f in team)


def _proven(options: Candidates, teams: Sequence[Team]) -> Outcome:
    best = teams[0][0] if teams else np.inf
    return Outcome(_named(options, teams), optimal=True, bound=best / options.weights.unit)


class _Solver:
    """What the searches of one problem share. Those that stay near a team all stay near the same one."""

    def __init__(self, problem: Problem) -> None:
        options = candidates(problem)
        self._cover = Cover(options)
        most = problem.params.max_firms
        if most is not None:
            options = options.only(self._cover.useful(options, most))
        self._options = options
        self._timing = Timing(options)
        self.possible = len(self._timing) > 0 and all(len(f) for f in options.firm) and self._in_time()
        if self.possible:
            self._forest = Forest.of(self._timing)
            self._charges = even(options, self._forest)
            self._tables = Tables(options, self._timing, self._forest, self._charges, timed=False)
            self._ascent: Ascent | None = None

    def _in_time(self) -> bool:
        timing = self._timing
        never = len(timing)
        return not timing.matters or all(timing.fastest[i][timing.ready[i]] < never for i in range(len(timing.steps)))

    def numbers(self, team: Sequence[str]) -> tuple[int, ...]:
        return _numbers(self._options, team)

    def outcome(self, teams: Sequence[Team], optimal: bool, bound: float) -> Outcome:
        return Outcome(_named(self._options, teams), optimal, bound / self._options.weights.unit)

    def best(self, k: int, until: float, likeness: Likeness) -> tuple[list[Team], bool, float]:
        """The k cheapest teams, whether they are proven, and a lower bound on the cost of the first."""
        search = Search(self._tables, self._cover, k, likeness=likeness)
        exact = self._adds_up()
        proven = search.run(until, 0 if exact else DIVES)
        if proven or exact or time.perf_counter() > until:
            return search.found, proven, self._least(search, self._tables.total())
        return self._sharpened(search, until, likeness)

    def _adds_up(self) -> bool:
        """Whether nothing is left that prices or days could sharpen."""
        return not (self._charges.per_firm or self._limit is not None or self._forest.side or self._timing.matters)

    @property
    def _limit(self) -> int | None:
        return self._options.problem.params.max_firms

    def _sharpened(self, search: Search, until: float, likeness: Likeness) -> tuple[list[Team], bool, float]:
        ascent = self._ascent = self._ascent or self._from_below(likeness)
        # Prices found for one search are good for those that follow, which only leave out more teams.
        if not ascent.settled:
            self._climb(ascent, search.limit, until)
            if time.perf_counter() > until:
                return search.found, False, self._least(search, ascent.bound)
            search = search.again(self._tables)
            if search.run(until, DIVES):
                return search.found, True, self._least(search, ascent.bound)
        search = search.again(self._narrowed(search.limit))
        optimal = search.run(until)
        return search.found, optimal, self._least(search, ascent.bound)

    def _from_below(self, likeness: Likeness) -> Ascent:
        charges = even(self._options, self._forest)
        if likeness.near:
            charges.changes = likeness.changes
            charges.differs = [
                np.asarray(f != n, float) for f, n in zip(self._options.firm, likeness.near, strict=True)
            ]
        return Ascent(self._options, self._timing, self._forest, charges)

    def _climb(self, ascent: Ascent, target: float, until: float) -> None:
        total = self._tables.total()
        ascent.run(target if target < np.inf else max(total * HOPE, total + self._options.weights.unit), until)
        self._tables = Tables(self._options, self._timing, self._forest, ascent.charges, timed=False)

    def _narrowed(self, limit: float) -> Tables:
        """Without the candidates that are in no wanted team, and by day if that is small enough then."""
        keep = [np.flatnonzero(floor <= limit + self._options.weights.slack) for floor in self._tables.floors()]
        options = self._options.only(keep)
        timed = self._timing.matters and _cells(options, self._forest) * (len(self._timing) + 1) <= TIMED_CELLS
        timing = self._timing.only(options, keep)
        return Tables(options, timing, self._forest, self._tables.charges.only(keep), timed=timed)

    @staticmethod
    def _least(search: Search, proven: float) -> float:
        return max(proven, min([search.bound, *(cost for cost, _ in search.found)]))


def _cells(options: Candidates, forest: Forest) -> int:
    return sum(len(options.firm[i]) * (len(options.firm[p]) if p >= 0 else 1) for i, p in enumerate(forest.parent))
