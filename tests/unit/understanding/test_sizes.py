"""The overall size of a part, told in many ways."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


def size(text: str) -> list[float] | None:
    reading = read(text, TODAY).size_mm
    return list(reading.value) if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("外形180×90×35、ポケット深さ12", [180, 90, 35]),
        ("１８０×９０×３５㎜の箱", [180, 90, 35]),
        ("180*90*35mmのブロック", [180, 90, 35]),
        ("180 x 90 x 35", [180, 90, 35]),
        ("180X90X35", [180, 90, 35]),
        ("W180×D90×H35", [180, 90, 35]),
        ("W180 D90 H35のケース", [180, 90, 35]),
        ("幅180×奥行90×高さ35", [180, 90, 35]),
        ("横18センチ、縦9センチ、高さ3.5センチの箱", [180, 90, 35]),
        ("横18、縦9、高さ3センチの箱", [180, 90, 30]),
        ("18×9×3.5センチ", [180, 90, 35]),
        ("1.2m×0.8m×0.5mの台", [1200, 800, 500]),
        ("長さ1,200、幅300、厚さ25の板", [1200, 300, 25]),
        ("φ40×120の軸", [40, 40, 120]),
        ("Φ40ｘ120", [40, 40, 120]),
        ("ø40 x 120 mm", [40, 40, 120]),
        ("丸棒 40×120", [40, 40, 120]),
        ("外径60、内径20、幅30のローラー", [60, 60, 30]),
        ("φ50×φ30×90の筒", [50, 50, 90]),
        ("直径12cm、高さ15cmくらいの鉢", [120, 120, 150]),
        ("直径30センチの皿です。深さは4センチほど。", [300, 300, 40]),
        ("全長320、外径φ25のシャフト", [25, 25, 320]),
        ("板厚1.6で展開300×200のブラケット", [300, 200, 1.6]),
        ("t2.0、300×200、100枚", [300, 200, 2]),
        ("2.3tの板、450×300", [450, 300, 2.3]),
        ("3ミリ板から400×250を切り出す", [400, 250, 3]),
        ("5センチ角の立方体", [50, 50, 50]),
        ("10cm角の板、厚さ6ミリ", [100, 100, 6]),
        ("10センチ角のタイル", [100, 100]),
        ("90×55のラベル", [90, 55]),
        ("60×40×20のブロックにφ6の穴を4つ", [60, 40, 20]),
        ("穴径φ6で深さ20、本体は60×40×20", [60, 40, 20]),
        ("幅0.5の溝を入れた φ12×80 のピン", [12, 12, 80]),
        ("上蓋は小さめ。全体の大きさ300×200×100、窓は80×40", [300, 200, 100]),
        ("M6×30の特殊ボルト", [6, 6, 30]),
        ("φ6h6×L50のパンチ", [6, 6, 50]),
        ("about 90 x 25 x 12 mm", [90, 25, 12]),
        ("60 cm wide, 40 cm deep and 120 cm tall", [600, 400, 1200]),
        ("OD 20 mm, ID 12 mm, length 30 mm", [20, 20, 30]),
        ("6 cm in diameter and 2 cm thick", [60, 60, 20]),
        ("45 mm OD x 3 mm seals", [45, 45, 3]),
        ("2 mm thick, 150 by 80 mm flat size", [150, 80, 2]),
        ("dia 38 mm x 22 mm high", [38, 38, 22]),
        ("8 inch outer diameter, 1.5 inch thick", [203.2, 203.2, 38.1]),
    ],
)
def test_sizes(text: str, expected: list[float]) -> None:
    got = size(text)
    assert got is not None
    assert got == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "手のひらに乗るくらいの金具です。",
        "A4サイズの冊子を100部。",
        "φ5の穴を12か所あけてください。",
        "M6タップ4か所。",
        "板厚1.2のステンレスで箱を。",
        "両端にコネクタ、長さ80cmのケーブル。",
        "±0.05でお願いします。",
        "12/18までに5個。",
        "歯車は外径φ8とφ20の2種類。",
        "基板（30×20×2）を載せる衣類です。",
        "SUS304を20枚。",
        "Two holes of 5 mm diameter.",
        "",
    ],
)
def test_no_size(text: str) -> None:
    assert size(text) is None


def test_the_words_are_kept() -> None:
    reading = read("直径７センチ・高さ３センチの丸いふた", TODAY).size_mm
    assert reading is not None
    assert "".join(s.text for s in reading.spans) == "直径７センチ高さ３センチ"
