"""Tables of firms as they come from other programs: CSV in UTF-8 or CP932, and XLSX.

A broken character or a formula is reported at its cell; only a file that is no table at all is refused as a whole.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.firms.columns import field_of
from backend.firms.faults import Fault, FaultCode
from backend.firms.sheet_survey import Survey, survey
from backend.firms.wording import width

MOST_ROWS = 50_000
MOST_UNPACKED = 300_000_000
MOST_CELLS = 5_000_000
HEAD_WITHIN = 10
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
# A zip with a password of its own is a RuntimeError, a broken stream a zlib error.
_NOT_A_WORKBOOK = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    KeyError,
    IndexError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Table:
    """The cells below the heading row, each row with its number in the file, and faults of single cells."""

    headings: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    faults: Sequence[Fault]


def column_letter(index: int) -> str:
    """The name of a column in a spreadsheet, from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_place(headings: Sequence[str], index: int) -> str:
    """How a report names a column: its letter and its heading."""
    heading = headings[index].strip() if index < len(headings) else ""
    return f"{column_letter(index)} {heading}".strip()


def read_csv(path: Path) -> Table:
    """A CSV or tab-separated table."""
    text = _decode(path.read_bytes())
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        # A line break inside a cell does not count: these are the numbers a spreadsheet shows.
        rows = list(enumerate(lines, start=1))
    except csv.Error as error:
        raise Invalid(
            _("この表は読めません。%(line)s行目のあたりの引用符を確かめてください。", line=lines.line_num)
        ) from error
    return _table(rows, [])


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _has_known_head(text):
            return text
    return _decode_mostly(data)


def _decode_mostly(data: bytes) -> str:
    """In the encoding in which the head is understood; the lines that break it keep a mark at the broken place."""
    texts = [data.decode(encoding, errors="replace") for encoding in ("utf-8-sig", "cp932")]
    known = [text for text in texts if _has_known_head(text)]
    return min(known or texts, key=lambda text: text.count("�"))


def _has_known_head(text: str) -> bool:
    head = "\n".join(text.split("\n", HEAD_WITHIN)[:HEAD_WITHIN])
    cells = re.split(r"[,\t\n\r]", head)
    return any(field_of(cell.strip(' "')) == "name" for cell in cells)


def read_xlsx(path: Path) -> Table:
    """The first sheet of a workbook. Formula cells are faults: their shown value may be stale or missing."""
    try:
        formulas = _survey(path).formulas
        workbook = CalamineWorkbook.from_path(str(path))
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except _NOT_A_WORKBOOK as error:
        raise Invalid(_refusal(path)) from error
    rows = [(number, [_cell_text(value) for value in row]) for number, row in enumerate(cells, start=1)]
    return _table(rows, sorted(formulas))


def _refusal(path: Path) -> str:
    """Why a file is no workbook: Excel wraps one with a password into the container of the old formats."""
    data = path.read_bytes()
    if data.startswith(_OLD_CONTAINER) and "EncryptedPackage".encode("utf-16-le") in data:
        return _("このファイルはパスワードで守られています。Excelでパスワードを外して保存し直してください。")
    return _("このファイルはXLSXとして開けません。Excelで「.xlsx」として保存し直してください。")


def _survey(path: Path) -> Survey:
    """What the first sheet holds; refuses what would not fit into memory, before anything is unpacked into it."""
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
            raise Invalid(_("ファイルが大きすぎます。いくつかに分けてください。"))
        # The sizes above are what the file says of itself: here each is held against what is really in it.
        if archive.testzip() is not None:
            raise zipfile.BadZipFile
        found = survey(archive.read(_first_sheet(archive)))
    if found.rows * found.columns > MOST_CELLS:
        last = f"{column_letter(found.columns - 1)}{found.rows}"
        raise Invalid(_("表が%(last)sのマスまで広がっています。表から離れた所にある文字を消してください。", last=last))
    return found


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The file of the first sheet, as the workbook's own list of relations names it."""
    sheets = _SHEET.findall(archive.read("xl/workbook.xml"))
    wanted = dict(_ATTRIBUTE.findall(sheets[0])).get(b"r:id", b"")
    for relation in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", archive.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(relation))
        if attributes.get(b"Id") == wanted:
            target = attributes[b"Target"].decode()
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError("sheet")


def _cell_text(value: object) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value is not None else ""


def _table(rows: Sequence[tuple[int, list[str]]], formulas: Sequence[tuple[int, int]]) -> Table:
    at = _head_at(rows)
    headings = [width(cell).strip() for cell in rows[at][1]]
    body = [(number, cells) for number, cells in rows[at + 1 :] if any(cell.strip() for cell in cells)]
    if len(body) > MOST_ROWS:
        raise Invalid(_("行が多すぎます。%(most)s行までのファイルに分けてください。", most=f"{MOST_ROWS:,}"))
    head_row = rows[at][0]
    faults = [
        Fault(row, column_place(headings, column), FaultCode.FORMULA) for row, column in formulas if row >= head_row
    ]
    with_formula = {row for row, _column in formulas} - {number for number, _cells in body}
    extra = [(row, [""] * len(headings)) for row in sorted(with_formula) if row > head_row]
    return Table(headings, sorted([*body, *extra]), faults)


def _head_at(rows: Sequence[tuple[int, list[str]]]) -> int:
    """Where the headings stand: above them people often write a title."""
    for at, (_number, cells) in enumerate(rows[:HEAD_WITHIN]):
        known = {field_of(cell) for cell in cells if cell.strip()} - {None}
        if "name" in known:
            return at
    raise Invalid(_("見出しの行が見つかりません。「会社名」の列がある表にしてください。ひな形も使えます。"))
