"""Words of a telephone note: every spelling by ear is the word it stands for, and longer words stay whole."""

import pytest

from matching.understanding.source import fold as source
from matching.vocabulary.by_ear import heard
from matching.vocabulary.normalise import fold, normalise
from matching.vocabulary.processes import find_processes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ﾖｳｾﾂ", "溶接"),
        ("溶ｾﾂ", "溶接"),
        ("電カイ研磨", "電解研磨"),
        ("電解ｹﾝﾏ", "電解研磨"),
        ("ﾃﾞﾝｶｲｹﾝﾏ", "電解研磨"),
        ("黒ｿﾒ", "黒染め"),
        ("旋バンして", "旋盤して"),
        ("焼ｲﾚ", "焼き入れ"),
        ("ﾔｷｲﾚｶｺｳ", "焼入れカコウ"),
        ("切ッテ曲ゲテ", "切って曲げて"),
        ("ﾄｿｳﾅｼ", "塗装ナシ"),
    ],
)
def test_a_word_by_ear_is_the_word(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize("text", ["プロセイケイ", "トソウイン", "押シボタン", "革ケース", "ミゾレ", "マゲタン"])
def test_nothing_is_cut_out_of_a_longer_word(text: str) -> None:
    assert heard(text) == ()


def test_the_process_is_found_with_the_words_as_typed() -> None:
    [hit] = find_processes("両端を電ｶｲｹﾝﾏで")
    assert (hit.process_id, hit.span.text) == ("electropolishing", "電ｶｲｹﾝﾏ")


def test_a_reader_sees_the_word_and_knows_its_place() -> None:
    read = source("ﾊﾞﾈの旋ﾊﾞﾝ加工")
    at = read.text.index("旋盤")
    assert read.span(at, at + 2).text == "旋ﾊﾞﾝ"


def test_folding_by_ear_settles() -> None:
    once = normalise("ﾖｳｾﾂ後ﾄｿｳ、切ッテ").text
    assert normalise(once).text == once


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("曲げて溶せつして", ["溶接"]),
        ("板きんで", ["板金"]),
        ("研さく、塗そうを", ["研削", "塗装"]),
        ("焼いれの後", ["焼入"]),
        # Not cut out of other words, nor out of a verb.
        ("空いた金曜に", []),
        ("お金がたりない", []),
        ("完成し上がった", []),
        ("静かな型紙", []),
    ],
)
def test_half_a_word_in_hiragana(text: str, meant: list[str]) -> None:
    assert [one.meant for one in heard(text)] == meant
