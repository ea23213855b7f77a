"""The cache: each phrase is embedded once, the answers are the encoder's own, and a full disk breaks nothing."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from matching.encoders import CachedEncoder, Encoder, HashingEncoder, Progress, Vectors
from matching.encoders.cache import CHUNK


class CountingEncoder(HashingEncoder):
    """The hashing encoder, which also remembers what it was asked to embed."""

    def __init__(self, dimensions: int = 16) -> None:
        super().__init__(dimensions)
        self.asked: list[str] = []

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.asked.extend(texts)
        return super().encode_passages(texts, progress)


def test_both_encoders_keep_the_protocol(tmp_path: Path) -> None:
    assert isinstance(HashingEncoder(), Encoder)
    assert isinstance(CachedEncoder(HashingEncoder(), tmp_path), Encoder)


def test_vectors_are_the_encoders_own_in_the_order_asked(tmp_path: Path) -> None:
    plain, cached = HashingEncoder(16), CachedEncoder(HashingEncoder(16), tmp_path)
    texts = ["研削", "長い文章をひとつ", "研削", ""]
    np.testing.assert_array_equal(cached.encode_passages(texts), plain.encode_passages(texts))
    np.testing.assert_array_equal(cached.encode_queries(texts), plain.encode_queries(texts))
    assert (cached.name, cached.dimensions, cached.fingerprint) == (plain.name, 16, plain.fingerprint)


def test_a_phrase_is_embedded_once_even_by_the_next_process(tmp_path: Path) -> None:
    first = CountingEncoder()
    CachedEncoder(first, tmp_path).encode_passages(["研削", "めっき", "研削"])
    second = CountingEncoder()
    CachedEncoder(second, tmp_path).encode_passages(["めっき", "溶接", "研削"])
    assert sorted(first.asked) == ["めっき", "研削"]
    assert second.asked == ["溶接"]


def test_another_model_has_its_own_cache(tmp_path: Path) -> None:
    CachedEncoder(CountingEncoder(16), tmp_path).encode_passages(["研削"])
    other = CountingEncoder(8)
    assert CachedEncoder(other, tmp_path).encode_passages(["研削"]).shape == (1, 8)
    assert other.asked == ["研削"]


def test_new_questions_are_encoded_together_and_known_ones_not_again(tmp_path: Path) -> None:
    plain, calls = HashingEncoder(16), list[list[str]]()

    class Noting(HashingEncoder):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            calls.append(list(texts))
            return super().encode_queries(texts)

    cached = CachedEncoder(Noting(16), tmp_path)
    cached.encode_queries(["曲げ"])
    asked = ["研削", "曲げ", "研削", "溶接"]
    np.testing.assert_array_equal(cached.encode_queries(asked), plain.encode_queries(asked))
    assert calls == [["曲げ"], ["研削", "溶接"]]


def test_a_question_is_encoded_once_while_it_is_remembered(tmp_path: Path) -> None:
    counting = CountingEncoder()
    cached = CachedEncoder(counting, tmp_path)
    for number in [*range(300), 299, 0]:
        cached.encode_queries([f"質問{number}"])
    assert counting.asked == [*(f"質問{number}" for number in range(300)), "質問0"]


def test_nothing_asked_gives_an_empty_array(tmp_path: Path) -> None:
    cached = CachedEncoder(HashingEncoder(16), tmp_path)
    assert cached.encode_passages([]).shape == (0, 16)
    assert cached.encode_queries([]).shape == (0, 16)


def test_progress_counts_distinct_phrases(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    cached = CachedEncoder(HashingEncoder(16), tmp_path)
    cached.encode_passages([f"句{n % 600}" for n in range(700)], lambda done, total: told.append((done, total)))
    assert told == [*((done, 600) for done in range(CHUNK, 600, CHUNK)), (600, 600)]


def test_a_cache_that_cannot_be_written_still_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    encoder = HashingEncoder(16)
    cached = CachedEncoder(encoder, tmp_path)
    cached.encode_passages(["研削"])
    with closing(sqlite3.connect(next(tmp_path.glob("*.sqlite3")))) as other:
        # Another program holds the file for writing, so that ours gets no turn.
        other.execute("BEGIN IMMEDIATE")
        np.testing.assert_array_equal(cached.encode_passages(["溶接"]), encoder.encode_passages(["溶接"]))
    assert "was not written" in caplog.text


def test_a_cache_file_that_is_no_database_is_not_trusted(tmp_path: Path) -> None:
    encoder = HashingEncoder(16)
    cached = CachedEncoder(encoder, tmp_path)
    cached.encode_passages(["研削"])
    next(tmp_path.glob("*.sqlite3")).write_bytes(b"not a database at all" * 100)
    np.testing.assert_array_equal(cached.encode_passages(["溶接"]), encoder.encode_passages(["溶接"]))
