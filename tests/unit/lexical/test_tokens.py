"""Tokens: spellings that are one word meet, and no text breaks the reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.lexical import lexical_tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [("メッキ", "めっき"), ("熔接", "溶接"), ("ＳＵＳ３０４", "sus304"), ("ｱﾙﾐ", "アルミ"), ("打ち抜き", "打抜き")],
)
def test_spellings_of_one_word_share_a_token(one: str, other: str) -> None:
    assert set(lexical_tokens(one)) & set(lexical_tokens(other))


def test_two_character_words_are_found_inside_longer_ones() -> None:
    assert "#板金" in lexical_tokens("精密板金加工")


def test_particles_and_symbols_say_nothing() -> None:
    assert not {"を", "は", "。"} & set(lexical_tokens("これは、板金をする。"))


def test_a_word_never_meets_a_bigram() -> None:
    assert "研削" in lexical_tokens("研削")
    assert "#研削" in lexical_tokens("研削")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_tokens_without_line_breaks(text: str) -> None:
    assert all(token and "\n" not in token for token in lexical_tokens(text))


def test_a_very_long_text_is_read() -> None:
    assert len(lexical_tokens("研削" * 50_000)) > 50_000
