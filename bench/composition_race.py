"""One chain of 10 steps x 500 candidates for everybody: our hundred best, CP-SAT's single best, networkx's hundred."""

from statistics import median

from bench.composition_peers import cp_sat, shortest_paths
from bench.composition_problems import plain_chain
from bench.measure import Row, seconds
from matching.composition.problem import Problem
from matching.composition.result import TeamAnswer
from matching.composition.solve import compose

# Each peer is stopped after so long, its model building not counted: it took at least this.
RACE_SECONDS = 60.0
ROUNDS = 9
SEED = 1


def race_rows(limit: float = RACE_SECONDS, options: int = 500, k: int = 100) -> list[Row]:
    """The clock on the wall for all three. A peer that is not ready after `limit` seconds has lost at least by them."""
    if not limit:
        return []
    name, problem = f"chain 10 x {options}", plain_chain(SEED, options=options, k=k)
    ours = median(seconds(lambda: compose(problem)) for _ in range(ROUNDS))
    answers = compose(problem).answers
    return [
        Row(f"{name}: ours, {k} best", 1000 * ours, "ms"),
        *_cp_sat_rows(problem, name, ours, limit, answers[0].cost),
        *_networkx_rows(problem, name, ours, limit, answers),
    ]


def _cp_sat_rows(problem: Problem, name: str, ours: float, limit: float, best: float) -> list[Row]:
    peer = cp_sat(problem, limit)
    took = peer.solving if peer.proven else min(peer.solving, limit)
    rows = [
        Row(f"{name}: CP-SAT, model built in", peer.building, "s"),
        Row(f"{name}: CP-SAT, 1 best, proven in" if peer.proven else f"{name}: CP-SAT, 1 best, not within", took, "s"),
        Row(f"{name}: times as fast as CP-SAT, at least", took / ours, "×", least=1000),
    ]
    if peer.cost is not None:
        # What is not proven may be dearer than ours, never cheaper.
        apart = abs(peer.cost - best) if peer.proven else max(0.0, best - peer.cost)
        rows.append(Row(f"{name}: our best apart from CP-SAT's", apart, "", 1e-4))
    return rows


def _networkx_rows(
    problem: Problem, name: str, ours: float, limit: float, answers: tuple[TeamAnswer, ...]
) -> list[Row]:
    paths = shortest_paths(problem, len(answers), limit)
    apart = max((abs(a.cost - cost) for a, cost in zip(answers, paths.costs, strict=False)), default=0.0)
    return [
        Row(f"{name}: networkx, graph built in", paths.building, "s"),
        Row(f"{name}: networkx, first {len(paths.costs)} of {len(answers)} in", paths.searching, "s"),
        Row(f"{name}: times as fast as networkx, at least", paths.searching / ours, "×", least=1000),
        Row(f"{name}: largest difference of these costs", apart, "", 1e-4),
    ]
