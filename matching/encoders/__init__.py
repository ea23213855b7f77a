"""Sentences into vectors: one protocol, a real model behind it, and a cache in front of it."""

from matching.encoders.base import Encoder, ModelMissing, Progress, Vectors
from matching.encoders.cache import CachedEncoder
from matching.encoders.hashing import HashingEncoder
from matching.encoders.sentence_transformer import SentenceTransformerEncoder

__all__ = [
    "CachedEncoder",
    "Encoder",
    "HashingEncoder",
    "ModelMissing",
    "Progress",
    "SentenceTransformerEncoder",
    "Vectors",
]
