"""Requests and the drafts they grow from. A request is opened by its token, which cannot be guessed."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment
from backend.requests.rules import new_token


class Worded(Model):
    """What a person typed and what they corrected of our reading."""

    text: str = Field(sa_type=Text)
    # The language the text is written in, which may differ from the language of the screen.
    lang: str = Field(default="ja", max_length=2)


class RequestDraft(Worded, table=True):
    """Text that is still being typed, so that nothing is lost when a page is closed. Kept for thirty days."""

    __tablename__: ClassVar[str] = "request_drafts"

    token: str = Field(default_factory=new_token, primary_key=True, max_length=43)
    # Read and written only as a whole, hence one column: {aspect: what the person wrote instead}.
    corrections: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    updated_at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))


class PartRequest(Worded, table=True):
    """A request a coordinator sees. Its number is what people say on the telephone."""

    __tablename__: ClassVar[str] = "requests"

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True, max_length=43)
    corrections: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # Who may be called back. All may be blank: asking needs no account.
    contact_name: str = Field(default="", max_length=80)
    contact_organisation: str = Field(default="", max_length=120)
    contact_email: str = Field(default="", max_length=254)
    contact_phone: str = Field(default="", max_length=40)
    owner_id: str | None = Field(default=None, foreign_key="users.id", max_length=32, index=True)
    # For whom it was asked: the people of that organisation and its programs find it. Organisations are never deleted.
    organisation_id: str | None = Field(default=None, max_length=32, index=True)
    # Whose coordinators look after it; while nobody has said so, all of them may.
    ward: str | None = Field(default=None, max_length=20, index=True)
    created_at: datetime = Field(default_factory=clock.now, sa_column=moment(index=True))
    updated_at: datetime = Field(default_factory=clock.now, sa_column=moment())

    @property
    def number(self) -> str:
        """For example 26-0412: the year in Tokyo and the running number."""
        return f"{clock.in_tokyo(self.created_at):%y}-{self.id or 0:04d}"


class RequestShare(Model, table=True):
    """That another body of coordinators may see a request too."""

    __tablename__: ClassVar[str] = "request_shares"

    request_id: int = Field(foreign_key="requests.id", primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", primary_key=True, max_length=32)
