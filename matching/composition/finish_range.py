"""When a team finishes if its hours are ranges: the day by which it does so in most of many drawn cases."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.composition.check import Checker
from matching.composition.problem import Problem

SAMPLES = 200
CONFIDENCE = 0.8

# Least, likely and most hours of a step.
Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class FinishRange:
    """Days of the problem. `half` is reached in half of the cases, `sure` in `confidence` of them.

    None: in that share of the cases the hours that are known run out before the work ends.
    """

    half: date | None
    sure: date | None
    confidence: float


def finish_range(
    problem: Problem,
    firm_ids: Sequence[str],
    ranges: Sequence[Range],
    *,
    seed: int = 0,
    samples: int = SAMPLES,
    confidence: float = CONFIDENCE,
) -> FinishRange:
    """Place the team `samples` times with hours drawn from `ranges` (one a step) by the checker's own timing.

    Hours follow the triangular distribution with the likely value as its mode, drawn by Latin hypercube: each step
    takes every `samples`-th part of its distribution once, so that few draws are enough. Same seed, same answer.
    """
    draws = _draws(ranges, samples, random.Random(seed))  # noqa: S311 - a repeatable draw, no secret
    # Only hours change from case to case; the checker keeps what it knows of distances and weeks.
    checker = Checker(replace(problem, due=None))
    finishes = sorted(_finish(checker, firm_ids, hours) for hours in draws)
    return FinishRange(_share(finishes, 0.5), _share(finishes, confidence), confidence)


def _draws(ranges: Sequence[Range], samples: int, rng: random.Random) -> list[tuple[float, ...]]:
    columns = [_column(each, samples, rng) for each in ranges]
    return list(zip(*columns, strict=True))


def _column(bounds: Range, samples: int, rng: random.Random) -> list[float]:
    parts = [_triangular((n + rng.random()) / samples, *bounds) for n in range(samples)]
    rng.shuffle(parts)
    return parts


def _triangular(share: float, low: float, mode: float, high: float) -> float:
    """The hours that are not passed in `share` of the cases."""
    if high <= low:
        return mode
    below = (mode - low) / (high - low)
    if share < below:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1 - share) * (high - low) * (high - mode))


def _finish(checker: Checker, firm_ids: Sequence[str], hours: Sequence[float]) -> date:
    problem = checker.problem
    steps = tuple(replace(s, hours=h) for s, h in zip(problem.steps, hours, strict=True))
    checker.problem = replace(problem, steps=steps)
    found = checker.evaluate(firm_ids)
    return max(found.finishes) if found else date.max


def _share(finishes: Sequence[date], share: float) -> date | None:
    day = finishes[max(0, math.ceil(share * len(finishes) - 1e-9) - 1)]
    return None if day == date.max else day
