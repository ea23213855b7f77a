"""Teams of many cases on one ledger: their steps in one list, each as early as possible in what those before left.

A list in the order of the finish days of any plan finishes no step later than that plan: each firm then works on what
must be ready first (earliest deadline first is optimal on one machine, Jackson 1955), and no step comes before the ones
it waits for. So nothing is lost by looking at lists only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from matching.joint.finder import Team, TeamFinder
from matching.joint.ledger import Booking, Ledger
from matching.joint.region import Region

# (case number, step number)
Turn = tuple[int, int]


class NoRoom(Exception):
    """The calendar ends before a step has its hours."""


@dataclass
class Placed:
    """What a case has been given so far."""

    ends: dict[int, int] = field(default_factory=dict)
    bookings: dict[int, list[Booking]] = field(default_factory=dict)


def lay(
    finders: Sequence[TeamFinder], ledger: Ledger, teams: Mapping[int, Sequence[int]], order: Iterable[Turn]
) -> dict[int, Placed]:
    """Book the steps of `teams` (firm numbers by case) in `order`.

    Raises:
        NoRoom: when the calendar ends before a step has its hours.
    """
    placed = {case: Placed() for case in teams}
    for case, step in order:
        here, finder, firms = placed[case], finders[case], teams[case]
        pieces = ledger.spread(firms[step], _ready(finder, firms, here, step), finder.case.steps[step].hours)
        if pieces is None:
            raise NoRoom
        ledger.book(pieces)
        here.ends[step] = pieces[-1][1]
        here.bookings[step] = pieces
    return placed


def _ready(finder: TeamFinder, firms: Sequence[int], here: Placed, step: int) -> int:
    ready = finder.start
    for h in finder.costs.handovers[step]:
        y = finder.costs.firm[h.source].index(firms[h.source])
        days = h.days[y][finder.costs.firm[step].index(firms[step])]
        ready = max(ready, here.ends[h.source] + 1 + days)
    return ready


def by_finish(teams: Mapping[int, Team]) -> list[Turn]:
    """The steps of all teams in the order in which they end."""
    ends = [(end, case, step) for case, team in teams.items() for step, end in enumerate(team.finishes)]
    return [(case, step) for _, case, step in sorted(ends)]


def packed_into(
    region: Region, finders: Sequence[TeamFinder], teams: Mapping[int, Team], order: Iterable[Turn]
) -> dict[int, Team] | None:
    """The teams with their steps placed in `order`; None when a case is late then."""
    firms = {case: team.firms for case, team in teams.items()}
    try:
        placed = lay(finders, Ledger(region), firms, order)
    except NoRoom:
        return None
    if any(max(here.ends.values()) > finders[case].due for case, here in placed.items()):
        return None
    return {case: settled(finders[case], team, placed[case]) for case, team in teams.items()}


def tidied(region: Region, finders: Sequence[TeamFinder], teams: Mapping[int, Team]) -> dict[int, Team]:
    """The same teams, no step later than before, and most of them earlier."""
    firms = {case: team.firms for case, team in teams.items()}
    # Teams that fit together fit in the order of their ends.
    placed = lay(finders, Ledger(region), firms, by_finish(teams))
    return {case: settled(finders[case], team, placed[case]) for case, team in teams.items()}


def settled(finder: TeamFinder, team: Team, placed: Placed) -> Team:
    """The team with the days and hours it was given."""
    finishes = tuple(placed.ends[i] for i in range(len(team.firms)))
    bookings = tuple(b for i in range(len(team.firms)) for b in placed.bookings[i])
    w_day = finder.region.problem.params.w_day
    return Team(team.firms, finishes, team.cost + w_day * (max(finishes) - team.last), bookings)
