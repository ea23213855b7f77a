"""The material of the part itself."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


def material(text: str) -> str | None:
    reading = read(text, TODAY).material
    return reading.value if reading else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A5052のブラケット", "A5052"),
        ("ＳＵＳ３０４の板", "SUS304"),
        ("ステンレス（SUS316）の継手", "SUS316"),
        ("材質：SCM435 数量：20", "SCM435"),
        ("ジュラコンの白で", "POM（ジュラコン）"),
        ("真ちゅうのつまみ", "真鍮"),
        ("あるみの板", "アルミ"),
        ("アルミケースを作りたい", "アルミ"),
        ("チタンボルトを10本", "チタン"),
        ("てつの手すり", "鉄"),
        ("鉄の箱にニッケルめっき", "鉄"),
        ("真鍮に金メッキした指輪", "真鍮"),
        ("大理石調の樹脂トレー", "樹脂"),
        ("相手材はSUS440C、こちらはPOMで", "POM"),
        ("従来はアルミでしたが、今回はSUS304で", "SUS304"),
        ("木型から起こしてAC4Cで鋳造", "AC4C"),
        ("写真集を200部", "紙"),
        ("brackets in 6061 aluminium", "A6061"),
        ("stainless 316L flange", "SUS316L"),
        ("SUS3O4の箱", "SUS304"),
        ("ZDC2のハンドル", "ZDC2"),
        ("ナイロン生地のカバー", "ナイロン布"),
    ],
)
def test_materials(text: str, expected: str) -> None:
    assert material(text) == expected


@pytest.mark.parametrize(
    "text", ["さびない材料なら何でも。", "中の基板から考えてほしい", "電池で動く道具", "金属みたいな光沢の塗装", ""]
)
def test_no_material(text: str) -> None:
    assert material(text) is None


def test_the_words_are_kept_though_a_scanner_misread_them() -> None:
    reading = read("箱はSUS3O4で5個", TODAY).material
    assert reading is not None
    assert [s.text for s in reading.spans] == ["SUS3O4"]
