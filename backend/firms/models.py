"""Tables of the register. A firm's rows are always read and written together, through queries and service."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, Relationship

from backend.core.model import Model, moment, new_id, str_enum
from backend.firms.rules import AgeBand, Answer, Succession

IN_ORDER: dict[str, Any] = {"lazy": "raise", "cascade": "all, delete-orphan", "passive_deletes": True}


def _rows(of: str) -> dict[str, Any]:
    return {**IN_ORDER, "order_by": f"{of}.position"}


class Firm(Model, table=True):
    """A workshop. `code` is the name its source knows it by; a deleted firm keeps its rows so that it can come back."""

    __tablename__: ClassVar[str] = "firms"
    # Living firms of a ward are counted from the index alone.
    __table_args__ = (Index("ix_firms_deleted_at_ward", "deleted_at", "ward"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    code: str | None = Field(default=None, max_length=64, unique=True)
    name: str = Field(max_length=200)
    kana: str = Field(default="", max_length=200)
    corporate_number: str | None = Field(default=None, max_length=13, unique=True)
    address: str = Field(default="", max_length=300)
    ward: str = Field(default="", max_length=40, index=True)
    lat: float | None = None
    lng: float | None = None
    employees: int | None = None
    # A capital may pass the largest 32-bit number.
    capital_yen: int | None = Field(default=None, sa_column=Column(BigInteger))
    representative_age_band: AgeBand | None = Field(
        default=None, sa_column=str_enum(AgeBand, "age_band", nullable=True)
    )
    succession_state: Succession | None = Field(
        default=None, sa_column=str_enum(Succession, "succession_state", nullable=True)
    )
    phone: str = Field(default="", max_length=40)
    website: str = Field(default="", max_length=300)
    own_words: str = Field(default="", sa_column=Column(Text, nullable=False))
    lot_min: int | None = None
    lot_max: int | None = None
    tolerance_mm: float | None = None
    can_lead: Answer = Field(default=Answer.UNKNOWN, sa_column=str_enum(Answer, "can_lead"))
    public_facility: Answer = Field(default=Answer.UNKNOWN, sa_column=str_enum(Answer, "public_facility"))
    listed: bool = True
    audiences: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    revision: int = 1
    # For finding the same firm again, and for the search of the directory: public words only.
    name_key: str = Field(default="", max_length=200, index=True)
    address_key: str = Field(default="", max_length=300)
    search_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=moment())
    updated_at: datetime = Field(sa_column=moment())
    deleted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))

    equipment: list["Equipment"] = Relationship(sa_relationship_kwargs=_rows("Equipment"))
    techniques: list["Technique"] = Relationship(sa_relationship_kwargs=_rows("Technique"))
    materials: list["FirmMaterial"] = Relationship(sa_relationship_kwargs=_rows("FirmMaterial"))
    certificates: list["Certificate"] = Relationship(sa_relationship_kwargs=_rows("Certificate"))
    capacity: list["CapacityWeek"] = Relationship(
        sa_relationship_kwargs={**IN_ORDER, "order_by": "CapacityWeek.week_start"}
    )


def _id() -> Any:  # noqa: ANN401 - what Field gives
    return Field(default_factory=new_id, primary_key=True, max_length=32)


def _of_firm() -> Any:  # noqa: ANN401 - what Field gives
    return Field(foreign_key="firms.id", ondelete="CASCADE", index=True, max_length=32)


class Equipment(Model, table=True):
    """One row of the equipment list; the work envelope in millimetres, an unknown side is null."""

    __tablename__: ClassVar[str] = "equipment"

    id: str = _id()
    firm_id: str = _of_firm()
    position: int = 0
    kind: str = Field(max_length=100)
    maker: str = Field(default="", max_length=100)
    model: str = Field(default="", max_length=100)
    count: int = 1
    envelope_x_mm: float | None = None
    envelope_y_mm: float | None = None
    envelope_z_mm: float | None = None
    year: int | None = None
    remarks: str = Field(default="", max_length=500)


class Technique(Model, table=True):
    """What the firm can do, in its own wording, with limits in millimetres (roughness Ra in µm)."""

    __tablename__: ClassVar[str] = "techniques"

    id: str = _id()
    firm_id: str = _of_firm()
    position: int = 0
    process: str = Field(max_length=100)
    materials: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    thickness_min_mm: float | None = None
    thickness_max_mm: float | None = None
    size_max_x_mm: float | None = None
    size_max_y_mm: float | None = None
    size_max_z_mm: float | None = None
    tolerance_mm: float | None = None
    roughness_ra_um: float | None = None
    experience: str = Field(default="", sa_column=Column(Text, nullable=False))
    pictures: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class FirmMaterial(Model, table=True):
    __tablename__: ClassVar[str] = "firm_materials"

    id: str = _id()
    firm_id: str = _of_firm()
    position: int = 0
    name: str = Field(max_length=100)


class Certificate(Model, table=True):
    __tablename__: ClassVar[str] = "certificates"

    id: str = _id()
    firm_id: str = _of_firm()
    position: int = 0
    name: str = Field(max_length=100)
    expires_on: date | None = None


class CapacityWeek(Model, table=True):
    """Hours free in the week that begins on this Monday, when the firm said so, and what was promised of them since."""

    __tablename__: ClassVar[str] = "capacity_weeks"
    __table_args__ = (
        UniqueConstraint("firm_id", "week_start"),
        Index("ix_capacity_weeks_declared_at_firm_id", "declared_at", "firm_id"),
        # All that the desk asks of a week, so that it need not look at the rows.
        Index("ix_capacity_weeks_week_start_declared_at", "week_start", "declared_at", "firm_id"),
    )

    id: str = _id()
    firm_id: str = _of_firm()
    week_start: date
    hours_free: float
    hours_booked: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    declared_at: datetime = Field(sa_column=moment())

    @property
    def hours_left(self) -> float:
        """What is still free of the hours the firm named."""
        return max(0.0, self.hours_free - self.hours_booked)


class FirmTag(Model, table=True):
    """A word by which the directory can be narrowed, derived from the firm with every change."""

    __tablename__: ClassVar[str] = "firm_tags"

    id: str = _id()
    firm_id: str = _of_firm()
    kind: str = Field(max_length=20, index=True)
    word: str = Field(max_length=100, index=True)
    label: str = Field(max_length=100)
    public: bool = True


class FirmChange(Model, table=True):
    """That a firm changed, in order. The search index catches up from these rows."""

    __tablename__: ClassVar[str] = "firm_changes"

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    firm_id: str = Field(index=True, max_length=32)
    at: datetime = Field(sa_column=moment())


class FirmVersion(Model, table=True):
    """What a firm looked like before a change, so that the change can be undone."""

    __tablename__: ClassVar[str] = "firm_versions"

    id: str = _id()
    firm_id: str = _of_firm()
    revision: int
    action: str = Field(max_length=40)
    actor_id: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_column=moment())
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Picture(Model, table=True):
    """A picture of a technique. The file lies outside the web root, under the data directory, named by its content."""

    __tablename__: ClassVar[str] = "pictures"

    id: str = _id()
    firm_id: str = _of_firm()
    media_type: str = Field(max_length=20)
    digest: str = Field(max_length=64)
    width: int
    height: int
    size: int
    caption: str = Field(default="", max_length=200)
    created_at: datetime = Field(sa_column=moment())


class FirmImport(Model, table=True):
    """One file on its way into the register: checked first, taken over only after somebody confirmed it."""

    __tablename__: ClassVar[str] = "firm_imports"

    id: str = _id()
    file_name: str = Field(max_length=200)
    kind: str = Field(max_length=10)
    state: str = Field(default="waiting", max_length=20)
    uploaded_by: str | None = Field(default=None, max_length=32)
    created_at: datetime = Field(sa_column=moment())
    updated_at: datetime = Field(sa_column=moment())
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    fault_count: int = 0
    warning_count: int = 0
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Headings of columns that were not read.
    left_out: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    message: str = Field(default="", max_length=500)
