"""A model without a model: character n-grams hashed into a vector. For unit tests only."""

import hashlib
from collections.abc import Sequence

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
            for gram in _grams(text):
                place, sign = self._place(gram)
                vectors[row, place] += sign
        if progress is not None:
            progress(len(texts), len(texts))
        return normalised(vectors)

    def _place(self, gram: str) -> tuple[int, float]:
        digest = int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest(), "big")
        return (digest >> 1) % self._dimensions, 1.0 if digest & 1 else -1.0


def _grams(text: str) -> list[str]:
    return [text[start : start + size] for size in (1, 2, 3) for start in range(len(text) - size + 1)]
