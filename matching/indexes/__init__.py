"""Nearest vectors, exactly: one contract, two implementations."""

from matching.indexes.base import Hit, IndexUnusable, VectorIndex
from matching.indexes.exact import ExactIndex
from matching.indexes.flat import FaissIndex

__all__ = ["ExactIndex", "FaissIndex", "Hit", "IndexUnusable", "VectorIndex"]
