"""The oracle: every assignment, priced by check.evaluate. Only for small problems and for tests."""

from itertools import product

from matching.composition.check import Checker, Evaluation
from matching.composition.problem import Problem

Answer = tuple[tuple[str, ...], Evaluation]


def brute(problem: Problem) -> list[Answer]:
    """The k cheapest feasible assignments, ties by the tuple of firm ids; with `max_shared`, the diverse ones."""
    checker = Checker(problem)
    priced: list[Answer] = []
    for team in product(*([o.firm_id for o in options] for options in problem.options)):
        evaluation = checker.evaluate(team)
        if evaluation is not None:
            priced.append((team, evaluation))
    priced.sort(key=lambda a: (round(a[1].cost, 7), a[0]))
    kept: list[Answer] = []
    for team, evaluation in priced:
        if len(kept) == problem.params.k:
            break
        if all(_shared(team, other) <= problem.params.max_shared + 1e-12 for other, _ in kept):
            kept.append((team, evaluation))
    return kept


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
