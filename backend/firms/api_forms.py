"""A change of a firm as programs send it, and the draft it asks for. The rules are those of the form."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from backend.core.api_models import ApiIn, like
from backend.firms.drafts import CertificateDraft, Envelope, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.rules import DEFAULT_AUDIENCES, Answer, Audience

# Longer than any text that the rules allow: they say what is too long, in words.
Text = Annotated[str, Field(max_length=20_000)]
Number = Annotated[float, Field(allow_inf_nan=False)]
# What fits into a column of the database.
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Large = Annotated[int, Field(ge=-(2**53), le=2**53)]
MOST_ROWS = 1000
Sides = Annotated[
    tuple[Number | None, Number | None, Number | None],
    Field(description="Length, width and height in millimetres; null where a side is not known."),
]


class EquipmentIn(ApiIn):
    """A machine."""

    kind: Text
    maker: Text = ""
    model: Text = ""
    count: Whole = 1
    envelope_mm: Sides | None = None
    year: Whole | None = None
    remarks: Text = ""


class TechniqueIn(ApiIn):
    """What the firm can do, in its own wording."""

    process: Text
    materials: list[Text] = Field(default_factory=list, max_length=100)
    thickness_min_mm: Number | None = None
    thickness_max_mm: Number | None = None
    size_max_mm: Sides | None = None
    tolerance_mm: Number | None = None
    roughness_ra_um: Number | None = None
    experience: Text = ""


class CertificateIn(ApiIn):
    name: Text
    expires_on: date | None = None


EXAMPLE = {
    "revision": 4,
    "own_words": "アルミとステンレスの精密板金。1個から。",
    "lot_min": 1,
    "lot_max": 500,
    "materials": ["A5052", "SUS304"],
    "certificates": [{"name": "ISO9001", "expires_on": "2027-03-31"}],
}


class FirmPatch(ApiIn):
    """What is to change; what is not named stays. A list that is named replaces the whole list."""

    model_config = like(EXAMPLE)

    revision: Whole | None = Field(
        default=None, description="The revision that was read; a newer one is not overwritten but answered with 409."
    )
    name: Text = ""
    kana: Text = ""
    corporate_number: Annotated[str, Field(max_length=40)] | None = Field(
        default=None, description="Changed by coordinators only; a workshop may send what it read."
    )
    address: Text = Field(default="", description="Ward and place on the map are found from it.")
    employees: Whole | None = None
    capital_yen: Large | None = None
    phone: Text = ""
    website: Text = ""
    own_words: Text = ""
    lot_min: Whole | None = None
    lot_max: Whole | None = None
    tolerance_mm: Number | None = None
    can_lead: Answer = Answer.UNKNOWN
    public_facility: Answer = Answer.UNKNOWN
    listed: bool = Field(default=True, description="False takes the firm out of the directory.")
    audiences: dict[str, Audience] = Field(
        default_factory=dict,
        description=f"Who may read a field: {{field: audience}}. Fields: {', '.join(sorted(DEFAULT_AUDIENCES))}.",
    )
    equipment: list[EquipmentIn] = Field(default_factory=list, max_length=MOST_ROWS)
    techniques: list[TechniqueIn] = Field(default_factory=list, max_length=MOST_ROWS)
    materials: list[Text] = Field(default_factory=list, max_length=MOST_ROWS)
    certificates: list[CertificateIn] = Field(default_factory=list, max_length=MOST_ROWS)

    def applied_to(self, old: FirmDraft) -> FirmDraft:
        """The firm as it will be."""
        given = self.model_fields_set - {"revision", *_LISTS}
        values: dict[str, Any] = {name: getattr(self, name) for name in given}
        values |= {name: getattr(self, name).value for name in given & {"can_lead", "public_facility"}}
        if "audiences" in given:
            values["audiences"] = {**old.audiences, **{name: kind.value for name, kind in self.audiences.items()}}
        for name in self.model_fields_set & _LISTS.keys():
            values[name] = _LISTS[name](self, old)
        return replace(old, **values)


def _equipment(sent: FirmPatch, _old: FirmDraft) -> tuple[EquipmentDraft, ...]:
    return tuple(
        EquipmentDraft(row.kind, row.maker, row.model, row.count, _sides(row.envelope_mm), row.year, row.remarks)
        for row in sent.equipment
    )


def _techniques(sent: FirmPatch, old: FirmDraft) -> tuple[TechniqueDraft, ...]:
    """Pictures are not sent; a technique that keeps its name keeps them."""
    pictures = {row.process: row.pictures for row in old.techniques}
    return tuple(
        TechniqueDraft(
            process=row.process,
            materials=tuple(row.materials),
            thickness_min_mm=row.thickness_min_mm,
            thickness_max_mm=row.thickness_max_mm,
            size_max_mm=_sides(row.size_max_mm),
            tolerance_mm=row.tolerance_mm,
            roughness_ra_um=row.roughness_ra_um,
            experience=row.experience,
            pictures=pictures.get(row.process, ()),
        )
        for row in sent.techniques
    )


def _certificates(sent: FirmPatch, _old: FirmDraft) -> tuple[CertificateDraft, ...]:
    return tuple(CertificateDraft(row.name, row.expires_on) for row in sent.certificates)


def _materials(sent: FirmPatch, _old: FirmDraft) -> tuple[str, ...]:
    return tuple(sent.materials)


_LISTS = {
    "equipment": _equipment,
    "techniques": _techniques,
    "materials": _materials,
    "certificates": _certificates,
}


def _sides(sides: Envelope | None) -> Envelope:
    return sides or (None, None, None)
