"""Properties of the whole reading: true spans, no exception, linear time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.types import Need, Span
from matching.understanding.questions import missing
from matching.understanding.request import read
from matching.understanding.source import fold
from tests.unit.understanding.conftest import TODAY

_PIECES = (
    *(
        "アルミ",
        "SUS304",
        "φ",
        "20",
        "×30",
        "×40",
        "ミリ",
        "センチ",
        "±0.05",
        "公差",
        "百分の",
        "二",
        "5個",
        "十本",
        "数量：",
    ),
    *(
        "12/18",
        "まで",
        "来週の金曜",
        "1月末",
        "H7",
        "φ30H7",
        "IT7",
        "平面度",
        "厚さ",
        "穴",
        "M4",
        "タップ",
        "溶接",
        "なし",
        "研磨して",
    ),
    *(
        "、",
        "。",
        "\n",
        "ＡＢＣ",
        "１２",
        "ｱﾙﾐ",
        "ﾞ",
        "㎜",
        "㌢",
        "①",
        "O",
        "l",
        "by",
        "January",
        "within three weeks",
        "pcs",
        " ",
    ),
    *("two dozen", "JIS Q 9100", "ISO9001", "不要", "🙂", "e\u0301", "İ", "ﷺ"),
)
words = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


def spans(need: Need) -> list[Span]:
    readings = (need.material, need.size_mm, need.tolerance_mm, need.quantity, need.due, need.certifications)
    mentions = (*need.processes, *need.refused)
    return [s for r in readings if r for s in r.spans] + [s for m in mentions for s in m.spans]


@given(st.one_of(words, st.text(max_size=200)))
@settings(max_examples=300, deadline=None)
def test_spans_are_the_typed_words(text: str) -> None:
    need = read(text, TODAY)
    for span in spans(need):
        assert span.text
        assert text[span.start : span.end] == span.text


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_folding_knows_where_each_character_was(text: str) -> None:
    source = fold(text)
    assert len(source.text) == len(source.starts) == len(source.ends)
    assert all(a < b for a, b in zip(source.starts, source.ends, strict=True))
    assert list(source.starts) == sorted(source.starts)
    assert len(source.repaired) == len(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "φ1×", "一", "±", "12/", "穴の", "six ", "アルミの", "+0.1/", "来週の", "公差", "((", " ", "1 x "],
)
def test_long_texts_take_linear_time(piece: str) -> None:
    """Twice the text may take three times as long, never more; a quadratic step would take four times."""
    seconds = []
    for length in (8_000, 16_000):
        text = (piece * length)[:length]
        started = time.process_time()
        read(text, TODAY)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 3 * seconds[0] + 0.5


@pytest.mark.slow
def test_the_longest_text_is_read() -> None:
    need = read("アルミの箱を10個。" + "よろしくお願いします。" * 9_000, TODAY)
    assert need.quantity is not None
    assert need.quantity.value == 10


def test_language() -> None:
    assert read("アルミの箱を10個", TODAY).lang == "ja"
    assert read("Ten boxes in aluminium, φ20", TODAY).lang == "en"
    assert read("", TODAY).lang == "ja"
    assert read("アルミの箱", TODAY, lang="en").lang == "en"


def test_questions_ask_what_is_missing_most_important_first() -> None:
    keys = [q.key for q in missing(read("箱を作りたい", TODAY))]
    assert keys[:2] == ["quantity", "material"]
    assert {"size", "due", "drawing"} <= set(keys)
    assert "tolerance" not in keys


def test_questions_are_complete_in_both_languages() -> None:
    for text in (
        "箱を作りたい",
        "アルミの箱を10個、黒くしたい。100×80×50",
        "A box in aluminium, black, 100 x 80 x 50 mm",
    ):
        for question in missing(read(text, TODAY)):
            assert question.text.ja.endswith("。")
            assert question.text.en.endswith("?")
            assert len(question.choices) >= 3
            assert all(c.label.ja and c.label.en for c in question.choices)


def test_a_family_asks_for_its_grade_and_a_grade_does_not() -> None:
    assert "grade" in [q.key for q in missing(read("アルミの箱を10個", TODAY))]
    assert "grade" not in [q.key for q in missing(read("A5052の箱を10個", TODAY))]


def test_black_aluminium_asks_colour_or_wear() -> None:
    text = "アルミの箱を10個、角を丸くして黒くしたい。来月末まで"
    assert "finish" in [q.key for q in missing(read(text, TODAY))]
    assert "finish" not in [q.key for q in missing(read("アルミの箱を10個、黒の硬質アルマイト", TODAY))]
    assert "finish" not in [q.key for q in missing(read("鉄の箱を10個、黒く", TODAY))]


def test_a_full_request_leaves_nothing_open() -> None:
    text = "A5052、100×80×50、±0.05、20個、12/25必着。図面あり、材料は支給します。切削加工。"
    assert missing(read(text, TODAY)) == ()
