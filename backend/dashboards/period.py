"""The time that a report is about: a month, a quarter, a fiscal year (April to March), or from day to day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.core import clock
from backend.core.days import read_date
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.i18n import language

FIRST_MONTH = 4
LONGEST = timedelta(days=366 * 5)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), clock.TOKYO)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), clock.TOKYO)

    @property
    def months(self) -> list[date]:
        """The first day of every month that the time touches."""
        found = [self.first.replace(day=1)]
        while (following := next_month(found[-1])) <= self.last:
            found.append(following)
        return found

    @property
    def words(self) -> str:
        """2026年4月1日から2027年3月31日, or 1 Apr 2026 to 31 Mar 2027."""
        return _("%(first)sから%(last)s", first=_said(self.first), last=_said(self.last))


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    return Period(first, next_month(first) - timedelta(days=1))


def fiscal_year_of(day: date) -> Period:
    """April to March, as wards count."""
    year = day.year if day.month >= FIRST_MONTH else day.year - 1
    return Period(date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1))


def named(today: date) -> dict[str, Period]:
    """The times people ask for most, by the name that stands in the address."""
    this_month = month_of(today)
    last_month = month_of(this_month.first - timedelta(days=1))
    this_year = fiscal_year_of(today)
    last_year = fiscal_year_of(this_year.first - timedelta(days=1))
    return {"month": this_month, "last-month": last_month, "year": this_year, "last-year": last_year}


def chosen(name: str, first: str, last: str, today: date) -> Period:
    """The time the address names. Days that cannot be are refused with the field.

    Raises:
        Invalid: a day cannot be read or has no case, the last lies before the first, or the time is longer than five
            years.
    """
    if not (first or last):
        return named(today).get(name, month_of(today))
    begin, end = _day(first, "first"), _day(last, "last")
    if end < begin:
        message = _("終わりの日を、始まりの日よりあとにしてください。")
        raise Invalid(message, {"last": message})
    if end - begin > LONGEST:
        message = _("5年までの期間を選んでください。")
        raise Invalid(message, {"last": message})
    return Period(begin, end)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language() == "ja" else f"{day.day} {day:%b %Y}"


def _day(text: str, field: str) -> date:
    day = read_date(text, field)
    if day is None:
        message = _("始まりの日と終わりの日を、両方書いてください。")
        raise Invalid(message, {field: message})
    return day
