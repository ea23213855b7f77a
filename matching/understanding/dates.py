"""When the parts must be there: dates as Japanese and English requests write them, relative to `today`."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from matching.days import may_be_due
from matching.types import Reading
from matching.understanding.date_grammar import PATTERNS
from matching.understanding.source import Source

# What stands right after (Japanese) or before (English) a date says whether the parts are due on it.
_DUE_AFTER = re.compile(
    r"^[\s)）」(（月火水木金土日曜]{0,6}(?:[^、。\n]{0,5}?)(?:まで|迄|必着|必達|厳守|納期|納品|"
    r"納入|納め|〆|締|以内|着で|着希望|着$|着[。、]|"
    r"希望|期限|希望納期|に間に合|引き?取|受け?取|手元|受領|入手|出荷|ほし|欲し|いただき|お願い|"
    r"着荷|仕上|完成|には?届|には?要|必要|中に|いっぱい|だと助か)"
)
_DUE_LATER = re.compile(
    r"^[^。\n]{0,24}(?:間に合|引き?取|受け?取|ほし|欲し|納品|納入|納め|届|手元|必要|上げて|"
    r"上がれば|使いたい|付けたい)"
)
_DUE_BEFORE = re.compile(
    r"(?:納期|納品日?|希望日|期限|期日|納入|必着|締切|締め切り|〆切|"
    r"ほしい日)(?:希望)?[^。\n]{0,6}$|遅くとも[^。\n]{0,3}$|"
    r"\b(?:by|before|until|till|no later than|due|deadline|deliver\w*|need\w*|ship\w*|within|"
    r"required|wanted|arrive|lead ?time|want|"
    r"receive|in hand)\b[^.\n]{0,24}$"
)
_SURE_BEFORE = re.compile(
    r"\b(?:by|before|until|till|no later than|due|within|deadline)\b[^.\n]{0,18}$|"
    r"納期[^。\n]{0,6}$|遅くとも[^。\n]{0,3}$"
)
# Dates of other things: shipping to customers, a show, a meeting, a quotation, supply of stock, the past.
_OTHER_AFTER = re.compile(
    r"^[^、。\n]{0,14}?(?:発送|公演|放送|打ち?合わせ|打合せ|"
    r"会議|見積|設立|創業|購入|に発注|に(?:は)?(?:図面|データ|支給)|"
    r"から|以降|より後|以来|現物を|材料を|出せ|送れ|渡せ|入荷|(?:でも)?持(?:って|ち)|にお電話|来社|伺|休み|付けの|"
    r"付けで|製の?|受注|発注予定|に買|に作っ|の量産|から量産)"
)
_OTHER_BEFORE = re.compile(
    r"(?:前回|昨年|去年|先月|先週|見積(?:もり|り)?(?:書)?[はを]|"
    r"図面は|材料は|支給(?:品|材)?は|発注は|打ち?合わせは|"
    r"回答は|(?:shipped|sent|supplied|send|ship) (?:them |it |parts )?to you|\b(?:since|quote|"
    r"quotation|from|starting|available|drawing\w*|"
    r"meeting on))"
    r"[^、。.\n]{0,10}$"
)
_RESCUED = re.compile(r"^[^。\n]{0,30}(?:に間に合|までに?は?(?:ほし|欲し|必要|納|お願い))")
_SENT_BY_US = re.compile(r"^[^、。\n]{0,8}(?:に|には)[^、。\n]{0,12}(?:送り|お送り|渡し|支給|出せ|お持ち|持ち込)")


@dataclass(frozen=True, slots=True)
class Found:
    value: date
    start: int
    end: int
    sure: bool = False


Reader = Callable[[re.Match[str], date], date | None]


def read_due(source: Source, today: date, dates: Iterable[Found]) -> Reading[date] | None:
    """The day of `dates` by which the parts are wanted, or None: an event's counts only when it is the deadline."""
    best: tuple[int, Found] | None = None
    for found in dates:
        weight = _weight(source, found)
        if may_be_due(found.value, today) and weight > 0 and (best is None or weight > best[0]):
            best = (weight, found)
    if best is None:
        return None
    return Reading(best[1].value, (source.span(best[1].start, best[1].end),))


def find_dates(source: Source, today: date) -> tuple[Found, ...]:
    """Every date of a text, due or not, in its order; none overlap."""
    return tuple(_apart(sorted(_matches(source, today), key=lambda f: (f.start, -f.end))))


def _apart(matches: Iterable[Found]) -> Iterator[Found]:
    taken = 0
    for found in matches:
        if found.start >= taken:
            taken = found.end
            yield found


def _matches(source: Source, today: date) -> Iterator[Found]:
    for pattern, reader, sure in PATTERNS:
        for match in pattern.finditer(source.text):
            value = reader(match, today)
            if value is not None:
                yield Found(value, match.start(), match.end(), sure)


def _weight(source: Source, found: Found) -> int:
    before = source.before(found.start, 40)
    after = source.after(found.end, 44)
    if _is_other(before, after):
        return 0
    weight = 1 + 4 * bool(_DUE_AFTER.search(after)) + 3 * bool(_DUE_BEFORE.search(before)) + 2 * found.sure
    return weight + 2 * bool(_DUE_LATER.search(after)) + 2 * bool(_SURE_BEFORE.search(before))


def _is_other(before: str, after: str) -> bool:
    if _OTHER_BEFORE.search(before) and not _SURE_BEFORE.search(before):
        return True
    if _SENT_BY_US.search(after):
        return True
    return bool(_OTHER_AFTER.search(after)) and not _RESCUED.search(after) and not _DUE_AFTER.search(after[:8])
