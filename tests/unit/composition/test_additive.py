"""Where everything adds up, teams are found without a search; the answers are the same."""

import random
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from matching.composition import additive
from matching.composition.arrays import bare
from matching.composition.geography import haversine_km
from matching.composition.problem import Option, Params, Problem
from matching.composition.solve import compose
from matching.composition.timing import Timing
from tests.unit.composition.brute import brute
from tests.unit.composition.generate import large_problem, random_problem
from tests.unit.composition.test_exact import by_hand, small, solved


def tree(seed: int) -> Problem:
    """A small chain or tree without price of firms and days; hours and leaders still bind in many."""
    rng = random.Random(seed)
    problem = small(seed)
    params = replace(problem.params, w_firm=0.0, w_day=0.0, max_firms=None, max_shared=1.0, k=rng.choice([1, 5, 30]))
    chain = rng.random() < 0.5
    steps = (replace(s, after=((i - 1,) if i else ()) if chain else s.after[:1]) for i, s in enumerate(problem.steps))
    return replace(problem, due=None, steps=tuple(steps), params=params)


def test_chains_and_trees_equal_the_oracle() -> None:
    for seed in range(200):
        problem = tree(seed)
        assert additive.applies(problem)
        assert solved(problem) == by_hand(problem), seed


@pytest.mark.parametrize(
    "priced", [{"w_firm": 1.0}, {"w_day": 0.1}, {"max_firms": 3}, {"max_shared": 0.5}], ids=lambda p: next(iter(p))
)
def test_whatever_does_not_add_up_is_left_to_the_search(priced: dict[str, float]) -> None:
    problem = tree(1)
    assert not additive.applies(replace(problem, params=replace(problem.params, **priced)))  # type: ignore[arg-type]
    assert not additive.applies(replace(problem, due=problem.start))


def test_ties_without_end_are_left_to_the_search() -> None:
    """Six steps with six firms alike are 46,656 equal teams; the cheapest in the order of ids are wanted."""
    params = Params(k=3, w_fit=1.0, w_km=0.0, w_firm=0.0, w_day=0.0, w_trust=0.0)
    problem = random_problem(random.Random(2), steps=6, firms=6, options=6, plain=True, params=params)
    problem = replace(problem, options=tuple(tuple(Option(o.firm_id, 0.5) for o in row) for row in problem.options))
    options = bare(problem)
    assert additive.cheapest(options, Timing(options), 3) is None
    teams = [tuple(a.assignment.values()) for a in compose(problem).answers]
    assert teams == [("F0",) * 6, ("F0",) * 5 + ("F1",), ("F0",) * 5 + ("F2",)]


def test_a_country_wide_chain_with_past_handovers_equals_the_oracle() -> None:
    """Distances too long for single precision, and handovers that cost less than nothing."""
    for seed in range(20):
        problem = tree(seed)
        firms = {
            f: replace(x, lat=33 + 10 * random.Random(f"{seed}{f}").random(), lng=x.lng - seed / 4)
            for f, x in problem.firms.items()
        }
        problem = replace(problem, firms=firms, params=replace(problem.params, w_trust=40.0))
        assert [tuple(a.assignment.values()) for a in compose(problem).answers] == [t for t, _ in brute(problem)]


@pytest.mark.parametrize("w_km", [0.0, 0.02, 0.2, 3.0])
@pytest.mark.parametrize("w_trust", [0.0, 2.0])
def test_many_candidates_of_which_few_are_looked_at_equal_all_sums(w_km: float, w_trust: float) -> None:
    """Half a million teams priced one by one: leaving out dominated candidates loses none of the best."""
    rng = random.Random(f"{w_km}{w_trust}")
    params = Params(k=40, w_km=w_km, w_firm=0.0, w_day=0.0, w_trust=w_trust)
    problem = large_problem(rng, steps=3, firms=160, options=80, params=params)
    steps = tuple(replace(s, after=(i - 1,) if i else ()) for i, s in enumerate(problem.steps))
    firms = {id_: replace(f, can_lead=True, capacity=((problem.start, 500.0),)) for id_, f in problem.firms.items()}
    problem = replace(problem, steps=steps, firms=firms, due=None)
    assert additive.applies(problem)
    expected = np.partition(every_cost(problem).ravel(), params.k)[: params.k]
    assert [a.cost for a in compose(problem).answers] == pytest.approx(sorted(expected), abs=1e-6)


def every_cost(problem: Problem) -> npt.NDArray[np.float64]:
    """The cost of every team of three steps in a row, shape (candidates of each step)."""
    own = [10.0 * (1.0 - np.array([o.fit for o in options])) for options in problem.options]
    first, second = (handover_costs(problem, i) for i in (0, 1))
    ends = own[0][:, None, None] + first[:, :, None] + own[1][None, :, None] + second[None, :, :]
    return np.asarray(ends + own[2][None, None, :])


def handover_costs(problem: Problem, i: int) -> npt.NDArray[np.float64]:
    p, (before, after) = problem.params, ([o.firm_id for o in problem.options[n]] for n in (i, i + 1))
    places = [np.radians([(problem.firms[f].lat, problem.firms[f].lng) for f in ids]) for ids in (before, after)]
    known = [[frozenset((a, b)) in problem.past_handovers for b in after] for a in before]
    return np.asarray(p.w_km * haversine_km(*places) - p.w_trust * np.array(known, float))
