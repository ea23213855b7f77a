"""Proposals for several wishes: checked, not beaten, the same each time; free hours by day; ranges of hours."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.composition.check import Checker, evaluate
from matching.composition.daily import by_day
from matching.composition.finish_range import finish_range
from matching.composition.objectives import Objective, figures, front, proposals, weights
from matching.composition.problem import Firm, Option, Params, Problem, Step
from matching.composition.repair import without
from matching.composition.solve import compose
from tests.unit.composition.brute import brute
from tests.unit.composition.generate import MONDAY, random_problem

SEEDS = st.integers(0, 10_000)
few = settings(max_examples=40, deadline=None)


def _problem(seed: int) -> Problem:
    params = Params(k=1, w_fit=20.0, w_km=0.1, w_firm=0.6, w_day=0.03, w_trust=0.5, time_limit_s=60.0)
    return random_problem(random.Random(seed), steps=3, firms=6, options=3, params=params)


@few
@given(SEEDS)
def test_every_shown_team_passes_check_and_none_is_beaten(seed: int) -> None:
    problem = _problem(seed)
    shown = proposals(problem)
    teams = [tuple(p.team.assignment[s.id] for s in problem.steps) for p in shown.proposals]
    for proposal, team in zip(shown.proposals, teams, strict=True):
        found = evaluate(problem, team)
        assert found is not None
        assert proposal.team.cost == pytest.approx(found.cost)
        assert proposal.team.finish == max(found.finishes)
    everything = [figures(Checker(problem), team) for team, _ in brute(replace(problem, params=_all(problem)))]
    assert not [p for p in shown.proposals if any(f.beats(p.figures) for f in everything)]
    assert (shown.infeasible is None) == bool(teams) == bool(everything)


def _all(problem: Problem) -> Params:
    return replace(problem.params, k=10**6, max_shared=1.0)


@few
@given(SEEDS)
def test_each_wish_is_served_by_the_best_team_there_is(seed: int) -> None:
    problem = _problem(seed)
    shown = proposals(problem)
    everything = [figures(Checker(problem), team) for team, _ in brute(replace(problem, params=_all(problem)))]
    if not everything:
        return
    assert shown.proven
    best = {o: [p.figures for p in shown.proposals if o in p.best_in] for o in Objective}
    assert min(f.cost for f in best[Objective.BALANCED]) == pytest.approx(min(f.cost for f in everything))
    assert min(f.km for f in best[Objective.NEAREST]) <= min(f.km for f in everything) + 0.1
    assert min(f.days for f in best[Objective.EARLIEST]) == min(f.days for f in everything)
    assert min(f.firms for f in best[Objective.FEWEST]) == min(f.firms for f in everything)


@few
@given(SEEDS)
def test_the_same_problem_gets_the_same_proposals(seed: int) -> None:
    assert proposals(_problem(seed)) == proposals(_problem(seed))


def test_a_beaten_team_is_dropped_and_merits_are_marked() -> None:
    near, far = Firm("A", 35.6, 139.7, capacity=((MONDAY, 40.0),)), Firm("B", 35.9, 139.7, capacity=((MONDAY, 40.0),))
    steps = (Step("s1", "", 4.0), Step("s2", "", 4.0, (0,)))
    offers = (Option("A", 0.9), Option("B", 0.8))
    problem = Problem(MONDAY, steps, {"A": near, "B": far}, (offers, offers))
    shown = front(problem, [("A", "A"), ("B", "B"), ("A", "B")])
    assert [tuple(p.team.assignment.values()) for p in shown] == [("A", "A")]
    assert shown[0].best_in == frozenset(Objective)


def test_no_weight_of_a_wish_is_nothing() -> None:
    for objective in Objective:
        chosen = weights(Params(), objective)
        assert min(chosen.w_fit, chosen.w_km, chosen.w_firm, chosen.w_day, chosen.w_trust) > 0


@few
@given(SEEDS)
def test_by_day_with_nothing_taken_is_the_same_problem(seed: int) -> None:
    problem = replace(_problem(seed), params=replace(_problem(seed).params, k=4))
    daily = by_day(problem, {})
    plain, again = compose(problem), [daily.answer(a) for a in compose(daily.problem).answers]
    assert [a.assignment for a in again] == [a.assignment for a in plain.answers]
    assert [(a.finish, a.starts, a.finishes) for a in again] == [
        (a.finish, a.starts, a.finishes) for a in plain.answers
    ]
    assert [a.cost for a in again] == pytest.approx([a.cost for a in plain.answers])


@few
@given(SEEDS)
def test_two_cases_never_use_an_hour_twice(seed: int) -> None:
    problem = _problem(seed)
    taken: dict[str, dict[date, float]] = {}
    free = by_day(problem, {}).free
    for _ in range(4):
        daily = by_day(problem, taken)
        found = compose(daily.problem).answers
        if not found:
            break
        team = tuple(found[0].assignment[s.id] for s in problem.steps)
        works = daily.works(team)
        answer = daily.answer(found[0])
        assert {w.step_id: (w.start, w.finish) for w in works} == {
            s: (answer.starts[s], answer.finishes[s]) for s in answer.starts
        }
        assert [sum(h for _, h in w.hours) for w in works] == pytest.approx([s.hours for s in problem.steps])
        for work in works:
            for day, hours in work.hours:
                mine = taken.setdefault(work.firm_id, {})
                mine[day] = mine.get(day, 0.0) + hours
    assert all(h <= free[f][d] + 1e-6 for f, days in taken.items() for d, h in days.items())


def test_a_team_that_breaks_a_condition_has_no_schedule() -> None:
    problem = replace(_problem(1), due=MONDAY)
    daily = by_day(problem, {})
    team = tuple(offers[0].firm_id for offers in problem.options)
    with pytest.raises(ValueError, match="breaks a condition"):
        daily.works(team)
    with pytest.raises(ValueError, match="breaks a condition"):
        figures(Checker(daily.problem), team)


def test_nobody_left_is_explained() -> None:
    problem = _problem(2)
    shown = proposals(without(problem, set(problem.firms)))
    assert shown.infeasible is not None
    assert shown.infeasible.code == "no_candidate"


def _chain(hours: float = 40.0, weeks: int = 6) -> Problem:
    capacity = tuple((MONDAY + timedelta(7 * n), hours) for n in range(weeks))
    firm = Firm("A", 35.6, 139.7, capacity=capacity)
    steps = (Step("s1", "", 8.0), Step("s2", "", 8.0, (0,)))
    return Problem(MONDAY, steps, {"A": firm}, ((Option("A", 1.0),), (Option("A", 1.0),)))


def test_a_range_that_is_a_point_gives_the_plain_finish() -> None:
    found = finish_range(_chain(), ("A", "A"), [(8.0, 8.0, 8.0)] * 2)
    assert found.half == found.sure == MONDAY + timedelta(1)


def test_the_sure_day_is_reached_in_four_cases_of_five() -> None:
    # One hour a day and one step: the finish day counts the hours drawn, whose quantiles are known.
    firm = Firm("A", 35.6, 139.7, capacity=tuple((MONDAY + timedelta(7 * n), 5.0) for n in range(30)))
    problem = Problem(MONDAY, (Step("s1", "", 10.0),), {"A": firm}, ((Option("A", 1.0),),))
    found = finish_range(problem, ("A",), [(0.0, 10.0, 20.0)], samples=1000)
    # The triangle from 0 to 20 has its half at 10 and four fifths at 20 - sqrt(0.2 * 20 * 10) = 13.68.
    assert found.half == MONDAY + timedelta(11)
    assert found.sure == MONDAY + timedelta(17)


@few
@given(SEEDS)
def test_the_same_seed_gives_the_same_days(seed: int) -> None:
    ranges = [(4.0, 8.0, 20.0)] * 2
    first = finish_range(_chain(), ("A", "A"), ranges, seed=seed)
    assert first == finish_range(_chain(), ("A", "A"), ranges, seed=seed)
    assert first.half is not None
    assert first.sure is not None
    assert first.half <= first.sure


def test_hours_that_run_out_are_said() -> None:
    found = finish_range(_chain(hours=12.0, weeks=1), ("A", "A"), [(1.0, 4.0, 60.0)] * 2)
    assert found.sure is None
