"""What every encoder promises, and the one error it may raise about its model."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from matching.types import Phrase

Vectors: TypeAlias = npt.NDArray[np.float32]
# Called with (done, total) whenever a stretch of work is finished.
Progress: TypeAlias = Callable[[int, int], None]


class ModelMissing(Exception):
    """The embedding model is absent or damaged. `phrase` says so, and which command puts it right."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase.en)
        self.phrase = phrase


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their nearness in meaning.

    Vectors are float32 of shape (len(texts), dimensions), each of Euclidean length 1; the same text
    always gives the same vector. A request is encoded as a query, a firm's words as passages: models of
    the E5 family are trained with a different prompt for each side.
    """

    @property
    def name(self) -> str:
        """A name a person recognises."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors would: indexes and caches refuse to mix fingerprints."""
        ...

    @property
    def dimensions(self) -> int: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors: ...


def normalised(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays zero, so that it is near nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
