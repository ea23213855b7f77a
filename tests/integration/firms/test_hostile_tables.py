"""Tables that were broken, locked, swollen or trapped: one sentence with what to do, nothing imported."""

import io
import zipfile
from collections.abc import Callable, Sequence
from html import unescape

import pytest
import xlsxwriter
from fastapi.testclient import TestClient

from backend.core.db import Database
from tests.integration.firms.test_import import count, upload
from tests.integration.teams.team_firms import plain

HEAD = ("会社名", "区", "従業員数")
FIRM = ("有限会社ためし", "墨田区", "6")
SHEET = "xl/worksheets/sheet1.xml"
BROKEN = "XLSXとして開けません。Excelで「.xlsx」として保存し直してください。"
NOBODY = "このファイルには工場が1社も書かれていません。"
NO_HEAD = "見出しの行が見つかりません。「会社名」の列がある表にしてください。ひな形も使えます。"


def book(*rows: Sequence[str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": True}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def rewritten(member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEAD, FIRM))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, change(data) if item.filename == member else data)
    return out.getvalue()


def with_cell(cell: bytes) -> bytes:
    return rewritten(SHEET, lambda data: data.replace(b"</sheetData>", cell + b"</sheetData>"))


def liar() -> bytes:
    """A workbook whose list of contents says that its sheet is smaller than it is."""
    data = bytearray(book(HEAD, FIRM))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    at = data.find(size, data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET.encode())))
    data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


WORD = b'<c r="%s" t="str"><v>x</v></c>'
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
SWOLLEN = rewritten(SHEET, lambda data: data.replace(b"</sheetData>", b" " * 310_000_000 + b"</sheetData>"))
TABLES = {
    "locked by a password": (LOCKED, "パスワードを外して保存し直してください。"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, BROKEN),
    "cut off": (book(HEAD, FIRM)[:2000], BROKEN),
    "another archive": (b"PK\x05\x06" + b"\0" * 18, BROKEN),
    "broken markup": (rewritten(SHEET, lambda data: data[:300]), BROKEN),
    "no sheets": (rewritten("xl/workbook.xml", lambda _data: b"<workbook/>"), BROKEN),
    "sizes that lie": (liar(), BROKEN),
    "a bomb": (SWOLLEN, "ファイルが大きすぎます。いくつかに分けてください。"),
    "a word in the last cell": (with_cell(b'<row r="1048576">' + WORD % b"XFD1048576" + b"</row>"), "離れた所にある"),
    "a cell that cannot be": (with_cell(b'<row r="9999999">' + WORD % b"ZZZ9999999" + b"</row>"), BROKEN),
    "a row that cannot be": (with_cell(b'<row r="99999999"><c><v>1</v></c></row>'), BROKEN),
    "only headings": (book(HEAD), NOBODY),
    "nothing in it": (book(), NO_HEAD),
}
TEXTS = {
    "only headings": ("会社名,区\n".encode(), NOBODY),
    "no headings": ("あ,い\n1,2\n".encode(), NO_HEAD),
    "another format": (b"%PDF-1.7 \x00\x01\x02", NO_HEAD),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", NO_HEAD),
    "open quotes": (b'"' + "会社名,区\n".encode() * 20_000, "ください。"),
    "CP932 within UTF-8": ("会社名,区\n".encode() + "有限会社ためし,墨田区\n".encode("cp932"), "文字化け"),
    "UTF-8 within CP932": ("会社名,区\n".encode("cp932") + "有限会社ためし,墨田区\n".encode(), "文字化け"),
}
CELLS = {
    "a formula": (("有限会社ためし", "墨田区", "=2*3"), "C 従業員数", "「値として貼り付け」で置き換えてください。"),
    "a formula for a name": (('=CONCATENATE("a","b")', "墨田区", "6"), "A 会社名", "「値として貼り付け」"),
    "no name": (("", "墨田区", "6"), "A 会社名", "必ず要る項目です。書いてください。"),
    "a word for a number": (("有限会社ためし", "墨田区", "六人"), "C 従業員数", "数字だけを書いてください。"),
}


def _refused(coordinator: TestClient, database: Database, data: bytes, name: str) -> str:
    where = upload(coordinator, data, name)
    assert coordinator.post(f"{where}/confirm").status_code == 409
    assert count(database) == 0
    return unescape(plain(coordinator.get(where).text))


@pytest.mark.parametrize("kind", TABLES)
def test_workbooks(coordinator: TestClient, database: Database, kind: str) -> None:
    data, said = TABLES[kind]
    assert said in _refused(coordinator, database, data, "a.xlsx")


@pytest.mark.parametrize("kind", TEXTS)
def test_texts(coordinator: TestClient, database: Database, kind: str) -> None:
    data, said = TEXTS[kind]
    assert said in _refused(coordinator, database, data, "a.csv")


@pytest.mark.parametrize("kind", CELLS)
def test_cells_are_told_with_place_and_remedy(coordinator: TestClient, database: Database, kind: str) -> None:
    row, column, remedy = CELLS[kind]
    shown = _refused(coordinator, database, book(("台帳",), (), HEAD, FIRM, row), "a.xlsx")
    assert f"5 {column}" in shown.replace("行目", "")
    assert remedy in shown


def test_merged_cells_belong_to_their_first_row(coordinator: TestClient, database: Database) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.merge_range(1, 0, 2, 0, "有限会社ためし")
        sheet.write_row(1, 1, FIRM[1:])
        sheet.write_row(2, 1, FIRM[1:])
    shown = _refused(coordinator, database, out.getvalue(), "a.xlsx")
    assert "3 A 会社名" in shown.replace("行目", "")


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "a", "a.xlsx.exe"])
def test_other_endings(coordinator: TestClient, database: Database, name: str) -> None:
    answer = coordinator.post("/firms/import", files={"file": (name, book(HEAD, FIRM))})
    assert answer.status_code == 422
    assert "「.xlsx」で保存し直してください。" in answer.text
    assert count(database) == 0


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_workbook_with_a_wrong_ending(coordinator: TestClient, database: Database, name: str) -> None:
    assert "ください。" in _refused(coordinator, database, book(HEAD, FIRM), name)


def test_colour_far_away_does_no_harm(coordinator: TestClient, database: Database) -> None:
    where = upload(coordinator, with_cell(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'), "a.xlsx")
    assert "1社" in coordinator.get(where).text
    assert count(database) == 0
