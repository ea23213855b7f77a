"""The same team problems for others: OR-Tools' CP-SAT for one best team, networkx for the k cheapest of a chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx
from ortools.sat.python import cp_model

from matching.composition.arrays import Array, Candidates, candidates
from matching.composition.problem import Problem

# CP-SAT counts in whole numbers: a millionth of a cost.
GRAIN = 1_000.0


@dataclass(frozen=True, slots=True)
class Peer:
    """What a peer found: the cost of the best team, and whether it proved it."""

    cost: float | None
    proven: bool


def additive(options: Candidates) -> cp_model.CpModel:
    """One candidate a step, fit, km and trust of every handover, number of firms, max_firms and a leader.

    Days are left out: hours by day would need an interval for each candidate, which slows CP-SAT further.
    """
    model = cp_model.CpModel()
    chosen = [[model.new_bool_var(f"x{i}.{n}") for n in range(len(firm))] for i, firm in enumerate(options.firm)]
    terms = [
        cost * x for xs, fit in zip(chosen, options.fit, strict=True) for x, cost in zip(xs, _whole(fit), strict=True)
    ]
    for row in chosen:
        model.add_exactly_one(row)
    for a, i in options.km:
        terms += _handovers(model, options, chosen, (a, i))
    used = _firms(model, options, chosen)
    firm = round(options.weights.firm / GRAIN)
    model.minimize(sum(terms) + firm * sum(used.values()) - firm)
    model.add_bool_or([x for f, x in used.items() if options.leads[f]])
    limit = options.problem.params.max_firms
    if limit is not None:
        model.add(sum(used.values()) <= limit)
    return model


def _whole(costs: Array) -> list[int]:
    return [round(float(cost) / GRAIN) for cost in costs]


def _handovers(
    model: cp_model.CpModel, options: Candidates, chosen: list[list[cp_model.IntVar]], edge: tuple[int, int]
) -> list[cp_model.LinearExpr]:
    """A flow of 1 from the candidates of one step to those of the other: the strongest linear form."""
    a, i = edge
    costs = options.handovers(a, i)
    flow = [[model.new_bool_var(f"e{a}.{i}.{m}.{n}") for n in range(costs.shape[1])] for m in range(costs.shape[0])]
    for m, row in enumerate(flow):
        model.add(sum(row) == chosen[a][m])
    for n, column in enumerate(zip(*flow, strict=True)):
        model.add(sum(column) == chosen[i][n])
    return [cost * x for row, line in zip(flow, costs, strict=True) for x, cost in zip(row, _whole(line), strict=True)]


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


def cp_sat(problem: Problem, seconds: float, workers: int = 2) -> Peer:
    """The best team without days, by CP-SAT."""
    options = candidates(problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    status = solver.solve(additive(options))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Peer(None, status == cp_model.INFEASIBLE)
    return Peer(solver.objective_value * GRAIN / options.weights.unit, status == cp_model.OPTIMAL)


def shortest_paths(problem: Problem, k: int) -> list[float]:
    """Costs of the k cheapest teams of a chain, days and firms left out, by networkx (Yen 1971)."""
    options = candidates(problem)
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_weighted_edges_from(_arcs(options))
    paths = islice(nx.shortest_simple_paths(graph, "start", "end", weight="weight"), k)
    return [sum(graph[x][y]["weight"] for x, y in pairwise(path)) / options.weights.unit for path in paths]


def _arcs(options: Candidates) -> Iterator[tuple[object, object, float]]:
    for n, cost in enumerate(options.fit[0].tolist()):
        yield "start", (0, n), cost
    for i in range(1, options.size):
        costs = options.handovers(i - 1, i) + options.fit[i]
        for m, row in enumerate(costs.tolist()):
            yield from (((i - 1, m), (i, n), cost) for n, cost in enumerate(row))
    for n in range(len(options.fit[-1])):
        yield (options.size - 1, n), "end", 0.0
