"""What happens when there is no team, or no time to prove the best."""

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.composition.infeasible import explain
from matching.composition.problem import Firm, Option, Params, Problem, Step
from matching.composition.result import Outcome
from matching.composition.solve import compose
from tests.unit.composition.generate import MONDAY, large_problem, random_problem


def two_steps(**changes: object) -> Problem:
    weeks = tuple((MONDAY + timedelta(7 * n), 10.0) for n in range(4))
    firms = {f: Firm(f, 35.6, 139.7, can_lead=True, capacity=weeks) for f in ("A", "B")}
    problem = Problem(
        start=MONDAY,
        steps=(Step("s1", "切削", 10.0), Step("s2", "アルマイト", 10.0, (0,))),
        firms=firms,
        options=((Option("A", 0.9),), (Option("B", 0.8),)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def test_a_step_without_candidates_is_named() -> None:
    found = compose(two_steps(options=((Option("A", 0.9),), ()))).infeasible
    assert found is not None
    assert (found.code, found.step, found.relaxation) == ("no_candidate", "s2", {"missing_process": "アルマイト"})


def test_nobody_can_lead() -> None:
    problem = two_steps()
    firms = {f: replace(firm, can_lead=False) for f, firm in problem.firms.items()}
    found = compose(replace(problem, firms=firms)).infeasible
    assert found is not None
    assert (found.code, found.relaxation) == ("nobody_can_lead", {"can_lead": ["A", "B"]})


def test_the_earliest_date_that_could_be_promised() -> None:
    """Ten hours a week and ten hours a step: Friday of the second week, and not a day sooner."""
    late = two_steps(due=MONDAY + timedelta(9))
    found = compose(late).infeasible
    assert found is not None
    assert (found.code, found.step, found.relaxation) == ("no_capacity_before_due", "s2", {"due": "2026-12-18"})
    assert compose(replace(late, due=MONDAY + timedelta(11))).answers
    assert not compose(replace(late, due=MONDAY + timedelta(10))).answers


def test_one_firm_more_would_do() -> None:
    found = compose(two_steps(params=Params(max_firms=1))).infeasible
    assert found is not None
    assert (found.code, found.relaxation) == ("too_few_firms", {"max_firms": 2})


@pytest.mark.parametrize("hours", [0.0, 2.0])
def test_weeks_that_are_known_are_not_enough(hours: float) -> None:
    problem = two_steps()
    weeks = tuple((MONDAY + timedelta(7 * n), hours) for n in range(4))
    firms = {**problem.firms, "B": replace(problem.firms["B"], capacity=weeks)}
    found = compose(replace(problem, firms=firms)).infeasible
    assert found is not None
    assert (found.code, found.step) == ("no_capacity", "s2")


def test_holidays_and_weekends_are_not_worked() -> None:
    answer = compose(two_steps(holidays=frozenset({MONDAY + timedelta(1)}))).answers[0]
    # Ten hours over the four days left of the first week, then the whole second week.
    assert answer.finishes == {"s1": MONDAY + timedelta(4), "s2": MONDAY + timedelta(11)}
    assert answer.starts == {"s1": MONDAY, "s2": MONDAY + timedelta(7)}


def test_when_time_runs_out_the_bound_is_proven_and_teams_are_shown() -> None:
    problem = large_problem(random.Random(3), steps=12, firms=500, options=150)
    hurried = replace(problem, params=replace(problem.params, time_limit_s=0.05))
    began = time.process_time()
    rough = compose(hurried)
    assert time.process_time() - began < 5.0
    assert not rough.optimal
    assert rough.answers
    assert rough.bound is not None
    assert rough.bound <= rough.answers[0].cost


def test_the_bound_of_a_hurried_answer_lies_below_the_true_best() -> None:
    for seed in range(5):
        problem = large_problem(random.Random(seed), steps=7, firms=60, options=25)
        exact = compose(problem)
        rough = compose(replace(problem, params=replace(problem.params, time_limit_s=0.0)))
        assert exact.optimal
        assert rough.bound is not None
        assert rough.bound <= exact.answers[0].cost + 1e-6
        assert all(a.cost >= exact.answers[0].cost - 1e-6 for a in rough.answers)


def test_many_answers_of_a_large_chain_are_ascending_and_distinct() -> None:
    problem = random_problem(
        random.Random(5), steps=8, firms=300, options=250, plain=True, params=Params(k=200, w_firm=0, w_day=0)
    )
    result = compose(problem)
    assert result.optimal
    costs = [a.cost for a in result.answers]
    assert costs == sorted(costs)
    assert len({tuple(a.assignment.values()) for a in result.answers}) == 200


NOT_IN_TIME = Outcome((), optimal=False, bound=0.0)


def test_what_was_not_found_in_time_is_no_reason() -> None:
    late = two_steps(due=MONDAY + timedelta(9))
    found = explain(late, lambda _problem: NOT_IN_TIME)
    assert (found.code, found.step, found.relaxation) == ("unproven", None, {})


def test_a_date_found_in_a_hurry_is_not_called_the_earliest() -> None:
    late = two_steps(due=MONDAY + timedelta(9))
    rough = Outcome((("A", "B"),), optimal=False, bound=0.0)
    found = explain(late, lambda problem: NOT_IN_TIME if problem.due else rough)
    assert (found.code, found.relaxation) == ("no_capacity_before_due", {"due": "2026-12-18"})
    assert "not ruled out" in found.reason


def test_more_firms_found_in_a_hurry_are_not_called_the_fewest() -> None:
    rough = Outcome((("A", "B"),), optimal=False, bound=0.0)
    one = two_steps(params=Params(max_firms=1))
    found = explain(one, lambda problem: NOT_IN_TIME if problem.params.max_firms else rough)
    assert (found.code, found.relaxation) == ("too_few_firms", {"max_firms": 2})
    assert "not proven" in found.reason
