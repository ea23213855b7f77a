"""Terms of the trade and names of places in the language of the reader."""

import pytest

from backend.core.i18n import learn_terms, speaking, term
from backend.firms.ward_words import LATIN
from backend.matches.words import english_terms


@pytest.mark.parametrize(
    ("lang", "words", "said"),
    [
        ("ja", "曲げ加工・溶接", "曲げ加工・溶接"),
        ("en", "曲げ加工", "Bending"),
        ("en", "曲げ加工・わが社だけの加工", "Bending, わが社だけの加工"),
        ("en", "わが社・だけの加工", "わが社・だけの加工"),
        ("en", "大田区", "Ota"),
        ("en", "ステンレス・真鍮", "Stainless steel, Brass"),
        ("en", "SUS304", "SUS304"),
        ("en", "", ""),
    ],
)
def test_terms_are_said_in_the_readers_language(lang: str, words: str, said: str) -> None:
    learn_terms("en", {**english_terms(), **LATIN})
    with speaking(lang):
        assert term(words).casefold() == said.casefold()
