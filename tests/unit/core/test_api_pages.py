"""Cursors and the rate limit: what comes from elsewhere is worth nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from backend.core import api_limits
from backend.core.api_limits import RateLimit
from backend.core.api_pages import seal, unseal

SECRET, LIST = "secret", "firms"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@given(st.integers() | st.text())
def test_a_cursor_gives_its_key_back(key: int | str) -> None:
    assert unseal(SECRET, LIST, seal(SECRET, LIST, key)) == key


@given(st.text())
def test_other_texts_give_nothing(text: str) -> None:
    assert unseal(SECRET, LIST, text) is None


def test_a_cursor_is_for_its_list_and_its_site() -> None:
    cursor = seal(SECRET, LIST, 7)
    assert unseal(SECRET, "requests", cursor) is None
    assert unseal("other", LIST, cursor) is None


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_changed_cursor_gives_nothing(at: int) -> None:
    cursor = seal(SECRET, LIST, "5f0c8a529d534a3b9a580d3a6c1a7f10")
    other = "A" if cursor[at] != "A" else "B"
    assert unseal(SECRET, LIST, cursor[:at] + other + cursor[at + 1 :]) is None


def test_a_bucket_empties_and_fills() -> None:
    limit = RateLimit(60)
    with time_machine.travel(NOW, tick=False) as clock:
        assert [limit.take("one") for _ in range(61)] == [0] * 60 + [1]
        assert limit.take("two") == 0
        clock.shift(timedelta(seconds=2))
        assert [limit.take("one") for _ in range(3)] == [0, 0, 1]
        clock.shift(timedelta(hours=1))
        assert [limit.take("one") for _ in range(61)].count(0) == 60


def test_callers_who_ask_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_limits, "MOST_CALLERS", 2)
    limit = RateLimit(1)
    with time_machine.travel(NOW, tick=False) as clock:
        assert [limit.take("one"), limit.take("two")] == [0, 0]
        clock.shift(timedelta(seconds=61))
        assert [limit.take("three"), limit.take("three")] == [0, 60]
        assert limit.callers == 1


def test_a_slow_bucket_says_how_long() -> None:
    limit = RateLimit(2)
    with time_machine.travel(NOW, tick=False) as clock:
        assert [limit.take("one") for _ in range(3)] == [0, 0, 30]
        clock.shift(timedelta(seconds=-100))
        assert limit.take("one") == 30
