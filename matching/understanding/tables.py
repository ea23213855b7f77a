"""The tables of tolerances and of products that the readers look things up in."""

from bisect import bisect_left
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> Any:  # noqa: ANN401
    """The content of `data/NAME.yaml`. FileNotFoundError if there is no such table."""
    return yaml.safe_load(files("matching.understanding").joinpath("data", f"{name}.yaml").read_text("utf-8"))


def grade_band(grade: int, nominal_mm: float) -> float | None:
    """Width in millimetres of the band of IT`grade` at a nominal size (ISO 286-1); None outside the table."""
    table = load("iso286")
    row = bisect_left(table["up_to"], nominal_mm)
    if grade not in table["grades"] or row >= len(table["up_to"]) or nominal_mm <= 0:
        return None
    return float(table["grades"][grade][row]) / 1000


def general_tolerance(letter: str, nominal_mm: float) -> float | None:
    """Plus and minus in millimetres of a class of ISO 2768-1 at a nominal size; None outside the table."""
    table = load("general_tolerances")
    row = bisect_left(table["up_to"], nominal_mm)
    if letter not in table["classes"] or row >= len(table["up_to"]) or nominal_mm <= 0:
        return None
    return float(table["classes"][letter][row])
