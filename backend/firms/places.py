"""From an address to a point on the map and a ward, by a table of towns (see NOTICE for its source)."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from backend.firms.wording import DASHES, width

TOWNS = Path(__file__).parent / "data" / "tokyo_towns.csv"
KANJI_DIGITS = "〇一二三四五六七八九"
_CHOME = re.compile(r"([一二三四五六七八九十]+|[0-9]+)丁目")
_AFTER_TOWN = re.compile(rf"([0-9]+)(?:丁目|[-{DASHES}の番])")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address lies. `precision` says what was recognised: chome, town or ward."""

    ward: str
    town: str
    lat: float
    lng: float
    precision: str


@dataclass(frozen=True)
class _Town:
    points: Mapping[int, Point]

    def point(self, chome: int | None) -> tuple[Point, bool]:
        """The point of that 丁目, or the middle of the whole town; and whether the 丁目 was found."""
        if chome is not None and chome in self.points:
            return self.points[chome], True
        return _middle(list(self.points.values())), False


def locate(address: str) -> Place | None:
    """The place of an address in Tokyo, or None when not even its ward is recognised."""
    text = _canonical(address)
    ward, rest = _split_ward(text)
    if ward is None:
        return _by_town_alone(text)
    return _in_ward(ward, rest)


def known_ward(name: str) -> str | None:
    """The ward or city of that name as the table writes it, without its county."""
    text = _canonical(name)
    return text if text in _towns() else None


def _in_ward(ward: str, rest: str) -> Place:
    towns = _towns()[ward]
    town = _longest_prefix(rest, towns)
    if town is None:
        lat, lng = _middle([point for known in towns.values() for point in known.points.values()])
        return Place(ward, "", lat, lng, "ward")
    found = _AFTER_TOWN.match(rest[len(town) :])
    (lat, lng), exact = towns[town].point(int(found[1]) if found else None)
    return Place(ward, town, lat, lng, "chome" if exact else "town")


def _by_town_alone(text: str) -> Place | None:
    """Without a ward, a town still tells where it is if only one ward has a town of that name."""
    found = [(ward, town) for ward, towns in _towns().items() if (town := _longest_prefix(text, towns))]
    longest = max((len(town) for _, town in found), default=0)
    best = [(ward, town) for ward, town in found if len(town) == longest]
    return _in_ward(best[0][0], text) if len(best) == 1 and longest >= 2 else None


def _split_ward(text: str) -> tuple[str | None, str]:
    for ward in _towns():
        if text.startswith(ward):
            return ward, text[len(ward) :]
    return None, text


def _longest_prefix(text: str, towns: Mapping[str, _Town]) -> str | None:
    for end in range(min(len(text), 16), 0, -1):
        if text[:end] in towns:
            return text[:end]
    return None


def _canonical(address: str) -> str:
    text = re.sub(r"\s+", "", width(address))
    text = re.sub(r"^〒?[0-9]{3}[-‐−ー]?[0-9]{4}", "", text).removeprefix("東京都")
    text = re.sub(r"^(西多摩郡|大島支庁|三宅支庁|八丈支庁|小笠原支庁)", "", text)
    # Spellings of town names that people mix.
    text = (
        text.replace("ヶ", "ケ").replace("ガ丘", "ケ丘").replace("が丘", "ケ丘").replace("之", "の").replace("ノ", "の")
    )
    text = text.replace("大字", "").replace("鐵", "鉄")
    return _CHOME.sub(lambda found: f"{_number(found[1])}丁目", text)


def _number(text: str) -> int:
    """A number up to 99 in kanji or digits."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return KANJI_DIGITS.index(text[-1])
    return (KANJI_DIGITS.index(tens) if tens else 1) * 10 + (KANJI_DIGITS.index(ones) if ones else 0)


def _middle(points: list[Point]) -> Point:
    return (
        round(sum(lat for lat, _ in points) / len(points), 5),
        round(sum(lng for _, lng in points) / len(points), 5),
    )


@lru_cache
def _towns() -> Mapping[str, Mapping[str, _Town]]:
    table: dict[str, dict[str, dict[int, Point]]] = {}
    with TOWNS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            town = _canonical(row["town"])
            found = _CHOME.search(town)
            base, chome = (town[: found.start()], int(found[1])) if found else (town, 0)
            points = table.setdefault(_canonical(row["city"]), {}).setdefault(base, {})
            points.setdefault(chome, (float(row["lat"]), float(row["lng"])))
    return {ward: {town: _Town(points) for town, points in towns.items()} for ward, towns in table.items()}
