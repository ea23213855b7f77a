"""Folding: spellings meet, nothing is lost, and no text makes it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.vocabulary.normalise import fold, normalise

SHOP_FLOOR = "ー-・ 　ﾞ゛がカ゛ワイヤ焼き入れネジめっき㎜ΦφØ①20²+/-ｱﾙﾐﾆｳﾑum鍍金熔接\u3099\u200b\n"
texts = st.one_of(st.text(), st.text(alphabet=SHOP_FLOOR, max_size=40))


@given(texts)
@settings(max_examples=300)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(texts)
@settings(max_examples=300)
def test_every_folded_character_leads_back_to_the_text_as_typed(text: str) -> None:
    folded = normalise(text)
    assert len(folded.origins) == len(folded.text)
    for at in range(len(folded.text)):
        span = folded.span(at, at + 1)
        assert span.text == text[span.start : span.end]
        assert span.text


@given(texts)
def test_origins_never_run_backwards(text: str) -> None:
    starts = [start for start, _ in normalise(text).origins]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ワイヤーカット", "ワイヤ・カット"),
        ("マシニングセンター", "マシニングセンタ"),
        ("焼き入れ", "焼入"),
        ("メッキ", "鍍金"),
        ("熔接", "溶接"),
        ("ｱﾙﾏｲﾄ", "アルマイト"),
        ("ロウ付け", "ろう付"),
        ("ネジ切り", "ねじ切り"),
        ("WIRE-CUT", "wire cut"),
        ("アルミニウム", "アルミ"),
        ("ギヤ", "ギア"),
        ("Φ50", "ø50"),
        ("+/-0.05", "±0.05"),
        ("１０㎜", "10mm"),
        ("5㎛", "5ミクロン"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["マネジメント", "バリエーション", "vacuum", "aluminium"])
def test_a_word_is_not_folded_inside_another(word: str) -> None:
    assert normalise(word).text == word.lower().replace("ー", "")


def test_a_span_takes_in_all_that_was_folded() -> None:
    folded = normalise("これはワイヤーの焼き入れです")
    start = folded.text.index("焼入")
    assert folded.span(start, start + 2).text == "焼き入れ"


def test_an_enumeration_sign_does_not_run_into_the_number() -> None:
    assert normalise("①20個").text == "(1)20個"


@pytest.mark.parametrize(("start", "end"), [(2, 2), (-1, 1), (0, 99)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no characters"):
        normalise("切削").span(start, end)
