"""Team proposals for `nakamawa rank`: route, firms of each step, composition, in the form of the output line."""

from collections.abc import Mapping, Sequence

from matching.api import MatchIndex
from matching.composition.result import TeamAnswer
from matching.routing.options import step_options
from matching.routing.plan import plan
from matching.routing.teams import TeamProposal, propose
from matching.types import Need


class TeamPlanner:
    """Makes the team proposals for the requests of one index."""

    def __init__(self, index: MatchIndex) -> None:
        self._index = index

    def propose(self, need: Need, k: int = 5) -> TeamProposal:
        """The best `k` teams. Without teams when the job is one operation, or when nobody does any of it."""
        route = plan(need)
        if not route.is_chain:
            return TeamProposal((), ())
        options = [step_options(self._index, step, need.text) for step in route.steps]
        due = need.due.value if need.due else None
        return propose(route, options, need.today, due, k)

    def __call__(self, need: Need, k: int) -> tuple[Sequence[str], Sequence[Mapping[str, object]]]:
        """The Japanese names of the steps, and the teams, as `rank` writes them."""
        found = self.propose(need, k)
        return [step.names[0] for step in found.steps], [_line(found, team, need.lang) for team in found.teams]


def _line(found: TeamProposal, team: TeamAnswer, lang: str) -> Mapping[str, object]:
    return {
        "assignments": _assignments(found, team),
        "km": round(team.km, 2),
        "finish": team.finish.isoformat(),
        "lead_firm": team.lead_firm,
        "questions": [question.text(lang) for question in found.questions],
    }


def _assignments(found: TeamProposal, team: TeamAnswer) -> Sequence[Mapping[str, str]]:
    return [{"step": step.names[0], "firm_id": team.assignment[step.id]} for step in found.steps]
