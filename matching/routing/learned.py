"""What the routes of the demonstration teach: which of two operations usually comes first, and how long they take.

The table `data/learned.yaml` is counted from the seed routes (`python -m seed.learn`) and asked only where the rules
and the practice are silent.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from matching.vocabulary.processes import lineage, processes


@cache
def _table() -> Mapping[str, Any]:
    text = (files("matching.routing") / "data" / "learned.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    return frozenset((first, then) for first, then in _table()["pairs"])


def usual_order(first: str, then: str) -> bool:
    """Whether `first`, or the trade it belongs to, comes before `then` in practically every known route of both."""
    if first == then:
        return False
    return any((a, b) in _pairs() for a in lineage(first) for b in lineage(then))


def usual_hours(process_id: str) -> float | None:
    """Hours for ten pieces the size of a hand as the known routes have them; None for too few routes."""
    hours: float | None = _table()["hours"].get(process_id) if process_id in processes() else None
    return hours
