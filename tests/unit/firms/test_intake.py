"""Files of firms: what is read, and each kind of fault at its place with a remedy."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from backend.core.errors import Invalid
from backend.core.tables import neutral
from backend.firms.cells import read_cells
from backend.firms.columns import COLUMNS, field_of
from backend.firms.drafts import from_json, to_json
from backend.firms.faults import SENTENCES, Fault, FaultCode, remedy, what
from backend.firms.intake import FileContent, kind_of, read_file
from backend.firms.reports import faults_csv, template_csv, template_xlsx

GOOD_NUMBER = "7000012050002"
HEAD = ["コード", "会社名", "法人番号", "住所", "従業員数", "工程", "設備"]
GOOD = ["T-1", "見本精機", GOOD_NUMBER, "東京都大田区大森南2-3-5", "6", "旋盤加工", "旋盤 1台"]


def read_csv_text(folder: Path, text: str, encoding: str = "utf-8") -> FileContent:
    file = folder / "firms.csv"
    file.write_bytes(text.encode(encoding))
    return read_file(file, "csv")


def read_json_lines(folder: Path, *records: object) -> FileContent:
    file = folder / "firms.jsonl"
    file.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return read_file(file, "jsonl")


def one_fault(content: FileContent) -> Fault:
    [fault] = content.faults
    assert what(fault)
    assert remedy(fault)
    return fault


def with_cell(column: str, value: str) -> str:
    row = [value if name == column else cell for name, cell in zip(HEAD, GOOD, strict=True)]
    return ",".join(HEAD) + "\n" + ",".join(row) + "\n"


def test_a_good_row_has_no_faults_and_every_field(tmp_path: Path) -> None:
    content = read_csv_text(tmp_path, with_cell("コード", "T-1"))
    assert content.faults == []
    [row] = content.rows
    assert row.row == 2
    assert row.draft.name == "見本精機"
    assert row.draft.techniques[0].process == "旋盤加工"
    assert row.draft.equipment[0].kind == "汎用旋盤"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    content = read_csv_text(tmp_path, with_cell("コード", "T-1"), encoding)
    assert content.faults == []
    assert content.rows[0].draft.name == "見本精機"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("会社名", "", FaultCode.REQUIRED),
        ("会社名", "あ" * 201, FaultCode.TOO_LONG),
        ("会社名", "見本\x07精機", FaultCode.CONTROL_CHARACTERS),
        ("会社名", "見本精機".encode("cp932").decode("latin-1"), FaultCode.MOJIBAKE),
        ("会社名", "見本精機製作所".encode().decode("cp932", "replace"), FaultCode.MOJIBAKE),
        ("法人番号", "1000012050002", FaultCode.CHECK_DIGIT),
        ("法人番号", "12345", FaultCode.CORPORATE_NUMBER),
        ("従業員数", "六人", FaultCode.NOT_A_NUMBER),
        ("従業員数", "6.5", FaultCode.NOT_WHOLE),
        ("従業員数", "-3", FaultCode.NEGATIVE),
        ("従業員数", "99999999", FaultCode.TOO_LARGE),
        ("従業員数", "#REF!", FaultCode.CELL_ERROR),
        ("設備", "マシニング 牧野 V33 (-650×450×350)", FaultCode.NEGATIVE_ENVELOPE),
        ("住所", "どこか遠く", FaultCode.ADDRESS_NOT_FOUND),
        ("設備", "よく分からない", FaultCode.EQUIPMENT_UNREAD),
    ],
)
def test_each_fault_is_told_with_row_and_column(tmp_path: Path, column: str, value: str, code: FaultCode) -> None:
    fault = one_fault(read_csv_text(tmp_path, with_cell(column, value)))
    assert (fault.row, fault.code) == (2, code)
    assert fault.column.endswith(column)


def test_a_line_in_another_encoding_is_told_at_its_cell(tmp_path: Path) -> None:
    lines = [",".join(HEAD).encode(), ",".join(GOOD).encode(), "T-2,別の会社".encode("cp932")]
    (tmp_path / "mixed.csv").write_bytes(b"\n".join(lines))
    fault = one_fault(read_file(tmp_path / "mixed.csv", "csv"))
    assert (fault.row, fault.column, fault.code) == (3, "B 会社名", FaultCode.MOJIBAKE)


def test_the_same_firm_twice_is_told_once_with_the_first_row(tmp_path: Path) -> None:
    text = ",".join(HEAD) + "\n" + "\n".join([",".join(GOOD)] * 2)
    fault = one_fault(read_csv_text(tmp_path, text))
    assert (fault.row, fault.code, fault.hint) == (3, FaultCode.DUPLICATE_CODE, "2")


def test_the_same_name_and_address_in_other_spelling_is_the_same_firm(tmp_path: Path) -> None:
    text = "会社名,住所\n株式会社 見本精機,大田区大森南2丁目3番5号\n(株)見本精機,東京都大田区大森南２－３－５\n"
    fault = one_fault(read_csv_text(tmp_path, text))
    assert (fault.row, fault.code) == (3, FaultCode.DUPLICATE_NAME)


def test_an_unknown_process_is_a_warning_with_the_nearest_words(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("会社名,工程\n見本精機,ぴかぴか化\n", encoding="utf-8")
    fault = one_fault(read_file(file, "csv", known_process=lambda _wording: ("バフ研磨",)))
    assert fault.is_warning
    assert "バフ研磨" in remedy(fault)


def make_workbook(path: Path, rows: Sequence[Sequence[object]], formula: tuple[int, int] | None = None) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if formula:
            sheet.write_formula(*formula, "=1+2", None, 3)


def test_a_formula_is_refused_at_its_cell(tmp_path: Path) -> None:
    make_workbook(tmp_path / "a.xlsx", [HEAD, GOOD], formula=(1, 4))
    fault = one_fault(read_file(tmp_path / "a.xlsx", "xlsx"))
    assert (fault.row, fault.column, fault.code) == (2, "E 従業員数", FaultCode.FORMULA)


def test_numbers_and_titles_above_the_head_are_read(tmp_path: Path) -> None:
    make_workbook(
        tmp_path / "a.xlsx", [["工場台帳"], [], ["会社名", "法人番号", "従業員数"], ["見本", int(GOOD_NUMBER), 6]]
    )
    content = read_file(tmp_path / "a.xlsx", "xlsx")
    assert content.faults == []
    [row] = content.rows
    assert (row.row, row.draft.corporate_number, row.draft.employees) == (4, GOOD_NUMBER, 6)


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(Invalid):
        read_file(tmp_path / "a.xlsx", "xlsx")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "会社名\n", "会社名\n\n\n"])
def test_a_table_without_head_or_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid):
        read_csv_text(tmp_path, text)


@pytest.mark.parametrize(
    ("record", "column", "code"),
    [
        ("{broken", "", FaultCode.NOT_JSON),
        ("[" * 100_000, "", FaultCode.NOT_JSON),
        ("[1]", "", FaultCode.WRONG_TYPE),
        ({"id": "1", "name": 5}, "name", FaultCode.WRONG_TYPE),
        ({"name": "a", "processes": "旋盤"}, "techniques", FaultCode.WRONG_TYPE),
        (
            {"name": "a", "equipment": [{"kind": "x", "envelope_mm": [1, 2]}]},
            "equipment[0].envelope_mm",
            FaultCode.ENVELOPE,
        ),
        (
            {"name": "a", "equipment": [{"kind": "x", "envelope_mm": [-1, 2, 3]}]},
            "equipment[0].envelope_mm",
            FaultCode.NEGATIVE_ENVELOPE,
        ),
        ({"name": "a", "equipment": [{"maker": "牧野"}]}, "equipment[0].kind", FaultCode.REQUIRED),
        ({"name": "a", "capacity": [{"week_start": "2026-12-08", "hours_free": 3}]}, "capacity", FaultCode.NOT_MONDAY),
        (
            {"name": "a", "capacity": [{"week_start": "soon", "hours_free": 3}]},
            "capacity[0].week_start",
            FaultCode.DATE,
        ),
        ({"name": "a", "lot_min": 10, "lot_max": 5}, "lot_min", FaultCode.LOT_ORDER),
        ({"name": "a", "lat": 99, "lng": 139}, "lat", FaultCode.POSITION),
        ({"name": "a", "can_lead": 3}, "can_lead", FaultCode.WRONG_TYPE),
        ({"name": "a", "website": "javascript:alert(1)"}, "website", FaultCode.WEBSITE),
        ({"name": "a", "representative_age_band": "young"}, "representative_age_band", FaultCode.CHOICE),
    ],
)
def test_faults_of_json_lines(tmp_path: Path, record: object, column: str, code: FaultCode) -> None:
    fault = one_fault(read_json_lines(tmp_path, record))
    assert (fault.row, fault.column, fault.code) == (1, column, code)


def test_missing_fields_are_fine_and_unknown_ones_are_ignored(tmp_path: Path) -> None:
    content = read_json_lines(tmp_path, {"id": "1", "name": "見本", "colour": "blue"})
    assert content.faults == []
    assert content.rows[0].given == {"code", "name"}


def test_the_demo_firms_are_read_and_kept_whole(tmp_path: Path) -> None:
    demo = Path(__file__).parents[3] / "seed" / "demo" / "firms.jsonl"
    content = read_file(demo, "jsonl")
    assert content.faults == []
    assert len(content.rows) == 81
    for row in content.rows:
        assert from_json(json.loads(json.dumps(to_json(row.draft)))) == row.draft


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("capital_yen", "1,000万円", 10_000_000),
        ("capital_yen", "３億", 300_000_000),
        ("tolerance_mm", "±0.02mm", 0.02),
        ("employees", "６人", 6),
        ("can_lead", "○", "yes"),
        ("can_lead", "", "unknown"),
        ("public_facility", "いいえ", "no"),
        ("representative_age_band", "60代", "60s"),
        ("succession_state", "探している", "looking"),
        ("corporate_number", "７０００－０１２０－５０００２", "7000012050002"),
        ("materials", "A5052、SUS304, POM", ("A5052", "SUS304", "POM")),
        ("phone", "０３－1234－5678(代表)", "03-1234-5678(代表)"),
        ("phone", "312345678", "0312345678"),
    ],
)
def test_cells_are_read_as_people_write_them(field: str, text: str, value: object) -> None:
    draft, problems = read_cells({field: text})
    assert problems == []
    assert getattr(draft, field) == value


def test_certificates_and_weeks_are_read_with_their_dates() -> None:
    draft, problems = read_cells(
        {"certificates": "ISO9001 (2028-03-31まで)、FSC", "capacity": "2026-12-07:12、2026-12-14 : 0"}
    )
    assert problems == []
    assert [(row.name, str(row.expires_on)) for row in draft.certificates] == [
        ("ISO9001", "2028-03-31"),
        ("FSC", "None"),
    ]
    assert [(str(row.week_start), row.hours_free) for row in draft.capacity] == [("2026-12-07", 12), ("2026-12-14", 0)]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-3", "@x", "＝1", "\t=1", " =1"])
def test_formulas_are_neutral_in_what_goes_out(text: str) -> None:
    assert neutral(text).startswith("'")
    assert neutral("ふつう") == "ふつう"


def test_the_report_opens_in_a_spreadsheet_and_is_neutral() -> None:
    data = faults_csv([Fault(2, "B 会社名", FaultCode.NOT_A_NUMBER, '=HYPERLINK("x")', "10")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK" in data.decode("utf-8-sig")


def test_the_template_can_be_read_back(tmp_path: Path) -> None:
    for name, kind, data in (("t.csv", "csv", template_csv()), ("t.xlsx", "xlsx", template_xlsx())):
        (tmp_path / name).write_bytes(data)
        content = read_file(tmp_path / name, kind)
        assert content.faults == []
        assert len(content.rows) == 1


def test_every_column_is_found_by_both_its_names() -> None:
    for column in COLUMNS:
        assert field_of(column.ja) == field_of(column.en) == column.field


def test_every_fault_has_its_two_sentences() -> None:
    assert set(SENTENCES) == set(FaultCode)


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "noending", ""])
def test_other_files_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        kind_of(name)
