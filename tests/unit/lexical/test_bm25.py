"""BM25 that changes: exact after any history, the same on disk, and the same as bm25s."""

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.lexical import LexicalIndex, lexical_tokens

TEXTS = [
    "平面研削と円筒研削を専門にしています。",
    "アルマイトと化成処理。アルミだけです。",
    "精密板金、レーザー加工、TIG溶接。",
    "SUS304の板金と溶接、ステンレスの研磨。",
    "革の縫製と鞄の製作。",
]
QUERIES = ["アルミの研削", "ステンレスの板金と溶接", "鞄", "どこにもない言葉xyz", ""]


def index_of(texts: list[str]) -> LexicalIndex:
    index = LexicalIndex()
    for slot, text in enumerate(texts):
        index.put(slot, text)
    return index


@pytest.mark.parametrize("query", QUERIES[:3])
def test_scores_are_those_of_bm25s(query: str) -> None:
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    peer.index([list(lexical_tokens(text)) for text in TEXTS], show_progress=False)
    theirs = peer.get_scores(list(dict.fromkeys(lexical_tokens(query))))
    np.testing.assert_allclose(index_of(TEXTS).scores(query, len(TEXTS)), theirs, rtol=1e-5, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([*TEXTS, "", None])), max_size=20))
def test_any_history_leaves_the_scores_of_a_fresh_index(history: list[tuple[int, str | None]]) -> None:
    lived, last = LexicalIndex(), dict[int, str]()
    for slot, text in history:
        if text is None:
            lived.remove(slot)
            last.pop(slot, None)
        else:
            lived.put(slot, text)
            last[slot] = text
    fresh = LexicalIndex()
    for slot, text in last.items():
        fresh.put(slot, text)
    assert len(lived) == len(last)
    for query in QUERIES:
        np.testing.assert_allclose(lived.scores(query, 5), fresh.scores(query, 5), rtol=1e-6)


def test_an_empty_slot_scores_nothing() -> None:
    index = index_of(TEXTS)
    index.remove(0)
    scores = index.scores("平面研削", 7)
    assert scores[0] == scores[5] == scores[6] == 0.0


def test_nothing_is_found_where_nothing_is_held() -> None:
    assert LexicalIndex().scores("研削", 0).shape == (0,)


def test_repeating_a_word_in_the_question_changes_nothing() -> None:
    index = index_of(TEXTS)
    np.testing.assert_array_equal(index.scores("鞄 鞄 鞄", 5), index.scores("鞄", 5))


@pytest.mark.parametrize("texts", [TEXTS, [], ["", "研削"], ["\x00\x1c制御"]])
def test_a_stored_index_gives_the_same_scores(tmp_path: Path, texts: list[str]) -> None:
    index = index_of(texts)
    index.save(tmp_path / "words.npz")
    again = LexicalIndex.load(tmp_path / "words.npz")
    assert len(again) == len(index)
    for query in [*QUERIES, *texts]:
        np.testing.assert_array_equal(again.scores(query, len(texts)), index.scores(query, len(texts)))


def test_a_stored_index_can_change(tmp_path: Path) -> None:
    index_of(TEXTS).save(tmp_path / "words.npz")
    again = LexicalIndex.load(tmp_path / "words.npz")
    again.put(0, "鞄の修理")
    fresh = index_of(["鞄の修理", *TEXTS[1:]])
    np.testing.assert_allclose(again.scores("鞄", 5), fresh.scores("鞄", 5), rtol=1e-6)
