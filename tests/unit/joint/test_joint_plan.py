"""The joint plan against an oracle, its rules, and what more hours bring."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench.joint_regions import region
from matching.composition.problem import Option, Problem, ProblemError, Step
from matching.composition.solve import compose
from matching.joint.check import check
from matching.joint.problem import Case, JointProblem
from matching.joint.result import JointPlan
from matching.joint.solve import Effort, solve
from tests.unit.joint.small import MONDAY, oracle, small_problem, with_more_hours

QUICK = Effort(rounds=200, time_limit_s=30.0)
SHORT = Effort(rounds=60, time_limit_s=30.0)


@pytest.mark.parametrize("seed", range(17))
def test_small_plans_equal_the_oracle(seed: int) -> None:
    problem = small_problem(seed, weights=seed % 2 == 0)
    weight, cost = oracle(problem)
    plan = solve(problem, QUICK)
    assert check(problem, plan) == []
    assert plan.delivered == weight
    assert plan.cost == pytest.approx(-cost, abs=1e-6)
    assert plan.most >= weight
    assert plan.least <= plan.cost + 1e-6


@pytest.mark.slow
def test_bounds_hold_and_hardly_any_small_plan_misses_the_best() -> None:
    missed = 0
    for seed in range(17, 60):
        problem = small_problem(seed, weights=seed % 2 == 0)
        weight, _ = oracle(problem)
        plan = solve(problem, QUICK)
        assert check(problem, plan) == [], seed
        assert plan.delivered <= weight <= plan.most, seed
        missed += plan.delivered < weight
    assert missed <= 1


def test_more_hours_never_deliver_less() -> None:
    for seed in range(5):
        problem = small_problem(seed)
        plan = solve(problem, QUICK)
        for firm in sorted(problem.firms):
            wider = with_more_hours(problem, firm, 10.0)
            assert solve(wider, QUICK).delivered >= plan.delivered
            assert solve(wider, Effort(rounds=0), begin=plan).delivered >= plan.delivered


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = region(5, cases=12, firms=80)
    first, second = solve(problem, SHORT), solve(problem, SHORT)
    assert replace(first, elapsed_ms=0.0) == replace(second, elapsed_ms=0.0)


def test_nobody_is_overbooked_in_any_region() -> None:
    for seed in range(4):
        problem = region(seed, cases=14, firms=90)
        plan = solve(problem, SHORT)
        assert check(problem, plan) == []
        assert 0 < plan.delivered <= plan.most


def test_an_answer_comes_when_there_is_no_time() -> None:
    problem = region(2)
    plan = solve(problem, Effort(time_limit_s=0.0))
    assert check(problem, plan) == []
    assert plan.delivered > 0
    assert plan.rounds == 0


def test_a_case_that_is_alone_gets_the_team_composing_would_give_it() -> None:
    problem = region(3, cases=6, firms=60)
    for case in problem.cases:
        alone = replace(problem, cases=(case,))
        plan = solve(alone, SHORT)
        best = compose(_one(problem, case)).answers
        assert plan.delivered == bool(best)
        if best:
            assert plan.cost == pytest.approx(best[0].cost, abs=1e-6)
            assert plan.proven


def _one(problem: JointProblem, case: Case) -> Problem:
    params = replace(problem.params, k=1, time_limit_s=30.0)
    firms, past = problem.firms, problem.past_handovers
    return Problem(problem.start, case.steps, firms, case.options, case.due, problem.holidays, past, params)


def _twins(due: date, hours: float = 10.0) -> JointProblem:
    """Two equal cases of ten hours, and one firm with ten hours a week."""
    problem = small_problem(0)
    firm = replace(
        problem.firms["F0"], can_lead=True, capacity=tuple((MONDAY + timedelta(7 * w), 10.0) for w in (0, 1))
    )
    cases = tuple(Case(f"C{n}", (Step("a", "milling", hours),), ((Option("F0", 0.9),),), due) for n in range(2))
    return JointProblem(MONDAY, cases, {"F0": firm})


def test_who_cannot_be_on_time_comes_as_soon_as_possible_after_the_others() -> None:
    plan = solve(_twins(MONDAY + timedelta(4)), SHORT)
    assert (plan.delivered, plan.most) == (1, 1)
    assert sorted((c.on_time, c.finish) for c in plan.cases if c) == [
        (False, MONDAY + timedelta(11)),
        (True, MONDAY + timedelta(4)),
    ]


def test_a_case_that_counts_more_goes_first() -> None:
    problem = _twins(MONDAY + timedelta(4))
    heavy = replace(problem.cases[1], weight=2)
    plan = solve(replace(problem, cases=(problem.cases[0], heavy)), SHORT)
    assert plan.delivered == 2
    assert [c.on_time for c in plan.cases if c] == [False, True]


def test_hours_promised_elsewhere_are_not_given_again() -> None:
    problem = _twins(MONDAY + timedelta(14))
    assert solve(problem, SHORT).delivered == 2
    taken = {("F0", MONDAY + timedelta(n)): 2.0 for n in range(5)}
    plan = solve(replace(problem, taken=taken), SHORT)
    assert plan.delivered == 1
    assert check(replace(problem, taken=taken), plan) == []


def test_a_case_begins_on_its_own_day_and_steps_nobody_does_leave_it_without_a_team() -> None:
    problem = _twins(MONDAY + timedelta(14), hours=4.0)
    later = replace(problem.cases[0], start=MONDAY + timedelta(8))
    nobody = replace(problem.cases[1], options=((),))
    plan = solve(replace(problem, cases=(later, nobody)), SHORT)
    assert plan.cases[1] is None
    assert plan.cases[0] is not None
    assert plan.cases[0].starts == (MONDAY + timedelta(8),)


def test_a_plan_that_no_longer_fits_is_no_hindrance() -> None:
    problem = _twins(MONDAY + timedelta(14))
    plan = solve(problem, SHORT)
    none_left = replace(problem, taken={("F0", MONDAY + timedelta(n)): 9.0 for n in range(14)})
    assert solve(none_left, SHORT, begin=plan).delivered == 0


def test_progress_is_told() -> None:
    told: list[float] = []
    solve(region(2), SHORT, progress=told.append)
    assert told == sorted(told)
    assert told[0] == 0.0


def test_check_sees_what_is_wrong() -> None:
    problem = _twins(MONDAY + timedelta(4))
    plan = solve(problem, SHORT)
    good = next(c for c in plan.cases if c and c.on_time)
    both = tuple(replace(good, case_id=case.id) for case in problem.cases)
    wrong = JointPlan(both, plan.order, 2, 2, 2 * good.cost, 0.0)
    assert check(problem, wrong) == [f"F0 gives 4 hours on {MONDAY + timedelta(n)} and has 2" for n in range(5)]
    spoilt = replace(good, firms=("F9",), cost=0.0, work=good.work[:-1])
    wider = replace(problem, firms={**problem.firms, "F9": problem.firms["F0"]})
    faults = check(wider, replace(plan, cases=(spoilt, None)))
    assert [fault.split()[1] for fault in faults if fault.startswith("C0:")] == ["F9", "costs", "step", "step", "step"]
    assert faults[-1] == "the cost is added up wrongly"


def test_malformed_problems_are_refused_with_the_field() -> None:
    problem = _twins(MONDAY)
    case = problem.cases[0]
    for wrong, field in (
        ((case, case), "cases"),
        ((replace(case, options=()),), "cases.C0.options"),
        ((replace(case, weight=0),), "cases.C0.weight"),
        ((replace(case, steps=(Step("a", "milling", 0.0),)),), "cases.C0.steps[0]"),
        ((replace(case, options=((Option("F8", 1.0),),)),), "cases.C0.options"),
    ):
        with pytest.raises(ProblemError) as refused:
            replace(problem, cases=wrong)
        assert refused.value.field == field


def test_random_choices_are_all_reachable() -> None:
    """No case, firm or step is left out: with hours for everybody all are on time at their own best."""
    problem = region(1, cases=10, firms=60)
    rng = random.Random(1)
    ample = {
        f: replace(x, can_lead=True, capacity=tuple((w, 200.0 + rng.random()) for w, _ in x.capacity))
        for f, x in problem.firms.items()
    }
    plan = solve(replace(problem, firms=ample), SHORT)
    assert plan.delivered == 10
    assert plan.cost == pytest.approx(plan.least, abs=0.2)
