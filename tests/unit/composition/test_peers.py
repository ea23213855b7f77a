"""The same problems for CP-SAT and networkx, who share no code with us."""

import random
from dataclasses import replace

import pytest

from bench.composition import plain_chain, rows
from bench.composition_peers import cp_sat, shortest_paths
from matching.composition.problem import Params
from matching.composition.solve import compose
from tests.unit.composition.generate import large_problem


@pytest.mark.slow
@pytest.mark.parametrize("limit", [None, 2, 3])
def test_the_best_team_is_the_one_that_cp_sat_proves(limit: int | None) -> None:
    for seed in range(3):
        params = Params(k=1, w_day=0.0, max_firms=limit, time_limit_s=60.0)
        problem = large_problem(random.Random(seed), steps=5, firms=14, options=8, params=params)
        firms = {f: replace(x, capacity=tuple((w, 400.0) for w, _ in x.capacity)) for f, x in problem.firms.items()}
        problem = replace(problem, due=None, firms=firms)
        peer, ours = cp_sat(problem, 60.0), compose(problem)
        assert peer.proven
        assert ours.optimal
        if peer.cost is None:
            assert not ours.answers
        else:
            assert ours.answers[0].cost == pytest.approx(peer.cost, abs=1e-4)


def test_the_cheapest_of_a_chain_are_the_shortest_paths() -> None:
    problem = plain_chain(3, steps=5, options=12, k=15)
    costs = [a.cost for a in compose(problem).answers]
    assert costs == pytest.approx(shortest_paths(problem, 15), abs=1e-6)


@pytest.mark.slow
def test_the_benchmark_runs() -> None:
    measured = {row.name: row for row in rows(full=2, chains=2, peers=0)}
    assert measured["full problem: not proven"].value == 0
    assert measured["chain 10 x 60, k 20: largest difference in cost"].value <= 1e-6
