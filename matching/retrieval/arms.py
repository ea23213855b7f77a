"""The four baselines that the full matching must beat: each is one way to rank firms by words alone."""

from enum import StrEnum

import numpy as np

from matching.indexes.base import Hit
from matching.retrieval.fusion import Scores, convex, reciprocal_rank
from matching.retrieval.index import RetrievalIndex, RetrievalSignals

# Weight of the dense arm in the convex baseline.
DENSE_WEIGHT = 0.4


class Arm(StrEnum):
    """A ranking without understanding. The values are the row names of the quality table."""

    DENSE = "dense"
    LEXICAL = "lexical"
    RRF = "rrf"
    CONVEX = "convex"


def rank_arm(index: RetrievalIndex, arm: Arm | str, text: str, k: int = 20) -> list[Hit]:
    """The best `k` firms of `index` for `text` by one arm, ties in the order of their ids."""
    signals = index.signals(text)
    scores = arm_scores(signals, Arm(arm))
    order = np.lexsort((np.array(signals.firm_ids), -scores))[:k]
    return [Hit(signals.firm_ids[row], float(scores[row])) for row in order]


def arm_scores(signals: RetrievalSignals, arm: Arm) -> Scores:
    """Scores of one arm, aligned with `signals.firm_ids`."""
    match arm:
        case Arm.DENSE:
            return signals.dense
        case Arm.LEXICAL:
            return signals.lexical
        case Arm.RRF:
            return reciprocal_rank(signals.dense, signals.lexical)
        case Arm.CONVEX:
            return convex(signals.dense, signals.lexical, DENSE_WEIGHT)
