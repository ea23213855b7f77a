"""The tightest tolerance, as plus and minus millimetres."""

import pytest

from matching.understanding.request import read
from matching.understanding.tables import general_tolerance, grade_band
from tests.unit.understanding.conftest import TODAY


def tolerance(text: str) -> float | None:
    reading = read(text, TODAY).tolerance_mm
    return reading.value if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公差±0.05", 0.05),
        ("公差　±０．０３", 0.03),
        ("±5μmで", 0.005),
        ("±5ミクロンで仕上げる", 0.005),
        ("公差プラマイ0.05", 0.05),
        ("プラスマイナス0.1ミリ", 0.1),
        ("+/-0.02 mm", 0.02),
        ("全体±0.1、はめあい部±0.01", 0.01),
        ("+0.02/0で", 0.01),
        ("0/-0.03", 0.015),
        ("+0.03 +0.01", 0.01),
        ("平面度0.02", 0.02),
        ("平行度は0.005以内", 0.005),
        ("平面度8μm", 0.008),
        ("真円度0.003、円筒度0.005", 0.003),
        ("同軸度φ0.01", 0.01),
        ("歪み0.1以内に", 0.1),
        ("公差は百分の三くらい", 0.03),
        ("精度は2/100で", 0.02),
        ("千分の五ミリの精度", 0.005),
        ("精度はコンマ05", 0.05),
        ("φ30H7の穴", 0.0105),
        ("外径φ25×120、外径h7", 0.0105),
        ("内径φ60をH8に", 0.023),
        ("はめあい部H7（φ60）", 0.015),
        ("φ35×480、外径をIT7で", 0.0125),
        ("硬質アルマイト20μm±3", 0.003),
        ("flat and parallel within 0.01 mm", 0.01),
        ("flatness 0.02 mm", 0.02),
        ("tolerance of 0.05 mm", 0.05),
        ("Ø8 x 100, ground to h5", 0.003),
        ("一般公差はJIS B 0405の中級、100×80×20", 0.3),
        ("50×40×25、ISO 2768-m", 0.3),
        ("200×150×20、general tolerance fine", 0.2),
    ],
)
def test_tolerances(text: str, expected: float) -> None:
    assert tolerance(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "HRC60±2に焼入れ",
        "角度±1°",
        "25℃±2で保管",
        "Ra0.4に磨く",
        "JIS N5級の歯車",
        "W50×D40×H30",
        "M6タップ、C0.5面取り",
        "抵抗値は±5%",
        "精度は問いません。",
        "ミクロン単位の仕事です",
        "厚さ0.5の板",
        "リーク量1×10^-9以下",
        "",
    ],
)
def test_no_tolerance(text: str) -> None:
    assert tolerance(text) is None


def test_tables_end_where_the_standards_end() -> None:
    assert grade_band(7, 30) == 0.021
    assert grade_band(7, 30.1) == 0.025
    assert grade_band(7, 501) is None
    assert grade_band(15, 30) is None
    assert general_tolerance("m", 120) == 0.3
    assert general_tolerance("m", 2001) is None
    assert general_tolerance("x", 20) is None
