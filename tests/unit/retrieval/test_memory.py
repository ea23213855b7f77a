"""Room for vectors is made once, and what was only needed to build goes back."""

from pathlib import Path

import numpy as np

from bench.measure import resident_mb
from matching.retrieval.memory import give_back_memory
from matching.retrieval.phrases import PhraseTable


def test_reserved_room_is_used_before_more_is_made() -> None:
    table = PhraseTable(2)
    table.reserve(3)
    fresh = {name: np.full(2, number, np.float32) for number, name in enumerate("abc")}
    rows = table.hold("abc", fresh)
    assert len(table.vectors) == 3
    assert table.vectors[rows].tolist() == [[0, 0], [1, 1], [2, 2]]
    table.release("a")
    table.reserve(1)
    assert len(table.vectors) == 3


def test_giving_back_takes_nothing_that_is_held() -> None:
    kept = np.arange(1_000_000)
    before = resident_mb()
    give_back_memory()
    assert resident_mb() <= before + 1
    assert kept.sum() == 499_999_500_000


def test_what_was_read_of_a_model_goes_back_and_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    np.arange(4_000_000).tofile(file)
    table = np.memmap(file, dtype=np.int64, mode="r")
    total = table.sum()
    give_back_memory()
    assert table.sum() == total
