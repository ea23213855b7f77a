"""Small firms and needs for the tests of scoring, written as people would write them."""

from dataclasses import replace
from datetime import date, timedelta

from matching.scoring.demand import Demand, read_demand
from matching.types import CapacityWeek, Equipment, FirmProfile, Need, ProcessMention, Reading
from matching.understanding.firm import read_firm
from matching.understanding.offer import Offer

TODAY = date(2026, 12, 1)
MONDAY = date(2026, 12, 7)


def weeks(*hours: float) -> tuple[CapacityWeek, ...]:
    return tuple(CapacityWeek(MONDAY + timedelta(weeks=i), h) for i, h in enumerate(hours))


def firm(text: str = "", **fields: object) -> FirmProfile:
    """A milling shop, unless `fields` say otherwise."""
    shop = FirmProfile(
        id="F1",
        name="見本製作所",
        text=text,
        processes=("マシニング加工",),
        equipment=(Equipment("立形マシニングセンタ", envelope_mm=(600, 400, 350)),),
        materials=("A5052", "SUS304"),
        tolerance_mm=0.02,
        lot_min=1,
        lot_max=100,
        certifications=("ISO9001",),
        capacity=weeks(0, 0, 12, 20),
    )
    return replace(shop, **fields)  # type: ignore[arg-type]


def offer(text: str = "", **fields: object) -> Offer:
    return read_firm(firm(text, **fields))


def need(text: str = "部品の加工", *processes: str, **values: object) -> Need:
    """A need with these process ids and values, each value as a reading without a place in the text."""
    readings = {name: Reading(value) for name, value in values.items()}
    mentions = tuple(ProcessMention(id_, order=i) for i, id_ in enumerate(processes))
    return Need(text=text, today=TODAY, processes=mentions, **readings)  # type: ignore[arg-type]


def demand(text: str = "部品の加工", *processes: str, **values: object) -> Demand:
    return read_demand(need(text, *processes, **values))
