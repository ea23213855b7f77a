"""The grammar of dates: each pattern with the function that turns a match and `today` into a day.

Conventions (Japanese business use): a week begins on Monday; a date without a year is the next one from `today`;
上旬, 中旬, 下旬 end on the 10th, the 20th and the last day; "within a week" and 「今週中」 of working life end on Friday.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from matching.understanding.numbers import ENGLISH, english_number, number

Match = re.Match[str]
Reader = Callable[[Match, date], date | None]
Row = tuple[re.Pattern[str], Reader, bool]

_N = r"(?:(?<!\d)\d{1,3}|[一二三四五六七八九十]{1,3})"
_WEEKDAYS = "月火水木金土日"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAME = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?"
_PARTS = {
    "上旬": 10, "初旬": 10, "頭": 10, "初め": 10, "始め": 10, "はじめ": 10, "初": 10, "あたま": 10, "前半": 15, "半ば": 15,
    "なかば": 15, "中頃": 15, "中ごろ": 15, "中旬": 20,
    "early": 10, "beginning of": 10, "the beginning of": 10, "start of": 10, "mid": 15, "middle of": 15, "the middle of": 15,
}  # fmt: skip
_PART = r"(?P<part>上旬|初旬|中旬|下旬|末日?|いっぱい|一杯|中に|中(?=[。、\s)希納まで]|$)|頭|初め|始め|はじめ|あたま|半ば|なかば|中頃|中ごろ|前半|後半|内)"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _next(today: date, month: int, day: int) -> date | None:
    """The next such day from `today` on; 2月29日 falls on the 28th where there is no 29th."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    this = _day(today.year, month, min(day, monthrange(today.year, month)[1]))
    if this is not None and this >= today:
        return this
    return _day(today.year + 1, month, min(day, monthrange(today.year + 1, month)[1]))


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


def _full(match: Match, today: date) -> date | None:
    month, day = int(number(match["m"])), int(number(match["d"]))
    year = _year(match["y"], today)
    return _day(year, month, day) if year else _next(today, month, day)


def _reiwa(match: Match, _today: date) -> date | None:
    year = 1 if match["y"] == "元" else int(number(match["y"]))
    return _day(2018 + year, int(number(match["m"])), int(number(match["d"])))


def _month_part(match: Match, today: date) -> date | None:
    month = int(number(match["m"]))
    if not 1 <= month <= 12:
        return None
    year = _year(match["y"], today) or today.year
    found = _in_month(year, month, match["part"])
    return found if found >= today or match["y"] else _in_month(year + 1, month, match["part"])


_RELATIVE_MONTH = {"今月": 0, "当月": 0, "来月": 1, "翌月": 1, "再来月": 2}


def _relative_month(match: Match, today: date) -> date | None:
    year, month = _shifted(today, _RELATIVE_MONTH[match["rel"]])
    if match["d"]:
        return _day(year, month, int(number(match["d"])))
    return _in_month(year, month, match["part"] or "末")


def _month_end(_match: Match, today: date) -> date:
    return _last(today.year, today.month)


_RELATIVE_WEEK = {"今週": 0, "来週": 1, "翌週": 1, "再来週": 2, "さ来週": 2, "this": 0, "next": 1, "week after next": 2}


def _week_day(today: date, weeks: int, weekday: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks + weekday)


def _relative_week(match: Match, today: date) -> date:
    weekday = _WEEKDAYS.index(match["w"]) if match["w"] else {"頭": 0, "初": 0, "明": 0, "半": 2}.get((match["part"] or " ")[0], 4)
    return _week_day(today, _RELATIVE_WEEK[match["rel"]], weekday)


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _weekday(match: Match, today: date) -> date:
    return _next_weekday(today, _WEEKDAYS.index(match["w"]))


def _next_monday(_match: Match, today: date) -> date:
    return _week_day(today, 1, 0)


def _friday(_match: Match, today: date) -> date:
    return _next_weekday(today, 4)


def _working_days(today: date, count: int) -> date:
    day = today
    for _ in range(min(count, 400)):
        day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def _months_on(today: date, months: int) -> date:
    year, month = _shifted(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _after(today: date, count: float, unit: str) -> date | None:
    if count > 1000:
        return None
    if unit.startswith(("営業", "実働", "working", "business")):
        return _working_days(today, int(count))
    if unit.startswith(("週", "week", "wk")):
        return today + timedelta(days=round(7 * count))
    if unit.startswith(("日", "day")):
        return today + timedelta(days=int(count))
    return _months_on(today, int(count * (12 if unit.startswith(("年", "year")) else 1)))


def _period(match: Match, today: date) -> date | None:
    if match["n"] == "半":
        return today + timedelta(days=15) if match["unit"] == "月" else _months_on(today, 6)
    return _after(today, number(match["n"]), match["unit"])


def _english_period(match: Match, today: date) -> date | None:
    words = match["n"]
    count = number(words) if words[0].isdigit() else 1.0 if words in ("a", "one") else english_number(words)
    return _after(today, 2.0 if words == "a couple of" else count, match["unit"])


def _day_only(match: Match, today: date) -> date | None:
    day = int(number(match["d"]))
    if not 1 <= day <= 31:
        return None
    year, month = (today.year, today.month) if day >= today.day else _shifted(today, 1)
    return _day(year, month, day)


def _fixed(month: int, day: int) -> Reader:
    return lambda _match, today: _next(today, month, day)


def _in_days(days: int) -> Reader:
    return lambda _match, today: today + timedelta(days=days)


def _month_of(match: Match) -> int:
    return _MONTHS.index(match["month"][:3]) + 1


def _english_date(match: Match, today: date) -> date | None:
    day = int(match["d"])
    if match["y"]:
        return _day(int(match["y"]), _month_of(match), day)
    return _next(today, _month_of(match), day)


def _english_part(match: Match, today: date) -> date | None:
    part, month = match["part"].replace("-", " ").strip(), _month_of(match)
    if part == "before":
        return _before_month(today, month)
    year = int(match["y"]) if match["y"] else today.year
    found = _in_month(year, month, part)
    return found if found >= today or match["y"] else _in_month(year + 1, month, part)


def _before_month(today: date, month: int) -> date | None:
    first = _next(today, month, 1)
    return first - timedelta(days=1) if first else None


def _english_month_end(match: Match, today: date) -> date:
    return _last(*_shifted(today, 1 if match["rel"] == "next" else 0))


def _english_weekday(match: Match, today: date) -> date:
    weekday = _DAYS.index(match["weekday"][:3])
    if "next" in (match["rel"], match["week"]):
        return _week_day(today, 1, weekday)
    return _next_weekday(today, weekday)


def _english_week_end(match: Match, today: date) -> date:
    weeks = 2 if "after" in match.group() else _RELATIVE_WEEK.get(match["rel"] or "this", 0)
    return _week_day(today, weeks, 4)


def _day_or_month_first(match: Match, today: date) -> date | None:
    first, second = int(match["m"]), int(match["d"])
    return _next(today, second, first) if first > 12 else _next(today, first, second)


_YEAR = r"(?:(?P<y>\d{4}年|\d{2}年|二〇[一二三四五六七八九〇]{2}年|今年|本年|来年|翌年|明年)の?\s?)?"
_SLASH_END = r"(?![\d/.%]|\s?(?:インチ|inch|in\b|\"|スケール|scale|縮尺|サイズ|mm|ミリ|の大きさ|以下|ワット|w\b|台|程度の|の力|npt|unc|unf|rc\b|pt\b))"
_DUE = r"(?=\s?[ごぐ]?[ろら]?い?(?:まで|迄|必着|納|に(?:は)?(?:欲|ほ|必|納|受|届|手)|中|以内|いっぱい|着|希望|締|〆))"

PATTERNS: tuple[Row, ...] = tuple(
    (re.compile(pattern), reader, sure)
    for pattern, reader, sure in (
        (rf"(?<![a-z])(?:令和|r)\s?(?P<y>元|{_N})[年./-]\s?(?P<m>{_N})[月./-]\s?(?P<d>{_N})日?", _reiwa, False),
        (rf"{_YEAR}(?P<m>{_N})\s?月\s?(?P<d>{_N})\s?日", _full, False),
        (r"(?<![\d.])(?P<y>20\d{2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d)", _full, False),
        (r"(?<![\d./-])(?P<y>2[6-9]|3\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])", _full, False),
        (rf"(?<![\da-z./×±φ-])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){_SLASH_END}", _day_or_month_first, False),
        (rf"{_YEAR}(?P<m>{_N})\s?月の?{_PART}", _month_part, False),
        (rf"{_YEAR}(?P<m>{_N})\s?月(?P<part>)(?=ごろ|頃|まで|納|希望)", _month_part, False),
        (rf"(?P<rel>再来月|来月|翌月|今月|当月)(?:の?(?:(?P<d>{_N})日|{_PART}))", _relative_month, False),
        (rf"(?P<rel>再来月|来月|翌月|今月|当月)(?P<d>)(?P<part>){_DUE}", _relative_month, False),
        (r"(?<![一-龥\d])月末", _month_end, False),
        (r"年内|年末(?!調整)|今年中|今年いっぱい|本年中|大晦日", _fixed(12, 31), False),
        (r"(?:今)?年度(?:内|末|中)|(?<![\d])3月期末|三月期末|今期中|期末", _fixed(3, 31), False),
        (r"クリスマス(?:イブ|イヴ)|クリスマス(?:の)?前|christmas eve|before christmas|before xmas", _fixed(12, 24), False),
        (r"クリスマス|\bchristmas\b|\bxmas\b", _fixed(12, 25), False),
        (r"バレンタイン(?:デー)?|\bvalentine'?s?(?: day)?\b", _fixed(2, 14), False),
        (r"ホワイトデー", _fixed(3, 14), False),
        (r"ひな祭り|雛祭り", _fixed(3, 3), False),
        (r"(?:お)?正月(?:休み)?(?:の)?前|仕事納め", _fixed(12, 28), False),
        (r"(?:gw|ゴールデンウィーク|ゴールデンウイーク|大型連休)(?:の)?前", _fixed(4, 28), False),
        (r"(?:お)?盆(?:休み)?(?:の)?前", _fixed(8, 10), False),
        (rf"(?P<rel>さ来週|再来週|来週|翌週|今週)(?:の|\s)?(?:(?P<w>[{_WEEKDAYS}])(?:曜日?|(?=まで|[)）。、]))"
         r"|(?P<part>末|中|いっぱい|一杯|頭|明け|初め|はじめ|半ば|前半|後半))", _relative_week, False),
        (rf"(?P<rel>再来週|来週|今週)(?P<w>)(?P<part>){_DUE}", _relative_week, False),
        (rf"(?<![週の日月])(?:次の|今度の|この)?(?P<w>[{_WEEKDAYS}])曜日?", _weekday, False),
        (r"週明け", _next_monday, False),
        (r"(?<![今来翌])週末", _friday, False),
        (r"明後日|あさって|\bday after tomorrow\b", _in_days(2), False),
        (r"明日|あした|\btomorrow\b", _in_days(1), False),
        (r"本日中|今日中|\btoday\b", _in_days(0), False),
        (rf"(?P<n>{_N}|半)\s?(?P<unit>営業日|実働日?|週間?|日間?|[かヶケカヵ箇ヵ]月間?|月(?=以内|ほど|くらい)|年)\s?(?:ほど|程度|くらい|ぐらい|位)?(?:以内|後|で(?=[^はもき]))", _period, True),
        (rf"(?<=納期)[はが:\s]{{0,2}}(?:約)?(?P<n>{_N}|半)\s?(?P<unit>営業日|週間?|日間?|[かヶケカヵ箇ヵ]月間?|月(?=以内|ほど|くらい))", _period, True),
        (rf"(?<![月\d月])(?P<d>{_N})日{_DUE}", _day_only, False),
        (rf"\b{_MONTH}\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s?(?P<y>20\d{{2}})(?!\d))?", _english_date, False),
        (rf"(?<![\d.])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?:of\s)?{_MONTH}(?:,?[\s-]?(?P<y>20\d{{2}})(?!\d))?", _english_date, False),
        (rf"\b(?P<part>(?:the )?(?:beginning|start|middle|end) of|early|mid|late|before)[\s-](?:in )?{_MONTH}(?! \d{{1,2}}(?!\d))(?: (?P<y>20\d{{2}}))?",
         _english_part, False),
        (rf"\b(?P<part>)(?:by|in|during|within|sometime in) {_MONTH}(?! ?\d{{1,2}}(?!\d))(?:,? (?P<y>20\d{{2}}))?", _english_part, False),
        (r"\bend of (?:the |this )?(?P<rel>next)? ?month\b|\b(?P<rel2>this) month\b|\bmonth[- ]end\b", _english_month_end, False),
        (r"\b(?P<rel>next) month\b", _english_month_end, False),
        (r"\bend of (?:the |this )?year\b|\byear[- ]end\b|\bthis year\b|\beoy\b|\bbefore (?:the )?new year'?s?\b|\bnew year'?s eve\b|\byear's end\b",
         _fixed(12, 31), False),
        (rf"\b(?P<rel>this coming|this|next|coming)? ?{_DAY_NAME}(?:(?: of)? (?P<week>this|next) week)?", _english_weekday, False),
        (r"\b(?:end of |during |within |later )?(?:the )?(?P<rel>this|next) week\b|\bend of the week\b|\bweek after next\b",
         _english_week_end, False),
        (rf"\b(?:within|in|inside|over)(?: the)?(?: next| about| around| roughly| approximately)?(?: the)? (?P<n>\d{{1,3}}|a couple of|{ENGLISH}|a|one)[\s-]?(?P<unit>(?:working |business )?(?:days?|weeks?|wks?|months?|years?))(?![a-z])",
         _english_period, True),
        (rf"(?<![\w.])(?P<n>\d{{1,3}}|{ENGLISH})[\s-](?P<unit>(?:working |business )?(?:days?|weeks?|wks?|months?))(?:'|s')?(?: from now| lead[- ]?time| turnaround| time\b| delivery| aro\b| or less| at most| max)",
         _english_period, True),
        (rf"\b(?:lead time|turnaround|delivery)(?: of| is|:)? (?:about )?(?P<n>\d{{1,3}}|{ENGLISH})[\s-](?P<unit>(?:working |business )?(?:days?|weeks?|months?))(?![a-z])",
         _english_period, True),
    )
)  # fmt: skip
