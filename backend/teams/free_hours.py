"""The hours firms have left for one case: what they named as free, without what other cases have booked.

The calendar of a firm counts the hours of decided teams by week. To keep the days of each team apart they are put back
into their weeks here, and taken off again day by day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from backend.firms.profiles import FirmFacts
from backend.teams import plan_queries
from backend.teams.plan_rules import Weeks, weeks_of
from matching.days import monday_of


@dataclass(frozen=True)
class FreeHours:
    """By firm: hours by week as if no team were decided, and what the teams of other cases take of which day."""

    weeks: Mapping[str, Weeks]
    taken: Mapping[str, Mapping[date, float]]


def free_hours(session: Session, facts: Iterable[FirmFacts], begin: date, request_id: int | None) -> FreeHours:
    """The hours from `begin` for the case of this request, whose own team takes nothing from itself."""
    known = {one.id: one for one in facts}
    monday = monday_of(begin)
    told = {id_ for id_, one in known.items() if one.capacity is not None}
    booked = plan_queries.counted(session, told, monday)
    own = plan_queries.PLAN + (plan_queries.holding_plan(session, request_id) or "none")
    weeks = {id_: _weeks(one, booked.get(id_, {}), begin) for id_, one in known.items()}
    others = {id_: {ref: days for ref, days in plans.items() if ref != own} for id_, plans in booked.items()}
    taken = {id_: _by_day(plans.values()) for id_, plans in others.items()}
    # A firm that named no hours has no calendar to count in; its plans alone know what it promised.
    return FreeHours(weeks, taken | plan_queries.booked(session, known.keys() - told, begin, request_id))


def _weeks(facts: FirmFacts, booked: Mapping[str, Mapping[date, float]], begin: date) -> Weeks:
    if facts.capacity is None:
        return weeks_of(None, begin)
    back = _by_day(booked.values())
    return weeks_of([(w.week_start, w.hours_free + _of_week(back, w.week_start)) for w in facts.capacity], begin)


def _of_week(days: Mapping[date, float], monday: date) -> float:
    return sum(hours for day, hours in days.items() if monday <= day < monday + timedelta(7))


def _by_day(parts: Iterable[Mapping[date, float]]) -> dict[date, float]:
    days: dict[date, float] = {}
    for part in parts:
        for day, hours in part.items():
            days[day] = days.get(day, 0.0) + hours
    return days
