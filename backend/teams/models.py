"""The route of a request as somebody edited it. A request nobody edited has no rows here: its route is planned anew."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field

from backend.core import clock
from backend.core.model import Model, moment, new_id, str_enum
from matching.routing.draft import Origin


class RoutePlan(Model, table=True):
    """That a request's route was edited, and where in its history it stands."""

    __tablename__: ClassVar[str] = "route_plans"

    request_id: int = Field(primary_key=True, foreign_key="requests.id", sa_column_kwargs={"autoincrement": False})
    # Grows with every change, undoing included: a form that saw an older one is refused.
    version: int = 0
    # The step of the history that is shown; 0 is the planned route.
    place: int = 0
    updated_by: str | None = Field(default=None, max_length=32)
    updated_at: datetime = Field(default_factory=clock.now, sa_column=moment())


class RouteStepRow(Model, table=True):
    """One step of the edited route as it is now."""

    __tablename__: ClassVar[str] = "route_steps"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    request_id: int = Field(foreign_key="route_plans.request_id", index=True)
    position: int
    # Names the step through every edit; `after` holds the keys of the steps before it.
    key: str = Field(max_length=8)
    process_id: str = Field(max_length=60)
    also: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    title: str = Field(default="", max_length=80)
    hours_likely: float
    hours_low: float
    hours_high: float
    after: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # What this step must hold where it differs from the request; empty where the request decides.
    material: str | None = Field(default=None, max_length=80)
    size_mm: list[float] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    tolerance_mm: float | None = None
    certifications: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    origin: Origin = Field(sa_column=str_enum(Origin, "step_origin"))
    reason_ja: str = Field(default="", max_length=300)
    reason_en: str = Field(default="", max_length=300)


class RouteVersion(Model, table=True):
    """What the route was after each edit, so that every edit can be undone and done again."""

    __tablename__: ClassVar[str] = "route_versions"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    request_id: int = Field(foreign_key="route_plans.request_id", index=True)
    place: int
    action: str = Field(max_length=40)
    actor_id: str | None = Field(default=None, max_length=32)
    at: datetime = Field(default_factory=clock.now, sa_column=moment())
    # The steps as JSON; none of them means: the planned route.
    body: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
