"""What the words of a date mean: functions from a match of the grammar and `today` to a day.

Conventions (Japanese business use): a week begins on Monday; a date without a year is the next one from `today`;
上旬, 中旬, 下旬 end on the 10th, the 20th and the last day; 「今週中」 in working life ends on Friday.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, timedelta

from matching.days import working_days
from matching.understanding.numbers import english_number, number

Match = re.Match[str]
Reader = Callable[[Match, date], date | None]
Row = tuple[re.Pattern[str], Reader, bool]

N = r"(?:(?<!\d)\d{1,3}|[一二三四五六七八九十]{1,3})"
WEEKDAYS = "月火水木金土日"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAME = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?"
_PARTS = {
    "上旬": 10,
    "初旬": 10,
    "頭": 10,
    "初め": 10,
    "始め": 10,
    "はじめ": 10,
    "初": 10,
    "あたま": 10,
    "前半": 15,
    "半ば": 15,
    "なかば": 15,
    "中頃": 15,
    "中ごろ": 15,
    "中ころ": 15,
    "なかごろ": 15,
    "なか頃": 15,
    "真ん中": 15,
    "中旬": 20,
    "early": 10,
    "beginning of": 10,
    "the beginning of": 10,
    "start of": 10,
    "mid": 15,
    "middle of": 15,
    "the middle of": 15,
}
PART = (
    r"(?P<part>上旬|初旬|中旬|下旬|末日?|いっぱい|一杯|中に|中(?=[。、\s)希納まで]|くらい|ぐらい|$)|終わり|おわり|頭|初め|"
    r"始め|はじめ|あたま|半ば|なかば|中頃|中ごろ|中ころ|なかごろ|なか頃|真ん中|前半|後半|内)"
)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _next(today: date, month: int, day: int) -> date | None:
    """The next such day from `today` on; 2月29日 falls on the 28th where there is no 29th. No month has a 32nd."""
    found = (_in_year(year, month, day) for year in (today.year, today.year + 1))
    return next((this for this in found if this is not None and this >= today), None)


def _in_year(year: int, month: int, day: int) -> date | None:
    return _day(year, month, 28 if (month, day) == (2, 29) and not isleap(year) else day)


def _shifted(today: date, months: int) -> tuple[int, int]:
    total = today.year * 12 + today.month - 1 + months
    return total // 12, total % 12 + 1


def _in_month(year: int, month: int, part: str) -> date:
    return date(year, month, _PARTS[part]) if part in _PARTS else _last(year, month)


def _year(words: str | None, today: date) -> int | None:
    if not words:
        return None
    if words in ("今年", "本年"):
        return today.year
    if words in ("来年", "翌年", "明年"):
        return today.year + 1
    value = int(number(words.rstrip("年")))
    return value + 2000 if value < 100 else value


def full(match: Match, today: date) -> date | None:
    month, day = int(number(match["m"])), int(number(match["d"]))
    year = _year(match["y"], today)
    return _day(year, month, day) if year else _next(today, month, day)


def reiwa(match: Match, _today: date) -> date | None:
    year = 1 if match["y"] == "元" else int(number(match["y"]))
    return _day(2018 + year, int(number(match["m"])), int(number(match["d"])))


def month_part(match: Match, today: date) -> date | None:
    month = int(number(match["m"]))
    if not 1 <= month <= 12:
        return None
    year = _year(match["y"], today) or today.year
    found = _in_month(year, month, match["part"])
    return found if found >= today or match["y"] else _in_month(year + 1, month, match["part"])


_RELATIVE_MONTH = {"今月": 0, "当月": 0, "来月": 1, "翌月": 1, "再来月": 2}


def relative_month(match: Match, today: date) -> date | None:
    year, month = _shifted(today, _RELATIVE_MONTH[match["rel"]])
    if match["d"]:
        return _day(year, month, int(number(match["d"])))
    return _in_month(year, month, match["part"] or "末")


def month_end(_match: Match, today: date) -> date:
    return _last(today.year, today.month)


_RELATIVE_WEEK = {"今週": 0, "来週": 1, "翌週": 1, "再来週": 2, "さ来週": 2, "this": 0, "next": 1, "week after next": 2}


def _week_day(today: date, weeks: int, weekday: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks + weekday)


def nth_week(match: Match, today: date) -> date | None:
    """「1月の最終金曜」「2月第3週」: the weekday counted in its month, a week standing for its Friday."""
    month = int(number(match["m"]))
    if not 1 <= month <= 12:
        return None
    year = today.year + (month < today.month)
    if match["nth"] == "最終" and not match["w"]:
        return _last(year, month)
    weekday = WEEKDAYS.index(match["w"]) if match["w"] else 4
    days = [d for i in range(monthrange(year, month)[1]) if (d := date(year, month, i + 1)).weekday() == weekday]
    nth = -1 if match["nth"] == "最終" else int(number(match["nth"][1:])) - 1
    return days[nth] if nth < len(days) else None


def relative_week(match: Match, today: date) -> date:
    weekday = (
        WEEKDAYS.index(match["w"])
        if match["w"]
        else {"頭": 0, "初": 0, "明": 0, "半": 2}.get((match["part"] or " ")[0], 4)
    )
    return _week_day(today, _RELATIVE_WEEK[match["rel"]], weekday)


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def weekday(match: Match, today: date) -> date:
    return _next_weekday(today, WEEKDAYS.index(match["w"]))


def next_monday(_match: Match, today: date) -> date:
    return _week_day(today, 1, 0)


def friday(_match: Match, today: date) -> date:
    return _next_weekday(today, 4)


def _months_on(today: date, months: int) -> date:
    year, month = _shifted(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _after(today: date, count: float, unit: str) -> date | None:
    if count > 1000:
        return None
    if unit.startswith(("営業", "実働", "working", "business")):
        return working_days(today, int(count))
    if unit.startswith(("週", "week", "wk")):
        return today + timedelta(days=round(7 * count))
    if unit.startswith(("日", "day")):
        return today + timedelta(days=int(count))
    return _months_on(today, int(count * (12 if unit.startswith(("年", "year")) else 1)))


def period(match: Match, today: date) -> date | None:
    if match["n"] == "半":
        return today + timedelta(days=15) if match["unit"] == "月" else _months_on(today, 6)
    return _after(today, number(match["n"]), match["unit"])


def english_period(match: Match, today: date) -> date | None:
    words = match["n"]
    count = number(words) if words[0].isdigit() else 1.0 if words in ("a", "one") else english_number(words)
    return _after(today, 2.0 if words == "a couple of" else count, match["unit"])


def day_only(match: Match, today: date) -> date | None:
    day = int(number(match["d"]))
    if not 1 <= day <= 31:
        return None
    year, month = (today.year, today.month) if day >= today.day else _shifted(today, 1)
    return _day(year, month, day)


def fixed(month: int, day: int) -> Reader:
    return lambda _match, today: _next(today, month, day)


def in_days(days: int) -> Reader:
    return lambda _match, today: today + timedelta(days=days)


def _month_of(match: Match) -> int:
    return _MONTHS.index(match["month"][:3]) + 1


def english_date(match: Match, today: date) -> date | None:
    day = int(match["d"])
    if match["y"]:
        return _day(int(match["y"]), _month_of(match), day)
    return _next(today, _month_of(match), day)


def english_part(match: Match, today: date) -> date | None:
    part, month = match["part"].replace("-", " ").strip(), _month_of(match)
    if part == "before":
        return _before_month(today, month)
    year = int(match["y"]) if match["y"] else today.year
    found = _in_month(year, month, part)
    return found if found >= today or match["y"] else _in_month(year + 1, month, part)


def _before_month(today: date, month: int) -> date | None:
    first = _next(today, month, 1)
    return first - timedelta(days=1) if first else None


def english_month_end(match: Match, today: date) -> date:
    return _last(*_shifted(today, 1 if match["rel"] == "next" else 0))


def english_weekday(match: Match, today: date) -> date:
    weekday = _DAYS.index(match["weekday"][:3])
    if "next" in (match["rel"], match["week"]):
        return _week_day(today, 1, weekday)
    return _next_weekday(today, weekday)


def english_week_end(match: Match, today: date) -> date:
    weeks = 2 if "after" in match.group() else _RELATIVE_WEEK.get(match["rel"] or "this", 0)
    return _week_day(today, weeks, 4)


def day_or_month_first(match: Match, today: date) -> date | None:
    first, second = int(match["m"]), int(match["d"])
    return _next(today, second, first) if first > 12 else _next(today, first, second)
