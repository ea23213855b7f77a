"""Everyday words: what they add to a route, and the sentences they must leave alone."""

from datetime import date

import pytest

from matching.api import MatchIndex
from matching.encoders import HashingEncoder
from matching.routing.options import step_options
from matching.routing.plan import plan
from matching.routing.practice import neighbours
from matching.understanding.request import read
from matching.vocabulary.processes import is_a
from tests.unit.routing.test_teams import TODAY, firm

DAY = date(2026, 12, 1)


def route(text: str) -> tuple[str, ...]:
    return plan(read(text, DAY)).process_ids


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("真鍮の丸棒を輪切りにして、透明な塗料を吹いて、20個ずつ小箱に。", ("sawing", "painting", "packaging")),
        ("シリコーンのふたを型で。型も新しく起こして。", ("mould_making", "rubber_moulding")),
        ("SS400の架台を溶接して、溶けた亜鉛の槽に漬ける。", ("welding", "hot_dip_galvanising")),
        ("青銅を砂に吹いて、合わせ面を削り、0.5メガで漏れがないか見てください。", ("casting", "milling", "leak_test")),
        ("Handles in steel: bent from 25 mm tube, tumbled until they shine, our name burned in by laser.",
         ("barrel_polishing", "laser_marking")),
        # Two verbs of one kind in one stretch, one after the other.
        ("真鍮を鋳て、ヤスリがけしてから桶で回し、銀をかける。", ("casting", "barrel_polishing", "silver_plating")),
        # A verb that goes on into the next step names no product.
        ("SPHCを抜いて曲げてニッケル。", ("press_working", "bending", "nickel_plating")),
    ],
)  # fmt: skip
def test_everyday_words_tell_a_step(text: str, told: tuple[str, ...]) -> None:
    found = route(text)
    assert [name for name in told if not any(is_a(id_, name) for id_ in found)] == []


@pytest.mark.parametrize(
    "text",
    [
        "旋盤でS45Cの軸を20本。塗装はいりません。",
        "S45Cの軸を旋盤で20本、錆びてもいいので、めっきもしたくないです。",
        "顕微鏡の台をA5052の塊から削って。2個。",
        "お茶の新しい缶をSUS304の絞りで作りたい。1000個。",
        "SUS304の板を研削。反りなし、傷なしで納めてください。",
        "ナイロンの袋を50枚縫ってください。組み立て済みの金具は支給します。",
    ],
)
def test_a_job_of_one_step_stays_one(text: str) -> None:
    assert len(route(text)) <= 1


def test_where_nobody_does_the_very_work_a_neighbouring_trade_is_asked() -> None:
    text = "A6061のケースを10個、マシニングで削ってからレーザーで番号を入れる。"
    engraver = firm("E1", "機械彫刻")
    index = MatchIndex.build([engraver, firm("P1", "印刷")], HashingEncoder())
    mark = next(step for step in plan(read(text, TODAY)).steps if is_a(step.process_id, "laser_marking"))
    assert [option.firm.id for option in step_options(index, mark)] == ["E1"]


def test_the_general_trade_is_asked_before_others() -> None:
    assert neighbours("hobbing")[0] == "gear_cutting"
    assert "laser_marking" not in neighbours("laser_marking")
