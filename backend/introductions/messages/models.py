"""What people of a case write to each other, and who read how far."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, Text
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id, str_enum
from backend.introductions.states import Channel, Party


class Audience(StrEnum):
    """Who may read a message. `client` and `firm` are read by that side and the coordinators."""

    CLIENT = "client"
    FIRM = "firm"
    BOTH = "both"
    COORDINATORS = "coordinators"


class CaseMessage(Model, table=True):
    """One message. `firm_id` says which firm it is about; only that firm and those above may then read it."""

    __tablename__: ClassVar[str] = "case_messages"
    __table_args__ = (Index("ix_case_messages_case_id_at", "case_id", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE")
    firm_id: str | None = Field(default=None, foreign_key="firms.id", ondelete="CASCADE", max_length=32, index=True)
    audience: Audience = Field(sa_column=str_enum(Audience, "audience"))
    party: Party = Field(sa_column=str_enum(Party, "message_party"))
    author_id: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    channel: Channel = Field(default=Channel.WEB, sa_column=str_enum(Channel, "message_channel"))
    body: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=clock.now, sa_column=moment())
    # The id its form was given, so that a message sent twice stands there once.
    form_id: str | None = Field(default=None, unique=True, max_length=32)


class CaseRead(Model, table=True):
    """Until when somebody has read the messages of a case."""

    __tablename__: ClassVar[str] = "case_reads"

    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE", primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True, max_length=32, index=True)
    read_at: datetime = Field(sa_column=moment())
