"""SQL of the desk and of its figures: counts and first rows, never whole tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from backend.accounts.models import Organisation, OrganisationWard, Role, User
from backend.accounts.queries import own_bodies
from backend.firms.models import CapacityWeek, Firm
from backend.introductions import tables
from backend.introductions.changes.models import CaseChange
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.queries import readable_cases, without_owner
from backend.introductions.states import CaseState, LegState, OfferState
from backend.requests.models import PartRequest

# Firms are asked until the client has decided; after that nobody telephones for an answer.
STILL_ASKED = (CaseState.SHORTLISTING, CaseState.ASKING, CaseState.ANSWERED)
MOST_REPLIES = 2000


@dataclass(frozen=True)
class LateOffer:
    offer: Offer
    case: Case
    request: PartRequest
    firm: str
    phone: str


@dataclass(frozen=True)
class Hole:
    """A leg nobody is left to do; `last` is the offer that came to nothing last."""

    case: Case
    request: PartRequest
    leg: CaseLeg
    last: Offer | None


def case_ids(actor: User) -> Select[tuple[int | None]]:
    """The ids of the cases this person may read, for use inside another statement."""
    return readable_cases(actor).with_only_columns(col(Case.id))


def late_offers(session: Session, actor: User, now: datetime, limit: int) -> tuple[list[LateOffer], int]:
    """Firms that have let their day pass, the longest ago first."""
    asked = (col(Offer.state) == OfferState.ASKED) & (col(Offer.reply_by) < now)
    silent = (col(Offer.state) == OfferState.SILENT) & col(Case.state).in_(STILL_ASKED)
    late: Select[*tuple[Any, ...]] = (
        select_columns(col(Offer.id).label("id"), func.count().over().label("total"))
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(CaseLeg, col(CaseLeg.id) == col(Offer.leg_id))
        .where(asked | silent, col(CaseLeg.state) == LegState.OPEN, col(Case.state).in_(tables.RUNNING))
        .where(col(Case.id).in_(case_ids(actor)))
        .order_by(col(Offer.reply_by), col(Offer.id))
    )
    # Only what is shown is read whole: sorting narrow rows is what keeps this quick.
    first = late.limit(limit).subquery()
    statement = (
        select_columns(Offer, Case, PartRequest, col(Firm.name), col(Firm.phone), first.c.total)
        .join(first, first.c.id == col(Offer.id))
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .join(Firm, col(Firm.id) == col(Offer.firm_id))
    )
    rows = session.execute(statement.order_by(col(Offer.reply_by), col(Offer.id))).all()
    return [LateOffer(*row[:5]) for row in rows], rows[0][5] if rows else 0


def holes(session: Session, actor: User, limit: int) -> tuple[list[Hole], int]:
    """Legs for which firms were asked and none of them is left."""
    asked = select(Offer.id).where(Offer.leg_id == CaseLeg.id)
    left = asked.where(col(Offer.state).in_(tables.ALIVE))
    order = (col(Case.entered_at), col(Case.id), col(CaseLeg.position))
    empty: Select[*tuple[Any, ...]] = (
        select_columns(col(CaseLeg.id).label("id"), func.count().over().label("total"))
        .join(Case, col(Case.id) == col(CaseLeg.case_id))
        .where(col(Case.state).in_(tables.RUNNING), col(CaseLeg.state) == LegState.OPEN)
        .where(asked.exists(), ~left.exists(), col(Case.id).in_(case_ids(actor)))
    )
    first = empty.order_by(*order).limit(limit).subquery()
    statement = (
        select_columns(Case, PartRequest, CaseLeg, first.c.total)
        .join(CaseLeg, col(CaseLeg.case_id) == col(Case.id))
        .join(first, first.c.id == col(CaseLeg.id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
    )
    rows = session.execute(statement.order_by(*order)).all()
    last = _last_offers(session, [row[2].id for row in rows])
    return [Hole(row[0], row[1], row[2], last.get(row[2].id)) for row in rows], rows[0][3] if rows else 0


def _last_offers(session: Session, leg_ids: Sequence[str]) -> dict[str, Offer]:
    """Of each leg the offer that was answered last, or ran out last."""
    if not leg_ids:
        return {}
    statement = select(Offer).where(col(Offer.leg_id).in_(leg_ids))
    found = session.exec(statement.order_by(func.coalesce(col(Offer.answered_at), col(Offer.reply_by)))).all()
    return {offer.leg_id: offer for offer in found}


# Cases in their order, and how many there are in all.
Pile = tuple[list[tuple[Case, PartRequest]], int]
NO_CASES: Pile = ([], 0)


def case_piles(session: Session, actor: User, until: datetime, limit: int) -> Mapping[str, Pile]:
    """What waits as whole cases, found in one question; a pile without any is left out.

    `new`: nobody has looked at them, the oldest first. `due`: their deadline falls before `until`, the most urgent
    first; the new ones have their own pile. `changed`: firms were last shown what is not asked any more, the longest
    ago first. `left`: they have begun and nobody who works here looks after them, the most urgent first.
    """
    state, begun = col(Case.state), col(Case.state).in_(tables.RUNNING - {CaseState.RECEIVED})
    # Found out once for all four.
    readable = col(Case.id).in_(select_columns(case_ids(actor).cte("readable")))
    narrow = (
        _pile("new", readable & (state == CaseState.RECEIVED), col(Case.created_at), limit),
        _pile("due", readable & begun & (col(Case.due_at) < until), col(Case.due_at), limit),
        _pile("changed", readable & state.in_(tables.RUNNING) & _untold(), col(Case.updated_at), limit),
        _pile("left", readable & begun & without_owner(), col(Case.due_at), limit),
    )
    first = union_all(*narrow).subquery()
    statement = (
        select_columns(Case, PartRequest, first.c.pile, first.c.total)
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .join(first, first.c.id == col(Case.id))
    )
    rows = session.execute(statement.order_by(first.c.pile, first.c.place)).all()
    return {pile: _as_pile(list(found)) for pile, found in groupby(rows, key=lambda row: str(row[2]))}


def _as_pile(rows: Sequence[Row[*tuple[Any, ...]]]) -> Pile:
    return [(row[0], row[1]) for row in rows], rows[0][3]


def _untold() -> ColumnElement[bool]:
    """That a firm was last shown what is not asked any more."""
    shown = (
        select(CaseChange.id)
        .join(Offer, col(Offer.case_id) == col(CaseChange.case_id))
        .where(CaseChange.case_id == Case.id, col(CaseChange.settled_at).is_(None))
        .where(col(Offer.state).in_(tables.HEARS_BY_DESK), col(Offer.shown_at) < col(CaseChange.at))
    )
    return shown.exists()


def _pile(
    name: str,
    wanted: ColumnElement[bool],
    order: Mapped[datetime] | Mapped[datetime | None],
    limit: int,
) -> Select[*tuple[Any, ...]]:
    """Only the ids of what is shown, and how many there are: sorting narrow rows is what keeps this quick."""
    here: Select[*tuple[Any, ...]] = select_columns(
        col(Case.id).label("id"),
        literal(name).label("pile"),
        func.row_number().over(order_by=(order, col(Case.id))).label("place"),
        func.count().over().label("total"),
    )
    here = here.where(wanted).order_by(order, col(Case.id)).limit(limit)
    return select_columns(here.subquery())


@dataclass(frozen=True)
class Stale:
    """Firms whose answer about this week is old: how many, one of them by name, and the ages of the extremes."""

    count: int
    name: str = ""
    oldest: datetime | None = None
    newest: datetime | None = None


def stale_firms(session: Session, wards: frozenset[str] | None, week: date, before: datetime) -> Stale:
    """Firms of the own wards that said something of this week before that moment, and nothing since."""
    at = col(CapacityWeek.declared_at)
    here = (col(CapacityWeek.week_start) == week, at < before, _of_own_firms(col(CapacityWeek.firm_id), wards))
    # Counted first and looked up after: to put all of them into an order would take twice as long.
    count, oldest, newest = session.execute(select_columns(func.count(), func.min(at), func.max(at)).where(*here)).one()
    if not count:
        return Stale(0)
    name = select_columns(col(Firm.name)).join(CapacityWeek, col(Firm.id) == col(CapacityWeek.firm_id))
    first = session.execute(name.where(*here, at == oldest).order_by(col(Firm.name)).limit(1)).scalar_one()
    return Stale(count, first, oldest, newest)


def own_wards(session: Session, actor: User) -> frozenset[str] | None:
    """The wards that the actor's bodies look after; none named means all of them."""
    if actor.role is Role.ADMIN:
        return None
    own = col(Organisation.id).in_(own_bodies(actor))
    statement = select_columns(col(Organisation.all_wards), col(OrganisationWard.ward)).outerjoin(
        OrganisationWard, col(OrganisationWard.organisation_id) == col(Organisation.id)
    )
    rows = session.execute(statement.where(own)).all()
    return None if any(everywhere for everywhere, _ward in rows) else frozenset(ward for _all, ward in rows if ward)


def _own_firms(wards: frozenset[str] | None) -> ColumnElement[bool]:
    """Living firms in these wards."""
    living = col(Firm.deleted_at).is_(None)
    return living if wards is None else living & col(Firm.ward).in_(wards)


def _of_own_firms(firm_id: Mapped[str], wards: frozenset[str] | None) -> ColumnElement[bool]:
    """Whether a row belongs to a living firm in these wards; of all wards the few that have gone are left out."""
    if wards is None:
        return firm_id.not_in(select(Firm.id).where(col(Firm.deleted_at).is_not(None)))
    return firm_id.in_(select(Firm.id).where(_own_firms(wards)))


# Which actions of the history make a case one that got so far.
STAGES: Mapping[str, str] = {
    "open": "received",
    "ask": "asked",
    "introduce": "introduced",
    "negotiate": "quoted",
    "quote": "quoted",
    "order": "ordered",
}


def flow(session: Session, actor: User, since: datetime) -> dict[str, int]:
    """How many cases got how far since then, each case once for each stage."""
    stage = case(STAGES, value=col(CaseEvent.action))
    statement = (
        select_columns(stage, func.count(func.distinct(col(CaseEvent.case_id))))
        .where(col(CaseEvent.at) >= since, col(CaseEvent.action).in_(STAGES))
        .where(col(CaseEvent.case_id).in_(case_ids(actor)))
        .group_by(stage)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def first_replies(session: Session, actor: User, since: datetime) -> list[float]:
    """Days until somebody first answered, of the cases that came since then."""
    statement = select_columns(col(Case.created_at), col(Case.answered_at)).where(
        col(Case.created_at) >= since, col(Case.answered_at).is_not(None), col(Case.id).in_(case_ids(actor))
    )
    rows = session.execute(statement.order_by(col(Case.created_at).desc()).limit(MOST_REPLIES))
    return [(answered - created).total_seconds() / 86_400 for created, answered in rows]


def share_introduced(session: Session, wards: frozenset[str] | None) -> float | None:
    """Of the firms of the own wards, the share that was ever introduced to a client."""
    of_own = _of_own_firms(col(Offer.firm_id), wards)
    once = select_columns(func.count(func.distinct(col(Offer.firm_id)))).where(
        col(Offer.introduced_at).is_not(None), of_own
    )
    every = select_columns(func.count()).select_from(Firm).where(_own_firms(wards))
    known, found = session.execute(select_columns(every.scalar_subquery(), once.scalar_subquery())).one()
    return float(found / known) if known else None
