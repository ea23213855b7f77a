"""The contract of a vector index, and the error that every stored index may raise."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, Self, runtime_checkable

from matching.encoders.base import Vectors

# Inner products nearer than this are a tie: two machines, or two libraries, sum floats in another order.
TIE_DECIMALS = 5


class Hit(NamedTuple):
    id: str
    score: float


class IndexUnusable(Exception):
    """A stored index is missing, damaged or made by another model: build it anew from the source."""


@runtime_checkable
class VectorIndex(Protocol):
    """Vectors under ids, searched exactly by inner product. This docstring is the contract.

    * `fingerprint` names the model whose vectors are held. Vectors have `dimensions` components, float32.
    * `add` takes new ids only, as many as rows; an id that is held already, or twice in the call, is a
      ValueError and nothing is added. `replace` takes any ids and holds the new vector for each.
      `remove` forgets ids; an unknown id is a KeyError and nothing is removed.
    * `search` returns the `k` largest inner products, best first, fewer when fewer are held. Scores are
      rounded to `TIE_DECIMALS`; ties stand in the order of their ids. With `allowed`, only those ids are
      searched, and all of them: a filter never costs a hit. Unknown ids in `allowed` are ignored.
      A query of another length is a ValueError; k below 1 is a ValueError.
    * `save` writes into a folder that exists; `load` reads it back and gives the same hits. `load` raises
      `IndexUnusable` when the files are missing or damaged, or the stored fingerprint is another one.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def __len__(self) -> int: ...

    def __contains__(self, id_: object) -> bool: ...

    def add(self, ids: Sequence[str], vectors: Vectors) -> None: ...

    def replace(self, ids: Sequence[str], vectors: Vectors) -> None: ...

    def remove(self, ids: Collection[str]) -> None: ...

    def search(self, query: Vectors, k: int, allowed: Collection[str] | None = None) -> list[Hit]: ...

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path, fingerprint: str) -> Self: ...
