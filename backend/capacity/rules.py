"""How long an answer counts, what a mark is worth in hours, which weeks are asked about. No database, no clock."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.core.i18n import mark
from backend.firms.rules import FREE_HOURS, PLENTY_HOURS


class Channel(StrEnum):
    """How an answer reached us."""

    LINK = "link"
    PHONE = "phone"
    FAX = "fax"
    API = "api"


class Freshness(StrEnum):
    """What an answer of some age is still good for."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER = "never"


class Mark(StrEnum):
    """What a firm taps for a week."""

    PLENTY = "plenty"
    FREE = "free"
    LITTLE = "little"
    NONE = "none"


CHANNEL_NAMES = {
    Channel.LINK: mark("スマートフォンで回答"),
    Channel.PHONE: mark("電話で確認"),
    Channel.FAX: mark("FAX・用紙で回答"),
    Channel.API: mark("プログラムで回答"),
}
MARK_SIGNS = {Mark.PLENTY: "◎", Mark.FREE: "○", Mark.LITTLE: "△", Mark.NONE: "×"}
# A mark promises no more than its lower end: ◎ means at least 20 hours, so 20 are counted.
MARK_HOURS = {Mark.PLENTY: PLENTY_HOURS, Mark.FREE: FREE_HOURS, Mark.LITTLE: 4.0, Mark.NONE: 0.0}

WEEKS_ASKED = 8
MOST_GROUPS = 4
# 24 hours on seven days at a hundred machines: more is a slip of the finger.
MOST_HOURS = 168.0 * 100

# Asked every week, an answer outlives one question that was missed; after four weeks nobody should rely on it.
FRESH_DAYS = 14
STALE_AFTER_DAYS = 28
HALF_LIFE_DAYS = 14


def age_days(declared: date, today: date) -> int:
    """Days since the answer; an answer from the future (a clock that was wrong) is of today."""
    return max(0, (today - declared).days)


def freshness(declared: date | None, today: date) -> Freshness:
    """Fresh for two weeks, ageing for two more, then stale."""
    if declared is None:
        return Freshness.NEVER
    age = age_days(declared, today)
    if age <= FRESH_DAYS:
        return Freshness.FRESH
    return Freshness.AGEING if age <= STALE_AFTER_DAYS else Freshness.STALE


def trust(declared: date | None, today: date) -> float:
    """How much weight an answer still has: 1 on its day, half after each half-life, 0 when never given."""
    return 0.0 if declared is None else math.pow(0.5, age_days(declared, today) / HALF_LIFE_DAYS)


def fresh_until(declared: date) -> date:
    """The last day on which the answer counts as fresh."""
    return declared + timedelta(days=FRESH_DAYS)


def counts_until(declared: date) -> date:
    """The last day on which a firm is still put forward because of this answer without asking again."""
    return declared + timedelta(days=STALE_AFTER_DAYS)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def first_week(today: date) -> date:
    """The week that is asked first: this one, from Friday on the next."""
    return monday_of(today + timedelta(days=3))


def weeks_asked(today: date) -> tuple[date, ...]:
    """The Mondays of the eight weeks a firm is asked about."""
    start = first_week(today)
    return tuple(start + timedelta(weeks=n) for n in range(WEEKS_ASKED))


def mark_of(hours: float) -> Mark:
    """The mark that says these hours: ◎ from 20, ○ from 10, △ some, × none."""
    for sign in (Mark.PLENTY, Mark.FREE):
        if hours >= MARK_HOURS[sign]:
            return sign
    return Mark.LITTLE if hours > 0 else Mark.NONE


def may_be_hours(hours: float) -> bool:
    """Whether a week can have so many free hours."""
    return math.isfinite(hours) and 0 <= hours <= MOST_HOURS


RESTS_AFTER_ANSWER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Asking:
    """When a firm wants to be asked (0 is Monday, None is never) and when it was, and answered, last."""

    weekday: int | None
    reminded: date | None
    answered: date | None


def is_due(asking: Asking, today: date) -> bool:
    """Whether to remind today: its day has come, nobody reminded since, and no answer of that week is there.

    A day on which nothing ran is made up for on the days after, until the next one comes.
    """
    if asking.weekday is None:
        return False
    day = today - timedelta(days=(today.weekday() - asking.weekday) % 7)
    reminded = asking.reminded is not None and asking.reminded >= day
    return not reminded and not _answered_lately(asking.answered, day)


def next_asking(weekday: int | None, answered: date | None, today: date) -> date | None:
    """The next day on which the firm is asked, after today; a day soon after its answer is left out."""
    if weekday is None:
        return None
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return day + timedelta(weeks=1) if _answered_lately(answered, day) else day


def _answered_lately(answered: date | None, day: date) -> bool:
    """Whether the answer is fresh on the day of asking: who answered on Monday rests on Tuesday.

    An answer to the last asking comes days after it, and is no reason to leave a week out.
    """
    return answered is not None and answered >= day - RESTS_AFTER_ANSWER


def hours_for(chosen: Mark, before: float | None) -> float:
    """The hours a tapped mark stands for. It confirms the figure known before when that has the same mark."""
    if before is not None and mark_of(before) is chosen:
        return before
    return MARK_HOURS[chosen]


def share_out(parts: Mapping[str, float], left: float) -> dict[str, float]:
    """What each group has left when hours were promised of their sum; every group gives in proportion."""
    total = sum(parts.values())
    if total <= 0 or left >= total:
        return dict(parts)
    return {group: hours * left / total for group, hours in parts.items()}


CODE_DIGITS = 6


def with_check_digit(number: str) -> str:
    """The digits with one more (Luhn), which a wrong or a swapped digit does not fit."""
    total = 0
    for at, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return number + str(-total % 10)


def is_code(text: str) -> bool:
    """Whether this can be the number on a firm's sheet."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and with_check_digit(text[:-1]) == text
