"""Equipment lists as shops write them: what is read out of a line, and that no line is lost."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.firms.drafts import Envelope, EquipmentDraft
from backend.firms.equipment_text import Doubt, EquipmentLine, LineKind, parse_equipment

NONE: Envelope = (None, None, None)


def _expected() -> list[tuple[str, EquipmentDraft]]:
    """The lines of equipment_lines.csv with what a person reads in them."""
    with (Path(__file__).parent / "equipment_lines.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["line"], _row(row)) for row in csv.DictReader(stream)]


def _row(row: dict[str, str]) -> EquipmentDraft:
    sides = [None if side == "?" else float(side) for side in row["envelope"].split("×")] if row["envelope"] else []
    envelope: Envelope = (sides[0], sides[1], sides[2]) if sides else NONE
    year = int(row["year"]) if row["year"] else None
    return EquipmentDraft(row["kind"], row["maker"], row["model"], int(row["count"]), envelope, year)


def only(line: str) -> EquipmentLine:
    [read] = parse_equipment(line)
    return read


def row_of(line: EquipmentLine) -> EquipmentDraft:
    assert line.row is not None, line.text
    return line.row


@pytest.mark.parametrize(("line", "expected"), _expected())
def test_reads_a_line(line: str, expected: EquipmentDraft) -> None:
    assert replace(row_of(only(line)), remarks="") == expected


def test_a_heading_gives_the_kind_to_lines_without_one() -> None:
    heading, first, second = parse_equipment("【マシニングセンタ】\nヤスダ YBM640V ×1\n牧野 V56")
    assert heading.what is LineKind.HEADING
    assert [row_of(line).kind for line in (first, second)] == ["マシニングセンタ"] * 2
    assert first.doubts == (Doubt.KIND_FROM_HEADING,)


def test_a_heading_of_a_department_gives_no_kind() -> None:
    line = parse_equipment("【切削】\nブラザー S500X1 2台")[1]
    assert row_of(line).kind == ""
    assert Doubt.NO_KIND in line.doubts


def test_the_head_of_a_table_says_what_its_columns_are() -> None:
    lines = parse_equipment("機械名\tメーカー\t型式\t台数\t加工範囲\t年式\nNC旋盤\t森精機\tNL2500\t2\tφ366×705\t2012")
    row = row_of(lines[1])
    assert lines[0].what is LineKind.HEADING
    assert (row.maker, row.model, row.count, row.year) == ("DMG森精機", "NL2500", 2, 2012)
    assert row.envelope_mm == (366, 366, 705)


def test_a_line_of_several_machines_becomes_several_rows() -> None:
    lines = parse_equipment("旋盤3台、フライス2台、ボール盤5台")
    assert [(row_of(line).kind, row_of(line).count) for line in lines] == [
        ("汎用旋盤", 3),
        ("汎用フライス盤", 2),
        ("ボール盤", 5),
    ]


def test_a_negative_size_is_doubted_and_left_out() -> None:
    line = only("マシニング 牧野 V33 (-650×450×350)")
    assert line.doubts == (Doubt.NEGATIVE_SIZE,)
    assert row_of(line).envelope_mm == NONE


def test_a_second_measure_is_kept_as_a_remark() -> None:
    row = row_of(only("マシニングセンタ テーブルサイズ900×500 加工範囲650×450×350"))
    assert "900×500" in row.remarks


@pytest.mark.parametrize("line", ["何かよくわからない文章です", "住所 東京都大田区大森南", "お気軽にご相談ください"])
def test_a_line_that_is_no_machine_is_shown_unread(line: str) -> None:
    assert only(line).what is LineKind.UNREAD
    assert only(line).text == line


def test_a_very_long_line_is_kept_unread() -> None:
    assert only("旋盤" * 400).what is LineKind.UNREAD


WORDS = st.sampled_from(
    ["旋盤", "牧野", "V33i", "×2", "650×450", "φ30", "(", ")", "2台", "【切削】", "・", "\t", "、", "−5"]
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=12).map(" ".join))
def test_no_text_breaks_it_and_no_line_is_lost(text: str) -> None:
    lines = parse_equipment(text)
    numbers = {line.number for line in lines}
    expected = {number for number, raw in enumerate(text.splitlines(), start=1) if raw.strip()}
    assert numbers == expected
    for number in expected:
        parts = "".join(line.text for line in lines if line.number == number)
        whole = text.splitlines()[number - 1]
        assert "".join(whole.split()).translate(SEPARATORS) == "".join(parts.split()).translate(SEPARATORS)


SEPARATORS = str.maketrans("", "", "、,，;；/／")


@given(st.integers(1, 99), st.integers(50, 3000), st.integers(50, 3000), st.integers(50, 3000))
def test_what_is_written_is_read_back(count: int, x: int, y: int, z: int) -> None:
    row = row_of(only(f"マシニングセンタ 牧野 V33i {count}台 {x}×{y}×{z}"))
    assert (row.count, row.envelope_mm) == (count, (x, y, z))
