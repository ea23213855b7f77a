"""Teams for a case: proposals for several wishes, the team looked at, and the repair after a firm was left out.

All of it is worked out in the reading transaction or in none; nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from backend.core.i18n import gettext as _
from backend.teams.team_case import Case
from backend.teams.what_if import Team, WhatIf
from matching.composition.check import Checker
from matching.composition.daily import Work
from matching.composition.finish_range import FinishRange, finish_range
from matching.composition.objectives import Figures, Objective, Proposal, figures, front, proposals
from matching.composition.problem import Problem
from matching.composition.repair import Repair, fixed, repairs, without
from matching.composition.result import Infeasible, TeamAnswer, answer

# Below so many, teams that are best in nothing stand beside the best ones.
FEW = 3
SEED = 20260101


@dataclass(frozen=True)
class Shown:
    """A team on the page, on the real calendar. `best_in` are the wishes it serves best among those shown."""

    ids: tuple[str, ...]
    team: TeamAnswer
    figures: Figures
    works: tuple[Work, ...]
    finish: FinishRange
    best_in: frozenset[Objective] = frozenset()
    chosen: bool = False
    repair: Repair | None = None

    @property
    def rows(self) -> list[list[int]]:
        """The places of the steps; those in a row at one firm stand together."""
        return [list(places) for _firm, places in groupby(range(len(self.ids)), key=self.ids.__getitem__)]


@dataclass(frozen=True)
class Solved:
    """The proposals, the chosen one among them; without any, why, and the earliest due date that would do."""

    shown: tuple[Shown, ...]
    proven: bool = True
    infeasible: Infeasible | None = None
    possible_due: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def chosen(self) -> Shown | None:
        return next((one for one in self.shown if one.chosen), None)


def solve(case: Case, wish: WhatIf, decided: Team | None = None) -> Solved:
    """What to show: the best team for each wish, and the one looked at, else the decided one, else the first."""
    problem, notes = tried_out(case, wish)
    if not problem.steps:
        return Solved((), notes=notes)
    wishes = tuple(o for o in Objective if o is not Objective.TRUSTED or problem.past_handovers)
    found = proposals(problem, wishes)
    repaired = _repaired(case, problem, wish)
    looked_at, more = _looked_at(case, wish, decided)
    first = _ids(problem, repaired.answer) if repaired else None
    teams = _side_by_side(problem, found.proposals)
    chosen = looked_at or first or (teams[0] if teams else None)
    wanted = list(dict.fromkeys(team for team in (first, looked_at, *teams) if team))
    shown = tuple(_shown(case, team, wanted, wishes, chosen, repaired) for team in wanted)
    due = found.infeasible.relaxation.get("due") if found.infeasible and not shown else None
    possible = case.daily.real(date.fromisoformat(due)) if due else None
    return Solved(shown, found.proven, None if shown else found.infeasible, possible, (*notes, *more))


def _side_by_side(problem: Problem, found: Sequence[Proposal]) -> list[tuple[str, ...]]:
    """The teams that are best in something, then others while there are few."""
    best = [_ids(problem, p.team) for p in found if p.best_in]
    others = [_ids(problem, p.team) for p in found if not p.best_in]
    return best + others[: max(0, FEW - len(best))]


def tried_out(case: Case, wish: WhatIf) -> tuple[Problem, tuple[str, ...]]:
    """The problem with the firms left out and fixed, and what of it could not be done."""
    problem, notes = without(case.problem, set(wish.out)), list(wish.notes)
    for step_id, firm_id in wish.fixed.items():
        try:
            problem = fixed(problem, {step_id: firm_id})
        except KeyError:
            notes.append(_("決めた会社は、この工程の候補にありません。決めずに組みました。"))
    return problem, tuple(notes)


def one_team(case: Case, team: Team) -> Shown | None:
    """The named team with all its days, if it can be done with the hours that are left now."""
    ids = tuple(team.get(step.id, "") for step in case.steps)
    if not ids or not _possible(case.problem, ids):
        return None
    return _shown(case, ids, [ids], tuple(Objective), ids, None)


def _looked_at(case: Case, wish: WhatIf, decided: Team | None) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The team of the address, or the decided one; with a sentence when it cannot be done any more."""
    if not wish.team and not (decided and wish.is_open):
        return None, ()
    team = wish.team or decided or {}
    ids = tuple(team.get(step.id, "") for step in case.steps)
    if set(ids) & set(wish.out) or not _possible(case.problem, ids):
        return None, (_("前に見ていた案は、いまの条件や空きでは組めません。ほかの案を出しています。"),)
    return ids, ()


def _possible(problem: Problem, ids: Sequence[str]) -> bool:
    offered = ({o.firm_id for o in options} for options in problem.options)
    return all(i in known for i, known in zip(ids, offered, strict=True)) and bool(Checker(problem).evaluate(ids))


def _repaired(case: Case, problem: Problem, wish: WhatIf) -> Repair | None:
    """The former team with as few steps changed as will do."""
    former = tuple(wish.was.get(step.id, "") for step in case.steps)
    if not wish.was or not all(id_ in case.facts for id_ in former):
        return None
    must = sum(id_ in wish.out for id_ in former)
    for changes in range(max(1, must), len(former) + 1):
        found, _proven = repairs(case.problem, replace(problem, params=replace(problem.params, k=1)), former, changes)
        if found:
            return found[0]
    return None


def _shown(
    case: Case,
    ids: tuple[str, ...],
    beside: Sequence[tuple[str, ...]],
    wishes: Sequence[Objective],
    chosen: tuple[str, ...] | None,
    repaired: Repair | None,
) -> Shown:
    problem = case.problem
    checker = Checker(problem)
    own = next((p for p in front(problem, beside, wishes) if _ids(problem, p.team) == ids), None)
    is_repair = repaired is not None and _ids(problem, repaired.answer) == ids
    return Shown(
        ids=ids,
        team=case.daily.answer(answer(checker, ids)),
        figures=figures(checker, ids),
        works=case.daily.works(ids),
        finish=_finish(case, ids),
        best_in=own.best_in if own else frozenset(),
        chosen=ids == chosen,
        repair=repaired if is_repair else None,
    )


def _finish(case: Case, ids: tuple[str, ...]) -> FinishRange:
    ranges = [(s.hours.low, s.hours.likely, s.hours.high) for s in case.steps]
    found = finish_range(case.problem, ids, ranges, seed=SEED)
    real = case.daily.real
    return replace(
        found,
        half=None if found.half is None else real(found.half),
        sure=None if found.sure is None else real(found.sure),
    )


def _ids(problem: Problem, team: TeamAnswer) -> tuple[str, ...]:
    return tuple(team.assignment[step.id] for step in problem.steps)
