"""The bookkeeping that every vector index shares: ids against rows, the checks of the contract, the files."""

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Vectors
from matching.indexes.base import TIE_DECIMALS, Hit, IndexUnusable

META = "index.json"


class IdTable:
    """Which id stands in which row. Rows close up when ids are removed, as arrays do."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids = list(ids)
        self._rows = {id_: row for row, id_ in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._rows

    def append(self, ids: Sequence[str]) -> None:
        taken = [id_ for id_ in ids if id_ in self._rows]
        if taken or len(set(ids)) != len(ids):
            raise ValueError(f"Every id is added once; these are not new: {taken or list(ids)}")
        self._rows.update((id_, len(self.ids) + place) for place, id_ in enumerate(ids))
        self.ids.extend(ids)

    def rows(self, ids: Collection[str]) -> npt.NDArray[np.int64]:
        """Rows of the ids that are held, ascending."""
        return np.array(sorted(self._rows[id_] for id_ in set(ids) if id_ in self._rows), dtype=np.int64)

    def drop(self, ids: Collection[str]) -> npt.NDArray[np.int64]:
        """Forget `ids` and give the rows they stood in; KeyError when one is not held."""
        unknown = sorted(set(ids) - self._rows.keys())
        if unknown:
            raise KeyError(f"Not held: {unknown}")
        rows = self.rows(ids)
        gone = set(ids)
        self.ids = [id_ for id_ in self.ids if id_ not in gone]
        self._rows = {id_: row for row, id_ in enumerate(self.ids)}
        return rows


def checked(vectors: Vectors, rows: int, dimensions: int) -> Vectors:
    """`vectors` as contiguous float32 of shape (rows, dimensions); ValueError when the shape is another."""
    if vectors.shape != (rows, dimensions):
        raise ValueError(f"Expected vectors of shape {(rows, dimensions)}, got {vectors.shape}")
    return np.ascontiguousarray(vectors, dtype=np.float32)


def ranked(ids: Sequence[str], scores: Iterable[float], k: int) -> list[Hit]:
    """The best `k` of (id, score), rounded, ties in the order of their ids."""
    hits = [Hit(id_, round(float(score), TIE_DECIMALS) + 0.0) for id_, score in zip(ids, scores, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]


def write_meta(folder: Path, fingerprint: str, dimensions: int, ids: Sequence[str]) -> None:
    meta = {"fingerprint": fingerprint, "dimensions": dimensions, "ids": list(ids)}
    (folder / META).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")


def read_meta(folder: Path, fingerprint: str) -> tuple[int, list[str]]:
    """(dimensions, ids) of a stored index; `IndexUnusable` when it is damaged or another model's."""
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        stored, dimensions, ids = str(meta["fingerprint"]), int(meta["dimensions"]), list(meta["ids"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"The stored index cannot be read: {error}") from error
    if stored != fingerprint:
        raise IndexUnusable(f"The stored index was made by {stored}, not by {fingerprint}")
    return dimensions, ids
