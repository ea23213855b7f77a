"""The calendar of workshops: which days they work, and which days a plan can be about. Pure."""

from datetime import date, timedelta
from functools import lru_cache

# 国民の祝日に関する法律, as in force since 2022.
_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
# Month and which Monday of it.
_MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))
_SUNDAY = 6

# No day before this is one of this program; none so many years ahead can be planned for.
FIRST_DAY, MOST_YEARS = date(2000, 1, 1), 3


def monday_of(day: date) -> date:
    """The Monday of the week of this day."""
    return day - timedelta(days=day.weekday())


def latest_date(today: date) -> date:
    """The last day that anybody plans for."""
    return today + timedelta(days=365 * MOST_YEARS)


def plausible_date(day: date, today: date) -> bool:
    """Whether a day that somebody wrote may be one of a plan or a report. Days gone by may, since what is kept ages.

    A calendar has an end, and whatever reckons a few weeks further would fall over it: no other day gets that far.
    """
    return FIRST_DAY <= day <= latest_date(today)


def may_be_due(day: date, today: date) -> bool:
    """Whether parts can be asked for by that day."""
    return today <= day <= latest_date(today)


def closed_days(first: date, last: date) -> frozenset[date]:
    """Holidays and New Year's days from `first` to `last`, both counted. Good for the years 2022 to 2099."""
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in _closed_in(year) if first <= day <= last)


@lru_cache(maxsize=16)
def _closed_in(year: int) -> frozenset[date]:
    return national_holidays(year) | {date(year, month, day) for month, day in YEAR_END}


@lru_cache(maxsize=16)
def national_holidays(year: int) -> frozenset[date]:
    """The holidays of a year with the substitute days (振替休日) and the days between two holidays (国民の休日)."""
    days = {date(year, m, d) for m, d in _FIXED} | {_monday(year, m, nth) for m, nth in _MONDAYS}
    days |= {_equinox(year, 3, 20.8431), _equinox(year, 9, 23.2488)}
    between = {d + timedelta(1) for d in days if d + timedelta(2) in days and d + timedelta(1) not in days}
    return frozenset(days | {d for d in between if d.weekday() != _SUNDAY} | _substitutes(days))


def _monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((7 - first.weekday()) % 7 + 7 * (nth - 1))


def _equinox(year: int, month: int, base: float) -> date:
    """The formula of the National Astronomical Observatory's almanac for 1980 to 2099."""
    return date(year, month, int(base + 0.242194 * (year - 1980)) - (year - 1980) // 4)


def _substitutes(days: set[date]) -> set[date]:
    return {_next_free(day, days) for day in days if day.weekday() == _SUNDAY}


def _next_free(day: date, taken: set[date]) -> date:
    return next(d for n in range(1, 8) if (d := day + timedelta(n)) not in taken)


def first_working_day(day: date, closed: frozenset[date]) -> date:
    """`day` itself, or the next Monday to Friday that is not closed."""
    while day.weekday() >= 5 or day in closed:
        day += timedelta(1)
    return day


def is_working(day: date) -> bool:
    """Whether workshops work on this day: no weekend, no public holiday, not between the years."""
    return day.weekday() < 5 and day not in _closed_in(day.year)


def working_days(day: date, count: int) -> date:
    """The day so many working days after `day`, or before it where `count` is negative; `day` itself for none."""
    step, left = timedelta(1 if count > 0 else -1), abs(count)
    while left:
        day += step
        left -= is_working(day)
    return day
