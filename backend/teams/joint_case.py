"""Open requests as one joint problem: their routes, the firms of each step, and the hours decided teams left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.firms.profiles import FirmFacts
from backend.matches.index import LiveIndex
from backend.teams import plan_queries, service
from backend.teams.free_hours import free_hours
from backend.teams.plan_rules import Weeks, horizon
from backend.teams.team_case import WEIGHTS, Case, case_of, firm_of, middle_of
from backend.teams.what_if import WhatIf
from matching.composition.problem import Firm, Step
from matching.joint.problem import Case as JointCase
from matching.joint.problem import JointProblem

# Nobody plans further ahead.
MOST_WEEKS = 26


@dataclass(frozen=True)
class Wanted:
    """One request: the due date it asks for, and its steps with their firms."""

    case: Case
    due: date | None

    @property
    def number(self) -> str:
        return self.case.kept.number

    @property
    def is_staffed(self) -> bool:
        """Whether anybody does any of it."""
        return bool(self.case.steps)


def wanted(session: Session, index: LiveIndex, actor: User | None, token: str) -> Wanted:
    """Reads a request and finds its firms. Raises NotFound, or NotReady while there is no index."""
    worked = service.work_on(session, actor, token)
    case = case_of(session, index, worked.kept, worked.need, worked.route, WhatIf(), staff=True)
    return Wanted(case, worked.need.due.value if worked.need.due else None)


def joint_problem(session: Session, cases: Sequence[Wanted]) -> JointProblem:
    """All of them over the hours that are left; ids of cases are their tokens."""
    dues = [one.due for one in cases if one.due]
    begin, closed = horizon(clock.today(), max(dues, default=None))
    facts = {f.id: f for one in cases for f in one.case.facts.values()}
    free = free_hours(session, facts.values(), begin, None)
    return JointProblem(
        start=begin,
        cases=tuple(_case(one) for one in cases if one.is_staffed),
        firms=_firms(facts, free.weeks, begin),
        holidays=closed,
        past_handovers=plan_queries.known_pairs(session),
        taken={(id_, day): hours for id_, days in free.taken.items() for day, hours in days.items()},
        params=WEIGHTS,
    )


def _case(one: Wanted) -> JointCase:
    steps = tuple(Step(s.id, s.process_id, s.hours.likely, s.after) for s in one.case.steps)
    return JointCase(one.case.kept.token, steps, one.case.problem.options, one.due)


def _firms(facts: Mapping[str, FirmFacts], free: Mapping[str, Weeks], begin: date) -> dict[str, Firm]:
    middle = middle_of(facts.values())
    last = begin + timedelta(weeks=MOST_WEEKS)
    return {id_: firm_of(one, tuple(w for w in free[id_] if w[0] <= last), middle) for id_, one in facts.items()}
