"""The state of the search: a team or none for each case, and the ledger with what they take."""

from collections.abc import Iterable
from dataclasses import dataclass

from matching.joint.finder import EPSILON, Team, TeamFinder
from matching.joint.ledger import Ledger
from matching.joint.problem import JointProblem
from matching.joint.region import Region

# Weight of the cases that have a team, and what their teams cost: more of the first counts before less of the second.
Worth = tuple[int, float]


def better(a: Worth, b: Worth) -> bool:
    """Whether `a` is worth more than `b`."""
    return a[0] > b[0] or (a[0] == b[0] and a[1] < b[1] - EPSILON)


@dataclass(frozen=True, slots=True)
class Change:
    """Teams of some cases before a change, so that it can be undone."""

    before: tuple[tuple[int, Team | None], ...]


class Roster:
    """Cases by number. Only teams that are ready in time are held."""

    def __init__(self, problem: JointProblem) -> None:
        self.region = Region(problem)
        self.ledger = Ledger(self.region)
        self.finders = [TeamFinder(self.region, case) for case in problem.cases]
        self.teams: list[Team | None] = [None] * len(problem.cases)

    @property
    def worth(self) -> Worth:
        held = [(f.case.weight, t.cost) for f, t in zip(self.finders, self.teams, strict=True) if t]
        return sum(weight for weight, _ in held), sum(cost for _, cost in held)

    @property
    def waiting(self) -> list[int]:
        """Cases without a team."""
        return [c for c, team in enumerate(self.teams) if team is None]

    def put(self, case: int, team: Team | None) -> None:
        held = self.teams[case]
        if held:
            self.ledger.release(held.bookings)
        if team:
            self.ledger.book(team.bookings)
        self.teams[case] = team

    def fill(self, cases: Iterable[int]) -> None:
        """Give each case in turn its cheapest team in what is left."""
        for case in cases:
            if self.teams[case] is None:
                self.put(case, self.finders[case].cheapest(self.ledger))

    def renew(self, cases: list[int]) -> Change:
        """Take the teams of `cases` away and give them new ones, in this order."""
        before = tuple((case, self.teams[case]) for case in cases)
        self.clear(cases)
        self.fill(cases)
        return Change(before)

    def undo(self, change: Change) -> None:
        self.clear([case for case, _ in change.before])
        for case, team in change.before:
            self.put(case, team)

    def clear(self, cases: Iterable[int]) -> None:
        for case in cases:
            self.put(case, None)
