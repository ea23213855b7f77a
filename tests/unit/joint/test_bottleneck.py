"""The bottleneck a plan names is confirmed by adding exactly its hours; and how full the processes are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.joint_regions import region
from matching.composition.problem import Option, Step
from matching.days import monday_of
from matching.joint.bottleneck import outlook, with_hours
from matching.joint.check import check
from matching.joint.load import loads
from matching.joint.problem import Case, JointProblem
from matching.joint.solve import Effort, solve
from tests.unit.joint.small import MONDAY, small_problem

SHORT = Effort(rounds=60, time_limit_s=30.0)


def _queue(count: int, due_days: int = 4) -> JointProblem:
    """`count` equal cases: milling with hours enough, then eight hours of plating where there are ten a week."""
    firm = replace(small_problem(0).firms["F0"], can_lead=True)
    weeks = tuple(MONDAY + timedelta(7 * w) for w in range(3))
    mill = replace(firm, id="mill", capacity=tuple((w, 200.0) for w in weeks))
    bath = replace(firm, id="bath", capacity=tuple((w, 10.0) for w in weeks))
    steps = (Step("a", "milling", 2.0), Step("b", "plating", 8.0, (0,)))
    options = ((Option("mill", 1.0),), (Option("bath", 1.0),))
    due = MONDAY + timedelta(due_days)
    cases = tuple(Case(f"C{n}", steps, options, due) for n in range(count))
    return JointProblem(MONDAY, cases, {"mill": mill, "bath": bath})


def test_the_bottleneck_is_named_with_process_weeks_and_hours() -> None:
    problem = _queue(3)
    plan = solve(problem, SHORT)
    assert plan.delivered == 1
    (bottleneck,) = outlook(problem, plan).bottlenecks
    assert bottleneck.process == "plating"
    assert bottleneck.weeks == (MONDAY,)
    assert bottleneck.hours == 16.0
    assert len(bottleneck.cases) == 2
    assert bottleneck.partners == ()


@pytest.mark.parametrize("count", [2, 3, 5])
def test_with_exactly_these_hours_more_is_delivered(count: int) -> None:
    problem = _queue(count)
    plan = solve(problem, SHORT)
    (bottleneck,) = outlook(problem, plan).bottlenecks
    wider = with_hours(problem, bottleneck.additions)
    again = solve(wider, SHORT)
    assert check(wider, again) == []
    assert again.delivered == plan.delivered + len(bottleneck.cases) == count
    fewer = tuple(replace(a, hours=a.hours - 1.0) for a in bottleneck.additions)
    assert solve(with_hours(problem, fewer), SHORT).delivered < count


@pytest.mark.parametrize("seed", range(6))
def test_every_bottleneck_of_a_region_is_confirmed(seed: int) -> None:
    problem = region(seed, cases=16, firms=80)
    plan = solve(problem, SHORT)
    found = outlook(problem, plan)
    named = {case for b in found.bottlenecks for case in b.cases}
    assert named.isdisjoint(found.hopeless)
    for bottleneck in found.bottlenecks:
        wider = with_hours(problem, bottleneck.additions)
        again = solve(wider, Effort(rounds=20, time_limit_s=30.0), begin=plan)
        assert check(wider, again) == []
        assert again.delivered > plan.delivered


def test_a_due_date_that_is_too_near_is_no_bottleneck() -> None:
    problem = _queue(1, due_days=0)
    found = outlook(problem, solve(problem, SHORT))
    assert found.bottlenecks == ()
    assert found.hopeless == ("C0",)


def test_hours_of_two_processes_may_be_missing_together() -> None:
    problem = _queue(1)
    firms = {f: replace(x, capacity=((MONDAY, 1.0), *x.capacity[1:])) for f, x in problem.firms.items()}
    narrow = replace(problem, firms=firms)
    plan = solve(narrow, SHORT)
    (bottleneck,) = outlook(narrow, plan).bottlenecks
    assert (bottleneck.process, bottleneck.partners) == ("plating", ("milling",))
    assert solve(with_hours(narrow, bottleneck.additions), SHORT).delivered == 1


def test_hours_for_two_steps_at_one_firm_are_not_counted_twice() -> None:
    """One firm does both steps and is full: hours of both processes are missing, and no date is called hopeless."""
    problem = _queue(3, due_days=11)
    firm = replace(problem.firms["bath"], capacity=tuple((MONDAY + timedelta(7 * w), 10.0) for w in range(3)))
    both = (Option("bath", 1.0),)
    cases = tuple(replace(c, options=(both, both), steps=_long(c.steps)) for c in problem.cases)
    narrow = replace(problem, cases=cases, firms={"bath": firm})
    plan = solve(narrow, SHORT)
    found = outlook(narrow, plan)
    assert plan.delivered == 1
    assert found.hopeless == ()
    assert {case for b in found.bottlenecks for case in b.cases} == {
        c.id for c, p in zip(cases, plan.cases, strict=True) if not (p and p.on_time)
    }
    for bottleneck in found.bottlenecks:
        again = solve(with_hours(narrow, bottleneck.additions), SHORT, begin=plan)
        assert again.delivered == 1 + len(bottleneck.cases)


def _long(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(replace(step, hours=8.0) for step in steps)


def test_loads_add_up() -> None:
    problem = _queue(3)
    plan = solve(problem, SHORT)
    found = {(load.process, load.week): load for load in loads(problem, plan)}
    first = found["plating", MONDAY]
    assert (first.free, first.other) == (10.0, 0.0)
    given = sum(w.hours for c in plan.cases if c for w in c.work if w.step == 1 and monday_of(w.day) == MONDAY)
    assert first.used == pytest.approx(given)
    assert first.left == pytest.approx(10.0 - given)
    assert found["milling", MONDAY].free == 200.0
