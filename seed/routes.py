"""The seed routes: jobs as people ask for them, with the operations a coordinator would pass them round to."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "data" / "routes.yaml"


@dataclass(frozen=True, slots=True)
class SeedStep:
    """One operation; `after` are the positions of the steps it waits for, `hours` those of the whole lot."""

    process_id: str
    hours: float
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SeedRoute:
    """A job: what it makes, the sentence that asks for it, how many pieces, and its operations in order."""

    product: str
    request: str
    pieces: int
    steps: tuple[SeedStep, ...]


@cache
def seed_routes() -> tuple[SeedRoute, ...]:
    """All seed routes, in the order of the file."""
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(SeedRoute(row["product"], row["request"], row["pieces"], _steps(row["steps"])) for row in rows)


def _steps(rows: list[dict[str, Any]]) -> tuple[SeedStep, ...]:
    return tuple(SeedStep(row["do"], float(row["hours"]), _after(row, i)) for i, row in enumerate(rows))


def _after(row: dict[str, Any], place: int) -> tuple[int, ...]:
    """Written from one, and left out where a step follows the one before it."""
    if "after" in row:
        return tuple(number - 1 for number in row["after"])
    return (place - 1,) if place else ()
