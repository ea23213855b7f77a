"""Where the region is too narrow: which process, in which weeks, how many hours are missing, and what they would bring.

The waiting cases are taken one after the other, the one that lacks least first; each gets the hours it lacks, so that
the next one does not count on the same ones. What is named is confirmed: with the hours of a bottleneck alone, the plan
that is there goes on to deliver more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matching.days import monday_of
from matching.joint.ledger import Ledger
from matching.joint.problem import JointProblem
from matching.joint.region import Region
from matching.joint.result import JointPlan
from matching.joint.roster import Roster
from matching.joint.shortage import Addition, Shortage, booked, shortage, spread
from matching.joint.writing import read


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """`hours` missing of `process` in `weeks` (their Mondays); with them `cases` (ids) are delivered besides.

    `additions`: the same hours at firms that ply the process, those that lack least. `partners`: processes of which
    hours are missing as well, for these cases; they stand in `additions` too, not in `hours` and `weeks`.
    """

    process: str
    weeks: tuple[date, ...]
    hours: float
    cases: tuple[str, ...]
    additions: tuple[Addition, ...]
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The bottlenecks, those that free most cases first, and the cases for which no hours would be enough."""

    bottlenecks: tuple[Bottleneck, ...]
    hopeless: tuple[str, ...]


def outlook(problem: JointProblem, plan: JointPlan) -> Outlook:
    """What keeps the late cases of a plan late."""
    roster = Roster(problem)
    ledger = roster.ledger
    for team in read(roster, plan).values():
        ledger.book(team.bookings)
    on_time = {case.case_id for case in plan.on_time}
    late = [c for c, case in enumerate(problem.cases) if case.id not in on_time]
    found, hopeless = _shortages(roster, ledger, late)
    groups: dict[tuple[str, ...], list[tuple[int, Shortage]]] = {}
    for case, lack in found:
        groups.setdefault(tuple(sorted({a.process for a in lack.additions})), []).append((case, lack))
    narrow = (_bottleneck(problem, plan, group) for processes, group in groups.items() if processes)
    kept = [b for b in narrow if b.cases]
    ranked = sorted(kept, key=lambda b: (-len(b.cases), b.hours, b.process))
    return Outlook(tuple(ranked), tuple(problem.cases[c].id for c in hopeless))


def _shortages(roster: Roster, ledger: Ledger, late: Sequence[int]) -> tuple[list[tuple[int, Shortage]], list[int]]:
    """What each late case lacks after those before it were helped, and the cases nothing helps."""
    waiting, found = list(late), list[tuple[int, Shortage]]()
    while waiting:
        lacks = {c: lack for c in waiting if (lack := shortage(roster.finders[c], ledger))}
        if not lacks:
            break
        case = min(lacks, key=lambda c: (lacks[c].hours, c))
        ledger.book([*booked(roster.region, lacks[case].additions), *lacks[case].team.bookings])
        found.append((case, lacks[case]))
        waiting.remove(case)
    return found, waiting


def _bottleneck(problem: JointProblem, plan: JointPlan, group: Sequence[tuple[int, Shortage]]) -> Bottleneck:
    additions = [a for _, lack in group for a in lack.additions]
    by_process: dict[str, float] = {}
    for a in additions:
        by_process[a.process] = by_process.get(a.process, 0.0) + a.hours
    process = min(by_process, key=lambda p: (-by_process[p], p))
    wider = Roster(with_hours(problem, additions))
    for case, team in read(wider, plan).items():
        wider.put(case, team)
    for case, lack in group:
        # The team the hours were meant for; where other work has taken some of them, the cheapest there is.
        wider.put(case, lack.team if wider.ledger.has(lack.team.bookings) else None)
    wider.fill(case for case, _ in group)
    return Bottleneck(
        process=process,
        weeks=tuple(sorted(set(_weeks(a for a in additions if a.process == process)))),
        hours=by_process[process],
        cases=tuple(problem.cases[case].id for case, _ in group if wider.teams[case]),
        additions=tuple(additions),
        partners=tuple(sorted(p for p in by_process if p != process)),
    )


def _weeks(additions: Iterable[Addition]) -> Iterator[date]:
    for a in additions:
        for n in range((a.last - monday_of(a.first)).days // 7 + 1):
            yield monday_of(a.first) + timedelta(weeks=n)


def with_hours(problem: JointProblem, additions: Sequence[Addition]) -> JointProblem:
    """The same problem with more hours: what is promised elsewhere becomes less, if need be less than nothing."""
    taken = dict(problem.taken)
    for slot, hours in spread(Region(problem), additions):
        taken[slot] = taken.get(slot, 0.0) - hours
    return replace(problem, taken=taken)
