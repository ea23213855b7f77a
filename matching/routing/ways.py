"""Other ways to do a step, with when each fits, and neighbouring steps that one firm usually does in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from matching.routing.operation import traits
from matching.routing.practice import any_is
from matching.routing.route import Route, RouteStep
from matching.types import Need, Phrase
from matching.vocabulary.processes import is_a


@dataclass(frozen=True, slots=True)
class Alternative:
    """Processes that may take the place of a step, one after the other, and when that fits."""

    process_ids: tuple[str, ...]
    why: Phrase


@dataclass(frozen=True, slots=True)
class Together:
    """Two steps, by id, that one firm usually does; `as_process` names the trade of both, "" where none does."""

    steps: tuple[str, str]
    as_process: str
    why: Phrase


@cache
def _table() -> Mapping[str, Any]:
    text = (files("matching.routing") / "data" / "ways.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table


def alternatives(step: RouteStep, need: Need) -> tuple[Alternative, ...]:
    """The ways that fit this step of the job: its material, lot, size and tolerance rule out the others.

    What the request does not say rules nothing out.
    """
    rows = [row for row in _table()["alternatives"] if any_is((step.process_id,), row["of"])]
    return tuple(
        Alternative(tuple(row["to"]), Phrase(row["ja"], row["en"]))
        for row in rows
        if _fits(row, step, need) and not is_a(step.process_id, row["to"][-1])
    )


def _fits(row: Mapping[str, Any], step: RouteStep, need: Need) -> bool:
    material = step.need.material or need.material
    like = traits(material.value) if material else frozenset()
    if like and "material" in row and not like & set(row["material"]):
        return False
    return _lot_fits(row, need) and _measures_fit(row, step)


def _lot_fits(row: Mapping[str, Any], need: Need) -> bool:
    pieces = need.quantity.value if need.quantity else None
    return pieces is None or row.get("least", 0) <= pieces <= row.get("most", pieces)


def _measures_fit(row: Mapping[str, Any], step: RouteStep) -> bool:
    tolerance, size = step.need.tolerance_mm, step.need.size_mm
    if tolerance and tolerance.value < row.get("tolerance_mm", 0.0):
        return False
    return not size or max(size.value, default=0.0) <= row.get("size_mm", float("inf"))


def together(route: Route) -> tuple[Together, ...]:
    """Pairs of steps, one directly after the other, that the table knows as one firm's work."""
    found = []
    for step in route.steps:
        for before in step.after:
            row = _row(route.steps[before], step)
            if row and _only_follower(route.steps, before):
                pair = (route.steps[before].id, step.id)
                found.append(Together(pair, row.get("as", ""), Phrase(row["ja"], row["en"])))
    return tuple(found)


def _row(first: RouteStep, second: RouteStep) -> Mapping[str, Any] | None:
    rows: Sequence[Mapping[str, Any]] = _table()["together"]
    return next((row for row in rows if _is_pair(first, second, row["steps"])), None)


def _is_pair(first: RouteStep, second: RouteStep, names: Sequence[str]) -> bool:
    return is_a(first.process_id, names[0]) and any_is((second.process_id, *second.also), names[1:])


def _only_follower(steps: Sequence[RouteStep], place: int) -> bool:
    """Two steps become one only where nothing else waits for the first alone."""
    return sum(place in step.after for step in steps) == 1
