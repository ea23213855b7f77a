"""The reference: one matrix, one product. Every other index is held to its answers."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Vectors
from matching.indexes.base import TIE_DECIMALS, Hit, IndexUnusable
from matching.indexes.ids import IdTable, checked, ranked, read_meta, write_meta

VECTORS = "vectors.npy"


class ExactIndex:
    """`VectorIndex` as a NumPy matrix of shape (n, dimensions)."""

    def __init__(self, dimensions: int, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._table = IdTable()
        self._vectors: Vectors = np.empty((0, dimensions), dtype=np.float32)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._table

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        fresh = checked(vectors, len(ids), self.dimensions)
        self._table.append(ids)
        self._vectors = np.vstack([self._vectors, fresh])

    def replace(self, ids: Sequence[str], vectors: Vectors) -> None:
        checked(vectors, len(ids), self.dimensions)
        last = {id_: row for row, id_ in enumerate(ids)}
        self.remove([id_ for id_ in last if id_ in self])
        self.add(list(last), vectors[list(last.values())])

    def remove(self, ids: Collection[str]) -> None:
        self._vectors = np.delete(self._vectors, self._table.drop(ids), axis=0)

    def search(self, query: Vectors, k: int, allowed: Collection[str] | None = None) -> list[Hit]:
        checked(query[None, :], 1, self.dimensions)
        if k < 1:
            raise ValueError("k is at least 1")
        rows = np.arange(len(self)) if allowed is None else self._table.rows(allowed)
        scores = self._vectors[rows] @ query
        best = _at_least_kth(scores, k)
        return ranked([self._table.ids[row] for row in rows[best]], scores[best], k)

    def save(self, folder: Path) -> None:
        np.save(folder / VECTORS, self._vectors)
        write_meta(folder, self._fingerprint, self.dimensions, self._table.ids)

    @classmethod
    def load(cls, folder: Path, fingerprint: str) -> Self:
        dimensions, ids = read_meta(folder, fingerprint)
        index = cls(dimensions, fingerprint)
        try:
            index.add(ids, np.load(folder / VECTORS, allow_pickle=False))
        except (OSError, ValueError) as error:
            raise IndexUnusable(f"The stored vectors cannot be read: {error}") from error
        return index


def _at_least_kth(scores: Vectors, k: int) -> npt.NDArray[np.intp]:
    """Places of every score that may be among the best `k` once rounding has made ties."""
    if len(scores) <= k:
        return np.arange(len(scores))
    kth = np.partition(scores, -k)[-k]
    return np.flatnonzero(scores >= kth - 2 * 10.0**-TIE_DECIMALS)
