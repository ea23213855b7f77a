"""A team is repaired with few changes, as cheaply as that allows."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.composition.arrays import Candidates, Cover, candidates
from matching.composition.near import nearest
from matching.composition.prices import even
from matching.composition.problem import Problem
from matching.composition.repair import fixed, repairs, without
from matching.composition.search import Likeness, Search
from matching.composition.solve import compose
from matching.composition.tables import Forest, Tables
from matching.composition.timing import Timing
from tests.unit.composition.brute import brute
from tests.unit.composition.generate import large_problem, random_problem


def composed(seed: int) -> tuple[Problem, tuple[str, ...]] | None:
    problem = random_problem(random.Random(seed), steps=4, firms=7, options=4)
    problem = replace(problem, params=replace(problem.params, k=3, max_shared=1.0))
    answers = compose(problem).answers
    return (problem, tuple(answers[0].assignment.values())) if answers else None


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_the_cheapest_repair_equals_the_oracle(changes: int) -> None:
    tried = 0
    for seed in range(90):
        start = composed(seed)
        if start is None:
            continue
        problem, team = start
        left = without(problem, {team[seed % 4]})
        found, proven = repairs(problem, left, team, changes)
        everything = brute(replace(left, params=replace(left.params, k=10**6)))
        near = [t for t, _ in everything if sum(x != y for x, y in zip(t, team, strict=True)) <= changes]
        assert proven
        assert [tuple(r.answer.assignment.values()) for r in found] == near[:3]
        tried += bool(near)
    assert tried > 4


def shocks(problem: Problem, team: tuple[str, ...], seed: int) -> Iterator[Problem]:
    """What can happen after a promise: fewer hours, an earlier date, fewer firms allowed, a firm that declines."""
    rng = random.Random(seed)
    busy = problem.firms[rng.choice(team)]
    fewer = replace(busy, capacity=tuple((week, hours * rng.random()) for week, hours in busy.capacity))
    yield replace(problem, firms={**problem.firms, busy.id: fewer})
    yield replace(problem, due=problem.start + timedelta(rng.randint(7, 30)))
    yield replace(problem, params=replace(problem.params, max_firms=rng.randint(1, 3)))
    yield without(problem, {busy.id})
    yield without(problem, set(team))


def test_every_kind_of_repair_equals_the_oracle() -> None:
    answered = 0
    for seed in range(60):
        start = composed(seed)
        if start is None:
            continue
        problem, team = start
        for n, left in enumerate(shocks(problem, team, seed)):
            changes = (seed + n) % 5
            found, proven = repairs(problem, left, team, changes)
            everything = brute(replace(left, params=replace(left.params, k=10**6)))
            near = [t for t, _ in everything if sum(x != y for x, y in zip(t, team, strict=True)) <= changes]
            assert proven
            assert [tuple(r.answer.assignment.values()) for r in found] == near[:3], (seed, n)
            answered += bool(near)
    assert answered > 40


def test_listing_and_searching_find_the_same_repairs() -> None:
    """Two ways to the answer; the second is for repairs that may change nearly everything."""
    for seed in range(6):
        problem = large_problem(random.Random(seed), steps=6, firms=60, options=20)
        problem = replace(problem, params=replace(problem.params, k=3, max_firms=4))
        team = tuple(compose(problem).answers[0].assignment.values())
        left = without(problem, {team[seed]})
        options = candidates(left)
        numbers = tuple(options.ids.index(f) if f in options.ids else -1 for f in team)
        changes = team.count(team[seed]) + 1
        listed = nearest(options, Timing(options), numbers, changes, 3)
        search = Search(*_unpriced(options), 3, likeness=Likeness(near=numbers, changes=changes))
        assert search.run(time.perf_counter() + 60)
        assert listed == search.found


def _unpriced(options: Candidates) -> tuple[Tables, Cover]:
    timing = Timing(options)
    forest = Forest.of(timing)
    return Tables(options, timing, forest, even(options, forest), timed=False), Cover(options)


def test_what_a_repair_changes_is_said() -> None:
    problem = large_problem(random.Random(1))
    first = compose(problem).answers[0]
    team = tuple(first.assignment.values())
    lost = team[2]
    found, _ = repairs(problem, without(problem, {lost}), team, team.count(lost) + 1)
    best = found[0]
    assert {s for s, f in first.assignment.items() if f == lost} <= set(best.changed)
    assert lost not in best.answer.assignment.values()
    assert best.km == pytest.approx(best.answer.km - first.km)
    assert best.cost == pytest.approx(best.answer.cost - first.cost)
    assert best.cost is not None
    assert best.cost >= 0
    assert best.days is not None
    assert abs(best.days) < 60


def test_nothing_changes_when_nothing_must() -> None:
    problem = large_problem(random.Random(2))
    team = tuple(compose(problem).answers[0].assignment.values())
    found, _ = repairs(problem, problem, team, 2)
    assert (found[0].changed, found[0].days, found[0].km, found[0].cost) == ((), 0, 0.0, 0.0)


def test_a_promised_step_stays_where_it_is() -> None:
    problem = large_problem(random.Random(3), options=20)
    wanted = problem.options[4][7].firm_id
    result = compose(fixed(problem, {"s4": wanted}))
    assert result.answers
    assert all(a.assignment["s4"] == wanted for a in result.answers)
    with pytest.raises(KeyError, match="no candidate for step s4"):
        fixed(problem, {"s4": "nobody"})
