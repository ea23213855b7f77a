"""All SQL about cases. Every read starts from `readable_cases`, `readable_legs` or `readable_offers`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Role, User
from backend.capacity.models import CapacityBooking
from backend.firms.models import Firm
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.states import CaseState, OfferState, Party
from backend.introductions.tables import DISCLOSED, PLANNABLE
from backend.requests.models import PartRequest
from backend.requests.queries import readable_requests


def readable_cases(actor: User) -> SelectOfScalar[Case]:
    """The cases of the requests this person may read. A workshop sees its offers and legs instead, never the case."""
    statement = select(Case)
    if actor.role is Role.ADMIN:
        return statement
    if actor.role is Role.WORKSHOP:
        # A workshop may ask for something itself; then it is a client like any other.
        return statement.where(col(Case.request_id).in_(_own_requests(actor)))
    readable = readable_requests(actor).with_only_columns(col(PartRequest.id))
    return statement.where(col(Case.request_id).in_(readable))


def settled_requests() -> Select[int]:
    """Ids of the requests nobody plans a team for any more: introduced, at work, or over."""
    return select_columns(col(Case.request_id)).where(col(Case.state).not_in(PLANNABLE))


def can_read(session: Session, actor: User, case_id: int) -> bool:
    """Whether this person may read the case."""
    return session.exec(readable_cases(actor).where(Case.id == case_id)).first() is not None


def readable_offers(actor: User) -> SelectOfScalar[Offer]:
    """Staff: those of the cases they may read. A workshop: what was offered to its firm, as long as the firm is in the
    register. Nobody else sees offers.
    """
    statement = select(Offer)
    if actor.is_staff:
        return statement.where(col(Offer.case_id).in_(_ids(readable_cases(actor))))
    if actor.role is Role.WORKSHOP and actor.firm_id:
        left = select(Firm.id).where(Firm.id == actor.firm_id, col(Firm.deleted_at).is_not(None))
        return statement.where(Offer.firm_id == actor.firm_id, ~left.exists())
    return statement.where(false())


def readable_legs(actor: User) -> SelectOfScalar[CaseLeg]:
    """Legs of readable cases; for a workshop those it does, orders, leads or was introduced for."""
    statement = select(CaseLeg)
    of_cases = col(CaseLeg.case_id).in_(_ids(readable_cases(actor)))
    if actor.role is not Role.WORKSHOP or not actor.firm_id:
        return statement.where(of_cases)
    return statement.where(or_(of_cases, part_of_firm(actor.firm_id)))


def part_of_firm(firm_id: str) -> ColumnElement[bool]:
    """Legs that this firm does, orders, leads, or was introduced for."""
    led = select(Case.id).where(Case.lead_firm_id == firm_id)
    introduced = select(Offer.leg_id).where(Offer.firm_id == firm_id, col(Offer.state).in_(DISCLOSED))
    return or_(
        col(CaseLeg.firm_id) == firm_id,
        col(CaseLeg.orderer_firm_id) == firm_id,
        col(CaseLeg.case_id).in_(led),
        col(CaseLeg.id).in_(introduced),
    )


def in_states(cases: SelectOfScalar[Case], states: Collection[CaseState]) -> SelectOfScalar[Case]:
    """Of these cases those in one of the states; none named means all."""
    return cases.where(col(Case.state).in_(states)) if states else cases


def offers_in_states(offers: SelectOfScalar[Offer], states: Collection[OfferState]) -> SelectOfScalar[Offer]:
    return offers.where(col(Offer.state).in_(states)) if states else offers


def without_owner() -> ColumnElement[bool]:
    """Cases that nobody looks after, or somebody who does not work here any more."""
    gone = select(User.id).where(User.id == Case.owner_id, ~col(User.active)).correlate(Case)
    return col(Case.owner_id).is_(None) | gone.exists()


def case_for(session: Session, actor: User, case_id: int) -> Case | None:
    return session.exec(readable_cases(actor).where(Case.id == case_id)).first()


def offer_for(session: Session, actor: User, offer_id: str) -> Offer | None:
    return session.exec(readable_offers(actor).where(Offer.id == offer_id)).first()


def leg_for(session: Session, actor: User, leg_id: str) -> CaseLeg | None:
    return session.exec(readable_legs(actor).where(CaseLeg.id == leg_id)).first()


def hold_case(session: Session, case_id: int) -> Case | None:
    """Locked until this transaction ends: all that changes a case, its legs or its offers begins with this."""
    statement = select(Case).where(Case.id == case_id).with_for_update(key_share=True)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def case_of_request(session: Session, request_id: int) -> Case | None:
    return session.exec(select(Case).where(Case.request_id == request_id)).first()


def request_of(session: Session, case: Case) -> PartRequest:
    return session.exec(select(PartRequest).where(PartRequest.id == case.request_id)).one()


def requests_by_id(session: Session, ids: Iterable[int]) -> dict[int, PartRequest]:
    found = session.exec(select(PartRequest).where(col(PartRequest.id).in_(list(ids))))
    return {request.id or 0: request for request in found}


def requests_of_cases(session: Session, case_ids: Iterable[int]) -> dict[int, PartRequest]:
    """The request of each of these cases, by the case."""
    statement = select(Case.id, PartRequest).join(PartRequest, col(PartRequest.id) == col(Case.request_id))
    found = session.exec(statement.where(col(Case.id).in_(list(case_ids))))
    return {case_id or 0: request for case_id, request in found}


def cases_of_tokens(session: Session, tokens: Collection[str]) -> dict[str, Case]:
    """The case of each of these requests, by the token of the request."""
    statement = select(PartRequest.token, Case).join(Case, col(Case.request_id) == col(PartRequest.id))
    return dict(session.exec(statement.where(col(PartRequest.token).in_(tokens))).all())


def legs_of_cases(session: Session, case_ids: Collection[int]) -> Sequence[CaseLeg]:
    return session.exec(select(CaseLeg).where(col(CaseLeg.case_id).in_(case_ids))).all()


def offers_of_cases(session: Session, case_ids: Collection[int]) -> Sequence[Offer]:
    """The earliest asked first."""
    statement = select(Offer).where(col(Offer.case_id).in_(case_ids))
    return session.exec(statement.order_by(col(Offer.asked_at), col(Offer.id))).all()


def case_of_offer(session: Session, offer: Offer) -> Case:
    return session.exec(select(Case).where(Case.id == offer.case_id)).one()


def leg_of(session: Session, offer: Offer) -> CaseLeg:
    """What the firm was asked to do."""
    return session.exec(select(CaseLeg).where(CaseLeg.id == offer.leg_id)).one()


def legs_of(session: Session, case_id: int) -> Sequence[CaseLeg]:
    """In the order of the work."""
    statement = select(CaseLeg).where(CaseLeg.case_id == case_id).order_by(col(CaseLeg.position))
    return session.exec(statement.execution_options(populate_existing=True)).all()


def hours_booked(session: Session, references: Collection[str]) -> dict[str, float]:
    """How many hours are booked under each of these names; those without any are left out."""
    total = func.sum(col(CapacityBooking.hours))
    statement = select_columns(col(CapacityBooking.reference), total).group_by(col(CapacityBooking.reference))
    rows = session.execute(statement.where(col(CapacityBooking.reference).in_(references)))
    return {row[0]: float(row[1]) for row in rows}


def offers_of(session: Session, case_id: int) -> Sequence[Offer]:
    """Of one case, the earliest asked first."""
    statement = select(Offer).where(Offer.case_id == case_id).order_by(col(Offer.asked_at), col(Offer.id))
    return session.exec(statement.execution_options(populate_existing=True)).all()


def states_by_step(session: Session, actor: User, request_id: int) -> dict[tuple[str, str], OfferState]:
    """Where the offers of a request stand that this person may read, by step and firm; a blank step is the whole."""
    statement = readable_offers(actor).join(CaseLeg, col(CaseLeg.id) == col(Offer.leg_id))
    statement = statement.join(Case, col(Case.id) == col(Offer.case_id)).where(Case.request_id == request_id)
    rows = session.execute(statement.with_only_columns(col(CaseLeg.step_key), col(Offer.firm_id), col(Offer.state)))
    return {(step, firm_id): state for step, firm_id, state in rows}


def offers_to(session: Session, case_id: int, firm_id: str) -> Sequence[Offer]:
    """What one firm was asked in one case, in the order of the work."""
    statement = select(Offer).join(CaseLeg, col(CaseLeg.id) == col(Offer.leg_id))
    statement = statement.where(Offer.case_id == case_id, Offer.firm_id == firm_id)
    return session.exec(statement.order_by(col(CaseLeg.position))).all()


def offer_by_id(session: Session, offer_id: str) -> Offer | None:
    return session.get(Offer, offer_id)


def events_of(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """Newest first."""
    statement = select(CaseEvent).where(CaseEvent.case_id == case_id)
    return session.exec(statement.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id))).all()


def newest_event(session: Session, case_id: int) -> CaseEvent | None:
    statement = select(CaseEvent).where(CaseEvent.case_id == case_id)
    return session.exec(statement.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id)).limit(1)).first()


def newest_of_leg(session: Session, leg: CaseLeg, action: str) -> CaseEvent | None:
    statement = select(CaseEvent).where(CaseEvent.case_id == leg.case_id, CaseEvent.leg_id == leg.id)
    statement = statement.where(CaseEvent.action == action)
    return session.exec(statement.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id)).limit(1)).first()


def told_by(session: Session, leg_id: str, firm_id: str, action: str) -> Party | None:
    """Who told of this last, of the work of one firm on one leg. The history is read by its case, as it is indexed."""
    case_id = select(CaseLeg.case_id).where(CaseLeg.id == leg_id).scalar_subquery()
    statement = select(CaseEvent).where(col(CaseEvent.case_id) == case_id, CaseEvent.leg_id == leg_id)
    statement = statement.where(CaseEvent.firm_id == firm_id, CaseEvent.action == action)
    newest = session.exec(statement.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id)).limit(1)).first()
    return newest.party if newest else None


def firms_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, Firm]:
    wanted = {id_ for id_ in ids if id_}
    return {firm.id: firm for firm in session.exec(select(Firm).where(col(Firm.id).in_(wanted)))} if wanted else {}


def user_by_id(session: Session, user_id: str | None) -> User | None:
    return session.get(User, user_id) if user_id else None


def overdue_offers(session: Session, now: datetime) -> Sequence[Offer]:
    """Asked, not answered, and past the day that was named."""
    statement = select(Offer).where(Offer.state == OfferState.ASKED, Offer.reply_by < now)
    return session.exec(statement.order_by(col(Offer.reply_by))).all()


def offers_due_by(session: Session, moment: datetime) -> Sequence[Offer]:
    """Asked, not answered, not reminded yet, and to be answered before this moment."""
    statement = select(Offer).where(Offer.state == OfferState.ASKED, Offer.reply_by < moment)
    return session.exec(statement.where(col(Offer.reminded_at).is_(None)).order_by(col(Offer.reply_by))).all()


def cases_waiting(session: Session, states: Iterable[CaseState]) -> Sequence[Case]:
    """Those in which somebody is waited for until a moment."""
    statement = select(Case).where(col(Case.state).in_(list(states)), col(Case.due_at).is_not(None))
    return session.exec(statement.order_by(col(Case.due_at))).all()


def _ids(statement: SelectOfScalar[Case]) -> Select[tuple[int | None]]:
    return statement.with_only_columns(col(Case.id))


def _own_requests(actor: User) -> Select[tuple[int | None]]:
    return select(PartRequest).where(PartRequest.owner_id == actor.id).with_only_columns(col(PartRequest.id))
