"""What became of an introduction, as each side reports it, and how each rates the other."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id, str_enum
from backend.firms.rules import Answer
from backend.introductions.states import Channel, Party


class Outcome(Model, table=True):
    """What one side says came of an introduction. Saying it again replaces what it said before."""

    __tablename__: ClassVar[str] = "outcomes"
    __table_args__ = (UniqueConstraint("offer_id", "party", name="uq_outcomes_offer_id_party"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    offer_id: str = Field(foreign_key="offers.id", ondelete="CASCADE", max_length=32)
    party: Party = Field(sa_column=str_enum(Party, "outcome_party"))
    quoted: Answer = Field(default=Answer.UNKNOWN, sa_column=str_enum(Answer, "quoted"))
    ordered: Answer = Field(default=Answer.UNKNOWN, sa_column=str_enum(Answer, "ordered"))
    delivered: Answer = Field(default=Answer.UNKNOWN, sa_column=str_enum(Answer, "delivered"))
    amount_yen: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    ordered_on: date | None = None
    delivered_on: date | None = None
    reason: str = Field(default="", max_length=32)
    words: str = Field(default="", max_length=1000)
    channel: Channel = Field(default=Channel.WEB, sa_column=str_enum(Channel, "outcome_channel"))
    reported_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))


class Rating(Model, table=True):
    """How one side found the work of the other: quality, delivery, cost, from 1 to 5, and what the other says to it."""

    __tablename__: ClassVar[str] = "ratings"
    __table_args__ = (
        UniqueConstraint("offer_id", "party", name="uq_ratings_offer_id_party"),
        CheckConstraint("quality BETWEEN 1 AND 5 AND delivery BETWEEN 1 AND 5 AND cost BETWEEN 1 AND 5", name="range"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    offer_id: str = Field(foreign_key="offers.id", ondelete="CASCADE", max_length=32)
    # Who rates: the client its firm, or the firm its client.
    party: Party = Field(sa_column=str_enum(Party, "rating_party"))
    quality: int
    delivery: int
    cost: int
    words: str = Field(default="", max_length=1000)
    # What the rated side answers. It sees the rating before anybody else does.
    comment: str = Field(default="", max_length=1000)
    seen_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    channel: Channel = Field(default=Channel.WEB, sa_column=str_enum(Channel, "rating_channel"))
    rated_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))
