"""How long teams take to compose, beside CP-SAT and networkx: `python -m bench.composition`."""

import argparse
import random
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from bench.composition_equal import verdict
from bench.composition_peers import cp_sat, shortest_paths
from bench.composition_repair import repair_cases, repaired
from bench.measure import Row, percentile, seconds
from matching.composition.problem import Params, Problem
from matching.composition.solve import compose
from tests.unit.composition.generate import large_problem, random_problem

# Limits of firms among the full problems; half of the answers would use five or six.
LIMITS = (None, 3, 4, 5, 6)
PEER_SECONDS = 20.0
# CP-SAT may take so long for a chain; networkx is asked for so many of the hundred.
CHAIN_SECONDS = 30.0
FEW_PATHS = 20


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
    took, proven = timed([plain_chain(seed) for seed in range(1, count + 1)])
    return [
        Row("chain 10 x 500, k 100: median, processor", median(took), "ms"),
        Row("chain 10 x 500, k 100: 95th perc., processor", percentile(took, 0.95), "ms", 20),
        Row("chain 10 x 500, k 100: not proven", count - proven, "", 0),
    ]


def repair_rows(count: int) -> list[Row]:
    """The cheapest repair of full problems after each kind of trouble."""
    rows, every = [], list[float]()
    for kind, cases in repair_cases([full_problem(seed) for seed in range(count)]).items():
        took, proven = zip(*map(repaired, cases), strict=True)
        every += took
        rows.append(Row(f"repair, {kind}: 95th perc., processor", percentile(list(took), 0.95), "ms"))
        rows.append(Row(f"repair, {kind}: not proven", len(proven) - sum(proven), "", 0))
    return [
        Row("repair 8 x 60: repairs", len(every), ""),
        *rows,
        Row("repair: median, processor", median(every), "ms"),
        Row("repair: 95th percentile, processor", percentile(every, 0.95), "ms", 50),
    ]


def race_rows(count: int) -> list[Row]:
    """Chains of 10 x 60: our hundred best beside CP-SAT's single best and the first few of networkx."""
    if not count:
        return []
    ours = timed([plain_chain(seed, options=60) for seed in range(20)])[0]
    theirs, unproven, apart = [], 0, 0.0
    for seed in range(count):
        problem = plain_chain(seed, options=60)
        began = time.perf_counter()
        peer = cp_sat(problem, CHAIN_SECONDS)
        theirs.append(1000 * (time.perf_counter() - began))
        unproven += not peer.proven
        if peer.proven and peer.cost is not None:
            apart = max(apart, abs(peer.cost - compose(problem).answers[0].cost))
    costs: list[float] = []
    paths = 1000 * seconds(lambda: costs.extend(shortest_paths(plain_chain(0, options=60), FEW_PATHS)))
    answers = compose(plain_chain(0, options=60)).answers[:FEW_PATHS]
    apart = max(apart, *(abs(a.cost - cost) for a, cost in zip(answers, costs, strict=True)))
    return [
        Row("chain 10 x 60: ours, 100 best, median", median(ours), "ms"),
        Row("chain 10 x 60: CP-SAT, 1 best, median", median(theirs), "ms"),
        Row(f"chain 10 x 60: CP-SAT not proven in {CHAIN_SECONDS:g} s", unproven, ""),
        Row(f"chain 10 x 60: networkx, {FEW_PATHS} best", paths, "ms"),
        Row("chain 10 x 60: times as fast as CP-SAT", median(theirs) / median(ours), "×", least=1000),
        Row("chain 10 x 60: times as fast as networkx", paths / median(ours), "×", least=1000),
        Row("chain 10 x 60: largest difference in cost", apart, "", 1e-4),
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


def memory_rows() -> list[Row]:
    """What is held at most while a chain of 10 x 500 is answered, the answers themselves apart."""
    held = {k: working_mb(plain_chain(2, k=k)) for k in (1, 10, 100, 1000)}
    rows = [Row(f"chain 10 x 500, k {k}: memory at work", mb, "MB") for k, mb in held.items()]
    further = 1000 * (held[1000] - held[1]) / 999
    return [*rows, Row("chain 10 x 500: memory for each further answer", further, "kB", 10)]


def working_mb(problem: Problem) -> float:
    compose(problem)
    tracemalloc.start()
    try:
        result = compose(problem)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (peak - kept) / 1e6 if result.answers else 0.0


def equal_rows(count: int, limit: float) -> list[Row]:
    """Whole problems of 10 x 60, and whether CP-SAT's optimum is ours."""
    if not count:
        return []
    seen = [verdict(seed, limit) for seed in range(count)]
    proven = [v for v in seen if v.proven]
    kinds = Counter(v.kind for v in proven)
    return [
        Row("10 x 60 beside CP-SAT: problems", count, ""),
        *(Row(f"10 x 60 beside CP-SAT: {kind}, proven by it", n, "") for kind, n in sorted(kinds.items())),
        Row("10 x 60 beside CP-SAT: proven by it", len(proven), ""),
        Row("10 x 60 beside CP-SAT: other optimum than ours", sum(not v.equal for v in proven), "", 0),
    ]


def rows(
    full: int = 1000, chains: int = 40, repairs: int = 100, peers: int = 2, equal: int = 20, limit: float = 3.0
) -> list[Row]:
    parts = (
        partial(full_rows, full),
        partial(chain_rows, chains),
        partial(repair_rows, repairs),
        partial(race_rows, peers),
        partial(peer_rows, peers),
        partial(equal_rows, equal, limit),
        memory_rows,
    )
    return [row for part in parts for row in part()]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.composition", description=__doc__)
    parser.add_argument("--full", type=int, default=1000, help="full problems")
    parser.add_argument("--chains", type=int, default=40)
    parser.add_argument("--repairs", type=int, default=100, help="full problems that are repaired after each trouble")
    parser.add_argument("--peers", type=int, default=2, help="problems that CP-SAT solves as well, against the clock")
    parser.add_argument("--equal", type=int, help="only compare the optimum with CP-SAT's on so many problems")
    parser.add_argument("--limit", type=float, default=3.0, help="seconds that CP-SAT has for each of these")
    o = parser.parse_args()
    if o.equal is None:
        measured = rows(o.full, o.chains, o.repairs, o.peers, limit=o.limit)
    else:
        measured = equal_rows(o.equal, o.limit)
    sys.stdout.write("\n".join(row.line for row in measured) + "\n")
    return int(not all(row.ok for row in measured))


if __name__ == "__main__":
    sys.exit(main())
