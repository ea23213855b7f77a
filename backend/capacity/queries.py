"""All SQL of capacity."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from backend.capacity.models import CapacityBooking


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
