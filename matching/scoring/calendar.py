"""Has the firm free hours before the part is due?"""

from collections.abc import Iterable
from datetime import date, timedelta

from matching.scoring.demand import Demand
from matching.scoring.wording import ask, day, day_en, no, number, ok
from matching.types import Aspect, CapacityWeek, Check, Phrase
from matching.understanding.offer import Offer

WORKING_DAYS = 5
# Fewer free hours than this before the date are hardly enough for any job: worth asking.
_TIGHT_HOURS = 4.0


def due_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` where the request states no date."""
    if demand.need.due is None:
        return None
    due = demand.need.due.value
    hours = free_hours(offer.firm.capacity or (), demand.need.today, due)
    if hours is None:
        return _unknown(offer, due)
    if is_stale(offer, demand.need.today):
        return ask(Aspect.DUE, Phrase("空きの連絡が古い", "The free hours on file are old"), _question(due))
    if hours <= 0.0:
        return no(Aspect.DUE, _full_ja(offer, due), f"No free hours until {day_en(due)}")
    if hours < _TIGHT_HOURS or _too_soon(demand, offer, due):
        fact = Phrase(
            f"{day(due)} までの空き {number(round(hours))} 時間", f"{round(hours)} h free until {day_en(due)}"
        )
        return ask(Aspect.DUE, fact, _question(due))
    return ok(Aspect.DUE, f"{day(due)} までに空き {round(hours)} 時間", f"{round(hours)} h free until {day_en(due)}")


def is_stale(offer: Offer, today: date) -> bool:
    """Whether the firm's word on its hours is too old to say yes or no by it."""
    until = offer.firm.capacity_until
    return until is not None and until < today


def _full_ja(offer: Offer, due: date) -> str:
    opening = next((w.week_start for w in offer.firm.capacity or () if w.hours_free > 0 and w.week_start > due), None)
    later = f"（空きは {day(opening)} の週から）" if opening else ""
    return f"{day(due)} まで空きがない{later}"


def _unknown(offer: Offer, due: date) -> Check:
    if offer.full_this_year and due <= date(due.year, 12, 31) and due.month == 12:
        return no(Aspect.DUE, "年内は空きがない", "Fully booked until the end of the year")
    return ask(Aspect.DUE, Phrase("空き状況の登録がない", "No free hours on file"), _question(due))


def _question(due: date) -> Phrase:
    return Phrase(f"{day(due)} に間に合いますか。", f"Can you deliver by {day_en(due)}?")


def _too_soon(demand: Demand, offer: Offer, due: date) -> bool:
    return offer.lead_days is not None and demand.need.today + timedelta(days=offer.lead_days) > due


def free_hours(weeks: Iterable[CapacityWeek], today: date, due: date = date.max) -> float | None:
    """Free hours in the working days from `today` to `due`, both counted; `None` where no week with any is on file.

    Nobody strikes a week off when it is over: what is left of this one counts, and nothing of those before it.
    """
    # A plain loop over plain numbers, since this runs over every week of every firm for every request.
    hours, told, first, last = 0.0, False, today.toordinal(), due.toordinal() + 1
    for week in weeks:
        monday = week.week_start.toordinal()
        gone, days = first - monday, last - monday
        if gone < WORKING_DAYS and days > 0:
            told = True
            hours += week.hours_free * max(0, min(days, WORKING_DAYS) - max(gone, 0)) / WORKING_DAYS
    return hours if told else None
