"""The grammar of dates: each pattern with the function that gives its day, and whether it is surely a delivery time."""

import re

from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE, ABOUT_WHEN
from matching.understanding.calendar_words import (
    DAY_NAME,
    MONTH,
    PART,
    WEEKDAYS,
    N,
    Row,
    day_only,
    day_or_month_first,
    english_date,
    english_month_end,
    english_part,
    english_period,
    english_week_end,
    english_weekday,
    fixed,
    friday,
    full,
    in_days,
    month_end,
    month_part,
    next_monday,
    nth_week,
    period,
    reiwa,
    relative_month,
    relative_week,
    weekday,
)
from matching.understanding.numbers import ENGLISH

_YEAR = r"(?:(?P<y>\d{4}年|\d{2}年|二〇[一二三四五六七八九〇]{2}年|今年|本年|来年|翌年|明年)の?\s?)?"
_SLASH_END = (
    r"(?![\d/%]|\.\d|\s?(?:インチ|inch|in\b|\"|スケール|scale|縮尺|サイズ|mm|ミリ|の大きさ|以下|"
    r"ワット|w\b|台|程度の|の力|npt|unc|unf|rc\b|pt\b))"
)
_DUE = (
    rf"(?=\s?(?:[(]?[月火水木金土日]曜?日?[)]?)?(?:の?(?:搬入|納品|設営))?{ABOUT_WHEN}?"
    r"(?:まで|迄|必着|納|に(?:は)?(?:欲|ほ|必|納|受|届|手)|中|以内|いっぱい|着|希望|締|〆))"
)

PATTERNS: tuple[Row, ...] = tuple(
    (re.compile(pattern), reader, sure)
    for pattern, reader, sure in (
        (rf"(?<![a-z])(?:令和|r)\s?(?P<y>元|{N})[年./-]\s?(?P<m>{N})[月./-]\s?(?P<d>{N})日?", reiwa, False),
        # 「1月中旬の15日」: the day corrects the part of the month.
        (rf"{_YEAR}(?P<m>{N})\s?月の?(?:上旬|初旬|中旬|下旬)(?:の|、)\s?(?P<d>{N})\s?日", full, False),
        (rf"{_YEAR}(?P<m>{N})\s?月\s?(?P<d>{N})\s?日", full, False),
        (r"(?<![\d.])(?P<y>20\d{2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d)", full, False),
        (r"(?<![\d./-])(?P<y>2[6-9]|3\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])", full, False),
        (rf"(?<![\da-z./×±φ-])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}}){_SLASH_END}", day_or_month_first, False),
        (rf"(?P<m>{N})\s?月の?(?P<nth>最終|第[1-5一二三四五])の?(?:(?P<w>[{WEEKDAYS}])曜日?|週)", nth_week, False),
        (rf"{_YEAR}(?P<m>{N})\s?月の?{PART}", month_part, False),
        (r"(?<![\d/])(?P<y>)(?P<m>\d{1,2})/(?P<part>末|上旬|中旬|下旬)", month_part, False),
        (rf"{_YEAR}(?P<m>{N})\s?月(?P<part>)(?=ごろ|頃|まで|納|希望)", month_part, False),
        (rf"(?P<rel>再来月|来月|翌月|今月|当月)(?:の?(?:(?P<d>{N})日|{PART}))", relative_month, False),
        (rf"(?P<rel>再来月|来月|翌月|今月|当月)(?P<d>)(?P<part>){_DUE}", relative_month, False),
        (r"(?<![一-龥\d])月(?:末|内)", month_end, False),
        (r"年内|年末(?!調整)|今年中|今年いっぱい|本年中|大晦日", fixed(12, 31), False),
        (r"(?:今)?年度(?:内|末|中)|(?<![\d])3月期末|三月期末|今期中|期末", fixed(3, 31), False),
        (
            r"クリスマス(?:イブ|イヴ)|クリスマス(?:の)?前|christmas eve|before christmas|before xmas",
            fixed(12, 24),
            False,
        ),
        (r"クリスマス|\bchristmas\b|\bxmas\b", fixed(12, 25), False),
        (r"バレンタイン(?:デー)?|\bvalentine'?s?(?: day)?\b", fixed(2, 14), False),
        (r"ホワイトデー", fixed(3, 14), False),
        (r"ひな祭り|雛祭り", fixed(3, 3), False),
        (r"(?:お)?正月(?:休み)?(?:の)?前|仕事納め", fixed(12, 28), False),
        (r"(?:gw|ゴールデンウィーク|ゴールデンウイーク|大型連休)(?:の)?前", fixed(4, 28), False),
        (r"(?:お)?盆(?:休み)?(?:の)?前", fixed(8, 10), False),
        (
            (
                rf"(?P<rel>さ来週|再来週|来週|翌週|今週)(?:の|\s)?(?:(?P<w>[{WEEKDAYS}])(?:曜日?|(?=まで|[)）。、]))"
                r"|(?P<part>末|中|いっぱい|一杯|頭|明け|初め|はじめ|半ば|前半|後半))"
            ),
            relative_week,
            False,
        ),
        (rf"(?P<rel>再来週|来週|今週)(?P<w>)(?P<part>){_DUE}", relative_week, False),
        (rf"(?<![週の日月])(?:次の|今度の|この)?(?P<w>[{WEEKDAYS}])曜日?", weekday, False),
        (r"週明け", next_monday, False),
        (r"(?<![今来翌])週末", friday, False),
        (r"明後日|あさって|\bday after tomorrow\b", in_days(2), False),
        (r"明日|あした|\btomorrow\b", in_days(1), False),
        (r"一両日(?:中|以内)", in_days(2), True),
        # 「二、三日中に」 is no day of the month.
        (
            r"(?<![\d月十])(?:[一二三四五六七八1-8][、,・~-]\s?|[一二三四五六七八])(?P<n>[二三四五六七八九2-9])(?P<unit>日)(?:中に|うちに|以内)",
            period,
            True,
        ),
        (r"本日中|今日中|\btoday\b", in_days(0), False),
        (
            (
                rf"(?P<n>{N}|半)\s?(?P<unit>営業日|実働日?|週間?|日間?|[かヶケカヵ箇ヵ]月間?|月(?=以内|{ABOUT_AFTER})|年)\s?{ABOUT_AFTER}?(?:以内|後|で(?=[^はもき]|$))"
            ),
            period,
            True,
        ),
        (
            (
                rf"(?<=納期)[はが:\s]{{0,2}}{ABOUT_BEFORE}?\s?(?P<n>{N}|半)\s?(?P<unit>営業日|週間?|日間?|"
                rf"[かヶケカヵ箇ヵ]月間?|月(?=以内|{ABOUT_AFTER}))"
            ),
            period,
            True,
        ),
        (rf"(?<![月\d月])(?P<d>{N})日{_DUE}", day_only, False),
        (
            rf"\b{MONTH}\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s?(?P<y>20\d{{2}})(?!\d))?",
            english_date,
            False,
        ),
        (
            (
                rf"(?<![\d.])(?P<d>\d{{1,2}})(?:st|nd|rd|"
                rf"th)?[\s-](?:of\s)?{MONTH}(?:,?[\s-]?(?P<y>20\d{{2}})(?!\d))?"
            ),
            english_date,
            False,
        ),
        (
            (
                rf"\b(?P<part>(?:the )?(?:beginning|start|middle|end) of|early|mid|late|"
                rf"before)[\s-](?:in )?{MONTH}(?! \d{{1,2}}(?!\d))(?: (?P<y>20\d{{2}}))?"
            ),
            english_part,
            False,
        ),
        (
            (
                rf"\b(?P<part>)(?:by|in|during|within|"
                rf"sometime in) {MONTH}(?! ?\d{{1,2}}(?!\d))(?:,? (?P<y>20\d{{2}}))?"
            ),
            english_part,
            False,
        ),
        (
            r"\bend of (?:the |this )?(?P<rel>next)? ?month\b|\b(?P<rel2>this) month\b|\bmonth[- ]end\b",
            english_month_end,
            False,
        ),
        (r"\b(?P<rel>next) month\b", english_month_end, False),
        (
            (
                r"\bend of (?:the |this )?year\b|\byear[- ]end\b|\bthis year\b|\beoy\b|"
                r"\bbefore (?:the )?new year'?s?\b|\bnew year'?s eve\b|\byear's end\b"
            ),
            fixed(12, 31),
            False,
        ),
        (
            (
                rf"\b(?P<rel>this coming|this|next|coming)? ?{DAY_NAME}(?:(?: of)? (?P<week>this|"
                rf"next) week)?"
            ),
            english_weekday,
            False,
        ),
        (
            (
                r"\b(?:end of |during |within |later )?(?:the )?(?P<rel>this|next) week\b|"
                r"\bend of the week\b|\bweek after next\b"
            ),
            english_week_end,
            False,
        ),
        (
            (
                rf"\b(?:within|in|inside|over)(?: the)?(?: next| {ABOUT_BEFORE})?(?: the)?"
                rf" (?:(?:\d{{1,2}}|{ENGLISH}) ?(?:-|to|or) ?)?(?P<n>\d{{1,3}}|a couple of|{ENGLISH}|a|"
                rf"one)[\s-]?(?P<unit>(?:working |business )?(?:days?|weeks?|wks?|months?|years?))(?![a-z])"
            ),
            english_period,
            True,
        ),
        (
            (
                rf"(?<![\w.])(?P<n>\d{{1,3}}|{ENGLISH})[\s-](?P<unit>(?:working |business )?(?:days?|weeks?|"
                rf"wks?|months?))(?:'|s')?(?: from now| lead[- ]?time| turnaround| time\b| delivery| aro\b|"
                rf" or less| at most| max)"
            ),
            english_period,
            True,
        ),
        (
            (
                rf"\b(?:lead time|turnaround|delivery)(?: of| is|:)? (?:{ABOUT_BEFORE} )?(?P<n>\d{{1,3}}|"
                rf"{ENGLISH})[\s-](?P<unit>(?:working |business )?(?:days?|weeks?|months?))(?![a-z])"
            ),
            english_period,
            True,
        ),
    )
)
