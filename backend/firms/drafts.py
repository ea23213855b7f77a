"""A firm as it is about to be written: what a form, a file or the seed gives to the service.

A draft is complete in itself; `None` says "not known". Which fields a file spoke of is kept in `given`, so that an
update leaves the others as they are.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

Envelope = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class EquipmentDraft:
    """One row of an equipment list. `envelope_mm` is the usable work size; an unknown side is None."""

    kind: str
    maker: str = ""
    model: str = ""
    count: int = 1
    envelope_mm: Envelope = (None, None, None)
    year: int | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class TechniqueDraft:
    """What the firm can do, in its own wording, with the limits it knows of (mm, roughness Ra in µm)."""

    process: str
    materials: tuple[str, ...] = ()
    thickness_min_mm: float | None = None
    thickness_max_mm: float | None = None
    size_max_mm: Envelope = (None, None, None)
    tolerance_mm: float | None = None
    roughness_ra_um: float | None = None
    experience: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    name: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class CapacityDraft:
    """Hours free in the week that begins on Monday `week_start`."""

    week_start: date
    hours_free: float


@dataclass(frozen=True, slots=True)
class FirmDraft:
    name: str = ""
    kana: str = ""
    code: str | None = None
    corporate_number: str | None = None
    address: str = ""
    ward: str = ""
    lat: float | None = None
    lng: float | None = None
    employees: int | None = None
    capital_yen: int | None = None
    representative_age_band: str | None = None
    succession_state: str | None = None
    phone: str = ""
    website: str = ""
    own_words: str = ""
    lot_min: int | None = None
    lot_max: int | None = None
    tolerance_mm: float | None = None
    can_lead: str = "unknown"
    public_facility: str = "unknown"
    listed: bool = True
    audiences: Mapping[str, str] = field(default_factory=dict)
    equipment: tuple[EquipmentDraft, ...] = ()
    techniques: tuple[TechniqueDraft, ...] = ()
    materials: tuple[str, ...] = ()
    certificates: tuple[CertificateDraft, ...] = ()
    capacity: tuple[CapacityDraft, ...] = ()


FIRM_FIELDS = tuple(f.name for f in fields(FirmDraft))


def overlay(old: FirmDraft, new: FirmDraft, given: frozenset[str]) -> FirmDraft:
    """The old draft with the fields the file spoke of taken from the new one."""
    return replace(old, **{name: getattr(new, name) for name in FIRM_FIELDS if name in given})


def to_json(draft: FirmDraft) -> dict[str, Any]:
    """The draft as plain JSON values, for the history of a firm."""
    plain = asdict(draft)
    for row in plain["certificates"]:
        row["expires_on"] = row["expires_on"].isoformat() if row["expires_on"] else None
    for row in plain["capacity"]:
        row["week_start"] = row["week_start"].isoformat()
    return plain


def from_json(plain: Mapping[str, Any]) -> FirmDraft:
    """The inverse of `to_json`."""
    values = {name: plain[name] for name in FIRM_FIELDS if name in plain}
    values["equipment"] = tuple(_equipment(row) for row in plain.get("equipment", ()))
    values["techniques"] = tuple(_technique(row) for row in plain.get("techniques", ()))
    values["materials"] = tuple(plain.get("materials", ()))
    values["certificates"] = tuple(_certificate(row) for row in plain.get("certificates", ()))
    values["capacity"] = tuple(
        CapacityDraft(date.fromisoformat(row["week_start"]), row["hours_free"]) for row in plain.get("capacity", ())
    )
    return FirmDraft(**values)


def _equipment(row: Mapping[str, Any]) -> EquipmentDraft:
    return EquipmentDraft(**{**row, "envelope_mm": tuple(row["envelope_mm"])})


def _technique(row: Mapping[str, Any]) -> TechniqueDraft:
    lists = {name: tuple(row[name]) for name in ("materials", "size_max_mm", "pictures")}
    return TechniqueDraft(**{**row, **lists})


def _certificate(row: Mapping[str, Any]) -> CertificateDraft:
    expires = row["expires_on"]
    return CertificateDraft(row["name"], date.fromisoformat(expires) if expires else None)
