"""The same team problems for others: OR-Tools' CP-SAT for one best team, networkx for the k cheapest of a chain."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import networkx as nx
import numpy as np
from ortools.sat.python import cp_model

from matching.composition.arrays import Array, Candidates, bare
from matching.composition.problem import Problem

# CP-SAT counts in whole numbers: a millionth of a cost.
GRAIN = 1_000.0

# Switches, and what each costs when it is on.
Term = tuple[list[cp_model.IntVar], Array]


@dataclass(frozen=True, slots=True)
class Peer:
    """What a peer found: the cost of the best team, and whether it proved it; the seconds of model and search."""

    cost: float | None
    proven: bool
    building: float
    solving: float


@dataclass(frozen=True, slots=True)
class Paths:
    """The costs of the cheapest teams, ascending, and the seconds of building the graph and of searching it."""

    costs: tuple[float, ...]
    building: float
    searching: float


def additive(options: Candidates) -> cp_model.CpModel:
    """One candidate a step, fit, km and trust of every handover, number of firms, max_firms and a leader.

    Days are left out: hours by day would need an interval for each candidate, which slows CP-SAT further.
    """
    model = cp_model.CpModel()
    one = model.new_constant(1)
    chosen = [_switches(model, len(firm)) for firm in options.firm]
    for row in chosen:
        model.add_exactly_one(row)
    terms = list(zip(chosen, options.fit, strict=True))
    terms += [_handovers(model, options, chosen, edge) for edge in options.km]
    used = _firms(model, options, chosen)
    # The first firm is free.
    terms += [
        (list(used.values()), np.full(len(used), options.weights.firm)),
        ([one], np.array([-options.weights.firm])),
    ]
    switches = list(chain.from_iterable(row for row, _ in terms))
    costs = np.rint(np.concatenate([cost for _, cost in terms]) / GRAIN)
    model.minimize(cp_model.LinearExpr.weighted_sum(switches, costs.astype(int).tolist()))
    model.add_bool_or([x for f, x in used.items() if options.leads[f]])
    limit = options.problem.params.max_firms
    if limit is not None:
        model.add(sum(used.values()) <= limit)
    return model


def _switches(model: cp_model.CpModel, count: int) -> list[cp_model.IntVar]:
    return [model.new_bool_var("") for _ in range(count)]


def _handovers(
    model: cp_model.CpModel, options: Candidates, chosen: list[list[cp_model.IntVar]], edge: tuple[int, int]
) -> Term:
    """A flow of 1 from the candidates of one step to those of the other: the strongest linear form."""
    a, i = edge
    costs = options.handovers(a, i)
    flow = [_switches(model, len(row)) for row in costs]
    for m, row in enumerate(flow):
        model.add(cp_model.LinearExpr.sum(row) == chosen[a][m])
    for n, column in enumerate(zip(*flow, strict=True)):
        model.add(cp_model.LinearExpr.sum(column) == chosen[i][n])
    return list(chain.from_iterable(flow)), costs.ravel()


def _firms(
    model: cp_model.CpModel, options: Candidates, chosen: list[list[cp_model.IntVar]]
) -> dict[int, cp_model.IntVar]:
    seats: dict[int, list[cp_model.IntVar]] = {}
    for row, firms in zip(chosen, options.firm, strict=True):
        for x, firm in zip(row, firms.tolist(), strict=True):
            seats.setdefault(firm, []).append(x)
    used = {firm: model.new_bool_var(f"y{firm}") for firm in seats}
    for firm, row in seats.items():
        # Both ways: a firm that does nothing can lead nothing.
        model.add_max_equality(used[firm], row)
    return used


def cp_sat(problem: Problem, limit: float, workers: int = 2) -> Peer:
    """The best team without days, by CP-SAT, which may search for `limit` seconds."""
    began = time.perf_counter()
    options = bare(problem).measured(exact=True)
    model = additive(options)
    built = time.perf_counter()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = workers
    status = solver.solve(model)
    spent = (built - began, time.perf_counter() - built)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Peer(None, status == cp_model.INFEASIBLE, *spent)
    return Peer(solver.objective_value * GRAIN / options.weights.unit, status == cp_model.OPTIMAL, *spent)


def shortest_paths(problem: Problem, k: int, limit: float) -> Paths:
    """The cheapest teams of a chain, days and firms left out, by networkx (Yen 1971).

    At most k; after `limit` seconds no further one is begun.
    """
    began = time.perf_counter()
    options = bare(problem).measured(exact=True)
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_weighted_edges_from(_arcs(options))
    built = time.perf_counter()
    costs: list[float] = []
    paths = nx.shortest_simple_paths(graph, "start", "end", weight="weight")
    while len(costs) < k and time.perf_counter() - built < limit and (path := next(paths, None)):
        costs.append(sum(graph[x][y]["weight"] for x, y in pairwise(path)) / options.weights.unit)
    return Paths(tuple(costs), built - began, time.perf_counter() - built)


def _arcs(options: Candidates) -> Iterator[tuple[object, object, float]]:
    for n, cost in enumerate(options.fit[0].tolist()):
        yield "start", (0, n), cost
    for i in range(1, options.size):
        costs = options.handovers(i - 1, i) + options.fit[i]
        for m, row in enumerate(costs.tolist()):
            yield from (((i - 1, m), (i, n), cost) for n, cost in enumerate(row))
    for n in range(len(options.fit[-1])):
        yield (options.size - 1, n), "end", 0.0
