"""The same problems for CP-SAT and networkx, who share no code with us."""

import random
from dataclasses import replace

import pytest

from bench.composition import rows, working_mb
from bench.composition_equal import verdict
from bench.composition_peers import cp_sat, shortest_paths
from bench.composition_problems import plain_chain
from bench.composition_race import race_rows
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
    assert costs == pytest.approx(shortest_paths(problem, 15, 60.0).costs, abs=1e-6)
    assert len(shortest_paths(problem, 15, 0.0).costs) == 0


def test_a_race_compares_costs_and_counts_what_was_found_in_time() -> None:
    measured = {row.name: row for row in race_rows(20.0, options=8, k=5)}
    assert measured["chain 10 x 8: networkx, first 5 of 5 in"].value < 20
    assert measured["chain 10 x 8: largest difference of these costs"].ok
    assert measured["chain 10 x 8: our best apart from CP-SAT's"].ok
    assert "chain 10 x 8: CP-SAT, 1 best, proven in" in measured


@pytest.mark.slow
def test_the_optimum_of_whole_problems_is_the_one_that_cp_sat_proves() -> None:
    """Ten steps of sixty candidates, hours by day and due dates among them; a thousand: `--equal 1000`."""
    seen = [verdict(seed, 2.0) for seed in range(30)]
    proven = [v for v in seen if v.proven]
    assert len(proven) >= 10
    assert all(v.equal for v in proven)


def test_small_whole_problems_have_cp_sats_optimum() -> None:
    """Small enough for every kind to be proven, the ones with days and prices too."""
    for seed in (8, 9, 18, 19, 28, 29):
        found = verdict(seed, 60.0, steps=4, options=8)
        assert found.proven
        assert found.equal, seed


@pytest.mark.slow
def test_the_benchmark_runs() -> None:
    measured = {row.name: row for row in rows(full=2, chains=2, repairs=2, race=0, peers=0, equal=2, limit=2.0)}
    assert measured["full problem: not proven"].value == 0
    assert measured["chain 10 x 500, k 100: not proven"].value == 0
    assert measured["10 x 60 beside CP-SAT: other optimum than ours"].value == 0


def test_a_further_answer_takes_a_few_kilobytes() -> None:
    few, many = (working_mb(plain_chain(2, options=200, k=k)) for k in (1, 500))
    assert 1000 * (many - few) / 499 < 10
