"""Cases, their legs, the offers made to firms, what happened and who was told. One operation of a case is one leg."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id, str_enum
from backend.introductions.states import (
    CaseState,
    Channel,
    ClientKind,
    ClientPlace,
    Inspection,
    LegState,
    NdaState,
    OfferState,
    Party,
)


class Case(Model, table=True):
    """One consultation on its way. Its number is that of its request."""

    __tablename__: ClassVar[str] = "cases"
    __table_args__ = (Index("ix_cases_state_due_at", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="requests.id", unique=True)
    # What people call it on the telephone: 「検査機のカバー 12個」.
    title: str = Field(default="", max_length=80)
    state: CaseState = Field(default=CaseState.RECEIVED, sa_column=str_enum(CaseState, "case_state"))
    # The coordinator who looks after it; nobody yet when it is new.
    owner_id: str | None = Field(default=None, foreign_key="users.id", max_length=32, index=True)
    channel: Channel = Field(default=Channel.WEB, sa_column=str_enum(Channel, "case_channel"))
    client_kind: ClientKind = Field(default=ClientKind.UNKNOWN, sa_column=str_enum(ClientKind, "client_kind"))
    client_place: ClientPlace = Field(default=ClientPlace.UNKNOWN, sa_column=str_enum(ClientPlace, "client_place"))
    # The team that was decided on, where the job passes through several firms.
    plan_id: str | None = Field(default=None, foreign_key="team_plans.id", max_length=32)
    lead_firm_id: str | None = Field(default=None, foreign_key="firms.id", max_length=32)
    # Since when it stands where it stands, and until when whoever must act has time.
    entered_at: datetime = Field(default_factory=clock.now, sa_column=moment())
    due_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    escalated_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # Why it ended, as a reason of the list and in words.
    reason: str = Field(default="", max_length=32)
    words: str = Field(default="", max_length=1000)
    # Grows with every change; a form that saw an older one is refused.
    version: int = 0
    created_at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))
    updated_at: datetime = Field(default_factory=clock.now, sa_column=moment())
    # When the client first heard from somebody here, and when the case ended.
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True, index=True))


class CaseLeg(Model, table=True):
    """One operation of a case. A job for one firm has a single leg."""

    __tablename__: ClassVar[str] = "case_legs"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    position: int
    # The step of the route this is; empty when the whole request is one leg.
    step_key: str = Field(default="", max_length=8)
    title: str = Field(max_length=80)
    process_id: str = Field(default="", max_length=60)
    state: LegState = Field(default=LegState.OPEN, sa_column=str_enum(LegState, "leg_state"))
    # The firm that does it, once both sides have agreed.
    firm_id: str | None = Field(default=None, foreign_key="firms.id", max_length=32, index=True)
    # Who orders it: another firm, or the client where this is empty.
    orderer_firm_id: str | None = Field(default=None, foreign_key="firms.id", max_length=32)
    nda: NdaState = Field(default=NdaState.NOT_NEEDED, sa_column=str_enum(NdaState, "nda_state"))
    nda_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    hours: float | None = None
    start: date | None = None
    finish: date | None = None
    # The items of 4条明示 that the order names; read and written only as a whole.
    order_items: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    ordered_on: date | None = None
    handed_over_on: date | None = None
    inspection: Inspection = Field(default=Inspection.NONE, sa_column=str_enum(Inspection, "inspection"))
    inspection_words: str = Field(default="", max_length=500)


class Offer(Model, table=True):
    """That one firm was asked for one leg: what it was shown, until when it may answer, and what it said."""

    __tablename__: ClassVar[str] = "offers"
    __table_args__ = (
        UniqueConstraint("leg_id", "firm_id", name="uq_offers_leg_id_firm_id"),
        Index("ix_offers_state_reply_by", "state", "reply_by"),
        Index("ix_offers_firm_id_introduced_at", "firm_id", "introduced_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    leg_id: str = Field(foreign_key="case_legs.id", ondelete="CASCADE", max_length=32)
    firm_id: str = Field(foreign_key="firms.id", ondelete="CASCADE", max_length=32)
    state: OfferState = Field(default=OfferState.ASKED, sa_column=str_enum(OfferState, "offer_state"))
    # What the firm is shown, kept as it was: [label, words], in order. It names nobody.
    summary: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shown_at: datetime = Field(default_factory=clock.now, sa_column=moment())
    # What it was shown before, and what it said to that: {"summary", "until", "answer"}, the oldest first.
    shown_before: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    asked_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    asked_at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))
    reply_by: datetime = Field(sa_column=moment())
    reminded_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # Links with an older number no longer hold.
    link_number: int = 0
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    answered_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    channel: Channel | None = Field(default=None, sa_column=str_enum(Channel, "offer_channel", nullable=True))
    reason: str = Field(default="", max_length=32)
    conditions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    proposed_date: date | None = None
    words: str = Field(default="", max_length=1000)
    # When the client agreed, when both were introduced, and what the firm was told when it was not chosen.
    agreed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agreed_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    introduced_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # When this firm agreed to keep the secrets of the job.
    nda_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    feedback: str = Field(default="", max_length=32)
    feedback_words: str = Field(default="", max_length=1000)
    told_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class CaseEvent(Model, table=True):
    """One thing that happened in a case, as its people see it. Never changed afterwards."""

    __tablename__: ClassVar[str] = "case_events"
    __table_args__ = (
        Index("ix_case_events_case_id_at", "case_id", "at"),
        # What happened in a month is counted from the index alone.
        Index("ix_case_events_at_action", "at", "action", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE")
    leg_id: str | None = Field(default=None, foreign_key="case_legs.id", ondelete="SET NULL", max_length=32)
    firm_id: str | None = Field(default=None, foreign_key="firms.id", ondelete="SET NULL", max_length=32)
    at: datetime = Field(default_factory=clock.now, sa_column=moment())
    # The name of the action, as rules.py knows it.
    action: str = Field(max_length=32)
    party: Party = Field(sa_column=str_enum(Party, "event_party"))
    actor_id: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    channel: Channel = Field(default=Channel.WEB, sa_column=str_enum(Channel, "event_channel"))
    # Where the case stood before and after, when it moved.
    before: str = Field(default="", max_length=32)
    after: str = Field(default="", max_length=32)
    words: str = Field(default="", max_length=1000)


class Notification(Model, table=True):
    """Something a person is told in the page. `action` names it, as the history of the case does."""

    __tablename__: ClassVar[str] = "notifications"
    __table_args__ = (Index("ix_notifications_user_id_at", "user_id", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    action: str = Field(max_length=32)
    # The answer or the message it is about, where it is about one.
    offer_id: str | None = Field(default=None, foreign_key="offers.id", ondelete="CASCADE", max_length=32, index=True)
    message_id: str | None = Field(
        default=None, foreign_key="case_messages.id", ondelete="CASCADE", max_length=32, index=True
    )
    at: datetime = Field(default_factory=clock.now, sa_column=moment())
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
