"""Between drafts and rows: what is written for a draft, and what draft a stored firm amounts to. No queries here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from backend.core.model import Model
from backend.firms.drafts import (
    CapacityDraft,
    CertificateDraft,
    EquipmentDraft,
    FirmDraft,
    TechniqueDraft,
)
from backend.firms.models import (
    CapacityWeek,
    Certificate,
    Equipment,
    Firm,
    FirmMaterial,
    Technique,
)
from backend.firms.places import known_ward, locate
from backend.firms.rules import FREE_HOURS, AgeBand, Answer, Audience, Succession, audience_of, clean_audiences
from backend.firms.wording import address_key, fold, name_key, word_key

FREE_TAG = "free"
PLAIN_FIELDS = (
    "code",
    "name",
    "kana",
    "corporate_number",
    "address",
    "ward",
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
    "listed",
)


def draft_of(firm: Firm) -> FirmDraft:
    """The draft that would write this firm again."""
    plain = {name: getattr(firm, name) for name in PLAIN_FIELDS}
    return FirmDraft(
        **plain,
        representative_age_band=firm.representative_age_band.value if firm.representative_age_band else None,
        succession_state=firm.succession_state.value if firm.succession_state else None,
        can_lead=firm.can_lead.value,
        public_facility=firm.public_facility.value,
        audiences=dict(firm.audiences),
        equipment=tuple(_equipment_draft(row) for row in firm.equipment),
        techniques=tuple(_technique_draft(row) for row in firm.techniques),
        materials=tuple(row.name for row in firm.materials),
        certificates=tuple(CertificateDraft(row.name, row.expires_on) for row in firm.certificates),
        capacity=tuple(CapacityDraft(row.week_start, row.hours_free) for row in firm.capacity),
    )


def left_of(firm: Firm) -> FirmDraft:
    """The draft of this firm with only those hours that nobody was promised."""
    left = tuple(CapacityDraft(row.week_start, row.hours_left) for row in firm.capacity)
    return replace(draft_of(firm), capacity=left)


def settle(draft: FirmDraft, old: FirmDraft | None = None) -> FirmDraft:
    """The draft with ward and position found from its address, unless it brings its own."""
    kept = replace(draft, audiences=clean_audiences(draft.audiences), ward=known_ward(draft.ward) or draft.ward.strip())
    moved = old is not None and old.address != draft.address and (old.lat, old.lng) == (draft.lat, draft.lng)
    place = locate(draft.address) if draft.address else None
    if place is None:
        return kept
    ward = place.ward if moved or not kept.ward else kept.ward
    if moved or draft.lat is None:
        return replace(kept, ward=ward, lat=place.lat, lng=place.lng)
    return replace(kept, ward=ward)


def write(firm: Firm, draft: FirmDraft, now: datetime, old: FirmDraft) -> None:
    """Make a stored firm say what the draft says. Rows of lists that did not change are left alone."""
    for name, value in firm_values(draft, now).items():
        setattr(firm, name, value)
    for name, (row_type, values) in list_values(draft, now).items():
        if getattr(old, name) == getattr(draft, name):
            continue
        if name == "capacity":
            write_weeks(firm, {week.week_start: week.hours_free for week in draft.capacity}, now)
        else:
            setattr(firm, name, [row_type(**row) for row in values])


def write_weeks(firm: Firm, hours: Mapping[date, float], now: datetime) -> None:
    """Make the firm's weeks say these hours. A week that stays keeps its row, because hours may be promised on it."""
    kept = [row for row in firm.capacity if row.week_start in hours or row.hours_booked]
    for row in kept:
        row.hours_free, row.declared_at = hours.get(row.week_start, 0.0), now
    there = {row.week_start for row in kept}
    new = [CapacityWeek(week_start=w, hours_free=h, declared_at=now) for w, h in hours.items() if w not in there]
    firm.capacity = sorted([*kept, *new], key=lambda row: row.week_start)


def firm_values(draft: FirmDraft, now: datetime) -> dict[str, Any]:
    """The columns of a firm's own row. Plain values, because thousands of rows are written at once."""
    plain = {name: getattr(draft, name) for name in PLAIN_FIELDS}
    age, succession = draft.representative_age_band, draft.succession_state
    return plain | {
        "representative_age_band": AgeBand(age) if age else None,
        "succession_state": Succession(succession) if succession else None,
        "can_lead": Answer(draft.can_lead),
        "public_facility": Answer(draft.public_facility),
        "audiences": dict(draft.audiences),
        "name_key": name_key(draft.name)[:200],
        "address_key": address_key(draft.address or draft.ward)[:300],
        "search_text": search_text(draft),
        "updated_at": now,
    }


def list_values(draft: FirmDraft, now: datetime) -> dict[str, tuple[type[Model], list[dict[str, Any]]]]:
    """For each list of a firm its table and the columns of its rows."""
    return {
        "equipment": (Equipment, [_equipment(at, row) for at, row in enumerate(draft.equipment)]),
        "techniques": (Technique, [_technique(at, row) for at, row in enumerate(draft.techniques)]),
        "materials": (FirmMaterial, [{"position": at, "name": name} for at, name in enumerate(draft.materials)]),
        "certificates": (
            Certificate,
            [
                {"position": at, "name": row.name, "expires_on": row.expires_on}
                for at, row in enumerate(draft.certificates)
            ],
        ),
        "capacity": (
            CapacityWeek,
            [
                {"week_start": row.week_start, "hours_free": row.hours_free, "declared_at": now}
                for row in draft.capacity
            ],
        ),
    }


def tag_values(draft: FirmDraft) -> list[dict[str, Any]]:
    """The words by which the directory can be narrowed to this firm."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, field, label, word in _tag_words(draft):
        if word and (kind, word) not in seen:
            public = audience_of(draft.audiences, field) is Audience.PUBLIC
            seen[kind, word] = {"kind": kind, "word": word[:100], "label": label[:100], "public": public}
    return list(seen.values())


def _tag_words(draft: FirmDraft) -> Iterator[tuple[str, str, str, str]]:
    for technique in draft.techniques:
        yield "process", "techniques", technique.process, word_key(technique.process)
    for material in draft.materials:
        yield "material", "materials", material, word_key(material)
    for certificate in draft.certificates:
        yield "certificate", "certificates", certificate.name, word_key(certificate.name)
    for week in draft.capacity:
        if week.hours_free >= FREE_HOURS:
            yield FREE_TAG, "capacity", week.week_start.isoformat(), week.week_start.isoformat()


def free_tags(audiences: Mapping[str, str], weeks: Iterable[CapacityWeek]) -> list[dict[str, Any]]:
    """The words of the weeks in which there are hours that nobody was promised, the only ones that change weekly."""
    public = audience_of(audiences, "capacity") is Audience.PUBLIC
    words = [week.week_start.isoformat() for week in weeks if week.hours_left >= FREE_HOURS]
    return [{"kind": FREE_TAG, "word": word, "label": word, "public": public} for word in words]


def search_text(draft: FirmDraft) -> str:
    """The public words of a firm, folded: the search of the directory must not betray what is not public."""
    parts = {
        "name": draft.name,
        "kana": draft.kana,
        "ward": draft.ward,
        "address": draft.address,
        "own_words": draft.own_words,
        "techniques": " ".join(f"{row.process} {row.experience}" for row in draft.techniques),
        "materials": " ".join(draft.materials),
        "equipment": " ".join(f"{row.kind} {row.maker} {row.model}" for row in draft.equipment),
        "certificates": " ".join(row.name for row in draft.certificates),
    }
    public = (text for field, text in parts.items() if audience_of(draft.audiences, field) is Audience.PUBLIC)
    return fold(" ".join(public))


def _equipment(at: int, row: EquipmentDraft) -> dict[str, Any]:
    x, y, z = row.envelope_mm
    return {
        "position": at,
        "kind": row.kind,
        "maker": row.maker,
        "model": row.model,
        "count": row.count,
        "envelope_x_mm": x,
        "envelope_y_mm": y,
        "envelope_z_mm": z,
        "year": row.year,
        "remarks": row.remarks,
    }


def _equipment_draft(row: Equipment) -> EquipmentDraft:
    envelope = (row.envelope_x_mm, row.envelope_y_mm, row.envelope_z_mm)
    return EquipmentDraft(row.kind, row.maker, row.model, row.count, envelope, row.year, row.remarks)


def _technique(at: int, row: TechniqueDraft) -> dict[str, Any]:
    x, y, z = row.size_max_mm
    return {
        "position": at,
        "process": row.process,
        "materials": list(row.materials),
        "thickness_min_mm": row.thickness_min_mm,
        "thickness_max_mm": row.thickness_max_mm,
        "size_max_x_mm": x,
        "size_max_y_mm": y,
        "size_max_z_mm": z,
        "tolerance_mm": row.tolerance_mm,
        "roughness_ra_um": row.roughness_ra_um,
        "experience": row.experience,
        "pictures": list(row.pictures),
    }


def _technique_draft(row: Technique) -> TechniqueDraft:
    return TechniqueDraft(
        process=row.process,
        materials=tuple(row.materials),
        thickness_min_mm=row.thickness_min_mm,
        thickness_max_mm=row.thickness_max_mm,
        size_max_mm=(row.size_max_x_mm, row.size_max_y_mm, row.size_max_z_mm),
        tolerance_mm=row.tolerance_mm,
        roughness_ra_um=row.roughness_ra_um,
        experience=row.experience,
        pictures=tuple(row.pictures),
    )


def with_picture(draft: FirmDraft, process: str, picture_id: str) -> FirmDraft:
    """The draft with one more picture at the technique of that process."""
    techniques = tuple(
        replace(row, pictures=(*row.pictures, picture_id)) if row.process == process else row
        for row in draft.techniques
    )
    return replace(draft, techniques=techniques)
