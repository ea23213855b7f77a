"""What stretches tell: votes of the tables against the sound of the words."""

from datetime import date

import pytest

from matching.routing.hearing import Hearing, kin
from matching.routing.plan import plan
from matching.understanding.request import read

TODAY = date(2026, 12, 1)


def route(text: str) -> tuple[str, ...]:
    return plan(read(text, TODAY)).process_ids


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("A5052の板、研磨と黒アルマイト。", {"polishing", "black_anodising"}),
        ("S45Cの部品、ブローチ加工と円筒研削をお願いします。", {"broaching", "cylindrical_grinding"}),
        ("SUS304の部品5個、レーザー切断と切削加工。", {"laser_cutting", "machining"}),
    ],
)
def test_names_side_by_side_are_all_kept(text: str, steps: set[str]) -> None:
    assert steps <= set(route(text))


def test_one_stretch_may_tell_two_operations_one_after_the_other() -> None:
    steps = route("SPCCの板をレーザーで抜いて曲げ、白く粉体塗装。30個。")
    assert [id_ for id_ in steps if id_ in {"laser_cutting", "bending", "powder_coating"}] == [
        "laser_cutting",
        "bending",
        "powder_coating",
    ]


def test_a_wording_that_reaches_across_is_not_cut() -> None:
    assert "vacuum_forming" in route("透明なPETの板を温めて型に吸い付けて成形、まわりを抜く。500枚。")


@pytest.mark.parametrize(
    "text", ["印刷機のローラーを作り直したい。S45Cを旋盤で挽く。", "塗装は要りません。A5052を切削で。"]
)
def test_what_is_only_spoken_of_is_no_step(text: str) -> None:
    assert not {"printing", "offset_printing", "painting"} & set(route(text))


def test_a_vote_counts_for_the_operation_and_its_kin() -> None:
    hearing = Hearing({"milling": -0.5, "machining": -0.4, "printing": -0.3}, silence=-1.0)
    assert hearing.best == "printing"
    voted = hearing.voted([("milling", 0.3)])
    assert (voted.best, round(voted.of("milling"), 2), voted.scores["printing"]) == ("machining", -0.1, -0.3)
    assert {"milling", "machining", "milling_5axis"} <= kin("milling")
    assert hearing.of("welding") == -1.0


@pytest.mark.parametrize(
    ("text", "step"),
    [
        # The table knows polishing and machining only, the words tell which kind.
        ("SUS316Lの継手を旋盤で10個。内側は液に漬けて電気で溶かして光らせる。", "electropolishing"),
        # Two are found by tables, the third is heard.
        ("銀の指輪をキャストして石を留めてロジウムをかけて、内側にレーザーで文字。30個。", "precious_plating"),
        # The stone is named last, the ring is plated.
        (
            "銀(SV925)の指輪30本、ロストワックス→石留め(サファイア支給)→ロジウムめっき→レーザー刻印。",
            "precious_plating",
        ),
        ("銀(SV925)の指輪30本、ロストワックス→石留め(サファイア支給)→ロジウムめっき→レーザー刻印。", "stone_setting"),
        ("鉄の棚の枠を25台。パイプを曲げて溶せつして粉体塗そう。", "welding"),
        ("アルミの看板。切って、深い青に焼き付けて色を付ける。", "painting"),
    ],
)
def test_the_sound_tells_what_the_tables_do_not_know(text: str, step: str) -> None:
    assert step in route(text)


def test_lost_wax_casting_makes_nothing_of_wax() -> None:
    assert route("銀(SV925)のペンダント、ロストワックスで30個、そのあとバレル研磨。")[0] == "lost_wax"


def test_a_box_comes_after_what_goes_into_it() -> None:
    steps = route("200 spoons: turned from beech, laser-engraved, assembled and packed in rigid boxes.")
    assert steps.index("assembly") < steps.index("rigid_box")
