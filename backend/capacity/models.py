"""Tables of capacity. The hours themselves stand with the firm (`capacity_weeks`); here is how they came about."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Integer, Text, UniqueConstraint
from sqlmodel import Field

from backend.capacity.rules import Channel
from backend.core.model import Model, moment, new_id, str_enum


def _firm() -> Any:  # noqa: ANN401 - what Field gives
    return Field(foreign_key="firms.id", ondelete="CASCADE", index=True, max_length=32)


class CapacityContact(Model, table=True):
    """How a firm wants to be asked. `link_number` is in every link: raising it makes all older links worthless."""

    __tablename__: ClassVar[str] = "capacity_contacts"

    firm_id: str = Field(foreign_key="firms.id", ondelete="CASCADE", primary_key=True, max_length=32)
    code: str = Field(max_length=8, unique=True)
    link_number: int = 1
    # 0 is Monday; None when the firm wants no reminders.
    weekday: int | None = None
    email: str = Field(default="", max_length=254, index=True)
    fax: str = Field(default="", max_length=40)
    lang: str = Field(default="ja", max_length=2)
    by_hours: bool = False
    groups: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class CapacityAnswer(Model, table=True):
    """One answer as it was given. `weeks` holds hours by group ("" where the firm has none) and Monday."""

    __tablename__: ClassVar[str] = "capacity_answers"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    firm_id: str = _firm()
    at: datetime = Field(sa_column=moment(index=True))
    channel: Channel = Field(sa_column=str_enum(Channel, "channel"))
    actor_id: str | None = Field(default=None, max_length=32)
    spoke_with: str = Field(default="", max_length=80)
    weeks: dict[str, dict[str, float]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # What stood there before, so that one tap takes the answer back.
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    form_id: str | None = Field(default=None, max_length=32, unique=True)
    undone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class CapacityBooking(Model, table=True):
    """Hours of one day promised to one job. `counted` until the firm answers again knowing of them."""

    __tablename__: ClassVar[str] = "capacity_bookings"
    __table_args__ = (UniqueConstraint("reference", "firm_id", "day"),)

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    firm_id: str = _firm()
    day: date = Field(index=True)
    hours: float
    reference: str = Field(max_length=64)
    booked_at: datetime = Field(sa_column=moment())
    counted: bool = True


class CapacityReminder(Model, table=True):
    """That a firm was asked on a day, or got a fresh link because it asked for one: never twice on the same day."""

    __tablename__: ClassVar[str] = "capacity_reminders"
    __table_args__ = (UniqueConstraint("firm_id", "day", "kind"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    firm_id: str = _firm()
    day: date = Field(index=True)
    kind: str = Field(max_length=10)
    sent_to: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=moment())
