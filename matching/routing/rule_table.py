"""The rules a route is held against, as the table `data/rules.yaml` tells them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from matching.types import Phrase, Verdict


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """`of` asks for a material with this trait; `doubt` are families that have it and are a question all the same."""

    trait: str
    of: tuple[str, ...]
    ok: Phrase
    no: Phrase
    ask: Phrase
    doubt: tuple[str, ...]
    doubted: Phrase


@dataclass(frozen=True, slots=True)
class OrderRule:
    """`first` comes before `then`; `wrong` is the verdict where it does not.

    `settles`: a planned route keeps this order whatever the order of the words.
    """

    first: tuple[str, ...]
    then: tuple[str, ...]
    wrong: Verdict
    ok: Phrase
    no: Phrase
    settles: bool


@dataclass(frozen=True, slots=True)
class MissingRule:
    """A step of `of`, but of none of `unless`, usually has one of `needs` behind or before it; `add` would be added."""

    of: tuple[str, ...]
    unless: tuple[str, ...]
    needs: tuple[str, ...]
    add: str
    behind: bool
    tolerance_mm: float | None
    after: tuple[str, ...]
    ok: Phrase
    ask: Phrase


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said for each verdict; `values` holds the rest of a rule."""

    ok: Phrase
    no: Phrase
    ask: Phrase
    values: Mapping[str, Any]

    def ids(self, name: str) -> tuple[str, ...]:
        return tuple(self.values[name])

    def pattern(self, name: str) -> re.Pattern[str]:
        return re.compile(self.values[name])


@cache
def _table() -> Mapping[str, Any]:
    text = (files("matching.routing") / "data" / "rules.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.safe_load(text)
    return table


def _phrase(row: Mapping[str, Any], name: str) -> Phrase:
    said = row.get(name) or {"ja": "", "en": ""}
    return Phrase(said["ja"], said["en"])


@cache
def material_rules() -> tuple[MaterialRule, ...]:
    return tuple(
        MaterialRule(
            row["trait"],
            tuple(row["of"]),
            _phrase(row, "ok"),
            _phrase(row, "against"),
            _phrase(row, "ask"),
            tuple(row.get("doubt", ())),
            _phrase(row, "doubted"),
        )
        for row in _table()["materials"]
    )


@cache
def order_rules() -> tuple[OrderRule, ...]:
    return tuple(
        OrderRule(
            tuple(r["first"]),
            tuple(r["then"]),
            _verdict(r["wrong"]),
            _phrase(r, "ok"),
            _phrase(r, "against"),
            settles=r.get("settles", _verdict(r["wrong"]) is Verdict.NO),
        )
        for r in _table()["orders"]
    )


def _verdict(word: str) -> Verdict:
    # The table says "against", because YAML reads a bare "no" as false.
    return Verdict.NO if word == "against" else Verdict(word)


@cache
def missing_rules() -> tuple[MissingRule, ...]:
    return tuple(
        MissingRule(
            tuple(row["of"]),
            tuple(row.get("unless", ())),
            tuple(row["needs"]),
            row["add"],
            row["place"] == "behind",
            row.get("tolerance_mm"),
            tuple(row.get("after", ())),
            _phrase(row, "ok"),
            _phrase(row, "ask"),
        )
        for row in _table()["missing"]
    )


@cache
def coats() -> Sequence[tuple[tuple[str, ...], int]]:
    """Processes that put something on, and how many thousandths of a millimetre on each side."""
    return tuple((tuple(row["of"]), int(row["um"])) for row in _table()["coats"])


@cache
def sentences(name: str) -> Sentences:
    """The rule of this name: coat, documents, assembly, ending, order_of_list."""
    row = _table()[name]
    return Sentences(_phrase(row, "ok"), _phrase(row, "against"), _phrase(row, "ask"), row)
