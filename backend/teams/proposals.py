"""Team proposals for `nakamawa rank`: route, firms of each step, composition, in the form of the output line."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matching.api import MatchIndex
from matching.composition.result import TeamAnswer
from matching.routing.options import StepOption, step_options
from matching.routing.plan import plan, wider
from matching.routing.route import Route, RouteStep
from matching.routing.teams import TeamProposal, propose
from matching.types import Need

# So many teams at least are of the route as it was read; so many at most with an operation that may be meant besides.
_SURE, _WIDER = 2, 3


class TeamPlanner:
    """Makes the team proposals for the requests of one index."""

    def __init__(self, index: MatchIndex) -> None:
        self._index = index

    def propose(self, need: Need, k: int = 5) -> list[TeamProposal]:
        """`k` teams in all: the best of the route, then the best with one operation more that may be meant, each
        with its question. Nothing when the job is one operation, or when nobody does any of it.
        """
        route = plan(need)
        if not route.is_chain:
            return []
        firms = _Firms(self._index, need)
        # Whose text asks for one operation alone has told what it wants.
        more = wider(need, max(0, min(_WIDER, k - _SURE))) if route.told else ()
        wide = [(also, firms.teams(also.route, 1)) for also in more]
        asked = [replace(found, questions=(also.question, *found.questions)) for also, found in wide if found.teams]
        return [firms.teams(route, k - len(asked)), *asked]

    def __call__(self, need: Need, k: int) -> tuple[Sequence[str], Sequence[Mapping[str, object]]]:
        """The Japanese names of the steps, and the teams, as `rank` writes them."""
        found = self.propose(need, k)
        steps = [step.names[0] for step in found[0].steps] if found else []
        return steps, [_line(one, team, need.lang) for one in found for team in one.teams]


class _Firms:
    """The firms for the steps of one job, each step looked up once however many routes hold it."""

    def __init__(self, index: MatchIndex, need: Need) -> None:
        self._index, self._need = index, need
        self._options: dict[tuple[str, Need], tuple[StepOption, ...]] = {}

    def teams(self, route: Route, k: int) -> TeamProposal:
        due = self._need.due.value if self._need.due else None
        return propose(route, [self._of(step) for step in route.steps], self._need.today, due, k)

    def _of(self, step: RouteStep) -> tuple[StepOption, ...]:
        key = step.process_id, step.need
        if key not in self._options:
            self._options[key] = step_options(self._index, step, self._need.text)
        return self._options[key]


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
