"""Between drafts and rows: what is written for a draft, and what draft a stored firm amounts to. No queries here."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

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
    FirmTag,
    Technique,
)
from backend.firms.places import known_ward, locate
from backend.firms.rules import FREE_HOURS, AgeBand, Answer, Audience, Succession, audience_of, clean_audiences
from backend.firms.wording import address_key, fold, name_key, word_key

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


def write(firm: Firm, draft: FirmDraft, now: datetime, old: FirmDraft | None = None) -> None:
    """Make the firm say what the draft says. Rows of lists that did not change are left alone."""
    for name in PLAIN_FIELDS:
        setattr(firm, name, getattr(draft, name))
    firm.representative_age_band = AgeBand(draft.representative_age_band) if draft.representative_age_band else None
    firm.succession_state = Succession(draft.succession_state) if draft.succession_state else None
    firm.can_lead = Answer(draft.can_lead)
    firm.public_facility = Answer(draft.public_facility)
    firm.audiences = dict(draft.audiences)
    firm.name_key = name_key(draft.name)[:200]
    firm.address_key = address_key(draft.address or draft.ward)[:300]
    firm.search_text = search_text(draft)
    firm.updated_at = now
    _write_lists(firm, draft, now, old)


def _write_lists(firm: Firm, draft: FirmDraft, now: datetime, old: FirmDraft | None) -> None:
    if old is None or old.equipment != draft.equipment:
        firm.equipment = [_equipment(at, row) for at, row in enumerate(draft.equipment)]
    if old is None or old.techniques != draft.techniques:
        firm.techniques = [_technique(at, row) for at, row in enumerate(draft.techniques)]
    if old is None or old.materials != draft.materials:
        firm.materials = [FirmMaterial(position=at, name=name) for at, name in enumerate(draft.materials)]
    if old is None or old.certificates != draft.certificates:
        firm.certificates = [
            Certificate(position=at, name=row.name, expires_on=row.expires_on)
            for at, row in enumerate(draft.certificates)
        ]
    if old is None or old.capacity != draft.capacity:
        firm.capacity = [
            CapacityWeek(week_start=row.week_start, hours_free=row.hours_free, declared_at=now)
            for row in draft.capacity
        ]


def tags(firm_id: str, draft: FirmDraft) -> list[FirmTag]:
    """The words by which the directory can be narrowed to this firm."""
    seen: dict[tuple[str, str], FirmTag] = {}
    for kind, field, label, word in _tag_words(draft):
        if word and (kind, word) not in seen:
            public = audience_of(draft.audiences, field) is Audience.PUBLIC
            seen[kind, word] = FirmTag(firm_id=firm_id, kind=kind, word=word[:100], label=label[:100], public=public)
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
            yield "free", "capacity", week.week_start.isoformat(), week.week_start.isoformat()


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


def _equipment(at: int, row: EquipmentDraft) -> Equipment:
    x, y, z = row.envelope_mm
    return Equipment(
        position=at,
        kind=row.kind,
        maker=row.maker,
        model=row.model,
        count=row.count,
        envelope_x_mm=x,
        envelope_y_mm=y,
        envelope_z_mm=z,
        year=row.year,
        remarks=row.remarks,
    )


def _equipment_draft(row: Equipment) -> EquipmentDraft:
    envelope = (row.envelope_x_mm, row.envelope_y_mm, row.envelope_z_mm)
    return EquipmentDraft(row.kind, row.maker, row.model, row.count, envelope, row.year, row.remarks)


def _technique(at: int, row: TechniqueDraft) -> Technique:
    x, y, z = row.size_max_mm
    return Technique(
        position=at,
        process=row.process,
        materials=list(row.materials),
        thickness_min_mm=row.thickness_min_mm,
        thickness_max_mm=row.thickness_max_mm,
        size_max_x_mm=x,
        size_max_y_mm=y,
        size_max_z_mm=z,
        tolerance_mm=row.tolerance_mm,
        roughness_ra_um=row.roughness_ra_um,
        experience=row.experience,
        pictures=list(row.pictures),
    )


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
