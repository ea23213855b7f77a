"""A request for one firm whose product is there already: the words of a step tell what is wanted."""

from datetime import date

import pytest

from matching.routing.telling import with_route, with_told_steps
from matching.understanding.request import read

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("牛革のしおりが50枚、もう縫い上がっています。名前を一つずつ焦げた線で入れたい。", "laser_engraving"),
        ("できあがったアルミのパネルに、白で目盛と機種名を刷り込んでほしい。40枚。", "screen_printing"),
    ],
)
def test_what_is_told_takes_the_place_of_what_was_guessed(text: str, wanted: str) -> None:
    assert [m.process_id for m in with_told_steps(read(text, TODAY)).processes] == [wanted]


@pytest.mark.parametrize("text", ["A5052の箱を切削で10個。", "木の小箱を10個作りたい。蓋に名前も入れて。"])
def test_a_reading_that_is_sure_or_of_a_thing_to_be_made_stays(text: str) -> None:
    need = read(text, TODAY)
    assert with_told_steps(need) == need


def test_of_a_job_of_several_operations_all_told_steps_are_read() -> None:
    need = with_route(read("真鍮の板を切り抜いて、花びらのように叩いて丸みをつけ、金めっき。30個。", TODAY))
    assert [m.process_id for m in need.processes] == ["laser_cutting", "chasing_metal", "gold_plating"]
    # What is only heard is no name of the trade.
    assert [m.implied for m in need.processes][1:] == [True, False]


@pytest.mark.parametrize(
    "text", ["真鍮の軸 φ8×60、ブナの丸い取っ手 φ40×90、各20個。", "A5052の箱を切削で10個。", "箱を10個。"]
)
def test_a_reading_is_never_emptied_by_its_route(text: str) -> None:
    need = read(text, TODAY)
    assert with_route(need) == need


def test_what_is_named_stays_beside_its_route() -> None:
    need = with_route(read("A5052の板を切って曲げて溶接、黒くしたい。", TODAY))
    assert {"bending", "welding"} <= {m.process_id for m in need.processes}
