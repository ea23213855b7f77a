"""The days on which nobody works."""

from datetime import date

from matching.routing.holidays import closed_days, first_working_day, national_holidays


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
