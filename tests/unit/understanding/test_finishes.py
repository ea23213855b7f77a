"""A wish for looks means another step on every material."""

import pytest

from matching.understanding.products import process_ids
from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


def steps(text: str) -> list[str]:
    return [m.process_id for m in read(text, TODAY).processes]


def ids(names: list[str]) -> list[str]:
    return [process_ids(name)[0] for name in names]


@pytest.mark.parametrize(
    ("text", "finish"),
    [
        ("アルミのノブ3個、黒くしたい", "黒アルマイト"),
        ("鉄の軸を2本、黒くしたい", "黒染め"),
        ("鉄の棚を黒くしたい", "塗装"),
        ("ステンレスのカバーを黒くしたい", "塗装"),
        ("ABSのつまみを黒くしたい", "塗装"),
        ("アルミの部品を緑にしてほしい", "カラーアルマイト"),
        ("鉄の部品を緑にしてほしい", "塗装"),
        ("アルミの部品を白くしてほしい", "塗装"),
        ("木の椅子に色を付けたい", "木地塗装"),
        ("ABSのエンブレムを金色に光らせたい", "樹脂めっき"),
        ("鉄のボルトがさびないように", "亜鉛めっき"),
        ("アルミのガイドの滑りをよくしたい", "硬質アルマイト"),
        ("S45Cのピンを硬くしたい", "焼入れ"),
        ("真鍮の取っ手をピカピカにしたい", "バフ研磨"),
        ("an aluminium knob, black", "黒アルマイト"),
    ],
)
def test_the_material_decides_what_a_finish_means(text: str, finish: str) -> None:
    mentions = {m.process_id: m for m in read(text, TODAY).processes}
    (wanted,) = ids([finish])
    assert wanted in mentions
    assert mentions[wanted].implied


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("アルミのノブを黒く塗ってください", "黒アルマイト"),
        ("アルミのノブ、黒の塗装で", "黒アルマイト"),
        ("ステンレスのかごを、さびないように作って", "亜鉛めっき"),
        ("アルミの箱を、角を丸くして作りたい", "バリ取り"),
        ("鉄の板に消えない黒い番号を入れたい", "黒染め"),
    ],
)
def test_a_named_way_or_a_material_that_needs_nothing_brings_no_guess(text: str, unwanted: str) -> None:
    assert ids([unwanted])[0] not in steps(text)


def test_a_box_that_is_to_be_black_is_made_first() -> None:
    assert steps("アルミの箱を10個、角を丸くして黒くしたい。来月末まで") == ids(["板金加工", "黒アルマイト"])


def test_a_panel_that_is_there_is_only_treated() -> None:
    assert steps("鉄のパネルを白くしたい") == ids(["塗装"])


def test_a_unit_of_several_materials_is_finished_part_by_part() -> None:
    text = "石英の窓を磨いて20枚。窓を受けるアルミの枠は黒くしてください。"
    assert ids(["黒アルマイト"])[0] in steps(text)


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("射出成形機のカバーを板金で1台分", "射出成形"),
        ("溶接ロボットの台を作ってほしい", "ロボット溶接"),
        ("プレス機の部品が折れた", "プレス加工"),
        ("めっき槽に入れるかごをチタンで", "めっき"),
        ("試験機に載せる治具をアルミで3個", "試験"),
        ("ステンレスの五徳、組み立て式で20台", "組立"),
    ],
)
def test_a_machine_that_is_named_is_no_operation(text: str, unwanted: str) -> None:
    assert ids([unwanted])[0] not in steps(text)


def test_a_laser_is_no_leather() -> None:
    material = read("レーザー加工機に使うアルミの台座を1個", TODAY).material
    assert material is not None
    assert material.value == "アルミ"
