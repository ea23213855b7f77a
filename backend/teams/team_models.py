"""Teams that were decided on, the hours they book, and past handovers between two firms."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id


class TeamPlan(Model, table=True):
    """A team somebody decided on for a request. A withdrawn one books nothing and can come back."""

    __tablename__: ClassVar[str] = "team_plans"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    request_id: int = Field(foreign_key="requests.id", index=True)
    # {step id: firm id}: read and written only as a whole.
    team: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    lead_firm_id: str = Field(max_length=32)
    finish: date
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime = Field(default_factory=clock.now, sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class PlanHours(Model, table=True):
    """Hours of one step on one day that a decided team takes of a firm."""

    __tablename__: ClassVar[str] = "plan_hours"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    plan_id: str = Field(foreign_key="team_plans.id", ondelete="CASCADE", index=True, max_length=32)
    firm_id: str = Field(foreign_key="firms.id", ondelete="CASCADE", index=True, max_length=32)
    step_id: str = Field(max_length=8)
    day: date
    hours: float


class Handover(Model, table=True):
    """That two firms have passed work on to each other. The smaller id stands first, so that a pair is found once."""

    __tablename__: ClassVar[str] = "handovers"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    firm_a: str = Field(foreign_key="firms.id", ondelete="CASCADE", index=True, max_length=32)
    firm_b: str = Field(foreign_key="firms.id", ondelete="CASCADE", index=True, max_length=32)
    note: str = Field(default="", max_length=200)
    recorded_by: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = Field(default_factory=clock.now, sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
