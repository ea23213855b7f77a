"""What one person may see of a firm: for the pages and, by an allow-list, for programs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from backend.accounts.models import User
from backend.core import clock
from backend.core.api_models import ApiOut, like
from backend.firms.models import Equipment, Firm, Technique
from backend.firms.queries import viewer_of
from backend.firms.rules import Answer, Viewer, capacity_mark, hidden_fields
from matching.days import monday_of

WEEKS_SHOWN = 8


@dataclass(frozen=True)
class WeekView:
    """One week of the capacity strip; the hours only for those who may know them."""

    week_start: date
    mark: str
    hours: float | None


@dataclass(frozen=True)
class FirmView:
    """A firm with the fields this viewer may not read named in `hidden`."""

    firm: Firm
    viewer: Viewer
    hidden: frozenset[str]

    def sees(self, field: str) -> bool:
        return field not in self.hidden

    @property
    def is_staff(self) -> bool:
        return self.viewer is Viewer.STAFF

    @property
    def may_edit(self) -> bool:
        """Whether the way into the form is shown; the form itself asks the database."""
        return self.viewer is not Viewer.STRANGER

    def weeks(self, today: date) -> list[WeekView]:
        """The coming weeks that the firm spoke of. Strangers see the marks, not the hours."""
        monday = monday_of(today)
        rows = [row for row in self.firm.capacity if row.week_start >= monday][:WEEKS_SHOWN]
        exact = self.viewer is not Viewer.STRANGER
        return [
            WeekView(row.week_start, capacity_mark(row.hours_left), row.hours_left if exact else None) for row in rows
        ]

    def told_days(self, today: date) -> int | None:
        """How many days ago the firm last spoke of its hours; None when it never did."""
        told = max((row.declared_at for row in self.firm.capacity), default=None)
        return (today - clock.in_tokyo(told).date()).days if told else None


def view_of(firm: Firm, actor: User | None) -> FirmView:
    """The firm as this person may see it."""
    viewer = viewer_of(actor, firm.id)
    return FirmView(firm, viewer, hidden_fields(firm.audiences, viewer))


# Without nulls: the document would leave them out.
EXAMPLE = {
    "id": "5f0c8a529d534a3b9a580d3a6c1a7f10",
    "name": "有限会社みほん板金",
    "ward": "大田区",
    "revision": 4,
    "kana": "みほんばんきん",
    "corporate_number": "7000012050002",
    "address": "東京都大田区大森南2-3-5",
    "lat": 35.5613,
    "lng": 139.7161,
    "employees": 8,
    "capital_yen": 10000000,
    "phone": "03-0000-0000",
    "website": "https://mihon.example.jp/",
    "own_words": "アルミとステンレスの精密板金。1個から。",
    "lot_min": 1,
    "lot_max": 500,
    "tolerance_mm": 0.05,
    "can_lead": "yes",
    "public_facility": "no",
    "equipment": [
        {
            "kind": "ベンダー",
            "maker": "アマダ",
            "model": "HG-1003",
            "count": 1,
            "envelope_mm": [3000.0, 1500.0, 200.0],
            "year": 2016,
            "remarks": "",
        }
    ],
    "techniques": [
        {
            "process": "曲げ",
            "materials": ["A5052"],
            "thickness_min_mm": 0.5,
            "thickness_max_mm": 6.0,
            "size_max_mm": [3000.0, 1500.0, 200.0],
            "tolerance_mm": 0.1,
            "roughness_ra_um": 3.2,
            "experience": "医療機器の筐体",
        }
    ],
    "materials": ["A5052", "SUS304"],
    "certificates": [{"name": "ISO9001", "expires_on": "2027-03-31"}],
    "capacity": [{"week_start": "2026-12-07", "mark": "free", "hours_free": 16.0}],
}


class EquipmentOut(ApiOut):
    kind: str
    maker: str
    model: str
    count: int
    envelope_mm: list[float | None] | None
    year: int | None
    remarks: str


class TechniqueOut(ApiOut):
    process: str
    materials: list[str]
    thickness_min_mm: float | None
    thickness_max_mm: float | None
    size_max_mm: list[float | None] | None
    tolerance_mm: float | None
    roughness_ra_um: float | None
    experience: str


class CertificateOut(ApiOut):
    name: str
    expires_on: date | None


class WeekOut(ApiOut):
    week_start: date
    mark: str
    hours_free: float | None


class FirmOut(ApiOut):
    """A firm for programs. A field that the asker may not read is null, as is one that is not known."""

    model_config = like(EXAMPLE)

    id: str
    name: str
    ward: str
    revision: int | None = Field(description="Grows with every change; for those who may change the firm.")
    kana: str | None
    corporate_number: str | None
    address: str | None
    lat: float | None
    lng: float | None
    employees: int | None
    capital_yen: int | None
    phone: str | None
    website: str | None
    own_words: str | None
    lot_min: int | None
    lot_max: int | None
    tolerance_mm: float | None
    can_lead: Answer | None
    public_facility: Answer | None
    equipment: list[EquipmentOut] | None
    techniques: list[TechniqueOut] | None
    materials: list[str] | None
    certificates: list[CertificateOut] | None
    capacity: list[WeekOut] | None


# Which audience each field of the answer stands under, where the names differ.
_UNDER = {"lat": "position", "lng": "position", "lot_min": "lot", "lot_max": "lot"}


def firm_out(view: FirmView, today: date) -> FirmOut:
    """The answer for programs; nothing goes out that is not named here."""
    firm = view.firm
    plain = (
        "kana",
        "corporate_number",
        "address",
        "lat",
        "lng",
        "employees",
        "capital_yen",
        "phone",
        "website",
        "own_words",
        "lot_min",
        "lot_max",
        "tolerance_mm",
        "can_lead",
        "public_facility",
    )
    values: dict[str, Any] = {name: getattr(firm, name) for name in plain}
    values |= {
        "equipment": [_equipment(row) for row in firm.equipment],
        "techniques": [_technique(row) for row in firm.techniques],
        "materials": [row.name for row in firm.materials],
        "certificates": [CertificateOut(name=row.name, expires_on=row.expires_on) for row in firm.certificates],
        "capacity": [
            WeekOut(week_start=week.week_start, mark=week.mark, hours_free=week.hours) for week in view.weeks(today)
        ],
    }
    allowed = {name: value if view.sees(_UNDER.get(name, name)) else None for name, value in values.items()}
    revision = None if view.viewer is Viewer.STRANGER else firm.revision
    return FirmOut(id=firm.id, name=firm.name, ward=firm.ward, revision=revision, **allowed)


def _equipment(row: Equipment) -> EquipmentOut:
    return EquipmentOut(
        kind=row.kind,
        maker=row.maker,
        model=row.model,
        count=row.count,
        envelope_mm=_sides(row.envelope_x_mm, row.envelope_y_mm, row.envelope_z_mm),
        year=row.year,
        remarks=row.remarks,
    )


def _technique(row: Technique) -> TechniqueOut:
    return TechniqueOut(
        process=row.process,
        materials=row.materials,
        thickness_min_mm=row.thickness_min_mm,
        thickness_max_mm=row.thickness_max_mm,
        size_max_mm=_sides(row.size_max_x_mm, row.size_max_y_mm, row.size_max_z_mm),
        tolerance_mm=row.tolerance_mm,
        roughness_ra_um=row.roughness_ra_um,
        experience=row.experience,
    )


def _sides(*sides: float | None) -> list[float | None] | None:
    return list(sides) if any(side is not None for side in sides) else None
