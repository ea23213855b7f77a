"""The rules of capacity as truth tables."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.capacity import rules
from backend.capacity.rules import Asking, Freshness, Mark

TODAY = date(2026, 12, 1)  # a Tuesday
TUESDAY = 1


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (-3, Freshness.FRESH),
        (0, Freshness.FRESH),
        (14, Freshness.FRESH),
        (15, Freshness.AGEING),
        (28, Freshness.AGEING),
        (29, Freshness.STALE),
        (400, Freshness.STALE),
    ],
)
def test_an_answer_ages(age: int, state: Freshness) -> None:
    assert rules.freshness(ago(age), TODAY) is state


def test_no_answer_has_no_age_and_no_weight() -> None:
    assert rules.freshness(None, TODAY) is Freshness.NEVER
    assert rules.trust(None, TODAY) == 0.0


@pytest.mark.parametrize(("age", "weight"), [(-1, 1.0), (0, 1.0), (14, 0.5), (28, 0.25), (42, 0.125)])
def test_trust_halves_every_two_weeks(age: int, weight: float) -> None:
    assert rules.trust(ago(age), TODAY) == pytest.approx(weight)


def test_the_last_fresh_day_is_fresh_and_the_last_that_counts_is_not_stale() -> None:
    assert rules.freshness(TODAY, rules.fresh_until(TODAY)) is Freshness.FRESH
    assert rules.freshness(TODAY, rules.fresh_until(TODAY) + timedelta(days=1)) is Freshness.AGEING
    assert rules.freshness(TODAY, rules.counts_until(TODAY)) is Freshness.AGEING
    assert rules.freshness(TODAY, rules.counts_until(TODAY) + timedelta(days=1)) is Freshness.STALE


@pytest.mark.parametrize(
    ("hours", "mark"),
    [(0, "none"), (0.5, "little"), (9.9, "little"), (10, "free"), (19.9, "free"), (20, "plenty"), (400, "plenty")],
)
def test_the_mark_of_hours(hours: float, mark: str) -> None:
    assert rules.mark_of(hours) == mark


@pytest.mark.parametrize("chosen", list(Mark))
def test_a_mark_stands_for_hours_that_have_this_mark(chosen: Mark) -> None:
    assert rules.mark_of(rules.hours_for(chosen, None)) is chosen


@pytest.mark.parametrize(
    ("chosen", "before", "hours"),
    [
        (Mark.PLENTY, 36.0, 36.0),
        (Mark.FREE, 12.0, 12.0),
        (Mark.FREE, 36.0, 10.0),
        (Mark.NONE, 36.0, 0.0),
        (Mark.LITTLE, 0.0, 4.0),
    ],
)
def test_a_mark_confirms_a_figure_that_has_it(chosen: Mark, before: float, hours: float) -> None:
    assert rules.hours_for(chosen, before) == hours


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 30), date(2026, 11, 30)),
        (date(2026, 12, 3), date(2026, 11, 30)),
        (date(2026, 12, 4), date(2026, 12, 7)),
        (date(2026, 12, 6), date(2026, 12, 7)),
    ],
)
def test_the_weeks_asked_begin_with_the_one_that_still_matters(today: date, first: date) -> None:
    weeks = rules.weeks_asked(today)
    assert weeks[0] == first
    assert len(weeks) == 8
    assert {b - a for a, b in itertools.pairwise(weeks)} == {timedelta(weeks=1)}


@pytest.mark.parametrize("hours", [0.0, 0.5, 168.0])
def test_possible_hours(hours: float) -> None:
    assert rules.may_be_hours(hours)


@pytest.mark.parametrize("hours", [-0.1, float("nan"), float("inf"), 1e9])
def test_impossible_hours(hours: float) -> None:
    assert not rules.may_be_hours(hours)


@pytest.mark.parametrize(
    ("asking", "due"),
    [
        (Asking(None, None, None), False),
        (Asking(TUESDAY, None, None), True),
        (Asking(TUESDAY, ago(7), ago(7)), True),
        (Asking(TUESDAY, TODAY, None), False),
        (Asking(TUESDAY, None, TODAY), False),
        # The day before was its day, and nothing ran then.
        (Asking(0, ago(8), ago(8)), True),
        (Asking(0, ago(1), ago(8)), False),
        (Asking(0, ago(8), ago(1)), False),
        # Answered by itself the day before its day: it is asked a week later.
        (Asking(TUESDAY, ago(7), ago(1)), False),
        # The answer to the last asking is no reason to leave the next one out.
        (Asking(TUESDAY, ago(7), ago(6)), True),
        (Asking(TUESDAY, ago(7), ago(3)), True),
        (Asking(TUESDAY, ago(7), ago(2)), False),
        # Its day is tomorrow: what was missed six days ago is made up for.
        (Asking(2, ago(13), ago(13)), True),
        (Asking(2, ago(6), ago(13)), False),
    ],
)
def test_a_firm_is_asked_once_on_its_day(asking: Asking, due: bool) -> None:
    assert rules.is_due(asking, TODAY) is due


@pytest.mark.parametrize(
    ("weekday", "answered", "day"),
    [
        (None, None, None),
        (1, None, date(2026, 12, 8)),
        (2, ago(30), date(2026, 12, 2)),
        (0, None, date(2026, 12, 7)),
        (1, TODAY, date(2026, 12, 8)),
        # Answered today, asked tomorrow: the day is left out.
        (2, TODAY, date(2026, 12, 9)),
        (0, TODAY, date(2026, 12, 7)),
        (2, ago(6), date(2026, 12, 2)),
    ],
)
def test_the_next_day_of_asking_leaves_out_one_soon_after_the_answer(
    weekday: int | None, answered: date | None, day: date | None
) -> None:
    assert rules.next_asking(weekday, answered, TODAY) == day


@pytest.mark.parametrize(
    ("parts", "left", "shares"),
    [
        ({"a": 10.0, "b": 10.0}, 10.0, {"a": 5.0, "b": 5.0}),
        ({"a": 10.0, "b": 0.0}, 4.0, {"a": 4.0, "b": 0.0}),
        ({"a": 10.0}, 12.0, {"a": 10.0}),
        ({"a": 0.0}, 0.0, {"a": 0.0}),
        ({}, 5.0, {}),
    ],
)
def test_groups_give_in_proportion(parts: dict[str, float], left: float, shares: dict[str, float]) -> None:
    assert rules.share_out(parts, left) == shares


@given(st.integers(0, 99_999))
def test_a_code_has_a_check_digit(number: int) -> None:
    assert rules.is_code(rules.with_check_digit(f"{number:05d}"))


@given(st.integers(0, 99_999), st.integers(0, 5), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(number: int, place: int, by: int) -> None:
    code = rules.with_check_digit(f"{number:05d}")
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert not rules.is_code(wrong)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"])
def test_what_is_no_code(text: str) -> None:
    assert not rules.is_code(text)
