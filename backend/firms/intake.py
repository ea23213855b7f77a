"""A file of firms, read and checked: which rows are new, which change what, and every fault with its place."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.firms import queries, records
from backend.firms.cells import READERS, read_cells
from backend.firms.checks import check_draft
from backend.firms.columns import field_of
from backend.firms.drafts import FirmDraft, overlay
from backend.firms.faults import Fault, FaultCode, Problem
from backend.firms.json_rows import read_record
from backend.firms.models import Firm
from backend.firms.registry_match import Registry, RowKeys, keys_of
from backend.firms.table_files import Table, column_place, read_csv, read_xlsx

KINDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx"}
REPORT_EVERY = 100
MOST_LEFT_OUT = 40
CELL_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"}

# Tells how far the work is: the phase, how much is done, how much there is.
Progress = Callable[[str, int, int], None]
# Empty when the wording of a process is known, otherwise the nearest known wordings.
KnownProcess = Callable[[str], tuple[str, ...]]


def silent(phase: str, done: int, total: int) -> None:
    """For those who do not watch."""
    del phase, done, total


def any_process(wording: str) -> tuple[str, ...]:
    """Without a vocabulary every wording is taken as it is."""
    del wording
    return ()


@dataclass(frozen=True)
class FileRow:
    """One firm of the file: its place, its draft, and the fields the file spoke of."""

    row: int
    draft: FirmDraft
    given: frozenset[str]


@dataclass
class FileContent:
    rows: list[FileRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # The column of each field, as the report should name it.
    places: dict[str, str] = field(default_factory=dict)
    # Headings of columns that mean nothing here, so that nobody believes them taken over.
    left_out: list[str] = field(default_factory=list)

    def place(self, path: str) -> str:
        return self.places.get(path.split(".", maxsplit=1)[0], "") or json_place(path)


@dataclass
class Plan:
    """What taking the file over would do. Only a plan without faults may be carried out."""

    new: list[FileRow] = field(default_factory=list)
    changed: list[tuple[Firm, FirmDraft, FirmDraft]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.is_warning]

    @property
    def warnings(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.is_warning]


def kind_of(file_name: str) -> str:
    """Which reader a file needs, by its ending."""
    kind = KINDS.get(Path(file_name).suffix.lower())
    if kind is None:
        raise Invalid(_("JSONL・CSV・XLSXのファイルを選んでください。古いXLSは「.xlsx」で保存し直してください。"))
    return kind


def read_file(
    path: Path, kind: str, known_process: KnownProcess = any_process, progress: Progress = silent
) -> FileContent:
    """Read and check a file by itself, without the register. Raises Invalid when it is no table of firms at all."""
    content = _read_jsonl(path, progress) if kind == "jsonl" else _read_table(path, kind, progress)
    if not content.rows and not content.faults:
        raise Invalid(_("このファイルには工場が1社も書かれていません。"))
    nearest: dict[str, tuple[str, ...]] = {}
    for row in content.rows:
        content.faults.extend(_unknown_processes(content, row, known_process, nearest))
    content.faults.extend(_doubles(content))
    content.faults.sort(key=lambda fault: fault.row)
    return content


def compare(session: Session, content: FileContent, progress: Progress = silent, *, hold: bool = False) -> Plan:
    """Hold the file against the register: new, changed, unchanged, and those that clash.

    With `hold` nobody else changes the firms of the file before the plan is carried out.
    """
    plan = Plan(faults=list(content.faults))
    registry = Registry(queries.known_firms(session))
    known: list[tuple[FileRow, str]] = []
    taken: dict[str, int] = {}
    for row in content.rows:
        found = registry.find(keys_of(row.draft))
        if isinstance(found, Problem):
            plan.faults.append(Fault(row.row, content.place(found.field), found.code, found.value, found.hint))
        elif found is None:
            plan.new.append(row)
        elif found in taken:
            hint = _("%(row)s行目", row=taken[found])
            name = row.draft.name
            plan.faults.append(Fault(row.row, content.place("name"), FaultCode.DUPLICATE_NAME, name, hint))
        else:
            taken[found] = row.row
            known.append((row, found))
    _compare_known(plan, queries.stored_firms(session, [id_ for _row, id_ in known], hold=hold), known, progress)
    plan.faults.sort(key=lambda fault: fault.row)
    return plan


def json_place(path: str) -> str:
    """A field path as JSON people write it: equipment[0].envelope_mm."""
    head, *rest = path.split(".")
    names = {"code": "id", "own_words": "text", "certificates": "certifications"}
    if head == "techniques" and len(rest) == 1:
        head = "processes"
    steps = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in rest)
    return names.get(head, head) + steps


def _compare_known(plan: Plan, firms: Iterable[Firm], known: Sequence[tuple[FileRow, str]], progress: Progress) -> None:
    rows = {firm_id: row for row, firm_id in known}
    for done, firm in enumerate(firms, start=1):
        row = rows[firm.id]
        old = records.draft_of(firm)
        settled = records.settle(overlay(old, row.draft, row.given), old)
        if settled == old and firm.deleted_at is None:
            plan.unchanged += 1
        else:
            plan.changed.append((firm, old, settled))
        if done % REPORT_EVERY == 0:
            progress("compare", done, len(rows))


def _read_jsonl(path: Path, progress: Progress) -> FileContent:
    content = FileContent()
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _read_json_line(content, number, line)
        if number % REPORT_EVERY == 0:
            progress("read", number, len(lines))
    return content


def _read_json_line(content: FileContent, number: int, line: bytes) -> None:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        content.faults.append(Fault(number, "", FaultCode.MOJIBAKE, "", "(UTF-8)"))
        return
    except (ValueError, RecursionError):
        content.faults.append(Fault(number, "", FaultCode.NOT_JSON, line[:80].decode(errors="replace")))
        return
    if not isinstance(record, dict):
        content.faults.append(Fault(number, "", FaultCode.WRONG_TYPE, str(record)[:80], "{…}"))
        return
    draft, given, problems = read_record(record)
    _add_row(content, FileRow(number, draft, given), problems)


def _read_table(path: Path, kind: str, progress: Progress) -> FileContent:
    table = read_csv(path) if kind == "csv" else read_xlsx(path)
    fields = _fields_by_column(table)
    places = {name: column_place(table.headings, index) for index, name in fields.items()}
    left_out = [name.strip() for index, name in enumerate(table.headings) if name.strip() and index not in fields]
    content = FileContent(faults=list(table.faults), places=places, left_out=left_out[:MOST_LEFT_OUT])
    spoilt = {(fault.row, fault.column) for fault in table.faults}
    for done, (number, cells) in enumerate(table.rows, start=1):
        _read_table_row(content, number, cells, fields, spoilt)
        if done % REPORT_EVERY == 0:
            progress("read", done, len(table.rows))
    return content


def _fields_by_column(table: Table) -> dict[int, str]:
    fields: dict[int, str] = {}
    for index, heading in enumerate(table.headings):
        name = field_of(heading)
        if name in READERS and name not in fields.values():
            fields[index] = str(name)
    return fields


def _read_table_row(
    content: FileContent, number: int, cells: Sequence[str], fields: dict[int, str], spoilt: set[tuple[int, str]]
) -> None:
    texts: dict[str, str] = {}
    for index, name in fields.items():
        text = cells[index] if index < len(cells) else ""
        if (number, content.places[name]) in spoilt:
            continue
        if text.strip() in CELL_ERRORS:
            content.faults.append(Fault(number, content.places[name], FaultCode.CELL_ERROR, text.strip()))
            spoilt.add((number, content.places[name]))
            continue
        texts[name] = text
    draft, problems = read_cells(texts)
    row = FileRow(number, draft, frozenset(texts))
    _add_row(content, row, [p for p in problems if (number, content.place(p.field)) not in spoilt], spoilt)


def _add_row(
    content: FileContent, row: FileRow, problems: list[Problem], spoilt: set[tuple[int, str]] | None = None
) -> None:
    """Take the row in, and say of each place only the first thing that is wrong."""
    content.rows.append(row)
    told = set(spoilt or ())
    settled = records.settle(row.draft)
    for problem in [*problems, *check_draft(row.draft), *_nowhere(settled)]:
        place = content.place(problem.field)
        if (row.row, place) not in told:
            content.faults.append(Fault(row.row, place, problem.code, problem.value, problem.hint))
        if content.places:
            told.add((row.row, place))
        elif problem.field:
            told.add((row.row, json_place(problem.field)))


def _nowhere(draft: FirmDraft) -> Iterator[Problem]:
    if draft.address and draft.lat is None:
        yield Problem("address", FaultCode.ADDRESS_NOT_FOUND, draft.address)


def _unknown_processes(
    content: FileContent, row: FileRow, known_process: KnownProcess, nearest: dict[str, tuple[str, ...]]
) -> Iterator[Fault]:
    for at, technique in enumerate(row.draft.techniques):
        wording = technique.process
        if wording not in nearest:
            nearest[wording] = known_process(wording)
        if nearest[wording]:
            hint = _("近い言葉:%(words)s", words="、".join(nearest[wording]))
            place = content.place(f"techniques.{at}")
            yield Fault(row.row, place, FaultCode.UNKNOWN_PROCESS, wording, hint)


def _doubles(content: FileContent) -> Iterator[Fault]:
    """The same firm twice in one file: by code, by corporate number, by name and address."""
    seen: dict[tuple[str, str], int] = {}
    codes = {"code": FaultCode.DUPLICATE_CODE, "corporate_number": FaultCode.DUPLICATE_NUMBER}
    for row in content.rows:
        told = False
        for name, key in _identity(keys_of(row.draft)):
            first = seen.setdefault((name, key), row.row)
            if first != row.row and not told:
                told = True
                code = codes.get(name, FaultCode.DUPLICATE_NAME)
                hint = str(first) if name in codes else _("%(row)s行目", row=first)
                yield Fault(row.row, content.place(name), code, row.draft.name, hint)


def _identity(keys: RowKeys) -> Iterator[tuple[str, str]]:
    if keys.code:
        yield "code", keys.code
    if keys.number:
        yield "corporate_number", keys.number
    if keys.name and keys.address:
        yield "name", f"{keys.name} {keys.address}"
