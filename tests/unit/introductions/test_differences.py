"""A request that changed, in the words in which people read it."""

from datetime import datetime

import pytest
import time_machine

from backend.core import clock
from backend.introductions.changes import differences, wording
from backend.requests.forms import Wording

BEFORE = "A5052の板を曲げてカバーを12個。黒アルマイト。来月末まで。"


def _parts(before: Wording, after: Wording) -> dict[str, tuple[str, str]]:
    return {part: (was, now) for part, was, now in differences.between(before, after)}


@time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=clock.TOKYO), tick=False)
@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ("A5052の板を曲げてカバーを30個。黒アルマイト。来月末まで。", {"quantity", "text"}),
        ("SUS304の板を曲げてカバーを12個。黒アルマイト。来月末まで。", {"material", "text"}),
        ("A5052の板を曲げてカバーを12個。黒アルマイト。来週末まで。", {"due", "text"}),
        (f"{BEFORE}電話は午後にください。", {"text"}),
        (BEFORE.replace("。", "。\n"), set()),
        (BEFORE, set()),
    ],
)
def test_it_is_told_part_by_part(after: str, changed: set[str]) -> None:
    found = _parts(Wording(BEFORE), Wording(after))
    assert set(found) == changed
    assert all(was != now for was, now in found.values())


def test_corrections_and_answers_are_told_too() -> None:
    found = _parts(Wording(BEFORE), Wording(BEFORE, {"quantity": "20個", "size": "240×160×90"}))
    assert found["quantity"] == ("12個", "20個")
    assert found["size"][0] == ""
    answered = _parts(Wording(BEFORE), Wording(BEFORE, {"a-supply": "yes"}))
    assert set(answered) <= {"supply"}


def test_only_the_sentences_that_differ_are_shown() -> None:
    assert differences.text_difference("一つ目。二つ目。三つ目。", "一つ目。別の文。三つ目。") == (
        "二つ目。",
        "別の文。",
    )
    assert differences.text_difference("長い" * 400, "")[0].endswith("…")
    assert len(differences.text_difference("長い" * 400, "")[0]) == differences.LONGEST
    # A point inside a figure ends no sentence.
    assert differences.sentences("公差は0.05です。 Thickness is 1.2 mm. Black.") == [
        "公差は0.05です。",
        "Thickness is 1.2 mm.",
        "Black.",
    ]


def test_two_changes_are_read_as_one() -> None:
    first = [("quantity", "12個", "20個"), ("due", "", "12月4日")]
    second = [("quantity", "20個", "30個"), ("due", "12月4日", "")]
    assert wording.merged([first, second]) == [("quantity", "12個", "30個")]
    assert wording.told([("quantity", "12個", "")]) == "数量: 12個 → なし"


def test_summaries_are_compared_line_by_line() -> None:
    before, after = [["材質", "A5052"], ["数量", "12個"]], [["材質", "SUS304"], ["数量", "12個"], ["納期", "12月4日"]]
    assert differences.changed_lines(before, after) == [("材質", "A5052", "SUS304"), ("納期", "", "12月4日")]
    assert differences.changed_lines([["a", "1"], ["a", "2"]], [["a", "1"]]) == [("a 2", "2", "")]
