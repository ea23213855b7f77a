"""All SQL of capacity."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Subquery, case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import User
from backend.capacity.models import CapacityAnswer, CapacityBooking, CapacityContact, CapacityReminder
from backend.capacity.rules import Freshness
from backend.firms.models import CapacityWeek, Firm


def bookings_of(session: Session, reference: str) -> Sequence[CapacityBooking]:
    """What is booked for one job, as the database has it now."""
    statement = select(CapacityBooking).where(col(CapacityBooking.reference) == reference)
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def counted_bookings(session: Session, firm_ids: Iterable[str], first: date) -> Sequence[CapacityBooking]:
    """The bookings from that day on that the firms' answers do not yet know of, as the database has them now."""
    statement = select(CapacityBooking).where(
        col(CapacityBooking.firm_id).in_(list(firm_ids)), col(CapacityBooking.day) >= first, CapacityBooking.counted
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def last_booking(session: Session, firm_id: str) -> int:
    """The number of the newest booking with a firm; 0 when there is none."""
    statement = select(func.max(col(CapacityBooking.seq))).where(col(CapacityBooking.firm_id) == firm_id)
    return session.scalar(statement) or 0


def contact(session: Session, firm_id: str) -> CapacityContact | None:
    return session.get(CapacityContact, firm_id)


def addresses(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    """Where those of these firms are asked by mail that have said so."""
    statement = select(CapacityContact.firm_id, CapacityContact.email).where(
        col(CapacityContact.firm_id).in_(firm_ids), CapacityContact.email != ""
    )
    return dict(session.exec(statement).all())


def faxes(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    """The FAX numbers of those of these firms that have one."""
    statement = select(CapacityContact.firm_id, CapacityContact.fax).where(
        col(CapacityContact.firm_id).in_(firm_ids), CapacityContact.fax != ""
    )
    return dict(session.exec(statement).all())


def spoken_with(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    """Who answered last for these firms on the telephone, where that was written down."""
    statement = select(CapacityAnswer.firm_id, CapacityAnswer.spoke_with).where(
        col(CapacityAnswer.firm_id).in_(firm_ids), CapacityAnswer.spoke_with != ""
    )
    return dict(session.exec(statement.order_by(col(CapacityAnswer.at))).all())


def contact_by_code(session: Session, code: str) -> CapacityContact | None:
    return session.scalars(select(CapacityContact).where(col(CapacityContact.code) == code)).one_or_none()


def contacts_by_email(session: Session, email: str) -> Sequence[CapacityContact]:
    """The firms that are asked at this address; somebody may answer for two."""
    return session.scalars(select(CapacityContact).where(col(CapacityContact.email) == email).limit(10)).all()


def answers_of(session: Session, firm_id: str, limit: int = 10) -> Sequence[CapacityAnswer]:
    """The answers of a firm, newest first, with those that were taken back."""
    statement = select(CapacityAnswer).where(col(CapacityAnswer.firm_id) == firm_id)
    return session.scalars(statement.order_by(col(CapacityAnswer.at).desc()).limit(limit)).all()


def last_answer(session: Session, firm_id: str) -> CapacityAnswer | None:
    """The newest answer that stands."""
    statement = select(CapacityAnswer).where(
        col(CapacityAnswer.firm_id) == firm_id, col(CapacityAnswer.undone_at).is_(None)
    )
    return session.scalars(statement.order_by(col(CapacityAnswer.at).desc()).limit(1)).one_or_none()


def answer_by_form(session: Session, form_id: str) -> CapacityAnswer | None:
    return session.scalars(select(CapacityAnswer).where(col(CapacityAnswer.form_id) == form_id)).one_or_none()


def firm_for_link(session: Session, firm_id: str) -> Firm | None:
    """The living firm a valid link speaks for, listed or not: the link itself is the right to it."""
    return session.scalars(select(Firm).where(col(Firm.id) == firm_id, col(Firm.deleted_at).is_(None))).one_or_none()


def weeks_of(session: Session, firm_id: str) -> Sequence[CapacityWeek]:
    statement = select(CapacityWeek).where(col(CapacityWeek.firm_id) == firm_id)
    return session.scalars(statement.order_by(col(CapacityWeek.week_start))).all()


def readable_capacity(actor: User) -> SelectOfScalar[Firm]:
    """The firms whose answers this person may see and change: staff all, others their own."""
    statement = select(Firm).where(col(Firm.deleted_at).is_(None))
    return statement if actor.is_staff else statement.where(col(Firm.id) == (actor.firm_id or ""))


def firm_of(session: Session, actor: User, firm_id: str) -> Firm | None:
    return session.scalars(readable_capacity(actor).where(col(Firm.id) == firm_id)).one_or_none()


def was_reminded(session: Session, firm_id: str, day: date, kind: str) -> bool:
    statement = select(CapacityReminder.id).where(
        col(CapacityReminder.firm_id) == firm_id,
        col(CapacityReminder.day) == day,
        col(CapacityReminder.kind) == kind,
    )
    return session.scalars(statement).first() is not None


def askings(session: Session) -> Sequence[tuple[str, str, int, date | None, datetime | None]]:
    """Of every firm to be asked by mail: id, address, weekday, last reminder, last answer."""
    reminded = (
        select_columns(col(CapacityReminder.firm_id), func.max(col(CapacityReminder.day)).label("day"))
        .where(col(CapacityReminder.kind) == "weekly")
        .group_by(col(CapacityReminder.firm_id))
        .subquery()
    )
    answered = (
        select_columns(col(CapacityAnswer.firm_id), func.max(col(CapacityAnswer.at)).label("at"))
        .where(col(CapacityAnswer.undone_at).is_(None))
        .group_by(col(CapacityAnswer.firm_id))
        .subquery()
    )
    contact = CapacityContact
    statement = (
        select_columns(col(contact.firm_id), col(contact.email), col(contact.weekday), reminded.c.day, answered.c.at)
        .join(Firm, col(Firm.id) == col(contact.firm_id))
        .outerjoin(reminded, reminded.c.firm_id == contact.firm_id)
        .outerjoin(answered, answered.c.firm_id == contact.firm_id)
        .where(col(Firm.deleted_at).is_(None), col(contact.weekday).is_not(None), col(contact.email) != "")
        .order_by(col(contact.firm_id))
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(statement)]


def bookings_numbered(session: Session, numbers: Iterable[int]) -> Sequence[CapacityBooking]:
    """Those of these bookings that are still there."""
    return session.scalars(select(CapacityBooking).where(col(CapacityBooking.seq).in_(list(numbers)))).all()


def _latest() -> Subquery:
    """When each firm last spoke of its hours."""
    latest = func.max(col(CapacityWeek.declared_at)).label("at")
    return (
        select_columns(col(CapacityWeek.firm_id).label("firm_id"), latest)
        .group_by(col(CapacityWeek.firm_id))
        .subquery("latest")
    )


def by_age(actor: User) -> SelectOfScalar[Firm]:
    """The firms this person may ask, those that never answered first, then the oldest answers."""
    latest = _latest()
    firms = readable_capacity(actor).outerjoin(latest, latest.c.firm_id == Firm.id)
    return firms.order_by(latest.c.at.is_not(None), latest.c.at, col(Firm.name), col(Firm.id))


def count_by_age(session: Session, actor: User, fresh_since: datetime, stale_before: datetime) -> dict[Freshness, int]:
    """How many of them have an answer of which age."""
    latest = _latest()
    at = latest.c.at
    state = case(
        (at.is_(None), Freshness.NEVER.value),
        (at >= fresh_since, Freshness.FRESH.value),
        (at >= stale_before, Freshness.AGEING.value),
        else_=Freshness.STALE.value,
    )
    firms = readable_capacity(actor).outerjoin(latest, latest.c.firm_id == Firm.id)
    named = firms.with_only_columns(col(Firm.id), state.label("state")).subquery()
    rows = session.execute(select_columns(named.c.state, func.count()).group_by(named.c.state))
    found = {Freshness(name): count for name, count in rows}
    return {state: found.get(state, 0) for state in Freshness}


def declared(session: Session, firm_ids: Sequence[str]) -> dict[str, datetime]:
    """When these firms last spoke of their hours."""
    latest = _latest()
    rows = session.execute(select_columns(latest.c.firm_id, latest.c.at).where(latest.c.firm_id.in_(firm_ids)))
    return {row.firm_id: row.at for row in rows}


def codes(session: Session, firm_ids: Sequence[str]) -> dict[str, str]:
    """The numbers of the sheets of these firms."""
    columns = select_columns(col(CapacityContact.firm_id), col(CapacityContact.code))
    rows = session.execute(columns.where(col(CapacityContact.firm_id).in_(firm_ids)))
    return {row.firm_id: row.code for row in rows}


def any_answer(session: Session) -> bool:
    return session.scalars(select(CapacityAnswer.id).limit(1)).first() is not None
