"""What comes in from forms and addresses, and how a firm is put back into a form. What was typed is never lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Query
from starlette.datastructures import FormData

from backend.firms.cells import Reading, read_cells, read_date, read_number, read_whole
from backend.firms.drafts import CertificateDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.equipment_text import EquipmentLine
from backend.firms.faults import Problem
from backend.firms.queries import Search
from backend.firms.records import PLAIN_FIELDS
from backend.firms.rules import DEFAULT_AUDIENCES, DESK_FIELDS, audience_of
from backend.firms.wording import split_list

MOST_CHOICES = 30
Words = Annotated[list[str], Query(max_length=MOST_CHOICES)]

# The plain fields are texts here, all but the tick; the others stand as the form shows them.
CHOICE_FIELDS = ("representative_age_band", "succession_state", "can_lead", "public_facility")
TEXT_FIELDS = (*(name for name in PLAIN_FIELDS if name != "listed"), *CHOICE_FIELDS, "materials")
EQUIPMENT_CELLS = ("kind", "maker", "model", "count", "x", "y", "z", "year", "remarks")
TECHNIQUE_CELLS = (
    "process",
    "materials",
    "thin",
    "thick",
    "x",
    "y",
    "z",
    "tolerance",
    "roughness",
    "experience",
    "pictures",
)
CERTIFICATE_CELLS = ("name", "expires_on")
TABLES = {"equipment": EQUIPMENT_CELLS, "techniques": TECHNIQUE_CELLS, "certificates": CERTIFICATE_CELLS}
MOST_ROWS = 300
Row = dict[str, str]


def read_search(
    q: Annotated[str, Query(max_length=200)] = "",
    process: Words = [],  # noqa: B006 - FastAPI copies it
    material: Words = [],  # noqa: B006
    ward: Words = [],  # noqa: B006
    certificate: Words = [],  # noqa: B006
    free: Words = [],  # noqa: B006
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Search:
    """What the directory is asked, from the address."""
    return Search(q.strip(), tuple(process), tuple(material), tuple(ward), tuple(certificate), tuple(free), page)


@dataclass
class FirmForm:
    """The form as it was typed: texts by name, rows of the three tables, audiences, and what is wrong."""

    texts: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    audiences: dict[str, str] = field(default_factory=dict)
    listed: bool = True
    revision: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""


def form_of(draft: FirmDraft, revision: int | None = None) -> FirmForm:
    """A firm as the form shows it."""
    texts = {name: _shown(getattr(draft, name)) for name in TEXT_FIELDS if name != "materials"}
    texts["materials"] = "、".join(draft.materials)
    tables = {
        "equipment": [equipment_row(row) for row in draft.equipment],
        "techniques": [_technique_row(row) for row in draft.techniques],
        "certificates": [{"name": row.name, "expires_on": _shown(row.expires_on)} for row in draft.certificates],
    }
    audiences = {name: audience_of(draft.audiences, name).value for name in DEFAULT_AUDIENCES}
    return FirmForm(texts, tables, audiences, draft.listed, revision)


def read_form(data: FormData) -> FirmForm:
    """The form as it came in, with nothing interpreted yet."""
    texts = {name: _one(data, name) for name in TEXT_FIELDS}
    tables = {name: _rows(data, name, cells) for name, cells in TABLES.items()}
    audiences = {name: _one(data, f"audience.{name}") for name in DEFAULT_AUDIENCES}
    revision = _one(data, "revision")
    return FirmForm(texts, tables, audiences, "listed" in data, int(revision) if _is_small_number(revision) else None)


def keep_desk_fields(form: FirmForm, old: FirmDraft) -> None:
    """Put back what a firm's own people neither see nor set, whatever was sent for it."""
    kept = form_of(old).texts
    form.texts |= {name: kept[name] for name in DESK_FIELDS}


def draft_from(form: FirmForm, old: FirmDraft | None = None) -> tuple[FirmDraft, list[Problem]]:
    """The draft the form asks for, with what could not be read. Capacity is not in the form and stays."""
    draft, problems = read_cells(form.texts)
    reading = Reading(problems=problems)
    draft = replace(
        draft,
        listed=form.listed,
        audiences=form.audiences,
        equipment=tuple(
            _equipment(reading, f"equipment.{at}", row) for at, row in enumerate(form.tables.get("equipment", []))
        ),
        techniques=tuple(
            _technique(reading, f"techniques.{at}", row) for at, row in enumerate(form.tables.get("techniques", []))
        ),
        certificates=tuple(
            CertificateDraft(
                row["name"], read_date(reading, f"certificates.{at}.expires_on", row.get("expires_on", ""))
            )
            for at, row in enumerate(form.tables.get("certificates", []))
        ),
        capacity=old.capacity if old else (),
    )
    return draft, reading.problems


def equipment_row(row: EquipmentDraft) -> Row:
    """A machine as texts for the cells of a form."""
    x, y, z = (_shown(side) for side in row.envelope_mm)
    return {
        "kind": row.kind,
        "maker": row.maker,
        "model": row.model,
        "count": str(row.count),
        "x": x,
        "y": y,
        "z": z,
        "year": _shown(row.year),
        "remarks": row.remarks,
    }


def rows_from_lines(lines: Iterable[EquipmentLine]) -> list[Row]:
    """The rows of a pasted list that were understood, as the table to confirm shows them."""
    return [equipment_row(line.row) for line in lines if line.row is not None]


def _equipment(reading: Reading, path: str, row: Row) -> EquipmentDraft:
    count = read_whole(reading, f"{path}.count", row.get("count", ""))
    sides = [read_number(reading, f"{path}.envelope_mm", row.get(side, ""), "650") for side in "xyz"]
    return EquipmentDraft(
        kind=row.get("kind", ""),
        maker=row.get("maker", ""),
        model=row.get("model", ""),
        count=1 if count is None else count,
        envelope_mm=(sides[0], sides[1], sides[2]),
        year=read_whole(reading, f"{path}.year", row.get("year", "")),
        remarks=row.get("remarks", ""),
    )


def _technique(reading: Reading, path: str, row: Row) -> TechniqueDraft:
    def number(field_name: str, cell: str) -> float | None:
        return read_number(reading, f"{path}.{field_name}", row.get(cell, ""))

    return TechniqueDraft(
        process=row.get("process", ""),
        materials=split_list(row.get("materials", "")),
        thickness_min_mm=number("thickness_min_mm", "thin"),
        thickness_max_mm=number("thickness_max_mm", "thick"),
        size_max_mm=(number("size_max_mm", "x"), number("size_max_mm", "y"), number("size_max_mm", "z")),
        tolerance_mm=number("tolerance_mm", "tolerance"),
        roughness_ra_um=number("roughness_ra_um", "roughness"),
        experience=row.get("experience", ""),
        pictures=split_list(row.get("pictures", "")),
    )


def _technique_row(row: TechniqueDraft) -> Row:
    x, y, z = (_shown(side) for side in row.size_max_mm)
    return {
        "process": row.process,
        "materials": "、".join(row.materials),
        "thin": _shown(row.thickness_min_mm),
        "thick": _shown(row.thickness_max_mm),
        "x": x,
        "y": y,
        "z": z,
        "tolerance": _shown(row.tolerance_mm),
        "roughness": _shown(row.roughness_ra_um),
        "experience": row.experience,
        "pictures": ",".join(row.pictures),
    }


def _rows(data: FormData, table: str, cells: Sequence[str]) -> list[Row]:
    """The rows of a table: cells are named table.number.cell. A row whose cells are all empty is left out."""
    numbers = sorted({int(parts[1]) for key in data if (parts := _row_key(key, table)) is not None})
    rows = [{cell: _one(data, f"{table}.{number}.{cell}") for cell in cells} for number in numbers[:MOST_ROWS]]
    removed = {number for number in numbers if f"{table}.{number}.remove" in data}
    return [row for number, row in zip(numbers, rows, strict=False) if number not in removed and any(_said(row))]


def _row_key(key: str, table: str) -> list[str] | None:
    parts = key.split(".")
    is_row = len(parts) == 3 and parts[0] == table and _is_small_number(parts[1])
    return parts if is_row else None


def _is_small_number(text: str) -> bool:
    """isdigit alone also takes ², which int refuses, and numbers of thousands of digits."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _said(row: Mapping[str, str]) -> Iterable[str]:
    """What a person wrote into a row: a count of 1 stands there by itself."""
    return (text for cell, text in row.items() if text and not (cell == "count" and text == "1"))


def _one(data: FormData, name: str) -> str:
    value = data.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _shown(value: object) -> str:
    if value is None:
        return ""
    # Every digit: a form that is sent back unchanged must not move a firm on the map.
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
