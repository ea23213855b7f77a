"""The operations wanted, their order, and those ruled out."""

import pytest

from matching.understanding.products import process_ids
from matching.understanding.request import read
from matching.understanding.tables import load
from matching.vocabulary.processes import is_a, processes
from tests.unit.understanding.conftest import TODAY


def wanted(text: str) -> list[str]:
    return [m.process_id for m in read(text, TODAY).processes]


def refused(text: str) -> list[str]:
    return [m.process_id for m in read(text, TODAY).refused]


def holds(ids: list[str], name: str) -> bool:
    (process_id,) = process_ids(name)
    return any(is_a(i, process_id) for i in ids)


@pytest.mark.parametrize(
    "text", ["切削で10個。図面が描けないので相談したい。", "turn ten knobs and polish them, no drawings"]
)
def test_what_is_drawn_stands_before_what_is_made(text: str) -> None:
    found = wanted(text)
    assert found[0] == "design"
    assert len(found) > 1


@pytest.mark.parametrize(
    ("text", "want", "no"),
    [
        ("A5052の板をレーザー切断。曲げも溶接もなし。", ["レーザー切断"], ["曲げ加工", "溶接"]),
        ("SPCCの箱を板金で。塗装は別の会社に頼みます。", ["板金加工"], ["塗装"]),
        ("切削ではなく3Dプリントで作ってください。", ["3Dプリント"], ["切削加工"]),
        ("SUS440Cのナイフ、焼入れと平面研削。刃付け・組立は弊社。", ["焼入れ", "平面研削"], ["組立"]),
        ("SUS440Cのナイフ、焼入れと平面研削。刃付けはこちら。", ["焼入れ", "平面研削"], ["工具研削"]),
        ("40 brass end caps, turned. We assemble.", ["旋盤加工"], ["組立"]),
        ("Brass caps, turned. Can we anodise the aluminium ring?", ["アルマイト"], []),
        ("焼入れ済みのSKD11を支給します。ワイヤ放電をお願いします。", ["ワイヤ放電加工"], ["焼入れ"]),
        ("型はまだ作りたくない。真空注型で20個。", ["真空注型"], []),
        ("研磨とめっきは不要です。旋盤加工だけ。", ["旋盤加工"], ["めっき"]),
        ("溶接でつなぐ作り方は不可。へら絞りで。", ["へら絞り"], ["溶接"]),
        ("Turned parts, no anodizing or painting.", ["旋盤加工"], ["アルマイト", "塗装"]),
        ("Milling only; welding will be done in-house.", ["フライス加工"], ["溶接"]),
        ("6061のケース60個にアルマイトをお願いします。", ["アルマイト"], []),
    ],
)
def test_wanted_and_refused(text: str, want: list[str], no: list[str]) -> None:
    for name in want:
        assert holds(wanted(text), name)
        assert not holds(refused(text), name)
    for name in no:
        assert holds(refused(text), name)
        assert not holds(wanted(text), name)


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("旋盤加工→焼入れ→円筒研削の順で。", ["旋盤加工", "焼入れ", "円筒研削"]),
        ("レーザー切断して、曲げて、溶接して、粉体塗装まで。", ["レーザー切断", "曲げ加工", "溶接", "粉体塗装"]),
        ("アルマイトの前にバレル研磨をしてください。", ["バレル研磨", "アルマイト"]),
        ("Laser marking after anodizing.", ["アルマイト", "レーザーマーキング"]),
        ("Before plating, polishing please.", ["研磨", "めっき"]),
    ],
)
def test_route(text: str, route: list[str]) -> None:
    mentions = read(text, TODAY).processes
    places = [next(m.order for m in mentions if is_a(m.process_id, process_ids(name)[0])) for name in route]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("S45Cのφ40×300の軸を2本。", "旋盤加工"),
        ("真鍮の歯車が欠けたので1個作りたい。", "歯切り"),
        ("圧縮ばねを100本。線径1.0。", "ばね製造"),
        ("アルミの100×80×30のブロックに溝を。", "マシニング加工"),
        ("SUS304 t1.0の箱を3台、300×200×100。", "板金加工"),
        ("中の空洞を切らずに見たい。", "X線CT"),
        ("スマホに通知が届くセンサーの基板を考えてくれる人。", "電子回路設計"),
        ("革の財布を50個。", "革縫製"),
    ],
)
def test_implied_by_the_product(text: str, name: str) -> None:
    mentions = read(text, TODAY).processes
    assert any(is_a(m.process_id, process_ids(name)[0]) or is_a(process_ids(name)[0], m.process_id) for m in mentions)


def test_every_name_of_the_product_table_is_a_process() -> None:
    table = load("products")
    names = [n for row in table["products"] for n in row["processes"]] + table["minor"]
    names += list(table["phrases"]) + [n for kind in table["shapes"].values() for row in kind.values() for n in row]
    unknown = [n for n in names if not process_ids(n)]
    assert not unknown
    assert all(i in processes() for n in names for i in process_ids(n))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("S45Cの軸、焼入れのあと外径をきれいに研いでください。", "円筒研削"),
        ("歯切りのあと歯面を研ぐところまで。", "歯車研削"),
        ("チタンの部品を積層で作ってください。", "金属3Dプリント"),
        ("銅板を一枚の円い板から回して器に。", "へら絞り"),
        ("Join the cover in a vacuum furnace without flux.", "真空ろう付け"),
    ],
)
def test_phrases_name_a_step_by_its_object(text: str, name: str) -> None:
    assert process_ids(name)[0] in wanted(text)


def test_a_mould_part_asks_for_no_mould() -> None:
    text = "SKD11の金型部品を焼き入れしてほしい。黒くしたくない。"
    assert holds(wanted(text), "焼入れ")
    assert not holds(wanted(text), "金型製作")
    assert not holds(wanted(text), "黒染め")
