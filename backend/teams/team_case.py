"""The team problem of one request: its steps, the firms of each, and the hours other cases have left of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from backend.core import clock
from backend.firms.profiles import FirmFacts
from backend.matches.index import LiveIndex
from backend.matches.profiles import profile_of
from backend.matches.service import suitable
from backend.requests.models import PartRequest
from backend.teams import plan_queries
from backend.teams.free_hours import free_hours
from backend.teams.plan_rules import Weeks, horizon, rested, turn_cost
from backend.teams.what_if import WhatIf
from matching.composition.daily import Daily, by_day
from matching.composition.problem import Firm, Option, Params, Problem, Step
from matching.routing.options import StepOption, step_options
from matching.routing.route import Route, RouteStep
from matching.types import Candidate, Need
from matching.understanding.offer import Offer

# As the command line weighs teams: whether firms can do the work most, nearness among those that can.
WEIGHTS = Params(k=1, w_fit=20.0, w_km=0.1, w_firm=0.6, w_day=0.03, w_trust=1.0, time_limit_s=1.0)
MIDDLE_OF_TOKYO = (35.68, 139.76)


@dataclass(frozen=True)
class Case:
    """Everything teams are made from. `steps` are those somebody can do; nobody can do the `missing` ones."""

    kept: PartRequest
    steps: tuple[RouteStep, ...]
    missing: tuple[RouteStep, ...]
    options: tuple[tuple[StepOption, ...], ...]
    facts: Mapping[str, FirmFacts]
    daily: Daily
    closed: frozenset[date]
    due: date | None
    today: date

    @property
    def problem(self) -> Problem:
        return self.daily.problem

    def option(self, place: int, firm_id: str) -> StepOption | None:
        """What is known of a firm for one step."""
        return next((option for option in self.options[place] if option.firm.id == firm_id), None)


class _Register:
    """The live index as step options want it, for one reader: a stranger's teams hold listed firms only."""

    def __init__(self, index: LiveIndex, today: date, *, staff: bool) -> None:
        self._index, self._today, self._staff = index, today, staff
        self.facts: dict[str, FirmFacts] = {}

    def find_able(self, need: Need, top: int = 20, near: str | None = None) -> list[Candidate]:
        found = suitable(self._index.find_able(need, top, near), staff=self._staff)
        self.facts |= {one.facts.id: one.facts for one in found}
        return [one.candidate for one in found]

    def offer(self, firm_id: str) -> Offer:
        return Offer(profile_of(self.facts[firm_id], self._today))


def case_of(
    session: Session, index: LiveIndex, kept: PartRequest, need: Need, route: Route, wish: WhatIf, *, staff: bool
) -> Case:
    """The team problem of a request under what somebody tries out. Raises NotReady while there is no index."""
    today = clock.today()
    register = _Register(index, today, staff=staff)
    offered = [step_options(register, step, need.text) for step in route.steps]
    steps, missing = staffed(route.steps, offered)
    options = tuple(found for found in offered if found)
    facts = {o.firm.id: register.facts[o.firm.id] for found in options for o in found}
    begin, closed = horizon(today, wish.due or (need.due.value if need.due else None))
    due = wish.due or (need.due.value if need.due else None)
    due = due if due and due >= begin else None
    free = free_hours(session, facts.values(), begin, kept.id)
    problem = Problem(
        start=begin,
        due=due,
        holidays=closed,
        steps=tuple(Step(s.id, s.process_id, s.hours.likely, s.after) for s in steps),
        firms=_firms(facts.values(), free.weeks),
        options=_options(session, options, wish, today),
        past_handovers=plan_queries.known_pairs(session),
        params=WEIGHTS,
    )
    return Case(kept, steps, missing, options, facts, by_day(problem, free.taken), closed, due, today)


def staffed(
    steps: Sequence[RouteStep], offered: Sequence[Sequence[StepOption]]
) -> tuple[tuple[RouteStep, ...], tuple[RouteStep, ...]]:
    """The steps somebody can do, and those nobody can. A step behind one left out follows what that one followed."""
    place: dict[int, tuple[int, ...]] = {}
    kept: list[RouteStep] = []
    for i, step in enumerate(steps):
        after = tuple(sorted({j for p in step.after for j in place[p]}))
        place[i] = (len(kept),) if offered[i] else after
        if offered[i]:
            kept.append(replace(step, after=after))
    return tuple(kept), tuple(step for step, found in zip(steps, offered, strict=True) if not found)


def _options(
    session: Session, options: Sequence[Sequence[StepOption]], wish: WhatIf, today: date
) -> tuple[tuple[Option, ...], ...]:
    """Fits, with those asked lately stepping back by as much as the coordinator wants."""
    asked = plan_queries.last_asked(session, {o.firm.id for found in options for o in found})
    most = turn_cost(wish.turn_km, WEIGHTS.w_km, WEIGHTS.w_fit)
    back = {id_: most * (1.0 - rested(clock.in_tokyo(at).date(), today)) for id_, at in asked.items()}
    return tuple(
        tuple(sorted((Option(o.firm.id, max(0.0, o.fit - back.get(o.firm.id, 0.0))) for o in found), key=_id))
        for found in options
    )


def _id(option: Option) -> str:
    return option.firm_id


def _firms(facts: Iterable[FirmFacts], weeks: Mapping[str, Weeks]) -> dict[str, Firm]:
    known = list(facts)
    middle = middle_of(known)
    return {f.id: firm_of(f, weeks[f.id], middle) for f in known}


def firm_of(facts: FirmFacts, weeks: Weeks, middle: tuple[float, float]) -> Firm:
    """The firm with its free hours as teams are made from it."""
    lat, lng = (facts.lat, facts.lng) if facts.lat is not None and facts.lng is not None else middle
    # Who may carry delivery is asked before anything is promised.
    return Firm(facts.id, lat, lng, facts.can_lead is not False, weeks)


def middle_of(facts: Iterable[FirmFacts]) -> tuple[float, float]:
    """Where a firm without an address is taken to be."""
    known = [(f.lat, f.lng) for f in facts if f.lat is not None and f.lng is not None]
    if not known:
        return MIDDLE_OF_TOKYO
    return sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known)
