"""The team problems that are measured: made by chance, the same for the same seed."""

import random
from dataclasses import replace

from matching.composition.problem import Params, Problem
from tests.unit.composition.generate import large_problem, random_problem

# Limits of firms among the full problems; half of the answers would use five or six.
LIMITS = (None, 3, 4, 5, 6)


def full_problem(seed: int) -> Problem:
    """8 steps, 60 candidates each of 200 firms, hours by week, due date, leader, max_firms, five answers."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable measurement
    limit = rng.choice(LIMITS)
    return large_problem(rng, params=Params(k=5, max_firms=limit, time_limit_s=10.0))


def plain_chain(seed: int, steps: int = 10, options: int = 500, k: int = 100) -> Problem:
    """A chain whose firms have hours enough: only fit and distance count."""
    params = Params(k=k, w_firm=0.0, w_day=0.0, time_limit_s=60.0)
    rng = random.Random(seed)  # noqa: S311
    problem = large_problem(rng, steps=steps, firms=4 * options, options=options, params=params)
    ample = next(iter(random_problem(rng, steps=1, firms=1, options=1, plain=True).firms.values())).capacity
    # Weeks of its own for each firm, as they are when read from a file.
    firms = {f: replace(firm, can_lead=True, capacity=(*ample,)) for f, firm in problem.firms.items()}
    route = tuple(replace(s, after=(i - 1,) if i else ()) for i, s in enumerate(problem.steps))
    return replace(problem, steps=route, firms=firms, due=None, past_handovers=frozenset())


def undated(seed: int) -> Problem:
    """10 x 60 with leader and max_firms, where days neither cost nor bind."""
    rng = random.Random(seed)  # noqa: S311
    params = Params(k=5, w_day=0.0, max_firms=rng.choice(LIMITS), time_limit_s=60.0)
    problem = large_problem(rng, steps=10, params=params)
    firms = {f: replace(x, capacity=tuple((w, 400.0) for w, _ in x.capacity)) for f, x in problem.firms.items()}
    return replace(problem, due=None, firms=firms)
