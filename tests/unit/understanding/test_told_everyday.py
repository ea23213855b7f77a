"""Sizes, counts and materials as people who make no drawings tell them, and parts beside the part that is wanted."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a diameter behind its figure, and の that joins the length to it
        ("アルミの支柱、14φの320ミリ、40本", [14, 14, 320]),
        ("黄銅でφ30の12㍉、50個", [30, 30, 12]),
        ("木の取っ手 25φ×95、ろくろで", [25, 25, 95]),
        ("銅のカップ、70φ高さ85で", [70, 70, 85]),
        ("当て板 60×40の8ミリ厚、10枚", [60, 40, 8]),
        # everyday words across a bar, a tube, a bell
        ("さしわたし52ミリ、厚み9ミリの真鍮の円い重り", [52, 52, 9]),
        ("杖の芯棒、太いところで11ミリ、長さ75センチ", [11, 11, 750]),
        ("ガラスの筒（太さ25、長さ140ミリ）30本", [25, 25, 140]),
        ("鉢を回して押し出す。口の広い所が20センチ、高さ9センチ", [200, 200, 90]),
        ("銀の花入れ、口径80、高さ160", [80, 80, 160]),
        # tubes are told by diameter and wall, their length follows
        ("手すり SUS304TP φ34×t2.0、全長1200、6本", [34, 34, 1200]),
        ("bent from steel tube, 28 mm OD, 1.5 mm wall, 650 mm long", [28, 28, 650]),
        ("A6061 tube 19 mm x 400 mm, ten pieces", [19, 19, 400]),
        ("a vase, 90 mm body diameter, 200 mm tall", [90, 90, 200]),
        # the figure behind or before a stock is its thickness
        ("名札の枠、真鍮1.5mm、70×20、300枚", [70, 20, 1.5]),
        ("合板6ミリで看板 450×300", [450, 300, 6]),
        ("SPCCの2.3㍉、180×90に抜く", [180, 90, 2.3]),
        ("薄い銅（0.3ミリ）で、80×25ミリのしおり", [80, 25, 0.3]),
        ("A5052の3㎜厚210×45を10枚", [210, 45, 3]),
        ("brackets in 3 mm SUS304, 90 x 40 mm", [90, 40, 3]),
        # the greater of two parts, a diameter counting both ways
        ("軸 S45C φ40×500を1本。併せて樹脂の当て板 200×60×t12を4枚", [40, 40, 500]),
        ("取っ手はA6063 φ20×t1.2 L600、握りはブナ90×30×20", [20, 20, 600]),
        # a grade's figure is no length
        ("ステンレス316Lで、直径38ミリ、厚さ7ミリ", [38, 38, 7]),
        ("ふたのパッキン受け、外径68、幅15、厚み2.5", [68, 68, 15]),
        ("待っています…120×30の5ミリ厚です", [120, 30, 5]),
    ],
)
def test_sizes_in_everyday_words(text: str, expected: list[float]) -> None:
    reading = read(text, TODAY).size_mm
    assert reading is not None
    assert list(reading.value) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        # the coil's diameter alone, what things are packed in, what printed matter stands on
        "ねじりばね SUS304WPB 線径0.8、コイル外径7、200個",
        "飴を200袋。貼り箱 150×90×30に詰める",
        "カレンダー120部。ヒノキの台（150×50×25）付き",
    ],
)
def test_sizes_that_are_not_the_parts(text: str) -> None:
    assert read(text, TODAY).size_mm is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("座金、n=45。バリなきこと", 45),
        ("ふたを12まい。急ぎません", 12),
        ("丸棒を7ほん、お願いします", 7),
        ("台車を3だいです", 3),
        ("鶴の置物を24羽", 24),
        ("吊り照明を8灯", 8),
        ("内側の筒と外側の筒、各6。", 6),
        ("革のトレイ150！色は茶", 150),
        ("卓上の札立て35、アクリルで", 35),
        ("an old bracket: measure it and print four in nylon", 4),
        # counts of stock, models, what goes into each and what is ordered besides
        ("アルミ一枚から、つなぎ目なしで。18枚", 18),
        ("けやきの一枚板を天板に。テーブル4台", 4),
        ("部品が1つだけ無事で、それを測って5個", 5),
        ("現物1点を渡します。同じ物を9個", 9),
        ("1箱に6つの駒、ゲームを90箱", 90),
        ("将棋60セット。駒は計2400個", 60),
        ("軸を1本作り直し。併せて当て板を4枚削る", 1),
        ("三脚の雲台を16個", 16),
        ("粉をひく機械を14台", 14),
    ],
)
def test_counts_in_everyday_words(text: str, expected: int) -> None:
    reading = read(text, TODAY).quantity
    assert reading is not None
    assert reading.value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # each wood by its own name
        ("楓の皿を20枚", "メープル（楓）"),
        ("ハードメープルのこま", "メープル"),
        ("サクラ材の箸置き", "サクラ"),
        ("スプーンを桜の木で", "サクラ（桜の木）"),
        ("bowls turned from beech", "ブナ"),
        ("ミズキのこけし", "ミズキ"),
        # grades as they are spoken, symbols beside their family
        ("ステンレスの304で受け皿", "SUS304（ステンレスの304）"),
        ("さす304の1.2tで箱", "SUS304（さす304）"),
        ("棚の柱 STKM φ25×t1.6", "鋼管（STKM）"),
        ("しるばーの耳飾り", "銀（しるばー）"),
        # words that only hold a material's name
        ("パン生地をのせるSUS304の台", "SUS304"),
        ("アルミの金具を試験して紙の結果がほしい", "アルミ"),
        ("銀の指輪をロストワックスで", "銀"),
        # the thing's material before that of what goes with it, of the old part and of a box at hand
        ("包丁をSUS440Cで。柄はウォルナットの板、ヌメ革シース縫製", "SUS440C"),
        ("焚き火台をSPCCで。専用収納袋（9号帆布）縫製", "SPCC"),
        ("ナイロンの粉の造形で、さらっとゴムっぽくなる塗り", "ナイロン"),
        ("古い木のレバーを測ってPA12粉末造形で6個", "PA12"),
        ("scan the wooden lever and print six in PA12", "PA12"),
        ("主軸をS45Cで1本。あと当て板をPOMで6枚", "S45C"),
        ("SUS304の輪と、EPDMの丸いパッキンも型で", "SUS304"),
        ("brass bodies, plated in nickel", "真鍮"),
    ],
)
def test_materials_in_everyday_words(text: str, expected: str) -> None:
    reading = read(text, TODAY).material
    assert reading is not None
    assert reading.value == expected


@pytest.mark.parametrize(
    "text",
    [
        "木の箱は自分で作れます。中の回路をお願いします",
        "カレンダー90部。木のスタンドに差す",
    ],
)
def test_materials_of_other_things(text: str) -> None:
    assert read(text, TODAY).material is None
