"""All SQL of messages and notices. What somebody is shown begins with `readable_messages` or `messages_of_key`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Role, User
from backend.firms.models import Firm
from backend.introductions.keys import CaseKey
from backend.introductions.messages.models import Audience, CaseMessage, CaseRead
from backend.introductions.models import Case, CaseEvent, CaseLeg, Notification, Offer
from backend.introductions.queries import readable_cases
from backend.introductions.states import OfferState
from backend.introductions.tables import READY, RUNNING
from backend.requests.models import PartRequest

FOR_CLIENT = (Audience.CLIENT, Audience.BOTH)
FOR_FIRM = (Audience.FIRM, Audience.BOTH)
MOST_NOTICES = 200
# Notices of something that came in and that the desk has to read.
ARRIVALS = ("offer-answered", "offer-dropped", "message")
# States in which a firm's answer stands.
ANSWERED = READY | {OfferState.DECLINED}
# While an offer stands here a notice about it is still true: what the client agreed on, and what was asked again, is no
# answer that waits any more.
STILL_TRUE: Mapping[str, frozenset[OfferState]] = {
    "offer-answered": ANSWERED,
    "offer-dropped": frozenset({OfferState.DROPPED_OUT}),
}


@dataclass(frozen=True)
class Told:
    """A notice with its case; and for staff who may read the case, what it is about: the answer, or what was said when
    the firm dropped out, or the message.
    """

    notice: Notification
    case: Case
    request: PartRequest
    offer: Offer | None
    leg: str | None
    firm: str | None
    message: CaseMessage | None
    dropped: str | None


def readable_messages(actor: User) -> SelectOfScalar[CaseMessage]:
    """Staff: all of the cases they may read. Others: what was written to them as the client, or to their firm."""
    statement = select(CaseMessage)
    if actor.is_staff:
        readable = readable_cases(actor).with_only_columns(col(Case.id))
        return statement.where(col(CaseMessage.case_id).in_(readable))
    own = select(Case.id).join(PartRequest, col(PartRequest.id) == col(Case.request_id))
    as_client = and_(
        col(CaseMessage.audience).in_(FOR_CLIENT),
        col(CaseMessage.case_id).in_(own.where(PartRequest.owner_id == actor.id)),
    )
    as_firm = _to_firm(actor.firm_id) if actor.role is Role.WORKSHOP and actor.firm_id else false()
    return statement.where(or_(as_client, as_firm))


def messages_of_key(key: CaseKey) -> SelectOfScalar[CaseMessage]:
    """What the client of this case, or this firm in it, may read."""
    side = col(CaseMessage.audience).in_(FOR_CLIENT) if key.firm_id is None else _to_firm(key.firm_id)
    return select(CaseMessage).where(CaseMessage.case_id == key.case_id, side)


def _to_firm(firm_id: str) -> ColumnElement[bool]:
    """Never a message about another firm, nor one that names none."""
    return and_(col(CaseMessage.audience).in_(FOR_FIRM), col(CaseMessage.firm_id) == firm_id)


def messages_for(session: Session, actor: User, case_id: int) -> Sequence[CaseMessage]:
    """Of one case, in the order in which they were written."""
    statement = readable_messages(actor).where(CaseMessage.case_id == case_id)
    return session.exec(statement.order_by(col(CaseMessage.at), col(CaseMessage.id))).all()


def messages_with(session: Session, key: CaseKey) -> Sequence[CaseMessage]:
    return session.exec(messages_of_key(key).order_by(col(CaseMessage.at), col(CaseMessage.id))).all()


def message_of_form(session: Session, form_id: str) -> CaseMessage | None:
    return session.exec(select(CaseMessage).where(CaseMessage.form_id == form_id)).first()


def unread_by_case(session: Session, actor: User, case_ids: Iterable[int | None]) -> Mapping[int, int]:
    """How many messages of others somebody has not read yet, in one question for a whole list of cases."""
    read = and_(col(CaseRead.case_id) == col(CaseMessage.case_id), col(CaseRead.user_id) == actor.id)
    statement = (
        readable_messages(actor)
        .outerjoin(CaseRead, read)
        .where(col(CaseMessage.case_id).in_([id_ for id_ in case_ids if id_ is not None]))
        .where(or_(col(CaseRead.read_at).is_(None), col(CaseRead.read_at) < col(CaseMessage.at)))
        .where(or_(col(CaseMessage.author_id).is_(None), col(CaseMessage.author_id) != actor.id))
        .with_only_columns(col(CaseMessage.case_id), func.count())
        .group_by(col(CaseMessage.case_id))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def note_read(session: Session, user_id: str, case_id: int, now: datetime) -> None:
    row = session.get(CaseRead, (case_id, user_id)) or CaseRead(case_id=case_id, user_id=user_id, read_at=now)
    row.read_at = now
    session.add(row)


def readable_notices(actor: User) -> SelectOfScalar[Notification]:
    """One's own."""
    return select(Notification).where(Notification.user_id == actor.id)


def notices(session: Session, actor: User) -> Sequence[Told]:
    """Newest first."""
    own = readable_notices(actor).with_only_columns(col(Notification.id))
    statement = _told(actor).where(col(Notification.id).in_(own))
    newest = statement.order_by(col(Notification.at).desc(), col(Notification.id)).limit(MOST_NOTICES)
    return [Told(*row) for row in session.execute(newest)]


def arrivals(session: Session, actor: User, limit: int) -> tuple[Sequence[Told], int]:
    """Answers and messages that this coordinator has not seen, of so many cases, the latest first; and of how many."""
    waiting = and_(
        col(Notification.user_id) == actor.id,
        col(Notification.read_at).is_(None),
        col(Notification.action).in_(ARRIVALS),
        _is_news(actor),
    )
    readable = readable_cases(actor).where(col(Case.state).in_(RUNNING)).with_only_columns(col(Case.id))
    last = func.max(col(Notification.at))
    first = (
        select_columns(col(Notification.case_id), last.label("last"), func.count().over().label("total"))
        .outerjoin(Offer, col(Offer.id) == col(Notification.offer_id))
        .where(waiting, col(Notification.case_id).in_(readable))
        .group_by(col(Notification.case_id))
        .order_by(last.desc(), col(Notification.case_id))
        .limit(limit)
        .subquery()
    )
    statement = _told(actor).join(first, first.c.case_id == col(Notification.case_id)).where(waiting)
    statement = statement.order_by(first.c.last.desc(), first.c.case_id, col(Notification.at)).limit(MOST_NOTICES)
    rows = session.execute(statement.add_columns(first.c.total)).all()
    return [Told(*row[:8]) for row in rows], rows[0][8] if rows else 0


def _is_news(actor: User) -> ColumnElement[bool]:
    """A message, or what somebody else wrote down and the firm still says: its answer, or that it dropped out."""
    writers = {"offer-answered": col(Offer.answered_by), "offer-dropped": _of_drop_out(col(CaseEvent.actor_id))}
    said = [
        and_(
            col(Notification.action) == action,
            col(Offer.state).in_(STILL_TRUE[action]),
            func.coalesce(writer, "") != actor.id,
        )
        for action, writer in writers.items()
    ]
    return or_(col(Notification.offer_id).is_(None), *said)


def _of_drop_out(column: Mapped[Any]) -> ScalarSelect[Any]:
    """This of the newest dropping out of the firm of an offer: its answer and its words are those of before."""
    event = select_columns(column).where(
        col(CaseEvent.case_id) == col(Offer.case_id),
        col(CaseEvent.leg_id) == col(Offer.leg_id),
        col(CaseEvent.firm_id) == col(Offer.firm_id),
        col(CaseEvent.action) == "drop_out",
    )
    newest = event.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id)).limit(1)
    return newest.correlate(Offer).scalar_subquery()


def _told(actor: User) -> Select[*tuple[Any, ...]]:
    """What a notice is about stands beside it for staff, and only in cases they may still read."""
    cases = readable_cases(actor) if actor.is_staff else select(Case).where(false())
    readable = cases.with_only_columns(col(Case.id))
    offer = and_(col(Offer.id) == col(Notification.offer_id), col(Offer.case_id).in_(readable))
    message = and_(col(CaseMessage.id) == col(Notification.message_id), col(CaseMessage.case_id).in_(readable))
    dropped = _of_drop_out(col(CaseEvent.words))
    firm = col(Firm.id) == func.coalesce(col(Offer.firm_id), col(CaseMessage.firm_id))
    return (
        select_columns(Notification, Case, PartRequest, Offer, col(CaseLeg.title), col(Firm.name), CaseMessage, dropped)
        .join(Case, col(Case.id) == col(Notification.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .outerjoin(Offer, offer)
        .outerjoin(CaseLeg, col(CaseLeg.id) == col(Offer.leg_id))
        .outerjoin(CaseMessage, message)
        .outerjoin(Firm, firm)
    )


def unread_in_case(session: Session, actor: User, case_id: int) -> bool:
    unread = readable_notices(actor).where(Notification.case_id == case_id, col(Notification.read_at).is_(None))
    return session.exec(unread.limit(1)).first() is not None


def notice_for(session: Session, actor: User, notice_id: str) -> Notification | None:
    return session.exec(readable_notices(actor).where(Notification.id == notice_id)).first()


def unread_notices(session: Session, actor: User) -> int:
    statement = readable_notices(actor).where(col(Notification.read_at).is_(None))
    return session.scalar(statement.with_only_columns(func.count())) or 0


def read_notices(session: Session, actor: User, now: datetime, case_id: int | None = None) -> None:
    """All of one's own, or those of one case."""
    statement = update(Notification).where(col(Notification.user_id) == actor.id, col(Notification.read_at).is_(None))
    if case_id is not None:
        statement = statement.where(col(Notification.case_id) == case_id)
    session.execute(statement.values(read_at=now))
