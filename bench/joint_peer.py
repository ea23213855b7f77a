"""The same joint problem for OR-Tools' CP-SAT, day by day: what it finds is placed and checked like a plan of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from matching.composition.calendar import EPSILON_H
from matching.joint.bound import window
from matching.joint.finder import Team, TeamFinder
from matching.joint.placing import packed_into
from matching.joint.problem import JointProblem
from matching.joint.roster import Roster
from matching.joint.writing import worked

# CP-SAT counts in whole numbers: minutes of work and thousandths of a cost.
MINUTES = 60
GRAIN = 1_000
# One more case in time is worth more than all the costs of a plan.
DELIVERY = 2_000 * GRAIN


@dataclass
class _Step:
    """Variables of one step: its candidates, and first and last day."""

    chosen: list[cp_model.IntVar]
    begin: cp_model.IntVar
    end: cp_model.IntVar
    # The first day on which it can begin.
    first: int
    # Minutes by (firm, day).
    minutes: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    at_work: dict[int, cp_model.IntVar] = field(default_factory=dict)
    # By earlier step: who hands over to whom.
    flows: dict[int, list[list[cp_model.IntVar]]] = field(default_factory=dict)


@dataclass
class DayModel:
    """The model, and what is needed to read its answer. `work`: minutes by (firm, day)."""

    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    delivered: list[cp_model.IntVar] = field(default_factory=list)
    steps: list[list[_Step]] = field(default_factory=list)
    # By case: whether a firm takes part, and the days until delivery.
    teams: list[tuple[dict[int, cp_model.IntVar], cp_model.IntVar] | None] = field(default_factory=list)
    work: dict[tuple[int, int], list[cp_model.IntVar]] = field(default_factory=dict)
    worth: list[cp_model.LinearExprT] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PeerPlan:
    """The teams it delivers with, placed like ours (None: they do not fit, which would be a fault of the model)."""

    teams: dict[int, Team] | None
    delivered_at_most: float
    proven: bool


def day_model(problem: JointProblem) -> DayModel:
    """Which firm does each step, and how many minutes on which day; every rule of a joint plan is in it."""
    roster = Roster(problem)
    made = DayModel()
    for finder in roster.finders:
        _add_case(made, roster, finder)
    for (firm, day), pieces in made.work.items():
        made.model.add(sum(pieces) <= _minutes(roster.region.free[firm][day]))
    made.model.maximize(sum(made.worth))
    return made


def _minutes(hours: float) -> int:
    return int(hours * MINUTES + EPSILON_H)


def _grains(cost: float) -> int:
    return round(cost * GRAIN)


def _add_case(made: DayModel, roster: Roster, finder: TeamFinder) -> None:
    model, costs = made.model, finder.costs
    z = model.new_bool_var("delivered")
    made.delivered.append(z)
    if not finder.possible or finder.earliest(roster.ledger) > finder.due:
        model.add(z == 0)
        made.steps.append([])
        made.teams.append(None)
        return
    windows = window(finder, roster.ledger)
    steps = [_add_step(made, roster, finder, i, windows[i], z) for i in range(len(windows))]
    made.steps.append(steps)
    made.worth.append(DELIVERY * finder.case.weight * z)
    for i, step in enumerate(steps):
        for handover in costs.handovers[i]:
            flow = _add_handover(made, steps[handover.source], step, handover.cost, handover.days)
            step.flows[handover.source] = flow
    _add_team(made, roster, finder, steps, z)


def _add_step(
    made: DayModel, roster: Roster, finder: TeamFinder, i: int, window: tuple[int, int], z: cp_model.IntVar
) -> _Step:
    model, (first, last) = made.model, window
    firms, case = finder.costs.firm[i], finder.case
    step = _Step(
        [model.new_bool_var("x") for _ in firms],
        model.new_int_var(first, last, "begin"),
        model.new_int_var(first, last, "end"),
        first,
    )
    model.add(sum(step.chosen) == z)
    pieces: list[cp_model.IntVar] = []
    by_day: dict[int, list[cp_model.IntVar]] = {}
    for firm, x in zip(firms, step.chosen, strict=True):
        for day in range(first, last + 1):
            most = min(_minutes(roster.region.free[firm][day]), _minutes(case.steps[i].hours))
            if most:
                y = model.new_int_var(0, most, "y")
                model.add(y <= most * x)
                pieces.append(y)
                step.minutes[firm, day] = y
                by_day.setdefault(day, []).append(y)
                made.work.setdefault((firm, day), []).append(y)
    model.add(sum(pieces) == _minutes(case.steps[i].hours) * z)
    for day, here in by_day.items():
        at_work = step.at_work[day] = model.new_bool_var("at work")
        model.add(sum(here) <= _minutes(case.steps[i].hours) * at_work)
        model.add(step.begin <= day).only_enforce_if(at_work)
        model.add(step.end >= day).only_enforce_if(at_work)
    fits = zip(step.chosen, case.options[i], strict=True)
    w_fit = roster.region.problem.params.w_fit
    made.worth.append(-sum(_grains(w_fit * (1 - option.fit)) * x for x, option in fits))
    return step


def _add_handover(
    made: DayModel, before: _Step, after: _Step, cost: Sequence[Sequence[float]], days: Sequence[Sequence[int]]
) -> list[list[cp_model.IntVar]]:
    """A flow from the candidates of one step to those of the other, and the days on the way."""
    model = made.model
    flow = [[model.new_bool_var("e") for _ in row] for row in cost]
    for x, row in zip(before.chosen, flow, strict=True):
        model.add(sum(row) == x)
    for x, column in zip(after.chosen, zip(*flow, strict=True), strict=True):
        model.add(sum(column) == x)
    cells = [(e, c, d) for es, cs, ds in zip(flow, cost, days, strict=True) for e, c, d in zip(es, cs, ds, strict=True)]
    made.worth.append(-sum(_grains(c) * e for e, c, _ in cells))
    model.add(after.begin >= before.end + 1 + sum(d * e for e, _, d in cells))
    return flow


def _add_team(made: DayModel, roster: Roster, finder: TeamFinder, steps: list[_Step], z: cp_model.IntVar) -> None:
    model, p, costs = made.model, roster.region.problem.params, finder.costs
    seats: dict[int, list[cp_model.IntVar]] = {}
    for step, firms in zip(steps, costs.firm, strict=True):
        for firm, x in zip(firms, step.chosen, strict=True):
            seats.setdefault(firm, []).append(x)
    used = {firm: model.new_bool_var("u") for firm in seats}
    for firm, row in seats.items():
        model.add_max_equality(used[firm], row)
    model.add(sum(u for firm, u in used.items() if roster.region.leads[firm]) >= z)
    if p.max_firms is not None:
        model.add(sum(used.values()) <= p.max_firms)
    made.worth.append(-_grains(p.w_firm) * (sum(used.values()) - z))
    days = model.new_int_var(0, finder.days, "days")
    for step in steps:
        model.add(days >= step.end - finder.start + 1).only_enforce_if(z)
    made.worth.append(-_grains(p.w_day) * days)
    made.teams.append((used, days))


def _first_plan(roster: Roster) -> None:
    """What a coordinator does by hand: the nearest due date first, each the best team in what is left."""
    finders = roster.finders
    roster.fill(sorted(range(len(finders)), key=lambda c: (finders[c].due, c)))


def _add_hint(made: DayModel, roster: Roster) -> None:
    """CP-SAT begins with the plan of the roster, every variable told, so that its time goes into making it better."""
    for z, steps, members, team, finder in zip(
        made.delivered, made.steps, made.teams, roster.teams, roster.finders, strict=True
    ):
        made.model.add_hint(z, team is not None)
        if members is None:
            continue
        used, days = members
        for firm, u in used.items():
            made.model.add_hint(u, team is not None and firm in team.firms)
        made.model.add_hint(days, team.last - finder.start + 1 if team else 0)
        for i, step in enumerate(steps):
            _add_step_hint(made.model, step, finder, team, i)


def _add_step_hint(model: cp_model.CpModel, step: _Step, finder: TeamFinder, team: Team | None, i: int) -> None:
    given = {(firm, day): h for s, firm, day, h in worked(team, finder) if s == i} if team else {}
    days = [day for _, day in given] or [step.first]
    model.add_hint(step.begin, min(days))
    model.add_hint(step.end, max(days))
    for day, at_work in step.at_work.items():
        model.add_hint(at_work, day in {d for _, d in given})
    for slot, y in step.minutes.items():
        model.add_hint(y, round(given.get(slot, 0.0) * MINUTES))
    costs = finder.costs
    chosen = [costs.firm[s].index(f) for s, f in enumerate(team.firms)] if team else None
    for x, var in enumerate(step.chosen):
        model.add_hint(var, chosen is not None and chosen[i] == x)
    for source, flow in step.flows.items():
        for before, row in enumerate(flow):
            for after, e in enumerate(row):
                model.add_hint(e, chosen is not None and (chosen[source], chosen[i]) == (before, after))


def cp_sat(problem: JointProblem, seconds: float, workers: int = 1, *, warm: bool = True) -> PeerPlan | None:
    """The best plan CP-SAT finds in so many seconds, or None. `warm`: it begins with a plan made by hand."""
    made = day_model(problem)
    roster = Roster(problem)
    if warm:
        _first_plan(roster)
        _add_hint(made, roster)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    # Several searches by turns, so that one worker also looks around the plan it has.
    solver.parameters.interleave_search = workers == 1
    status = solver.solve(made.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return _read(made, solver, roster, proven=status == cp_model.OPTIMAL)


def _read(made: DayModel, solver: cp_model.CpSolver, roster: Roster, *, proven: bool) -> PeerPlan:
    teams: dict[int, Team] = {}
    ends: list[tuple[int, int, int]] = []
    for c, (z, steps) in enumerate(zip(made.delivered, made.steps, strict=True)):
        places = [next((n for n, x in enumerate(step.chosen) if solver.value(x)), 0) for step in steps]
        team = roster.finders[c].team(places) if solver.value(z) else None
        if team:
            teams[c] = team
            ends += [(solver.value(step.end), c, i) for i, step in enumerate(steps)]
    packed = packed_into(roster.region, roster.finders, teams, [(c, i) for _, c, i in sorted(ends)])
    return PeerPlan(packed, solver.best_objective_bound / DELIVERY, proven)
