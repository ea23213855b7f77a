"""How long teams take to compose, beside CP-SAT and networkx: `python -m bench.composition`."""

import argparse
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from functools import partial
from statistics import median

from bench.composition_equal import verdict
from bench.composition_peers import cp_sat
from bench.composition_problems import full_problem, plain_chain, undated
from bench.composition_race import RACE_SECONDS, race_rows
from bench.composition_repair import repair_cases, repaired
from bench.measure import RUNS, Row, fastest, percentile
from matching.composition.problem import Problem
from matching.composition.solve import compose

PEER_SECONDS = 20.0


def timed(problems: Sequence[Problem], runs: int) -> tuple[list[float], int]:
    """Milliseconds of processor time of each, and how many were proven."""
    took, results = zip(*(fastest(partial(compose, problem), runs) for problem in problems), strict=True)
    return list(took), sum(result.optimal for result in results)


def full_rows(count: int) -> list[Row]:
    took, proven = timed([full_problem(seed) for seed in range(count)], runs=1)
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
    took, proven = timed([plain_chain(seed) for seed in range(1, count + 1)], RUNS)
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
    full: int = 1000,
    chains: int = 40,
    repairs: int = 100,
    race: float = RACE_SECONDS,
    peers: int = 2,
    equal: int = 20,
    limit: float = 3.0,
) -> list[Row]:
    parts = (
        partial(full_rows, full),
        partial(chain_rows, chains),
        partial(repair_rows, repairs),
        partial(race_rows, race),
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
    parser.add_argument(
        "--race", type=float, default=RACE_SECONDS, help="seconds for each peer on the long chain; 0: none"
    )
    parser.add_argument("--peers", type=int, default=2, help="problems that CP-SAT solves as well, against the clock")
    parser.add_argument("--equal", type=int, help="only compare the optimum with CP-SAT's on so many problems")
    parser.add_argument("--limit", type=float, default=3.0, help="seconds that CP-SAT has for each of these")
    o = parser.parse_args()
    if o.equal is None:
        measured = rows(o.full, o.chains, o.repairs, o.race, o.peers, limit=o.limit)
    else:
        measured = equal_rows(o.equal, o.limit)
    sys.stdout.write("\n".join(row.line for row in measured) + "\n")
    return int(not all(row.ok for row in measured))


if __name__ == "__main__":
    sys.exit(main())
