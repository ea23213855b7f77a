"""Operations that a request may mean besides those of its route: a question each, never a step by themselves."""

from datetime import date

import pytest

from matching.routing.check import Offer
from matching.routing.meant import findings
from matching.routing.plan import plan, wider
from matching.routing.route import Route
from matching.types import Need, Verdict
from matching.understanding.request import read

TODAY = date(2026, 12, 1)
LAMP = "真鍮の管を曲げて、銀ろうでつないで、鏡みたいに磨いてから金をかけて、線を通して灯りにして。20本。"
SHAFT = "S45Cの軸φ20×150を10本。旋盤で削って、焼きを入れて、軸受けに入るところはきっちり合わせてください。"
TEXTS = (
    SHAFT,
    "真鍮のつまみを50個。削り出して、鏡のように光らせ、名前を入れたい。",
    "Ten steel brackets: laser cut, bend, weld, and make them last outdoors.",
    "木の台に溝を彫り、革のふたを縫って、箱に入れて納めてください。30組。",
)


def need(text: str) -> Need:
    return read(text, TODAY, "ja")


@pytest.mark.parametrize("text", TEXTS)
def test_each_wider_route_has_one_process_more(text: str) -> None:
    known = plan(need(text)).process_ids
    found = wider(need(text))
    assert 1 <= len(found) <= 3
    assert len({one.route.process_ids for one in found}) == len(found)
    for one in found:
        assert one.process_id in one.route.process_ids
        assert one.process_id not in known


def test_the_likeliest_comes_first_and_asks_with_the_words_it_came_from() -> None:
    first = wider(need(SHAFT))[0]
    assert first.process_id == "cylindrical_grinding"
    assert "軸受けに入るところはきっちり合わせて" in first.question.ja
    assert "円筒研削" in first.question.ja
    assert "cylindrical grinding" in first.question.en


def test_none_is_asked_for_when_none_is_wanted() -> None:
    assert wider(need(SHAFT), 0) == ()


def test_the_workbench_asks_and_offers_to_add_it_at_its_place() -> None:
    lamp = need(LAMP)
    route = plan(lamp)
    asked = [one for one in findings(route, lamp) if one.rule == "meant:gold_plating"]
    assert [one.verdict for one in asked] == [Verdict.UNKNOWN]
    assert asked[0].fact.ja == "「鏡みたいに磨いてから金をかけて」には、金めっきも要りますか。"
    polishing = next(step for step in route.steps if step.process_id == "mirror_polishing")
    assert asked[0].offer == Offer("gold_plating", polishing.id)


def test_a_person_is_asked_only_what_is_likely() -> None:
    knob = need(TEXTS[1])
    assert wider(knob)
    assert not [one for one in findings(plan(knob), knob) if one.rule.startswith("meant:")]


def test_another_way_to_do_the_same_is_not_asked_for() -> None:
    sheath = need("革を型で抜いて縫って、名前を焼き印で入れて、金具を打って。20枚。")
    assert {one.process_id for one in wider(sheath)} == {"eyelet_caulking", "marking", "laser_marking"}
    assert [one.process_id for one in wider(sheath, to_ask=True)] == ["eyelet_caulking"]


def test_what_the_route_holds_by_now_is_not_asked_again() -> None:
    lamp = need(LAMP)
    gilded = next(one.route for one in wider(lamp) if one.process_id == "gold_plating")
    assert "meant:gold_plating" not in {one.rule for one in findings(gilded, lamp)}


def test_a_job_of_one_operation_and_an_empty_route_ask_nothing() -> None:
    single = need("アルミの板を10枚、レーザーで切ってください。")
    assert not [one for one in findings(plan(single), single) if one.rule.startswith("meant:")]
    assert findings(Route(()), need(SHAFT)) == ()
