"""The days on which nobody works, and those that a plan can be about."""

from datetime import date, timedelta

import pytest

from matching.days import (
    closed_days,
    first_working_day,
    is_working,
    latest_date,
    may_be_due,
    national_holidays,
    plausible_date,
    working_days,
)


def test_the_holidays_of_2026_are_those_of_the_cabinet_office() -> None:
    days = "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123"
    assert national_holidays(2026) == {date(2026, int(d[:2]), int(d[2:])) for d in days.split()}


def test_a_sunday_holiday_moves_to_the_next_free_day() -> None:
    assert date(2027, 3, 22) in national_holidays(2027)


def test_workshops_are_closed_around_new_year() -> None:
    closed = closed_days(date(2026, 12, 25), date(2027, 1, 5))
    assert closed == {date(2026, 12, d) for d in (29, 30, 31)} | {date(2027, 1, d) for d in (1, 2, 3)}


def test_work_begins_on_the_next_open_day() -> None:
    closed = closed_days(date(2026, 12, 1), date(2027, 1, 31))
    assert first_working_day(date(2026, 12, 29), closed) == date(2027, 1, 4)
    assert first_working_day(date(2026, 12, 1), closed) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 12, 25), 5, date(2027, 1, 7)),
        (date(2026, 12, 25), 0, date(2026, 12, 25)),
        (date(2026, 12, 7), -1, date(2026, 12, 4)),
        (date(2027, 1, 4), -1, date(2026, 12, 28)),
        (date(2026, 12, 5), 1, date(2026, 12, 7)),
        (date(2026, 5, 2), 1, date(2026, 5, 7)),
    ],
)
def test_working_days_are_counted_both_ways(day: date, count: int, expected: date) -> None:
    assert working_days(day, count) == expected
    assert count == 0 or is_working(expected)


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2029, 12, 1), date.max])
def test_no_plan_is_about_such_a_day(day: date) -> None:
    today = date(2026, 12, 1)
    assert not plausible_date(day, today)
    assert not may_be_due(day, today)
    assert plausible_date(latest_date(today), today)
    assert plausible_date(today - timedelta(days=400), today)
    assert not may_be_due(today - timedelta(days=1), today)
