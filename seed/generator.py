"""Fictional workshops in any number, the same for the same seed: for the demo directory and for measuring scale.

Wards, sizes and trades follow the real counts of Tokyo's 23 wards (see `WARDS`, `PEOPLE`, data/trades.yaml);
every firm, name and sentence is invented. Firm i depends on the seed and on the firms before it only
through names already taken, so a longer list begins with the shorter one.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from matching.types import CapacityWeek, Equipment, FirmProfile
from seed.words import Facts, own_words

DATA = Path(__file__).parent / "data"
# Manufacturing establishments in 2021; the six largest as counted, the others share the rest of the 14,249.
WARDS = {
    "大田区": 2957, "墨田区": 1733, "江戸川区": 1518, "足立区": 1465, "板橋区": 1299, "葛飾区": 1192, "荒川区": 745,
    "品川区": 640, "北区": 455, "台東区": 450, "江東区": 430, "新宿区": 270, "文京区": 255, "練馬区": 150,
    "目黒区": 135, "世田谷区": 130, "豊島区": 95, "杉並区": 70, "中央区": 65, "中野区": 60, "港区": 50,
    "渋谷区": 45, "千代田区": 40,
}  # fmt: skip
# People at work: (least, most, share in Ota in 1997).
PEOPLE = ((1, 3, 34), (4, 9, 28), (10, 29, 21), (30, 99, 11), (100, 250, 6))
WEEKS = 8
# Half a block in degrees: a firm stands near the middle of its town, not on it.
NEARBY = 0.0015


@dataclass(frozen=True, slots=True)
class Town:
    ward: str
    name: str
    lat: float
    lng: float


def generate_firms(n: int, seed: int, first_week: date | None = None) -> Iterator[FirmProfile]:
    """`n` fictional firms. With `first_week` (a Monday) each tells its free hours for eight weeks from there."""
    taken: set[str] = set()
    for number in range(1, n + 1):
        yield _firm(random.Random(f"{seed}:{number}"), number, taken, first_week)


def _firm(rng: random.Random, number: int, taken: set[str], first_week: date | None) -> FirmProfile:
    ward = rng.choices(list(WARDS), list(WARDS.values()))[0]
    town = rng.choice(_towns()[ward])
    trade = _trade(rng, ward)
    people = _people(rng)
    processes = _some(rng, trade["processes"], 2, 3 + people // 15)
    machines = _machines(rng, trade, people)
    materials = _some(rng, trade["materials"], 3, 5)
    lot_min = rng.choices((1, 5, 20, 50, 100, 500), (52, 16, 12, 8, 8, 4))[0]
    lot_max = lot_min * rng.choice((20, 50, 100, 300, 1000))
    tolerance = rng.choice(trade["tolerance"])
    short, name = _name(rng, trade, town, taken)
    facts = Facts(
        trade=trade, short=short, ward=ward, town=town.name, people=people, processes=processes, materials=materials,
        machines=machines, lot_min=lot_min, lot_max=lot_max, tolerance=tolerance,
        towns=tuple(other.name for other in _towns()[ward]),
    )  # fmt: skip
    return FirmProfile(
        id=f"G-F{number:05}",
        name=name,
        ward=ward,
        lat=round(town.lat + rng.uniform(-NEARBY, NEARBY), 5),
        lng=round(town.lng + rng.uniform(-NEARBY, NEARBY), 5),
        text=own_words(rng, facts),
        processes=processes,
        equipment=machines,
        materials=materials,
        tolerance_mm=_maybe(rng, tolerance, 0.85),
        lot_min=_maybe(rng, lot_min, 0.8),
        lot_max=_maybe(rng, lot_max, 0.8),
        certifications=_certificates(rng, people),
        capacity=None if first_week is None else _capacity(rng, people, first_week),
        public_facility=False,
        can_lead=rng.choices((True, False, None), (15 + people, 45, 40))[0],
    )


def _trade(rng: random.Random, ward: str) -> dict[str, Any]:
    trades = _table("trades")
    shares = [trade["share"] * trade.get("wards", {}).get(ward, 1.0) for trade in trades]
    found: dict[str, Any] = rng.choices(trades, shares)[0]
    return found


def _people(rng: random.Random) -> int:
    least, most, _ = rng.choices(PEOPLE, [share for *_, share in PEOPLE])[0]
    return rng.randint(least, most)


def _some(rng: random.Random, items: list[str], least: int, most: int) -> tuple[str, ...]:
    return tuple(rng.sample(items, min(rng.randint(least, max(least, most)), len(items))))


def _machines(rng: random.Random, trade: dict[str, Any], people: int) -> tuple[Equipment, ...]:
    lines = trade["machines"]
    wanted = min(1 + people // 4, len(lines) + 2)
    chosen = [lines[0], *(rng.choice(lines) for _ in range(rng.randint(0, wanted)))]
    made = {(m.kind, m.model): m for m in (_machine(rng, line, people) for line in chosen)}
    return tuple(made.values())


def _machine(rng: random.Random, line: str, people: int) -> Equipment:
    kind, models, size = line.split("|")
    maker, model = rng.choice(models.split(",")).split(" ", 1)
    scale = rng.choice((0.4, 0.5, 0.6, 0.8, 1.0))
    x, y, z = (_scaled(float(part), scale) for part in size.split(","))
    return Equipment(kind, maker, model, rng.randint(1, 1 + min(people // 6, 6)), _maybe(rng, (x, y, z), 0.75))


def _scaled(length: float, scale: float) -> float:
    """A smaller machine of the kind, in round numbers; a thickness is the same on all of them."""
    return length if length < 30 else max(round(length * scale, -1), 10.0)


def _name(rng: random.Random, trade: dict[str, Any], town: Town, taken: set[str]) -> tuple[str, str]:
    """(short name, full name), the full one not used before in this run."""
    words = _table("names")
    while True:
        stem = rng.choice([rng.choice(words["stems"]), rng.choice(words["coined"]), _bare(town.name)])
        short = stem + rng.choice(trade["names"])
        full = rng.choices(words["forms"], words["form_weights"])[0].format(short)
        if full not in taken:
            taken.add(full)
            return short, full
        # Few spellings are left where a town has many shops of a trade: then a family name goes in front.
        town = Town(town.ward, rng.choice(words["stems"]) + _bare(town.name), town.lat, town.lng)


def _bare(town: str) -> str:
    return town.rstrip("一二三四五六七八九十丁目") or town


def _certificates(rng: random.Random, people: int) -> tuple[str, ...]:
    if rng.random() > min(0.08 + people / 60, 0.8):
        return ()
    words = _table("names")
    drawn = rng.choices(words["certifications"], words["certification_weights"], k=rng.choice((1, 1, 2)))
    return tuple(sorted(set(drawn)))


def _capacity(rng: random.Random, people: int, first_week: date) -> tuple[CapacityWeek, ...] | None:
    """Free hours a week; a fifth of the shops does not say, as in life."""
    if rng.random() < 0.2:
        return None
    usual = min(4 * people + 8, 60) * rng.random()
    hours = [max(0.0, round(usual * rng.uniform(0.2, 1.6) * (0.6 + 0.1 * week))) for week in range(WEEKS)]
    return tuple(CapacityWeek(first_week + timedelta(weeks=week), float(free)) for week, free in enumerate(hours))


def _maybe(rng: random.Random, value: Any, share: float) -> Any:  # noqa: ANN401  the value's own type comes back
    return value if rng.random() < share else None


@cache
def _towns() -> dict[str, list[Town]]:
    with (DATA / "towns.csv").open(encoding="utf-8", newline="") as file:
        rows = [Town(r["city"], r["town"], float(r["lat"]), float(r["lng"])) for r in csv.DictReader(file)]
    return {ward: [town for town in rows if town.ward == ward] for ward in WARDS}


@cache
def _table(name: str) -> Any:  # noqa: ANN401  the shape is the file's
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
