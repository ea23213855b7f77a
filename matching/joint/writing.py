"""From the teams of a search to a plan with dates, and back."""

from collections.abc import Iterator, Mapping

from matching.joint.finder import Team, TeamFinder
from matching.joint.ledger import Ledger
from matching.joint.placing import NoRoom, Turn, by_finish, lay, settled, tidied
from matching.joint.result import CasePlan, JointPlan, Work
from matching.joint.roster import Roster
from matching.joint.search import Search

# Less than this is rounding.
CHANGE_H = 1e-6


def write(search: Search, most: int) -> JointPlan:
    """The best teams of the search, then the earliest ones for the cases that will be late."""
    roster = search.roster
    held = {c: team for c, team in enumerate(search.best) if team}
    teams = tidied(roster.region, roster.finders, held)
    late = _late(roster, teams)
    cases = roster.region.problem.cases
    order = [*by_finish(teams), *((c, i) for c in late for i in range(len(cases[c].steps)))]
    plans = [_case_plan(roster.finders[c], {**teams, **late}.get(c), on_time=c in teams) for c in range(len(cases))]
    return JointPlan(
        cases=tuple(plans),
        order=tuple((cases[c].id, i) for c, i in order),
        delivered=sum(cases[c].weight for c in teams),
        most=most,
        cost=sum(team.cost for team in teams.values()),
        least=sum(search.lone[c].bound for c in teams),
        rounds=search.rounds,
    )


def _late(roster: Roster, teams: Mapping[int, Team]) -> dict[int, Team]:
    """Those who are not on time, the nearest due date first, in what the others leave."""
    ledger = Ledger(roster.region)
    for team in teams.values():
        ledger.book(team.bookings)
    late: dict[int, Team] = {}
    finders = roster.finders
    for c in sorted((c for c in range(len(finders)) if c not in teams), key=lambda c: (finders[c].due, c)):
        soonest = finders[c].soonest(ledger)
        if soonest:
            ledger.book(soonest.bookings)
            late[c] = soonest
    return late


def _case_plan(finder: TeamFinder, team: Team | None, *, on_time: bool) -> CasePlan | None:
    if team is None:
        return None
    region, case = finder.region, finder.case
    days, firms = region.calendar.days, tuple(region.ids[f] for f in team.firms)
    begun: dict[int, int] = {}
    work: list[Work] = []
    for step, firm, day, hours in worked(team, finder):
        begun.setdefault(step, day)
        work.append(Work(step, region.ids[firm], days[day], hours))
    return CasePlan(
        case_id=case.id,
        firms=firms,
        starts=tuple(days[begun[i]] for i in range(len(firms))),
        finishes=tuple(days[end] for end in team.finishes),
        cost=team.cost,
        on_time=on_time,
        lead_firm=_lead(finder, team),
        work=tuple(work),
    )


def worked(team: Team, finder: TeamFinder) -> Iterator[tuple[int, int, int, float]]:
    """The bookings with the step they are for: (step, firm, day, hours)."""
    here, left = 0, finder.case.steps[0].hours
    for firm, day, hours in team.bookings:
        # Bookings come step by step, and those of a step add up to its hours.
        if left <= CHANGE_H:
            here += 1
            left = finder.case.steps[here].hours
        left -= hours
        yield here, firm, day, hours


def _lead(finder: TeamFinder, team: Team) -> str:
    """Of those who can lead, the firm with the most hours; of equals the first."""
    hours: dict[int, float] = {}
    for step, firm in zip(finder.case.steps, team.firms, strict=True):
        if finder.region.leads[firm]:
            hours[firm] = hours.get(firm, 0.0) + step.hours
    return finder.region.ids[min(hours, key=lambda f: (-hours[f], f))]


def read(roster: Roster, plan: JointPlan) -> dict[int, Team]:
    """The teams of the cases that `plan` has on time, as they fit into this problem; none if they do not."""
    known = {case.id: c for c, case in enumerate(roster.region.problem.cases)}
    wanted = {known[p.case_id]: p for p in plan.on_time if p.case_id in known}
    number = roster.region.number
    if any(f not in number for p in wanted.values() for f in p.firms):
        return {}
    firms = {c: tuple(number[f] for f in p.firms) for c, p in wanted.items()}
    order: list[Turn] = [(known[case], step) for case, step in plan.order if known.get(case, -1) in wanted]
    try:
        placed = lay(roster.finders, Ledger(roster.region), firms, order)
    except NoRoom:
        return {}
    if any(max(placed[c].ends.values()) > roster.finders[c].due for c in wanted):
        return {}
    days = {d: n for n, d in enumerate(roster.region.calendar.days)}
    teams: dict[int, Team] = {}
    for c, p in wanted.items():
        team = Team(firms[c], tuple(days[d] for d in p.finishes), p.cost, ())
        teams[c] = settled(roster.finders[c], team, placed[c])
    return teams
