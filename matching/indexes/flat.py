"""The same answers from faiss, whose scan of a large collection is threaded and vectorised."""

from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Vectors
from matching.indexes.base import TIE_DECIMALS, Hit, IndexUnusable
from matching.indexes.ids import IdTable, checked, ranked, read_meta, write_meta

Rows: TypeAlias = npt.NDArray[np.int64]
STORE = "vectors.faiss"


class FaissIndex:
    """`VectorIndex` over `faiss.IndexFlatIP`; filters are bitmaps, so that the scan stays exact."""

    def __init__(self, dimensions: int, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._table = IdTable()
        self._store: Any = _faiss().IndexFlatIP(dimensions)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        return int(self._store.d)

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._table

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        fresh = checked(vectors, len(ids), self.dimensions)
        self._table.append(ids)
        self._store.add(fresh)

    def replace(self, ids: Sequence[str], vectors: Vectors) -> None:
        checked(vectors, len(ids), self.dimensions)
        last = {id_: row for row, id_ in enumerate(ids)}
        self.remove([id_ for id_ in last if id_ in self])
        self.add(list(last), vectors[list(last.values())])

    def remove(self, ids: Collection[str]) -> None:
        self._store.remove_ids(self._table.drop(ids))

    def search(self, query: Vectors, k: int, allowed: Collection[str] | None = None) -> list[Hit]:
        asked = checked(query[None, :], 1, self.dimensions)
        if k < 1:
            raise ValueError("k is at least 1")
        rows = None if allowed is None else self._table.rows(allowed)
        reachable = len(self) if rows is None else len(rows)
        wanted = min(k + 1, reachable)
        while wanted:
            scores, places = self._store.search(asked, wanted, params=_only(rows, len(self)))
            # A tie that reaches over the edge is asked for again, so that ids decide and not faiss.
            if wanted == reachable or scores[0, k - 1] - scores[0, -1] > 2 * 10.0**-TIE_DECIMALS:
                return ranked([self._table.ids[place] for place in places[0]], scores[0], k)
            wanted = min(2 * wanted, reachable)
        return []

    def save(self, folder: Path) -> None:
        _faiss().write_index(self._store, str(folder / STORE))
        write_meta(folder, self._fingerprint, self.dimensions, self._table.ids)

    @classmethod
    def load(cls, folder: Path, fingerprint: str) -> Self:
        dimensions, ids = read_meta(folder, fingerprint)
        index = cls(dimensions, fingerprint)
        try:
            index._store = _faiss().read_index(str(folder / STORE))
        except RuntimeError as error:
            raise IndexUnusable(f"The stored vectors cannot be read: {error}") from error
        if index._store.ntotal != len(ids) or index._store.d != dimensions:
            raise IndexUnusable("The stored vectors and their ids do not belong together")
        index._table.append(ids)
        return index


def _only(rows: Rows | None, total: int) -> object:
    """Search parameters that let only `rows` through, or none when every row may answer."""
    if rows is None:
        return None
    bitmap = np.zeros(total, dtype=bool)
    bitmap[rows] = True
    selector = _faiss().IDSelectorBitmap(np.packbits(bitmap, bitorder="little"))
    return _faiss().SearchParameters(sel=selector)


def _faiss() -> Any:  # noqa: ANN401  the library's stubs do not know its own Python layer
    # Imported at first use: commands that need no index should not wait for it.
    return import_module("faiss")
