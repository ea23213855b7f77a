"""The generated workshops: the same for the same seed, like the real counts, and never contradicting themselves."""

from collections import Counter
from datetime import date

import pytest

from matching.types import FirmProfile
from seed.generator import WARDS, generate_firms

MONDAY = date(2026, 12, 7)


@pytest.fixture(scope="module")
def firms() -> list[FirmProfile]:
    return list(generate_firms(1500, seed=4, first_week=MONDAY))


def test_the_same_seed_gives_the_same_firms(firms: list[FirmProfile]) -> None:
    assert list(generate_firms(40, seed=4, first_week=MONDAY)) == firms[:40]
    assert list(generate_firms(40, seed=5, first_week=MONDAY)) != firms[:40]


def test_ids_and_names_are_unique(firms: list[FirmProfile]) -> None:
    assert len({firm.id for firm in firms}) == len({firm.name for firm in firms}) == len(firms)


def test_wards_follow_the_real_counts(firms: list[FirmProfile]) -> None:
    found = Counter(firm.ward for firm in firms)
    for ward in ("大田区", "墨田区", "江戸川区"):
        assert found[ward] / len(firms) == pytest.approx(WARDS[ward] / sum(WARDS.values()), abs=0.03)


def test_every_firm_stands_in_tokyo_and_says_something(firms: list[FirmProfile]) -> None:
    for firm in firms:
        assert firm.lat is not None
        assert firm.lng is not None
        assert 35.5 < firm.lat < 35.85
        assert 139.55 < firm.lng < 139.95
        assert firm.text.endswith("。")
        assert "{" not in firm.text
        assert firm.processes
        assert firm.equipment


def test_numbers_make_sense(firms: list[FirmProfile]) -> None:
    for firm in firms:
        assert firm.lot_min is None or firm.lot_max is None or firm.lot_min < firm.lot_max
        assert firm.tolerance_mm is None or firm.tolerance_mm > 0
        for machine in firm.equipment:
            assert machine.count >= 1
            assert machine.envelope_mm is None or min(machine.envelope_mm) > 0
        if firm.capacity is not None:
            assert [week.week_start.weekday() for week in firm.capacity] == [0] * 8
            assert all(week.hours_free >= 0 for week in firm.capacity)


def test_words_are_the_firms_own(firms: list[FirmProfile]) -> None:
    assert len({firm.text for firm in firms}) > 0.99 * len(firms)


def test_capacity_is_unknown_without_a_week() -> None:
    assert {firm.capacity for firm in generate_firms(10, seed=1)} == {None}
