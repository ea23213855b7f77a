"""All SQL of the reports. Every figure counts only cases that the reader may read, so that no sum tells of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, distinct
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, or_

from backend.accounts.models import User
from backend.firms.models import CapacityWeek, Firm
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.outcome_models import Outcome
from backend.introductions.queries import readable_cases
from backend.introductions.states import CaseState, ClientKind, ClientPlace, OfferState
from backend.requests.models import PartRequest


@dataclass(frozen=True)
class Scope:
    """Whose figures of which time: half-open, in UTC; `ward` narrows to the requests of one ward."""

    actor: User
    since: datetime
    until: datetime
    ward: str | None = None


@dataclass(frozen=True)
class CaseRow:
    """What the report needs of one case; a case is small, and a ward has some thousands a year."""

    created_at: datetime
    ward: str | None
    state: CaseState
    kind: ClientKind
    place: ClientPlace
    reason: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OfferRow:
    """What the report needs of one offer."""

    case_id: int
    firm_id: str
    ward: str | None
    asked_at: datetime
    introduced_at: datetime | None
    state: OfferState


def cases(session: Session, scope: Scope) -> list[CaseRow]:
    """The cases that were opened in the time."""
    statement = (
        sa_select(
            col(Case.created_at),
            col(PartRequest.ward),
            col(Case.state),
            col(Case.client_kind),
            col(Case.client_place),
            col(Case.reason),
            col(Case.answered_at),
        )
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .where(
            _readable(scope), col(Case.created_at) >= scope.since, col(Case.created_at) < scope.until, *_of_ward(scope)
        )
    )
    return [CaseRow(*row) for row in session.execute(statement)]


def offers(session: Session, scope: Scope) -> list[OfferRow]:
    """What was asked, or introduced, in the time."""
    asked = (col(Offer.asked_at) >= scope.since) & (col(Offer.asked_at) < scope.until)
    introduced = (col(Offer.introduced_at) >= scope.since) & (col(Offer.introduced_at) < scope.until)
    statement = (
        sa_select(
            col(Offer.case_id),
            col(Offer.firm_id),
            col(PartRequest.ward),
            col(Offer.asked_at),
            col(Offer.introduced_at),
            col(Offer.state),
        )
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .where(_readable(scope), or_(asked, introduced), *_of_ward(scope))
    )
    return [OfferRow(*row) for row in session.execute(statement)]


@dataclass(frozen=True)
class Order:
    """One order that was reported or won in the time, with the amount either side named; the firm's counts first."""

    case_id: int
    firm_id: str
    ward: str | None
    kind: ClientKind
    place: ClientPlace
    at: datetime
    amount_yen: int | None


def orders(session: Session, scope: Scope) -> list[Order]:
    """The offers that led to an order, dated by the introduction; one row each."""
    amounts = (
        sa_select(
            col(Outcome.offer_id),
            func.coalesce(
                func.max(case((col(Outcome.party) == "firm", col(Outcome.amount_yen)))),
                func.max(col(Outcome.amount_yen)),
            ).label("amount"),
        )
        .group_by(col(Outcome.offer_id))
        .subquery()
    )
    statement = (
        sa_select(
            col(Offer.case_id),
            col(Offer.firm_id),
            col(PartRequest.ward),
            col(Case.client_kind),
            col(Case.client_place),
            col(Offer.introduced_at),
            amounts.c.amount,
        )
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .outerjoin(amounts, amounts.c.offer_id == col(Offer.id))
        .where(_readable(scope), col(Offer.state) == OfferState.WON, *_of_ward(scope))
        .where(col(Offer.introduced_at) >= scope.since, col(Offer.introduced_at) < scope.until)
    )
    return [Order(*row) for row in session.execute(statement)]


def joint_projects(session: Session, case_ids: Sequence[int]) -> int:
    """How many of these cases are done by several firms."""
    statement = (
        sa_select(col(CaseLeg.case_id))
        .where(col(CaseLeg.case_id).in_(case_ids), col(CaseLeg.firm_id).is_not(None))
        .group_by(col(CaseLeg.case_id))
        .having(func.count(distinct(col(CaseLeg.firm_id))) > 1)
    )
    count: int = session.execute(sa_select(func.count()).select_from(statement.subquery())).scalar_one()
    return count


def firms_and_fresh(session: Session, ward: str | None, fresh_since: datetime) -> tuple[int, int]:
    """How many firms the ledger has, and how many of them said since then what they have free."""
    here = [col(Firm.ward) == ward] if ward else []
    alive = col(Firm.deleted_at).is_(None)
    told = (
        sa_select(func.count(distinct(col(CapacityWeek.firm_id))))
        .join(Firm, col(Firm.id) == col(CapacityWeek.firm_id))
        .where(alive, col(CapacityWeek.declared_at) >= fresh_since, *here)
    )
    every = sa_select(func.count()).select_from(Firm).where(alive, *here)
    return session.execute(every).scalar_one(), session.execute(told).scalar_one()


def wards(session: Session, actor: User) -> list[str]:
    """The wards that the readable requests belong to."""
    readable = readable_cases(actor).with_only_columns(col(Case.request_id))
    statement = sa_select(col(PartRequest.ward)).where(
        col(PartRequest.id).in_(readable), col(PartRequest.ward).is_not(None)
    )
    return [ward for (ward,) in session.execute(statement.distinct().order_by(col(PartRequest.ward)))]


def _readable(scope: Scope) -> ColumnElement[bool]:
    ids: Select[tuple[int | None]] = readable_cases(scope.actor).with_only_columns(col(Case.id))
    return col(Case.id).in_(ids)


def _of_ward(scope: Scope) -> list[ColumnElement[bool]]:
    return [col(PartRequest.ward) == scope.ward] if scope.ward else []
