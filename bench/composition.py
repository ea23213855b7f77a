"""How long teams take to compose, beside CP-SAT and networkx: `python -m bench.composition`."""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from bench.composition_peers import cp_sat, shortest_paths
from bench.measure import Row, percentile, resident_mb, seconds
from matching.composition.problem import Params, Problem
from matching.composition.solve import compose
from tests.unit.composition.generate import large_problem, random_problem

# Limits of firms among the full problems; half of the answers would use five or six.
LIMITS = (None, 3, 4, 5, 6)
PEER_SECONDS = 60.0


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
    firms = {f: replace(firm, can_lead=True, capacity=ample) for f, firm in problem.firms.items()}
    route = tuple(replace(s, after=(i - 1,) if i else ()) for i, s in enumerate(problem.steps))
    return replace(problem, steps=route, firms=firms, due=None, past_handovers=frozenset())


def timed(problems: Sequence[Problem]) -> tuple[list[float], int]:
    """Milliseconds of processor time of each, and how many were proven.

    One thread works, so this is the time it takes where nothing else runs; other work on the machine does not count.
    """
    took, proven = [], 0
    for problem in problems:
        began = time.process_time()
        result = compose(problem)
        took.append(1000 * (time.process_time() - began))
        proven += result.optimal
    return took, proven


def full_rows(count: int) -> list[Row]:
    took, proven = timed([full_problem(seed) for seed in range(count)])
    within = sum(ms <= 300 for ms in took)
    return [
        Row("full problem 8 x 60, k 5: problems", count, ""),
        Row("full problem: not proven", count - proven, "", count // 100),
        Row("full problem: median, processor", median(took), "ms"),
        Row("full problem: 99th percentile, processor", percentile(took, 0.99), "ms", 300),
        Row("full problem: longer than 300 ms", count - within, "", count // 100),
    ]


def chain_rows(count: int) -> list[Row]:
    compose(plain_chain(0))
    took, _ = timed([plain_chain(seed) for seed in range(1, count + 1)])
    return [
        Row("chain 10 x 500, k 100: median, processor", median(took), "ms"),
        Row("chain 10 x 500, k 100: 95th perc., processor", percentile(took, 0.95), "ms", 20),
    ]


def peer_rows(count: int) -> list[Row]:
    """10 steps x 60 candidates without days: the same optimum, and how much longer CP-SAT takes for it alone."""
    if not count:
        return []
    ours, theirs, differ, unproven = [], [], 0, 0
    for seed in range(count):
        problem = undated(seed)
        result = compose(problem)
        ours.append(result.elapsed_ms)
        best = result.answers[0].cost
        began = time.perf_counter()
        peer = cp_sat(problem, PEER_SECONDS)
        theirs.append(1000 * (time.perf_counter() - began))
        unproven += not peer.proven
        differ += peer.proven and (peer.cost is None or abs(peer.cost - best) > 1e-4)
    return [
        Row("10 x 60 without days: ours, 5 best", median(ours), "ms"),
        Row("10 x 60 without days: CP-SAT, 1 best", median(theirs), "ms"),
        Row("10 x 60 without days: not proven by CP-SAT", unproven, ""),
        Row("10 x 60 without days: other optimum than CP-SAT", differ, "", 0),
    ]


def undated(seed: int) -> Problem:
    """10 x 60 with leader and max_firms, where days neither cost nor bind."""
    rng = random.Random(seed)  # noqa: S311
    params = Params(k=5, w_day=0.0, max_firms=rng.choice(LIMITS), time_limit_s=60.0)
    problem = large_problem(rng, steps=10, params=params)
    firms = {f: replace(x, capacity=tuple((w, 400.0) for w, _ in x.capacity)) for f, x in problem.firms.items()}
    return replace(problem, due=None, firms=firms)


def path_rows() -> list[Row]:
    """networkx on a chain it can hold in memory, and ours on the same."""
    problem = plain_chain(1, steps=10, options=60, k=20)
    costs: list[float] = []
    took = 1000 * seconds(lambda: costs.extend(shortest_paths(problem, 20)))
    result = compose(replace(problem, params=replace(problem.params, w_trust=0.0)))
    apart = max(abs(a.cost - cost) for a, cost in zip(result.answers, costs, strict=True))
    return [
        Row("chain 10 x 60, k 20: ours", result.elapsed_ms, "ms"),
        Row("chain 10 x 60, k 20: networkx", took, "ms"),
        Row("chain 10 x 60, k 20: largest difference in cost", apart, "", 1e-6),
    ]


def memory_rows() -> list[Row]:
    """What a hundred times as many answers take."""
    rows = []
    for k in (5, 500):
        before = resident_mb()
        compose(plain_chain(2, k=k))
        rows.append(Row(f"chain 10 x 500: memory added with k {k}", max(0.0, resident_mb() - before), "MB"))
    return rows


def rows(full: int = 1000, chains: int = 40, peers: int = 3) -> list[Row]:
    parts = (partial(full_rows, full), partial(chain_rows, chains), partial(peer_rows, peers), path_rows, memory_rows)
    return [row for part in parts for row in part()]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.composition", description=__doc__)
    parser.add_argument("--full", type=int, default=1000, help="full problems")
    parser.add_argument("--chains", type=int, default=40)
    parser.add_argument("--peers", type=int, default=3, help="problems that CP-SAT solves as well")
    options = parser.parse_args()
    measured = rows(options.full, options.chains, options.peers)
    sys.stdout.write("\n".join(row.line for row in measured) + "\n")
    return int(any(row.limit is not None and row.value > row.limit for row in measured))


if __name__ == "__main__":
    sys.exit(main())
