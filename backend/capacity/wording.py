"""Days and weeks as people say them."""

from datetime import date, timedelta

from backend.capacity.rules import age_days
from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.core.templating import WEEKDAYS_JA, short_date
from matching.days import YEAR_END, national_holidays


def day_words(day: date) -> str:
    """12月15日(火), or Tue 15 December."""
    if language() == "ja":
        return f"{day.month}月{day.day}日({WEEKDAYS_JA[day.weekday()]})"
    return f"{day:%a} {day.day} {day:%B}"


def week_words(monday: date) -> str:
    """12/7〜11, or 7–11 Dec; 12/28〜1/1, or 28 Dec – 1 Jan, across the end of a month."""
    friday = monday + timedelta(days=4)
    within = friday.month == monday.month
    if language() == "ja":
        return f"{short_date(monday)}〜{friday.day if within else short_date(friday)}"
    return f"{monday.day}–{short_date(friday)}" if within else f"{short_date(monday)} – {short_date(friday)}"


def week_note(monday: date) -> str:
    """What is special about the working days of a week: the turn of the year, or a holiday."""
    days = [monday + timedelta(days=n) for n in range(5)]
    if any((day.month, day.day) in YEAR_END for day in days):
        return _("年末年始")
    off = [day.day for day in days if day in national_holidays(day.year)]
    if not off:
        return ""
    if language() == "ja":
        return _("%(days)s日は祝日", days="・".join(map(str, off)))
    return _("%(days)s日は祝日", days=", ".join(map(str, off)))


def age_words(declared: date, today: date) -> str:
    """今日の答え, きのうの答え, 12日前の答え."""
    age = age_days(declared, today)
    if age == 0:
        return _("今日の答え")
    return _("きのうの答え") if age == 1 else _("%(n)s日前の答え", n=age)


def hours_words(hours: float) -> str:
    return f"{hours:g}"
