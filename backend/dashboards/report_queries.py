"""All SQL of the reports. Every figure counts only cases that the reader may read, so that no sum tells of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, distinct, literal, null
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func

from backend.accounts.models import User
from backend.firms.models import CapacityWeek, Firm
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.outcomes.models import Outcome
from backend.introductions.queries import readable_cases
from backend.introductions.states import CaseState, ClientKind, ClientPlace, OfferState
from backend.requests.models import PartRequest

Found = Select[*tuple[Any, ...]]
# In place of a month, where the whole time is counted.
WHOLE = -1
OUTSIDE = (ClientPlace.TOKYO, ClientPlace.ELSEWHERE, ClientPlace.ABROAD)


@dataclass(frozen=True)
class Scope:
    """Whose figures of which time: half-open, in UTC; `ward` narrows to the requests of one ward."""

    actor: User
    since: datetime
    until: datetime
    # When each month of the time begins.
    months: tuple[datetime, ...]
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
class Part:
    """How many offers of one month and one ward; of orders also what they came to and where they came from."""

    month: int
    ward: str | None
    count: int
    amount_yen: int = 0
    outside: int = 0
    abroad: int = 0


@dataclass(frozen=True)
class Tally:
    """Offers counted by month and ward, and over the whole time how many firms and cases they are of."""

    parts: tuple[Part, ...]
    firms: int
    cases: int
    startup_cases: int = 0
    joint_cases: int = 0
    without_amount: int = 0


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


def asked(session: Session, scope: Scope) -> Tally:
    """The firms that were asked in the time."""
    return _tally(session, _offers(scope, col(Offer.asked_at)))


def introduced(session: Session, scope: Scope) -> Tally:
    """The introductions of the time."""
    return _tally(session, _offers(scope, col(Offer.introduced_at)))


def _offers(scope: Scope, moment: Mapped[datetime] | Mapped[datetime | None]) -> Found:
    """The offers whose moment lies in the time, with the month it lies in."""
    return (
        sa_select(
            _month_number(moment, scope.months).label("month"),
            col(PartRequest.ward).label("ward"),
            col(Offer.firm_id).label("firm_id"),
            col(Offer.case_id).label("case_id"),
        )
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .where(_readable(scope), moment >= scope.since, moment < scope.until, *_of_ward(scope))
    )


def _month_number(moment: Mapped[datetime] | Mapped[datetime | None], months: Sequence[datetime]) -> ColumnElement[int]:
    """In which of the months a moment lies, from 0. Counted there, so that no rows come out."""
    number: ColumnElement[int] = literal(0)
    for start in months[1:]:
        number = number + case((moment >= start, 1), else_=0)
    return number


def _tally(session: Session, offers: Found) -> Tally:
    found = offers.cte("found")
    by = sa_select(found.c.month, found.c.ward, func.count(), literal(0)).group_by(found.c.month, found.c.ward)
    firms, cases_ = func.count(distinct(found.c.firm_id)), func.count(distinct(found.c.case_id))
    *parts, whole = _parts_and_whole(session, by, sa_select(literal(WHOLE), null(), firms, cases_))
    return Tally(tuple(Part(month, ward, count) for month, ward, count, _none in parts), whole[2], whole[3])


def _parts_and_whole(session: Session, by: Found, whole: Found) -> list[Any]:
    """Both in one question, so that what they count is looked for once; the whole comes last."""
    return sorted(session.execute(by.union_all(whole)).all(), key=lambda row: bool(row[0] == WHOLE))


def orders(session: Session, scope: Scope) -> Tally:
    """The offers that led to an order, dated by the introduction, with the amount either side named; the firm's counts
    first.
    """
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
    won = _offers(scope, col(Offer.introduced_at)).where(col(Offer.state) == OfferState.WON)
    found = won.outerjoin(amounts, amounts.c.offer_id == col(Offer.id)).add_columns(
        amounts.c.amount.label("amount"), col(Case.client_kind).label("kind"), col(Case.client_place).label("place")
    )
    return _order_tally(session, found, _joint_cases(session, won.subquery()))


def _order_tally(session: Session, offers: Found, joint: int) -> Tally:
    found = offers.cte("found")
    by = sa_select(
        found.c.month,
        found.c.ward,
        func.count(),
        func.coalesce(func.sum(found.c.amount), 0),
        func.sum(case((found.c.place.in_(OUTSIDE), 1), else_=0)),
        func.sum(case((found.c.place == ClientPlace.ABROAD, 1), else_=0)),
    ).group_by(found.c.month, found.c.ward)
    whole = sa_select(
        literal(WHOLE),
        null(),
        func.count(distinct(found.c.firm_id)),
        func.count(distinct(found.c.case_id)),
        func.count(distinct(case((found.c.kind == ClientKind.STARTUP, found.c.case_id)))),
        func.count() - func.count(found.c.amount),
    )
    *rows, (_whole, _ward, firms, cases_, startups, without) = _parts_and_whole(session, by, whole)
    parts = tuple(Part(month, ward, *map(int, rest)) for month, ward, *rest in rows)
    return Tally(parts, firms, int(cases_), startups, joint, without)


def _joint_cases(session: Session, won: Subquery) -> int:
    """How many of these cases are done by several firms."""
    statement = (
        sa_select(col(CaseLeg.case_id))
        .where(col(CaseLeg.case_id).in_(sa_select(won.c.case_id)), col(CaseLeg.firm_id).is_not(None))
        .group_by(col(CaseLeg.case_id))
        .having(func.count(distinct(col(CaseLeg.firm_id))) > 1)
    )
    count: int = session.execute(sa_select(func.count()).select_from(statement.subquery())).scalar_one()
    return count


def firms_and_fresh(session: Session, ward: str | None, fresh_since: datetime) -> tuple[int, int]:
    """How many firms the ledger has, and how many of them said since then what they have free."""
    here = [col(Firm.ward) == ward] if ward else []
    alive = col(Firm.deleted_at).is_(None)
    told = sa_select(col(CapacityWeek.firm_id)).where(col(CapacityWeek.declared_at) >= fresh_since)
    every = sa_select(func.count()).select_from(Firm).where(alive, *here)
    return session.execute(every).scalar_one(), session.execute(every.where(col(Firm.id).in_(told))).scalar_one()


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
