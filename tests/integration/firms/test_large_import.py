"""5,000 rows with 50 planted faults: each is told at its place, in time, and nothing is taken over."""

import time
from pathlib import Path

import pytest
import xlsxwriter
from stdnum.jp import cn

from backend.core.db import Database
from backend.firms.faults import FaultCode, remedy
from backend.firms.takeover import FaultyFile, import_file
from tests.factories import count_firms

ROWS, EVERY, SECONDS = 5000, 97, 30
HEAD = ["コード", "会社名", "法人番号", "住所", "従業員数", "工程", "設備", "材質", "公差", "紹介"]
MACHINES = "立形マシニングセンタ 牧野 V33i 2台 (650×450×350)\nNC旋盤 オークマ LB3000 1台 φ300×500"
KINDS = (
    FaultCode.CHECK_DIGIT,
    FaultCode.NEGATIVE_ENVELOPE,
    FaultCode.MOJIBAKE,
    FaultCode.FORMULA,
    FaultCode.DUPLICATE_NAME,
    FaultCode.UNKNOWN_PROCESS,
)
# What the report says of each kind: the column as the file names it, and how to mend it.
TOLD = {
    FaultCode.CHECK_DIGIT: ("C 法人番号", "国税庁の法人番号公表サイトで13桁を確かめてください。"),
    FaultCode.NEGATIVE_ENVELOPE: ("G 設備", "マイナスの記号を取り、0より大きい長さ(mm)に直してください。"),
    FaultCode.MOJIBAKE: ("B 会社名", "正しい文字に打ち直してください。"),
    FaultCode.FORMULA: ("E 従業員数", "式の結果を「値として貼り付け」で置き換えてください。"),
    FaultCode.DUPLICATE_NAME: ("B 会社名", "見比べて、同じ会社ならコードをそろえるか、1つにまとめてください。"),
    FaultCode.UNKNOWN_PROCESS: ("F 工程", "このまま取り込めますが、工程からは探しにくくなります。"),
}


def good_row(number: int) -> list[str]:
    body = f"{700_000_000_000 + number:012d}"
    corporate_number = cn.calc_check_digit(body) + body
    where = f"東京都大田区大森南{1 + number % 5}-{number}"
    name, words = f"架空工場{number}", "アルミと鉄の小物を1個から削ります。"
    return [f"X-{number}", name, corporate_number, where, "6", "マシニング加工", MACHINES, "A5052", "0.02", words]


def spoil(row: list[str], kind: FaultCode, before: list[str]) -> None:
    if kind is FaultCode.CHECK_DIGIT:
        row[2] = str((int(row[2][0]) + 1) % 10) + row[2][1:]
    elif kind is FaultCode.NEGATIVE_ENVELOPE:
        row[6] = "マシニング 牧野 V33 (-650×450×350)"
    elif kind is FaultCode.MOJIBAKE:
        row[1] = row[1].encode("cp932").decode("latin-1")
    elif kind is FaultCode.DUPLICATE_NAME:
        row[1], row[3], row[2] = before[1], before[3], ""
    elif kind is FaultCode.UNKNOWN_PROCESS:
        row[5] = "ぴかぴか化"


def planted(path: Path) -> set[tuple[int, FaultCode]]:
    """Write the workbook; gives row and kind of every planted fault."""
    faults: set[tuple[int, FaultCode]] = set()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        before = good_row(0)
        for number in range(1, ROWS + 1):
            row = good_row(number)
            kind = KINDS[len(faults) % len(KINDS)] if number % EVERY == 0 and len(faults) < 50 else None
            if kind is not None:
                spoil(row, kind, before)
                faults.add((number + 1, kind))
            for column, text in enumerate(row):
                if kind is FaultCode.FORMULA and column == 4:
                    sheet.write_formula(number, column, "=2*3", None, "6")
                else:
                    sheet.write_string(number, column, text)
            before = row
    return faults


@pytest.mark.slow
def test_fifty_faults_in_five_thousand_rows(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "big.xlsx"
    faults = planted(file)
    assert len(faults) == 50
    began = time.perf_counter()
    with pytest.raises(FaultyFile) as refusal:
        import_file(database, file, known_process=lambda word: ("研磨",) if word == "ぴかぴか化" else ())
    assert time.perf_counter() - began < SECONDS
    assert {(fault.row, fault.code) for fault in refusal.value.faults} == faults
    for fault in refusal.value.faults:
        column, how_to_mend = TOLD[fault.code]
        assert fault.column == column
        assert how_to_mend in remedy(fault)
    with database.reading() as session:
        assert count_firms(session) == 0
