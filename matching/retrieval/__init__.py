"""From a request's words to the firms whose words are near: dense and lexical signals, and their baselines."""

from matching.retrieval.arms import Arm, rank_arm
from matching.retrieval.index import Changes, RetrievalIndex, RetrievalSignals
from matching.retrieval.passages import digest, lexical_text, passages

__all__ = [
    "Arm",
    "Changes",
    "RetrievalIndex",
    "RetrievalSignals",
    "digest",
    "lexical_text",
    "passages",
    "rank_arm",
]
