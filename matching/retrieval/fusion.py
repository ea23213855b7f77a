"""Putting rankings together. The functions are pure and take float arrays of one length."""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
# The constant of Cormack, Clarke and Büttcher (SIGIR 2009).
RRF_K = 60


def min_max(scores: Scores) -> Scores:
    """`scores` stretched to 0 … 1 in the same order; zeros when all are alike, for then they tell nothing."""
    if scores.size == 0:
        return np.zeros(0, dtype=np.float32)
    low, high = float(scores.min()), float(scores.max())
    if high - low <= 1e-9:
        return np.zeros_like(scores, dtype=np.float32)
    return np.asarray(np.clip((scores - low) / (high - low), 0.0, 1.0), dtype=np.float32)


def by_maximum(scores: Scores) -> Scores:
    """Scores that start at a meaningful 0 (no word in common) divided by the best one."""
    high = float(scores.max(initial=0.0))
    return np.zeros_like(scores, dtype=np.float32) if high <= 0.0 else (scores / high).astype(np.float32)


def reciprocal_rank(*arms: Scores) -> Scores:
    """Reciprocal-rank fusion: the sum over arms of 1 / (60 + rank), equal scores in order of place."""
    total = np.zeros_like(arms[0], dtype=np.float32)
    for scores in arms:
        ranks = np.empty(len(scores), dtype=np.float32)
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        total += 1.0 / (RRF_K + ranks)
    return total


def convex(first: Scores, second: Scores, weight: float) -> Scores:
    """`weight` · first + (1 − weight) · second, of scores in 0 … 1 (Bruch, Gai and Ingber, TOIS 2023)."""
    return (weight * first + (1.0 - weight) * second).astype(np.float32)
