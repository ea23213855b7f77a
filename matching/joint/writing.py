"""From the teams of a search to a plan with dates, and back."""

from collections.abc import Iterator, Mapping

from matching.joint.finder import Team, TeamFinder
from matching.joint.ledger import Ledger
from matching.joint.placing import Turn, by_finish, packed_into, tidied
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
    # Placed anew, the teams may have left room for one more.
    teams |= _more(roster, teams)
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


def _more(roster: Roster, teams: Mapping[int, Team]) -> dict[int, Team]:
    """Teams that are on time beside these."""
    ledger = Ledger(roster.region)
    for team in teams.values():
        ledger.book(team.bookings)
    more: dict[int, Team] = {}
    for c in _waiting(roster, teams):
        found = roster.finders[c].cheapest(ledger)
        if found:
            ledger.book(found.bookings)
            more[c] = found
    return more


def _waiting(roster: Roster, teams: Mapping[int, Team]) -> list[int]:
    """Cases without a team, the nearest due date first."""
    finders = roster.finders
    return sorted((c for c in range(len(finders)) if c not in teams), key=lambda c: (finders[c].due, c))


def _late(roster: Roster, teams: Mapping[int, Team]) -> dict[int, Team]:
    """Those who are not on time, the nearest due date first, in what the others leave."""
    ledger = Ledger(roster.region)
    for team in teams.values():
        ledger.book(team.bookings)
    late: dict[int, Team] = {}
    for c in _waiting(roster, teams):
        soonest = roster.finders[c].soonest(ledger)
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
    """The teams of the cases that `plan` has on time, as they fit into this problem; none if they do not.

    They keep their days where the hours are there, so that hours added since are left to those who wait.
    """
    known = {case.id: c for c, case in enumerate(roster.region.problem.cases)}
    wanted = {known[p.case_id]: p for p in plan.on_time if p.case_id in known}
    number = roster.region.number
    if any(f not in number for p in wanted.values() for f in p.firms):
        return {}
    kept = {c: _kept(roster, p) for c, p in wanted.items()}
    if Ledger(roster.region).has([booking for team in kept.values() for booking in team.bookings]):
        return kept
    order: list[Turn] = [(known[case], step) for case, step in plan.order if known.get(case, -1) in wanted]
    return packed_into(roster.region, roster.finders, kept, order) or {}


def _kept(roster: Roster, plan: CasePlan) -> Team:
    """The team with the days and hours of the plan; -1 for days that are not known any more."""
    region = roster.region
    days = {day: n for n, day in enumerate(region.calendar.days)}
    bookings = tuple((region.number[w.firm_id], days.get(w.day, -1), w.hours) for w in plan.work)
    finishes = tuple(days.get(day, region.days) for day in plan.finishes)
    return Team(tuple(region.number[f] for f in plan.firms), finishes, plan.cost, bookings)
