"""Random team problems, small enough for the oracle or as large as a region's real ones."""

import random
from datetime import date, timedelta

from matching.composition.problem import Firm, Option, Params, Problem, Step

MONDAY = date(2026, 12, 7)


def random_problem(
    rng: random.Random,
    *,
    steps: int,
    firms: int,
    options: int,
    params: Params | None = None,
    plain: bool = False,
) -> Problem:
    """A DAG of `steps`; coordinates and fits are coarse on purpose, for ties. `plain`: no due date, ample hours."""
    pool = {f"F{n}": _firm(rng, f"F{n}", plain=plain) for n in range(firms)}
    names = sorted(pool)
    route = tuple(_step(rng, i, chain=plain) for i in range(steps))
    offers = (sorted(rng.sample(names, min(options, len(names)))) for _ in route)
    due = None if plain or rng.random() < 0.4 else MONDAY + timedelta(rng.randint(5, 40))
    return Problem(
        start=MONDAY,
        due=due,
        holidays=frozenset(MONDAY + timedelta(rng.randint(1, 30)) for _ in range(3)),
        steps=route,
        firms=pool,
        options=tuple(tuple(Option(f, rng.randint(0, 10) / 10) for f in offer) for offer in offers),
        past_handovers=frozenset(frozenset(rng.sample(names, 2)) for _ in range(firms // 2)),
        params=params or random_params(rng),
    )


def random_params(rng: random.Random) -> Params:
    return Params(
        k=rng.randint(1, 6),
        w_fit=rng.choice([10.0, 1.0, 0.0]),
        w_km=rng.choice([0.2, 0.0, 1.0]),
        w_firm=rng.choice([1.0, 0.0, 3.0]),
        w_day=rng.choice([0.1, 0.0, 1.0]),
        w_trust=rng.choice([0.5, 0.0, 2.0]),
        max_firms=rng.choice([None, None, 1, 2, 3]),
        max_shared=rng.choice([1.0, 1.0, 1.0, 0.5]),
        time_limit_s=60.0,
    )


def _firm(rng: random.Random, name: str, *, plain: bool) -> Firm:
    weeks = [(MONDAY + timedelta(7 * w), float(rng.choice([0, 0, 5, 10, 20, 30]))) for w in range(6)]
    if plain:
        weeks = [(MONDAY + timedelta(7 * w), 40.0) for w in range(30)]
    lat = 35.5 + rng.randint(0, 12) / 40 + (1.2 if rng.random() < 0.05 else 0.0)
    return Firm(name, lat, 139.6 + rng.randint(0, 12) / 40, plain or rng.random() < 0.3, tuple(weeks))


def _step(rng: random.Random, i: int, *, chain: bool) -> Step:
    after = (i - 1,) if chain and i else tuple(sorted(rng.sample(range(i), min(i, rng.choice([0, 1, 1, 1, 2])))))
    return Step(f"s{i}", f"process {i}", float(rng.choice([2, 4, 7, 12, 20])), after)


def large_problem(
    rng: random.Random, *, steps: int = 8, firms: int = 200, options: int = 60, params: Params | None = None
) -> Problem:
    """A region's real size: fits and places are fine-grained, twelve weeks of hours, a due date, few who can lead."""
    pool = {f"F{n:04}": _region_firm(rng, f"F{n:04}") for n in range(firms)}
    names = sorted(pool)
    route = tuple(_region_step(rng, i) for i in range(steps))
    offers = [sorted(rng.sample(names, options)) for _ in route]
    return Problem(
        start=MONDAY,
        due=MONDAY + timedelta(rng.randint(35, 80)),
        steps=route,
        firms=pool,
        options=tuple(tuple(Option(f, round(0.4 + 0.6 * rng.random(), 3)) for f in offer) for offer in offers),
        past_handovers=frozenset(frozenset(rng.sample(names, 2)) for _ in range(firms)),
        params=params or Params(time_limit_s=60.0),
    )


def _region_firm(rng: random.Random, name: str) -> Firm:
    weeks = [(MONDAY + timedelta(7 * w), float(rng.choice([0, 5, 10, 12, 16, 20, 24, 30]))) for w in range(12)]
    return Firm(name, 35.55 + rng.random() * 0.25, 139.6 + rng.random() * 0.3, rng.random() < 0.3, tuple(weeks))


def _region_step(rng: random.Random, i: int) -> Step:
    along = rng.random() < 0.8
    after = (i - 1,) if i and along else tuple(sorted(rng.sample(range(i), min(i, 2))))
    return Step(f"s{i}", f"process {i}", float(rng.choice([4, 6, 8, 12, 16, 20])), after)
