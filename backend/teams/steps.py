"""The steps of a request as whoever looks after it needs them: what each is, who can do it, what it asks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.accounts.models import User
from backend.firms.models import Firm
from backend.matches import words
from backend.matches.cards import Card, card_of
from backend.matches.index import Found, LiveIndex
from backend.matches.operations import DEPTH
from backend.matches.reading import view
from backend.matches.service import TRADE
from backend.teams import plan_queries, plans, service
from backend.teams.service import Worked
from backend.teams.team_models import TeamPlan
from matching.composition.daily import Work
from matching.routing.route import RouteStep
from matching.types import Need, Verdict

LOOKED_AT = 40
LONGEST_TITLE = 80


@dataclass(frozen=True)
class StepPlan:
    """One step: what it is called, and the days and the firm that orders it where a team was decided on."""

    key: str
    title: str
    process_id: str
    hours: float
    start: date | None = None
    finish: date | None = None
    # The lead firm, for what it passes on; nobody for what the client orders itself.
    orderer_firm_id: str | None = None


def steps_of(worked: Worked) -> list[StepPlan]:
    """The steps of a route in their order."""
    return [_planned(step, None, None) for step in worked.route.steps]


def steps_of_team(session: Session, worked: Worked, plan: TeamPlan) -> list[StepPlan]:
    """The same with the days of a team. Its lead firm takes the order and passes the other steps on."""
    works = {work.step_id: work for work in plans.works_of(session, plan)}
    return [_planned(step, works.get(step.id), plan) for step in worked.route.steps]


def _planned(step: RouteStep, work: Work | None, plan: TeamPlan | None) -> StepPlan:
    led = plan is not None and plan.team.get(step.id) != plan.lead_firm_id
    return StepPlan(
        step.id,
        (step.title or words.process_names((step.process_id, *step.also)))[:LONGEST_TITLE],
        step.process_id,
        step.hours.likely,
        work.start if work else None,
        work.finish if work else None,
        plan.lead_firm_id if plan and led else None,
    )


def firms_for(index: LiveIndex, worked: Worked, step_key: str, always: Collection[str] = ()) -> list[Card]:
    """The firms that can do one step, or the whole job for a blank key: whom nothing rules out first.

    Firms of another trade are left out, but for those in `always`. Raises NotReady while there is no index.
    """
    need = _need(worked, step_key)
    found = index.find_able(need, LOOKED_AT, worked.need.text) if step_key else index.find(need, DEPTH)
    return _ranked(found, need, always)


def named(session: Session, firm_ids: Collection[str]) -> list[Card]:
    """Firms somebody wants though the matcher does not offer them for a step: with their names, without reasons."""
    found = plan_queries.firms(session, firm_ids) if firm_ids else {}
    return [_unmatched(found[id_]) for id_ in firm_ids if id_ in found]


def _unmatched(firm: Firm) -> Card:
    return Card(
        rank=0,
        firm_id=firm.id,
        name=firm.name,
        ward=firm.ward,
        intro="",
        verdict=Verdict.UNKNOWN.value,
        checks=(),
        can_lead=False,
        free="",
        weeks=(),
        free_hours=None,
    )


def asked_for(worked: Worked, step_key: str) -> list[tuple[str, str]]:
    """What one step asks for, label by label; the date wanted is that of the whole job. It names nobody."""
    own = [(c.label, c.value) for c in view(_need(worked, step_key), {}).chips if c.aspect not in {"process", "due"}]
    due = [(chip.label, chip.value) for chip in view(worked.need, {}).chips if chip.aspect == "due"]
    return [(label, value) for label, value in (*own, *due) if value]


def words_of(worked: Worked, step_key: str) -> tuple[str, ...]:
    """What the client wrote of one step, stretch by stretch, which may name anybody; a blank key is the only step."""
    found = [step for step in worked.route.steps if not step_key or step.id == step_key]
    return found[0].words if len(found) == 1 else ()


def work_on(session: Session, actor: User, token: str) -> Worked:
    """The request with its route, for somebody who may open it."""
    return service.work_on(session, actor, token)


def _need(worked: Worked, step_key: str) -> Need:
    return next((step.need for step in worked.route.steps if step.id == step_key), worked.need)


def _ranked(found: Sequence[Found], need: Need, always: Collection[str]) -> list[Card]:
    cards = [card_of(one, need, rank, staff=True) for rank, one in enumerate(found, 1)]
    able = [c for c in cards if c.firm_id in always or all(line.aspect not in TRADE for line in c.lacks)]
    return sorted(able or cards, key=lambda card: (card.verdict == Verdict.NO, card.rank))
