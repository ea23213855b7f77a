"""Deciding on a team, and taking it back. Hours are checked where they are written, so that nobody sells one twice.

Teams are worked out before the writing begins; here only sums are compared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.accounts.models import User
from backend.capacity.service import book, release, release_part
from backend.core import audit, clock
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms import profiles
from backend.matches import words
from backend.teams import plan_queries
from backend.teams.free_hours import free_hours
from backend.teams.plan_rules import horizon, short_days
from backend.teams.team_models import PlanHours, TeamPlan
from matching.composition.daily import Work

DECIDED = audit.action("team decided", mark("チームを決めた"))
WITHDRAWN = audit.action("team withdrawn", mark("チームの決定を取り消した"))
RESTORED = audit.action("team restored", mark("チームの決定を戻した"))


@dataclass(frozen=True)
class Decision:
    """A team as it is decided on: who does what, who leads, and the hours this takes."""

    team: Mapping[str, str]
    lead_firm_id: str
    works: Sequence[Work]

    @property
    def finish(self) -> date:
        return max(work.finish for work in self.works)


def decided(session: Session, request_id: int) -> TeamPlan | None:
    """The team that holds for a request, if one does."""
    return next((p for p in plan_queries.plans_of(session, request_id) if p.withdrawn_at is None), None)


def decide(session: Session, actor: User, request_id: int, decision: Decision) -> TeamPlan:
    """Decide on this team and book its hours.

    Raises:
        Refused: another team holds already, or a firm has not the hours any more.
    """
    plan_queries.lock_request(session, request_id)
    if decided(session, request_id):
        raise Refused(_("この案件は、もう案が決まっています。先に取り消してから決めてください。"))
    _check_hours(session, request_id, decision.works)
    plan = TeamPlan(
        request_id=request_id,
        team=dict(decision.team),
        lead_firm_id=decision.lead_firm_id,
        finish=decision.finish,
        decided_by=actor.id,
    )
    session.add(plan)
    session.flush()
    session.add_all(_rows(plan.id, decision.works))
    session.flush()
    _book(session, actor, plan, decision.works)
    audit.record(session, DECIDED, f"request:{request_id}", actor_id=actor.id, **_said(plan))
    return plan


def withdraw(session: Session, actor: User, request_id: int, plan_id: str) -> TeamPlan:
    """Take a decision back: its hours are free again."""
    plan_queries.lock_request(session, request_id)
    plan = _plan(session, request_id, plan_id)
    if plan.withdrawn_at is None:
        _withdraw(session, plan, actor.id)
    return plan


def let_go(
    session: Session, request_id: int, plan_id: str, step_ids: Collection[str], *, actor_id: str | None
) -> TeamPlan:
    """Other firms do these steps: their hours are free again. A team of which no step is left is taken back."""
    plan_queries.lock_request(session, request_id)
    plan = _plan(session, request_id, plan_id)
    rows = plan_queries.hours_of(session, plan.id)
    gone = [row for row in rows if row.step_id in step_ids]
    if plan.withdrawn_at is not None or not gone:
        return plan
    if len(gone) == len(rows):
        _withdraw(session, plan, actor_id)
        return plan
    hours: dict[tuple[str, date], float] = {}
    for row in gone:
        hours[row.firm_id, row.day] = hours.get((row.firm_id, row.day), 0.0) + row.hours
        session.delete(row)
    session.flush()
    release_part(session, plan_queries.PLAN + plan.id, hours, actor_id=actor_id)
    return plan


def _withdraw(session: Session, plan: TeamPlan, actor_id: str | None) -> None:
    plan.withdrawn_at = clock.now()
    session.add(plan)
    session.flush()
    release(session, plan_queries.PLAN + plan.id, actor_id=actor_id)
    audit.record(session, WITHDRAWN, f"request:{plan.request_id}", actor_id=actor_id, **_said(plan))


def restore(session: Session, actor: User, request_id: int, plan_id: str) -> TeamPlan:
    """Undo the taking back, if the hours are still there.

    Raises:
        Refused: another team holds by now, or somebody else has taken the hours.
    """
    plan_queries.lock_request(session, request_id)
    plan, other = _plan(session, request_id, plan_id), decided(session, request_id)
    if other is not None and other.id == plan.id:
        return plan
    if other is not None:
        raise Refused(_("この案件は、もう別の案に決まっています。"))
    works = works_of(session, plan)
    _check_hours(session, request_id, works)
    _book(session, actor, plan, works)
    plan.withdrawn_at = None
    session.add(plan)
    session.flush()
    audit.record(session, RESTORED, f"request:{request_id}", actor_id=actor.id, **_said(plan))
    return plan


def works_of(session: Session, plan: TeamPlan) -> tuple[Work, ...]:
    """What a decided team takes of which firm on which day."""
    found: dict[tuple[str, str], list[tuple[date, float]]] = {}
    for row in plan_queries.hours_of(session, plan.id):
        found.setdefault((row.step_id, row.firm_id), []).append((row.day, row.hours))
    return tuple(Work(step, firm, tuple(sorted(hours))) for (step, firm), hours in found.items())


def _plan(session: Session, request_id: int, plan_id: str) -> TeamPlan:
    plan = plan_queries.plan_by_id(session, request_id, plan_id)
    if plan is None:
        raise NotFound
    return plan


def _said(plan: TeamPlan) -> dict[str, str]:
    """Who does what, as the audit trail tells it."""
    team = "・".join(f"{step}={firm}" for step, firm in sorted(plan.team.items()))
    return {
        "plan": plan.id,
        "firms": audit.shortened(team),
        "lead": plan.lead_firm_id,
        "finish": plan.finish.isoformat(),
    }


def _rows(plan_id: str, works: Sequence[Work]) -> list[PlanHours]:
    return [
        PlanHours(plan_id=plan_id, firm_id=work.firm_id, step_id=work.step_id, day=day, hours=hours)
        for work in works
        for day, hours in work.hours
    ]


def _book(session: Session, actor: User, plan: TeamPlan, works: Sequence[Work]) -> None:
    """Count the hours in the calendars of the firms that keep one, where every part of the program sees them."""
    told = plan_queries.with_calendar(session, {work.firm_id for work in works})
    hours: dict[tuple[str, date], float] = {}
    for work in works:
        for day, taken in work.hours:
            if work.firm_id in told:
                hours[work.firm_id, day] = hours.get((work.firm_id, day), 0.0) + taken
    book(session, plan_queries.PLAN + plan.id, hours, actor_id=actor.id)


def _check_hours(session: Session, request_id: int, works: Sequence[Work]) -> None:
    """Whether every firm still has the hours, with the rows of the firms held until this transaction ends."""
    ids = {work.firm_id for work in works}
    plan_queries.lock_firms(session, ids)
    facts = {one.id: one for one in profiles.profiles(session, sorted(ids))}
    start = min(work.start for work in works)
    if facts.keys() != ids or start < clock.today():
        raise Refused(_("この案は古くなりました。いまの空きで組み直してください。"))
    _begin, closed = horizon(start, max(work.finish for work in works))
    free = free_hours(session, facts.values(), start, request_id)
    short = short_days(free.weeks, closed, free.taken, works)
    if short:
        raise Refused(_short_words(short, {id_: one.name for id_, one in facts.items()}))


def _short_words(short: Mapping[tuple[str, date], float], names: Mapping[str, str]) -> str:
    (firm_id, day), hours = min(short.items(), key=lambda item: item[0][::-1])
    return _(
        "%(firm)sの%(day)sの空きが、ほかの案件で%(hours)s時間足りなくなりました。組み直してください。",
        firm=names[firm_id],
        day=words.short_day(day),
        hours=words.number(max(0.1, round(hours, 1))),
    )
