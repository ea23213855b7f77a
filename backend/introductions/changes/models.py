"""That a client said something else after the case was opened, and whether the firms that were asked know."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id, str_enum
from backend.introductions.states import Party


class CaseChange(Model, table=True):
    """A request that now says something else. Corrections in a row are one change while nobody was told."""

    __tablename__: ClassVar[str] = "case_changes"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: int = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    # When it last went on. Whoever was shown the case later knows of it.
    at: datetime = Field(default_factory=clock.now, sa_column=moment())
    party: Party = Field(sa_column=str_enum(Party, "change_party"))
    actor_id: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    # What the request said before: {"text", "corrections"}.
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    # What became of it: [part, before, after] in plain words, as they stood that day.
    lines: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # When the coordinator told the firms, or decided that they need not hear.
    settled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True, index=True))
    settled_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
