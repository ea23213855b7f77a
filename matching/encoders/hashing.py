"""A model without a model: character n-grams hashed into a vector. For unit tests only."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.encoders.base import Progress, Vectors, normalised


class HashingEncoder:
    """Feature hashing (Weinberger et al., 2009) of character 1- to 3-grams with a sign bit.

    It knows spelling and nothing of meaning, which is what a unit test wants: quick, the same on every
    machine, and no file to load.
    """

    def __init__(self, dimensions: int = 256) -> None:
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        return f"hashing-{self._dimensions}"

    @property
    def fingerprint(self) -> str:
        return self.name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            digests = np.fromiter(map(_digest, _grams(text)), np.uint64)
            places = (digests >> np.uint64(1)) % np.uint64(self._dimensions)
            signs = np.where(digests & np.uint64(1), 1.0, -1.0)
            vectors[row] = np.bincount(places.astype(np.intp), signs, self._dimensions)
        if progress is not None:
            progress(len(texts), len(texts))
        return normalised(vectors)


@lru_cache(maxsize=1 << 16)
def _digest(gram: str) -> int:
    return int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big")


def _grams(text: str) -> list[str]:
    return [text[start : start + size] for size in (1, 2, 3) for start in range(len(text) - size + 1)]
