"""All SQL of messages and notices. What somebody is shown begins with `readable_messages` or `messages_of_key`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Role, User
from backend.introductions.keys import CaseKey
from backend.introductions.messages.models import Audience, CaseMessage, CaseRead
from backend.introductions.models import Case, Notification
from backend.introductions.queries import readable_cases
from backend.requests.models import PartRequest

FOR_CLIENT = (Audience.CLIENT, Audience.BOTH)
FOR_FIRM = (Audience.FIRM, Audience.BOTH)
MOST_NOTICES = 200


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


def notices(session: Session, actor: User) -> Sequence[tuple[Notification, Case, PartRequest]]:
    """Newest first."""
    statement = (
        readable_notices(actor)
        .join(Case, col(Case.id) == col(Notification.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .with_only_columns(Notification, Case, PartRequest)
        .order_by(col(Notification.at).desc(), col(Notification.id))
        .limit(MOST_NOTICES)
    )
    return [(notice, case, request) for notice, case, request in session.execute(statement)]


def notice_for(session: Session, actor: User, notice_id: str) -> Notification | None:
    return session.exec(readable_notices(actor).where(Notification.id == notice_id)).first()


def unread_notices(session: Session, actor: User) -> int:
    statement = readable_notices(actor).where(col(Notification.read_at).is_(None))
    return session.scalar(statement.with_only_columns(func.count())) or 0


def read_notices(session: Session, actor: User, now: datetime) -> None:
    statement = update(Notification).where(col(Notification.user_id) == actor.id, col(Notification.read_at).is_(None))
    session.execute(statement.values(read_at=now))
