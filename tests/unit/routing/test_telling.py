"""A request for one firm whose product is there already: the words of a step tell what is wanted."""

from datetime import date

import pytest

from matching.routing.telling import with_told_steps
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
