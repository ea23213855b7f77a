"""Measures of a ranked answer against graded firms, as the TREC tradition defines them (Järvelin 2002)."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from matching.types import Verdict

CUT = 10
# From this grade on a firm meets every stated need.
GOOD = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of an answer: the firm and the verdict it is shown with."""

    firm_id: str
    verdict: Verdict


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], cut: int = CUT) -> float | None:
    """Normalised discounted cumulative gain with gain 2^grade - 1; `None` where no firm has a grade."""
    best = _dcg(sorted(grades.values(), reverse=True)[:cut])
    if best == 0.0:
        return None
    return _dcg([grades.get(firm_id, 0) for firm_id in ranked[:cut]]) / best


def _dcg(grades: Sequence[int]) -> float:
    return math.fsum((2.0**grade - 1.0) / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranked: Sequence[str], grades: Mapping[str, int], cut: int = CUT) -> float | None:
    """Share of the good firms that stand in the first `cut` places; `None` where there is no good firm."""
    good = _good(grades)
    return len(good & set(ranked[:cut])) / min(cut, len(good)) if good else None


def hit(ranked: Sequence[str], grades: Mapping[str, int]) -> float | None:
    """1 where the first firm is good, 0 where it is not; `None` where there is no good firm."""
    good = _good(grades)
    return float(bool(ranked) and ranked[0] in good) if good else None


def _good(grades: Mapping[str, int]) -> set[str]:
    return {firm_id for firm_id, grade in grades.items() if grade >= GOOD}


def trap_share(shown: Sequence[Shown], traps: Collection[str], cut: int = CUT) -> float | None:
    """Share of the trap firms proposed (any verdict but "no") in the first `cut` places; 0 is right."""
    if not traps:
        return None
    proposed = {place.firm_id for place in shown[:cut] if place.verdict is not Verdict.NO}
    return sum(trap in proposed for trap in traps) / len(traps)


def feasible_first(shown: Sequence[Shown]) -> float:
    """1 where no firm that is ruled out stands above one that fits."""
    verdicts = [place.verdict for place in shown]
    if Verdict.NO not in verdicts:
        return 1.0
    return float(Verdict.OK not in verdicts[verdicts.index(Verdict.NO) :])


def mean(values: Sequence[float | None]) -> float:
    """Mean over the requests for which a measure is defined; 0 where it is defined for none."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else 0.0
