"""Compose teams: the k cheapest feasible ones, proven, or the best found with a proven bound."""

import time

import numpy as np

from matching.composition.bounds import SCALE
from matching.composition.infeasible import explain
from matching.composition.problem import Problem
from matching.composition.result import Composition, TeamAnswer, answer
from matching.composition.search import Node, Search

# Share of the time limit that is added, when it has run out, to finish teams that are under way.
GRACE = 0.25


def compose(problem: Problem) -> Composition:
    """The k cheapest teams in ascending cost (ties by the tuple of firm ids in step order).

    `optimal` is true only if the list is proven exact. When `time_limit_s` runs out, the answers are the best found
    and `bound` a proven lower bound on the cost of the best team. Without any team `infeasible` says why.
    Method: best-first search on exact relaxations (search.py), each answer worked out again by check.py.
    """
    began = time.perf_counter()
    search = Search(problem)
    kept, optimal = _collect(search, problem, began + problem.params.time_limit_s)
    answers = tuple(answer(problem, node.firms) for node in kept)
    bound = _bound(search, answers)
    if not optimal:
        answers = _fill_up(search, problem, answers)
    infeasible = explain(problem) if optimal and not answers else None
    elapsed = (time.perf_counter() - began) * 1000
    return Composition(optimal, bound, elapsed, answers, infeasible)


def _bound(search: Search, answers: tuple[TeamAnswer, ...]) -> float | None:
    if answers:
        return answers[0].cost
    return search.bound / SCALE if search.bound is not None else None


def _collect(search: Search, problem: Problem, until: float) -> tuple[list[Node], bool]:
    """The first k teams of the ascending stream that differ enough, and whether that is proven to be all of it."""
    kept: list[Node] = []
    for node in search.teams():
        if node is None:
            if time.perf_counter() > until:
                return kept, False
        elif _differs(node, kept, problem.params.max_shared):
            kept.append(node)
            if len(kept) == problem.params.k:
                return kept, True
    return kept, True


def _differs(node: Node, kept: list[Node], max_shared: float) -> bool:
    return max_shared >= 1.0 or all(_shared(node, other) <= max_shared + 1e-12 for other in kept)


def _shared(a: Node, b: Node) -> float:
    return sum(x == y for x, y in zip(a.places, b.places, strict=True)) / len(a.places)


def _fill_up(search: Search, problem: Problem, proven: tuple[TeamAnswer, ...]) -> tuple[TeamAnswer, ...]:
    """Finish what is under way, greedily, so that a person sees teams even where the proof is still open."""
    until = time.perf_counter() + GRACE * problem.params.time_limit_s
    found: list[TeamAnswer] = list(proven)
    for node in search.teams(depth_first=True, until=until):
        if node is not None:
            found.append(answer(problem, node.firms))
            if len(found) >= 20 * problem.params.k:
                break
    found.sort(key=lambda a: (round(a.cost, 9), tuple(a.assignment.values())))
    return _diverse(found, problem)


def _diverse(found: list[TeamAnswer], problem: Problem) -> tuple[TeamAnswer, ...]:
    kept: list[TeamAnswer] = []
    for team in found:
        shared = (np.mean([team.assignment[s] == other.assignment[s] for s in team.assignment]) for other in kept)
        if all(s <= problem.params.max_shared + 1e-12 for s in shared) or problem.params.max_shared >= 1.0:
            kept.append(team)
    return tuple(kept[: problem.params.k])
