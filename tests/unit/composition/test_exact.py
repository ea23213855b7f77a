"""The solver against an oracle that tries every team."""

import random
from dataclasses import replace

import pytest

from matching.composition.prices import Ascent
from matching.composition.problem import Option, Params, Problem
from matching.composition.solve import compose
from tests.unit.composition.brute import brute
from tests.unit.composition.generate import random_problem
from tests.watching import watching

Answers = list[tuple[tuple[str, ...], float]]


def small(seed: int) -> Problem:
    rng = random.Random(seed)
    return random_problem(rng, steps=rng.randint(2, 6), firms=rng.randint(3, 8), options=rng.randint(1, 4))


def solved(problem: Problem) -> Answers:
    result = compose(problem)
    assert result.optimal
    assert (result.infeasible is None) == bool(result.answers)
    return [(tuple(a.assignment.values()), round(a.cost, 6)) for a in result.answers]


def by_hand(problem: Problem) -> Answers:
    return [(team, round(evaluation.cost, 6)) for team, evaluation in brute(problem)]


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_answers_costs_and_infeasibility_equal_the_oracle(first: int) -> None:
    for seed in range(first, first + 40):
        assert solved(small(seed)) == by_hand(small(seed)), seed


@pytest.mark.slow
def test_a_thousand_more_equal_the_oracle() -> None:
    for seed in range(1000, 2000):
        assert solved(small(seed)) == by_hand(small(seed)), seed


def test_equal_teams_come_in_the_order_of_firm_ids() -> None:
    problem = random_problem(random.Random(1), steps=4, firms=3, options=3, plain=True, params=_no_weights(k=30))
    answers = compose(problem).answers
    teams = [tuple(a.assignment.values()) for a in answers]
    assert len(teams) == 30
    assert teams == sorted(teams)
    assert {a.cost for a in answers} == {0.0}


def test_ties_are_cut_where_the_oracle_cuts_them() -> None:
    """Two costs only, so that the k-th answer always lies within a tie."""
    for seed in range(20):
        rng = random.Random(seed)
        problem = random_problem(rng, steps=5, firms=4, options=3, params=_no_weights(k=rng.randint(1, 9)))
        fits = tuple(tuple(Option(o.firm_id, rng.choice([0.5, 1.0])) for o in team) for team in problem.options)
        problem = replace(problem, options=fits, params=replace(problem.params, w_fit=1.0))
        assert solved(problem) == by_hand(problem)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_never_more_firms_than_allowed(limit: int) -> None:
    for seed in range(30):
        problem = random_problem(random.Random(seed), steps=5, firms=4, options=3, plain=True)
        problem = replace(problem, params=replace(problem.params, max_firms=limit))
        result = compose(problem)
        assert all(len(set(a.assignment.values())) <= limit for a in result.answers)
        assert solved(problem) == by_hand(problem)


def test_prices_are_sought_once_for_all_different_teams() -> None:
    sought: list[int] = []
    for seed in range(40):
        problem = random_problem(random.Random(seed), steps=5, firms=12, options=8, plain=True)
        problem = replace(problem, params=Params(k=5, w_firm=3.0, max_shared=0.5, time_limit_s=60.0))
        with watching(Ascent.__init__.__code__, lambda: sought.append(1)):
            assert len(compose(problem).answers) == 5
        assert len(sought) <= 1
        if sought:
            return
    pytest.fail("none of the problems needed prices")


def test_large_weights_do_not_disturb_the_order() -> None:
    for seed in range(20):
        problem = small(seed)
        problem = replace(problem, params=replace(problem.params, w_fit=1e7, w_km=1e4, w_firm=1e6, max_shared=1.0))
        costs = [cost for _, cost in solved(problem)]
        assert costs == pytest.approx([cost for _, cost in by_hand(problem)], rel=1e-9)


def _no_weights(k: int) -> Params:
    return Params(k=k, w_fit=0.0, w_km=0.0, w_firm=0.0, w_day=0.0, w_trust=0.0)
