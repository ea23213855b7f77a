"""What must hold for every problem, whatever its numbers."""

import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.composition.calendar import is_working
from matching.composition.check import evaluate
from matching.composition.problem import Firm, Option, Params, Problem, parse
from matching.composition.result import Composition
from matching.composition.solve import compose
from tests.unit.composition.brute import brute
from tests.unit.composition.generate import random_problem

seeds = st.integers(0, 10**9)
few = settings(max_examples=40, deadline=None)


def chain(seed: int, params: Params | None = None) -> Problem:
    problem = random_problem(random.Random(seed), steps=4, firms=6, options=3, params=params)
    steps = tuple(replace(s, after=(i - 1,) if i else ()) for i, s in enumerate(problem.steps))
    return replace(problem, steps=steps, due=None)


def best_cost(result: Composition) -> float:
    return result.answers[0].cost if result.answers else float("inf")


@few
@given(seeds, st.integers(1, 10))
def test_an_earlier_start_never_finishes_later_on_a_chain(seed: int, later: int) -> None:
    problem = chain(seed, Params(k=1, w_fit=0, w_km=0, w_firm=0, w_trust=0, w_day=1))
    late_start = _next_working(problem, problem.start + timedelta(later))
    early, late = compose(problem), compose(replace(problem, start=late_start))
    if late.answers:
        assert early.answers[0].finish <= late.answers[0].finish


def _next_working(problem: Problem, day: date) -> date:
    while not is_working(day, problem.holidays):
        day += timedelta(1)
    return day


@few
@given(seeds, st.floats(0.5, 30))
def test_more_capacity_never_costs_more_on_a_chain(seed: int, more: float) -> None:
    problem = chain(seed)
    firms: dict[str, Firm] = {
        f: replace(firm, capacity=tuple((w, h + more) for w, h in firm.capacity)) for f, firm in problem.firms.items()
    }
    assert best_cost(compose(replace(problem, firms=firms))) <= best_cost(compose(problem)) + 1e-9


@few
@given(seeds, st.floats(0, 1))
def test_one_more_candidate_never_worsens_the_best(seed: int, fit: float) -> None:
    rng = random.Random(seed)
    problem = random_problem(rng, steps=4, firms=6, options=2)
    step = rng.randrange(4)
    absent = sorted(set(problem.firms) - {o.firm_id for o in problem.options[step]})
    added = (*problem.options[step], Option(rng.choice(absent), fit))
    options = list(problem.options)
    options[step] = tuple(sorted(added, key=lambda o: o.firm_id))
    assert best_cost(compose(replace(problem, options=tuple(options)))) <= best_cost(compose(problem)) + 1e-9


@few
@given(seeds)
def test_the_same_problem_gives_the_same_answer(seed: int) -> None:
    def once() -> dict[str, object]:
        problem = random_problem(random.Random(seed), steps=5, firms=8, options=4)
        return {**compose(problem).to_json(), "elapsed_ms": 0}

    assert once() == once()


@few
@given(seeds)
def test_every_answer_stands_up_to_being_worked_out_again(seed: int) -> None:
    problem = random_problem(random.Random(seed), steps=6, firms=12, options=5)
    for answer in compose(problem).answers:
        found = evaluate(problem, tuple(answer.assignment.values()))
        assert found is not None
        assert abs(found.cost - answer.cost) < 1e-6
        assert answer.finish == max(answer.finishes.values())
        assert problem.due is None or answer.finish <= problem.due
        assert all(answer.starts[s] <= answer.finishes[s] for s in answer.starts)
        assert problem.firms[answer.lead_firm].can_lead


@few
@given(seeds, st.sampled_from([0.0, 0.25, 0.5, 0.75]))
def test_diverse_answers_equal_the_oracle(seed: int, most: float) -> None:
    problem = random_problem(random.Random(seed), steps=4, firms=6, options=4)
    problem = replace(problem, params=replace(problem.params, max_shared=most))
    expected = [team for team, _ in brute(problem)]
    assert [tuple(a.assignment.values()) for a in compose(problem).answers] == expected


@few
@given(seeds)
def test_an_answer_does_not_hang_on_the_order_of_candidates(seed: int) -> None:
    rng = random.Random(seed)
    data = {
        "start": "2026-12-07",
        "steps": [{"id": "a", "hours": 4}, {"id": "b", "hours": 2, "after": ["a"]}],
        "firms": {
            f"F{n}": {
                "lat": 35.5 + rng.random() / 5,
                "lng": 139.7,
                "capacity": [{"week_start": "2026-12-07", "hours_free": 20}],
            }
            for n in range(5)
        },
        "candidates": {s: [{"firm_id": f"F{n}", "fit": rng.randint(5, 10) / 10} for n in range(5)] for s in "ab"},
    }
    shuffled = {**data, "candidates": {s: data["candidates"][s][::-1] for s in "ba"}}  # type: ignore[index]
    one, two = compose(parse(data)).answers, compose(parse(shuffled)).answers
    assert [a.to_json() for a in one] == [a.to_json() for a in two]
