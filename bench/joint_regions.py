"""Generated regions: open cases that compete for the hours of workshops with few trades each."""

import random
from dataclasses import replace
from datetime import date, timedelta

from matching.composition.problem import Firm, Option, Params, Step
from matching.joint.problem import Case, JointProblem

MONDAY = date(2026, 12, 7)
HOLIDAYS = frozenset(date(2026, 12, 29) + timedelta(n) for n in range(6)) | {date(2027, 1, 11), date(2027, 2, 11)}
# Trades from common to rare, by the number of firms in a hundred that ply them.
TRADES = {"turning": 24, "milling": 24, "sheet": 16, "welding": 12, "grinding": 6, "edm": 4, "hardening": 2}
TRADES |= {"plating": 3, "anodising": 2, "painting": 4, "printing": 6, "assembly": 10}
MOST_OFFERED = 24


def region(seed: int, cases: int = 30, firms: int = 300, weeks: int = 12) -> JointProblem:
    """A region that can deliver most of its cases in time, but not all of them."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable measurement
    pool = {f"F{n:04}": _firm(rng, f"F{n:04}", weeks) for n in range(firms)}
    trades = {trade: sorted(rng.sample(sorted(pool), max(1, share * firms // 100))) for trade, share in TRADES.items()}
    busy = rng.choice([0.5, 0.7, 1.0])
    pool = {f: replace(x, capacity=tuple((w, _busy(h, busy)) for w, h in x.capacity)) for f, x in pool.items()}
    known = [frozenset(rng.sample(sorted(pool), 2)) for _ in range(firms)]
    jobs = tuple(_case(rng, f"C{n:02}", trades, weeks) for n in range(cases))
    return JointProblem(MONDAY, jobs, pool, HOLIDAYS, frozenset(known), params=Params())


def _busy(hours: float, share: float) -> float:
    return float(round(hours * share))


def _firm(rng: random.Random, name: str, weeks: int) -> Firm:
    usual = rng.choice([4, 8, 12, 16, 24])
    capacity = tuple((MONDAY + timedelta(7 * w), float(rng.choice([0, usual, usual, usual]))) for w in range(weeks))
    return Firm(name, 35.53 + rng.random() * 0.2, 139.65 + rng.random() * 0.25, rng.random() < 0.4, capacity)


def _case(rng: random.Random, name: str, trades: dict[str, list[str]], weeks: int) -> Case:
    count = rng.randint(2, 5)
    chosen = rng.sample(sorted(trades), count)
    steps = tuple(_step(rng, i, trade) for i, trade in enumerate(chosen))
    options = tuple(_options(rng, trades[trade]) for trade in chosen)
    due = MONDAY + timedelta(rng.randint(14 + 5 * count, 7 * weeks - 3))
    return Case(name, steps, options, due)


def _step(rng: random.Random, i: int, trade: str) -> Step:
    after = (i - 1,) if i and rng.random() < 0.8 else tuple(sorted(rng.sample(range(i), min(i, 2))))
    return Step(f"s{i}", trade, float(rng.choice([4, 8, 12, 16, 24, 32, 48])), after)


def _options(rng: random.Random, able: list[str]) -> tuple[Option, ...]:
    offered = sorted(rng.sample(able, min(len(able), MOST_OFFERED)))
    return tuple(Option(f, round(0.4 + 0.6 * rng.random(), 3)) for f in offered)
