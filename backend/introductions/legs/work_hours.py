"""The hours that an order takes of a firm, spread over the working days of a span."""

from collections.abc import Mapping
from datetime import date, timedelta

from backend.core import clock
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.introductions.models import CaseLeg
from matching.days import is_working

MOST_HOURS = 2000.0
LONGEST = timedelta(days=366)


def read_hours(text: str) -> float | None:
    """Hours as somebody typed them; none where the field was left blank."""
    bare = text.strip().translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    if not bare:
        return None
    try:
        hours = float(bare)
    except ValueError:
        hours = -1.0
    if not 0 < hours <= MOST_HOURS:
        message = _("時間は「12」や「7.5」のように、数字だけで書いてください。")
        raise Invalid(message, {"hours": message})
    return hours


def spread(hours: float, first: date | None, last: date | None) -> Mapping[date, float]:
    """The hours in equal parts over the working days from the first to the last day, both counted.

    Raises:
        Invalid: a day is missing, they stand in the wrong order or too far apart, or no working day lies between.
    """
    if first is None or last is None:
        message = _("時間を押さえるには、始まりの日と終わりの日を書いてください。")
        raise Invalid(message, {"first" if first is None else "last": message})
    if not timedelta() <= last - first <= LONGEST:
        message = _("終わりの日を、始まりの日よりあとの1年以内にしてください。")
        raise Invalid(message, {"last": message})
    days = [day for n in range((last - first).days + 1) if is_working(day := first + timedelta(days=n))]
    if not days:
        message = _("その間に、仕事をする日がありません。")
        raise Invalid(message, {"last": message})
    return dict.fromkeys(days, hours / len(days))


def of_leg(leg: CaseLeg) -> Mapping[date, float]:
    """What a leg was planned with, from today on; nothing where hours or days are not known, or the days are past."""
    if not leg.hours or leg.start is None or leg.finish is None:
        return {}
    try:
        return spread(leg.hours, max(leg.start, clock.today()), leg.finish)
    except Invalid:
        return {}
