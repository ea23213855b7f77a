"""The searches that somebody keeps under a name."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id


class SavedFilter(Model, table=True):
    """A search somebody keeps under a name: the page and the query of its address."""

    __tablename__: ClassVar[str] = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "page", "name", name="uq_saved_filters_user_id_page_name"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", max_length=32)
    page: str = Field(max_length=40)
    name: str = Field(max_length=60)
    query: str = Field(max_length=500)
    created_at: datetime = Field(default_factory=clock.now, sa_column=moment())
