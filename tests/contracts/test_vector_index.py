"""One list of tests for every vector index; what they promise stands in `VectorIndex`."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.encoders import HashingEncoder, Vectors
from matching.indexes import ExactIndex, FaissIndex, IndexUnusable, VectorIndex

Kind: TypeAlias = type[ExactIndex] | type[FaissIndex]
KINDS: tuple[Kind, ...] = (ExactIndex, FaissIndex)
MODEL = "model-a"


def unit(*rows: int, dimensions: int = 4) -> Vectors:
    return np.eye(dimensions, dtype=np.float32)[list(rows)]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def index(kind: Kind) -> VectorIndex:
    found = kind(4, MODEL)
    found.add(["d", "a", "c", "b"], unit(0, 0, 1, 0))
    return found


def test_the_nearest_come_first_and_ties_by_id(index: VectorIndex) -> None:
    assert isinstance(index, VectorIndex)
    assert index.search(unit(0)[0], 10) == [("a", 1.0), ("b", 1.0), ("d", 1.0), ("c", 0.0)]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_tie_over_the_edge_is_decided_by_id(index: VectorIndex, k: int) -> None:
    assert [hit.id for hit in index.search(unit(0)[0], k)] == ["a", "b", "d"][:k]


def test_a_filter_costs_no_hit(index: VectorIndex) -> None:
    assert [hit.id for hit in index.search(unit(0)[0], 2, {"c", "d", "nobody"})] == ["d", "c"]
    assert index.search(unit(0)[0], 2, set()) == []


def test_an_empty_index_finds_nothing(kind: Kind) -> None:
    assert kind(4, MODEL).search(unit(0)[0], 3) == []


def test_an_id_is_added_once(index: VectorIndex) -> None:
    for ids in (["a"], ["x", "x"]):
        with pytest.raises(ValueError, match="added once"):
            index.add(ids, unit(*range(len(ids))))
    assert len(index) == 4
    assert "x" not in index


def test_replace_holds_the_new_vector_of_old_and_new_ids(index: VectorIndex) -> None:
    index.replace(["a", "e"], unit(2, 2))
    assert len(index) == 5
    assert [hit.id for hit in index.search(unit(2)[0], 2)] == ["a", "e"]
    assert [hit.id for hit in index.search(unit(0)[0], 2)] == ["b", "d"]


def test_remove_forgets_or_refuses(index: VectorIndex) -> None:
    with pytest.raises(KeyError):
        index.remove(["a", "nobody"])
    assert "a" in index
    index.remove(["a", "c"])
    assert [hit.id for hit in index.search(unit(0)[0], 9)] == ["b", "d"]


@pytest.mark.parametrize("wrong", [np.zeros((1, 3)), np.zeros((2, 4)), np.zeros(4)])
def test_vectors_of_another_shape_are_refused(index: VectorIndex, wrong: Vectors) -> None:
    with pytest.raises(ValueError, match="shape"):
        index.add(["x"], wrong.astype(np.float32))
    with pytest.raises(ValueError, match="shape"):
        index.replace(["a"], wrong.astype(np.float32))
    assert len(index) == 4


def test_a_wrong_question_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="shape"):
        index.search(np.zeros(3, dtype=np.float32), 1)
    with pytest.raises(ValueError, match="at least 1"):
        index.search(unit(0)[0], 0)


def test_a_stored_index_answers_alike(index: VectorIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    again = type(index).load(tmp_path, MODEL)
    assert again.search(unit(0)[0], 9) == index.search(unit(0)[0], 9)
    assert (again.fingerprint, again.dimensions, len(again)) == (MODEL, 4, 4)
    again.remove(["a"])
    again.add(["z"], unit(0))
    assert [hit.id for hit in again.search(unit(0)[0], 3)] == ["b", "d", "z"]


def test_another_models_index_is_refused(index: VectorIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    with pytest.raises(IndexUnusable, match="model-a"):
        type(index).load(tmp_path, "model-b")


def test_a_missing_or_damaged_index_is_refused(index: VectorIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable):
        type(index).load(tmp_path, MODEL)
    index.save(tmp_path)
    for path in tmp_path.iterdir():
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(IndexUnusable):
            type(index).load(tmp_path, MODEL)
        path.write_bytes(whole)


def test_vectors_of_another_state_are_refused(kind: Kind, index: VectorIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    meta = (tmp_path / "index.json").read_text()
    other = kind(4, MODEL)
    other.add(["a"], unit(0))
    other.save(tmp_path)
    (tmp_path / "index.json").write_text(meta)
    with pytest.raises(IndexUnusable):
        kind.load(tmp_path, MODEL)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 40), share=st.floats(0, 1))
def test_both_give_the_same_ids(seed: int, k: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-2, 3, size=(60, 8)).astype(np.float32)
    ids = [f"firm-{number:02}" for number in rng.permutation(60)]
    allowed = {id_ for id_ in ids if rng.random() < share}
    answers = []
    for kind in KINDS:
        index = kind(8, MODEL)
        index.add(ids, vectors)
        index.remove(ids[:5])
        index.replace(ids[10:15], vectors[:5])
        answers.append([index.search(vectors[7], k), index.search(vectors[7], k, allowed)])
    assert answers[0] == answers[1]


def test_both_give_the_same_ids_for_real_texts() -> None:
    encoder = HashingEncoder()
    texts = [
        f"{process}{material}の加工 {number}" for number in range(9) for process in "研切曲" for material in "鉄銅"
    ]
    answers = []
    for kind in KINDS:
        index = kind(encoder.dimensions, encoder.fingerprint)
        index.add(texts, encoder.encode_passages(texts))
        answers.append([hit.id for hit in index.search(encoder.encode_queries(["銅の研磨"])[0], 12)])
    assert answers[0] == answers[1]
