"""Small joint problems, and an oracle that tries every team and every order of steps."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

from matching.composition.problem import Firm, Option, Step
from matching.joint.problem import Case, JointProblem

MONDAY = date(2026, 12, 7)


def small_problem(seed: int, *, cases: int = 3, firms: int = 4, weights: bool = False) -> JointProblem:
    """Two steps a case, two candidates a step, hours for about half of the work until the due dates."""
    rng = random.Random(seed)
    pool = {f"F{n}": _firm(rng, f"F{n}") for n in range(firms)}
    jobs = tuple(_case(rng, f"C{n}", sorted(pool), weights=weights) for n in range(cases))
    known = frozenset({frozenset(rng.sample(sorted(pool), 2))})
    return JointProblem(MONDAY, jobs, pool, frozenset({MONDAY + timedelta(2)}), known)


def _firm(rng: random.Random, name: str) -> Firm:
    weeks = tuple((MONDAY + timedelta(7 * w), float(rng.choice([0, 10, 15, 20]))) for w in range(3))
    lat = 35.5 + rng.choice([0.0, 0.02, 0.2])
    return Firm(name, lat, 139.6 + rng.random() / 20, rng.random() < 0.7, weeks)


def _case(rng: random.Random, name: str, firms: list[str], *, weights: bool) -> Case:
    first = Step("a", rng.choice(["milling", "turning"]), float(rng.choice([4, 8, 12])))
    second = Step("b", "plating", float(rng.choice([4, 8, 12])), (0,) if rng.random() < 0.7 else ())
    options = tuple(tuple(Option(f, round(rng.random(), 2)) for f in sorted(rng.sample(firms, 2))) for _ in range(2))
    due = MONDAY + timedelta(rng.randint(3, 15))
    return Case(name, (first, second), options, due, weight=rng.choice([1, 2, 3]) if weights else 1)


@dataclass(frozen=True)
class _Oracle:
    problem: JointProblem
    days: tuple[date, ...]
    free: dict[str, list[float]]

    def worth(self, teams: tuple[tuple[str, str] | None, ...], order: tuple[int, ...]) -> tuple[int, float] | None:
        """Weight and cost of these teams placed in this order (a case number a step); None when one is late."""
        left = {f: list(hours) for f, hours in self.free.items()}
        ends: dict[int, list[int]] = {c: [] for c, team in enumerate(teams) if team}
        for c in order:
            if teams[c] is None:
                continue
            end = self._place(c, teams[c] or ("", ""), ends[c], left)
            if end is None:
                return None
            ends[c].append(end)
        held = [c for c, team in enumerate(teams) if team]
        cost = sum(self._cost(c, teams[c] or ("", ""), max(ends[c])) for c in held)
        return sum(self.problem.cases[c].weight for c in held), cost

    def _place(self, c: int, team: tuple[str, str], ends: list[int], left: dict[str, list[float]]) -> int | None:
        case, i = self.problem.cases[c], len(ends)
        need, day = case.steps[i].hours, 0
        for a in case.steps[i].after:
            day = ends[a] + 1 + (_km(self.problem, team[a], team[i]) > 10)
        while day < len(self.days) and case.due and self.days[day] <= case.due:
            piece = min(need, left[team[i]][day])
            left[team[i]][day] -= piece
            need -= piece
            if need <= 1e-9:
                return day
            day += 1
        return None

    def _cost(self, c: int, team: tuple[str, str], last: int) -> float:
        case, p = self.problem.cases[c], self.problem.params
        fits = [{o.firm_id: o.fit for o in options}[f] for options, f in zip(case.options, team, strict=True)]
        cost = p.w_fit * sum(1 - fit for fit in fits) + p.w_firm * (team[0] != team[1]) + p.w_day * (last + 1)
        if case.steps[1].after:
            known = frozenset(team) in self.problem.past_handovers
            cost += p.w_km * _km(self.problem, *team) - p.w_trust * known
        return cost

    def teams(self) -> Iterator[tuple[tuple[str, str] | None, ...]]:
        choices = []
        for case in self.problem.cases:
            pairs = [(a.firm_id, b.firm_id) for a, b in product(*case.options)]
            choices.append([None, *(p for p in pairs if any(self.problem.firms[f].can_lead for f in p))])
        return product(*choices)


def oracle(problem: JointProblem) -> tuple[int, float]:
    """The most weight that can be on time, and the least cost of such a plan."""
    days = tuple(d for n in range(21) if (d := MONDAY + timedelta(n)).weekday() < 5 and d not in problem.holidays)
    free = {firm.id: [_free(problem, firm, day) for day in days] for firm in problem.firms.values()}
    tried = _Oracle(problem, days, free)
    orders = sorted(set(_orders(len(problem.cases))))
    worths = (tried.worth(teams, order) for teams in tried.teams() for order in orders)
    return max(((w, -cost) for found in worths if found for w, cost in [found]), default=(0, 0.0))


def _free(problem: JointProblem, firm: Firm, day: date) -> float:
    for week, hours in firm.capacity:
        days = [d for n in range(7) if (d := week + timedelta(n)).weekday() < 5 and d not in problem.holidays]
        if day in days:
            return hours / len(days)
    return 0.0


@lru_cache
def _apart(lat: float, lng: float, lat2: float, lng2: float) -> float:
    """By the law of haversines; less than 100 km in these problems."""
    north, east = math.radians(lat2 - lat), math.radians(lng2 - lng)
    h = math.sin(north / 2) ** 2 + math.cos(math.radians(lat)) * math.cos(math.radians(lat2)) * math.sin(east / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def _km(problem: JointProblem, a: str, b: str) -> float:
    x, y = problem.firms[a], problem.firms[b]
    return _apart(x.lat, x.lng, y.lat, y.lng)


def _orders(cases: int) -> Iterator[tuple[int, ...]]:
    """Every order of the steps of all cases, as case numbers; the steps of a case keep their order."""

    def more(left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if not any(left):
            yield ()
        for c, n in enumerate(left):
            if n:
                rest = tuple(m - (k == c) for k, m in enumerate(left))
                yield from ((c, *tail) for tail in more(rest))

    return more((2,) * cases)


def with_more_hours(problem: JointProblem, firm_id: str, hours: float) -> JointProblem:
    firm = problem.firms[firm_id]
    weeks = tuple((week, h + hours) for week, h in firm.capacity)
    return replace(problem, firms={**problem.firms, firm_id: replace(firm, capacity=weeks)})
