"""All SQL about decided teams and past handovers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import User
from backend.capacity.models import CapacityBooking
from backend.firms.models import CapacityWeek, Firm
from backend.requests.models import PartRequest
from backend.teams.team_models import Handover, PlanHours, TeamPlan

# Bookings of decided teams are made under this and the id of the plan.
PLAN = "team-plan:"


def plans_of(session: Session, request_id: int) -> Sequence[TeamPlan]:
    """Every team ever decided on for this request, newest first."""
    wanted = select(TeamPlan).where(col(TeamPlan.request_id) == request_id)
    return session.exec(wanted.order_by(col(TeamPlan.decided_at).desc(), col(TeamPlan.id))).all()


def holding_plan(session: Session, request_id: int | None) -> str | None:
    """The id of the team that holds for a request."""
    wanted = select(TeamPlan.id).where(col(TeamPlan.request_id) == request_id, col(TeamPlan.withdrawn_at).is_(None))
    return session.exec(wanted).first()


def plan_by_id(session: Session, request_id: int, plan_id: str) -> TeamPlan | None:
    wanted = select(TeamPlan).where(col(TeamPlan.request_id) == request_id, col(TeamPlan.id) == plan_id)
    return session.exec(wanted).one_or_none()


def hours_of(session: Session, plan_id: str) -> Sequence[PlanHours]:
    return session.exec(select(PlanHours).where(col(PlanHours.plan_id) == plan_id)).all()


def booked(
    session: Session, firm_ids: Collection[str], since: date, without_request: int | None = None
) -> dict[str, dict[date, float]]:
    """The hours that decided teams take of these firms, by day from `since`; those of one request left out."""
    statement = (
        select_columns(col(PlanHours.firm_id), col(PlanHours.day), func.sum(col(PlanHours.hours)))
        .join(TeamPlan, col(TeamPlan.id) == col(PlanHours.plan_id))
        .where(col(TeamPlan.withdrawn_at).is_(None), col(PlanHours.day) >= since)
        .where(col(PlanHours.firm_id).in_(firm_ids))
        .group_by(col(PlanHours.firm_id), col(PlanHours.day))
    )
    if without_request is not None:
        statement = statement.where(col(TeamPlan.request_id) != without_request)
    found: dict[str, dict[date, float]] = {}
    for firm_id, day, hours in session.execute(statement):
        found.setdefault(firm_id, {})[day] = float(hours)
    return found


def counted(session: Session, firm_ids: Collection[str], since: date) -> dict[str, dict[str, dict[date, float]]]:
    """Booked hours that the firms' calendars count as taken: by firm, then by the plan that took them, then by day.

    What a firm already knew of when it last named its free hours is not among them.
    """
    statement = select(CapacityBooking).where(
        col(CapacityBooking.counted).is_(True),
        col(CapacityBooking.day) >= since,
        col(CapacityBooking.firm_id).in_(firm_ids),
        col(CapacityBooking.reference).startswith(PLAN, autoescape=True),
    )
    found: dict[str, dict[str, dict[date, float]]] = {}
    for row in session.exec(statement):
        found.setdefault(row.firm_id, {}).setdefault(row.reference, {})[row.day] = row.hours
    return found


def last_asked(session: Session, firm_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these firms was last decided on."""
    statement = (
        select_columns(col(PlanHours.firm_id), func.max(col(TeamPlan.decided_at)))
        .join(TeamPlan, col(TeamPlan.id) == col(PlanHours.plan_id))
        .where(col(TeamPlan.withdrawn_at).is_(None), col(PlanHours.firm_id).in_(firm_ids))
        .group_by(col(PlanHours.firm_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def lock_request(session: Session, request_id: int) -> None:
    """Let nobody else decide on this request before this transaction ends. SQLite has one writer at a time anyway."""
    session.exec(select(PartRequest.id).where(col(PartRequest.id) == request_id).with_for_update(key_share=True)).one()


def lock_firms(session: Session, firm_ids: Collection[str]) -> None:
    """Let nobody else book these firms before this transaction ends; always in the order of ids, against deadlocks."""
    statement = select(Firm.id).where(col(Firm.id).in_(firm_ids)).order_by(col(Firm.id))
    session.exec(statement.with_for_update(key_share=True)).all()


def with_calendar(session: Session, firm_ids: Collection[str]) -> frozenset[str]:
    """Those of the firms that have named free hours for any week."""
    return frozenset(session.exec(select(CapacityWeek.firm_id).where(col(CapacityWeek.firm_id).in_(firm_ids))))


def names(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    statement = select_columns(col(Firm.id), col(Firm.name)).where(col(Firm.id).in_(firm_ids))
    return {row[0]: row[1] for row in session.execute(statement)}


def firms(session: Session, firm_ids: Collection[str]) -> dict[str, Firm]:
    """The head rows of these firms, for the hints about law."""
    found = session.exec(select(Firm).where(col(Firm.id).in_(firm_ids), col(Firm.deleted_at).is_(None)))
    return {firm.id: firm for firm in found}


def readable_handovers(actor: User | None) -> SelectOfScalar[Handover]:
    """Past handovers this person may know of: staff all, a workshop its own, nobody else any."""
    statement = select(Handover)
    if actor is not None and actor.is_staff:
        return statement
    if actor is not None and actor.firm_id:
        own = or_(col(Handover.firm_a) == actor.firm_id, col(Handover.firm_b) == actor.firm_id)
        return statement.where(own, col(Handover.withdrawn_at).is_(None))
    return statement.where(false())


def handovers(session: Session, actor: User | None, firm_ids: Collection[str] | None = None) -> Sequence[Handover]:
    """Newest first; only between the given firms if any are given."""
    statement = readable_handovers(actor).order_by(col(Handover.recorded_at).desc(), col(Handover.id))
    if firm_ids is not None:
        statement = statement.where(col(Handover.firm_a).in_(firm_ids), col(Handover.firm_b).in_(firm_ids))
    return session.exec(statement).all()


def handover_by_id(session: Session, actor: User | None, handover_id: str) -> Handover | None:
    return session.exec(readable_handovers(actor).where(col(Handover.id) == handover_id)).one_or_none()


def known_pairs(session: Session) -> frozenset[frozenset[str]]:
    """The pairs of firms that have passed work on; for weighing teams, not for showing."""
    statement = select(Handover.firm_a, Handover.firm_b).where(col(Handover.withdrawn_at).is_(None))
    return frozenset(frozenset(pair) for pair in session.exec(statement))
