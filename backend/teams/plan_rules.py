"""How many hours a firm has, what is short of them, and how firms take turns. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from matching.composition.daily import EPSILON_H, Hours, Work, by_day
from matching.composition.problem import Firm, Problem
from matching.days import closed_days, first_working_day, latest_date, monday_of

# Hours a week that a firm without a calendar is taken to have until it is asked, for so many weeks.
UNTOLD_HOURS, WEEKS = 20.0, 26
# A firm asked within the last weeks steps back; after so many it is as good as never asked.
REST_WEEKS = 26
# How much the others may step forward, as kilometres of way that are taken for it.
TURNS_KM = (0, 2, 5, 10)
USUAL_TURN_KM = 2

Weeks = tuple[tuple[date, float], ...]
Short = dict[tuple[str, date], float]


def horizon(today: date, due: date | None) -> tuple[date, frozenset[date]]:
    """The first working day from today, and the days on which nobody works until well past `due`.

    Holidays earlier in this week count too: they make its other days longer. Nobody looks further than plans go.
    """
    wanted = max(filter(None, [due, today + timedelta(weeks=2 * WEEKS)]))
    last = min(wanted, latest_date(today)) + timedelta(weeks=2)
    closed = closed_days(today - timedelta(weeks=1), last)
    return first_working_day(today, closed), closed


def weeks_of(told: Sequence[tuple[date, float]] | None, start: date) -> Weeks:
    """Free hours by week: those a firm told of weeks that a plan can reach, or the usual ones until it is asked."""
    monday = monday_of(start)
    if told:
        last = latest_date(start)
        return tuple(sorted((week, hours) for week, hours in dict(told).items() if monday <= week <= last))
    return tuple((monday + timedelta(weeks=n), UNTOLD_HOURS) for n in range(WEEKS))


def rested(last: date | None, today: date) -> float:
    """How long ago a firm was last asked: 0 for today, 1 for half a year or never."""
    if last is None:
        return 1.0
    return min(1.0, max(0.0, (today - last).days / 7 / REST_WEEKS))


def turn_cost(turn_km: float, w_km: float, w_fit: float) -> float:
    """What a firm asked just now loses of its fit, so that it weighs as much as `turn_km` of way."""
    return turn_km * w_km / w_fit


def short_days(weeks: Mapping[str, Weeks], closed: frozenset[date], taken: Hours, works: Sequence[Work]) -> Short:
    """The days on which firms lack hours for `works` beside what is `taken`: {(firm, day): hours missing}."""
    start = min(work.start for work in works)
    firms = {id_: Firm(id_, 0.0, 0.0, capacity=told) for id_, told in weeks.items()}
    free = by_day(Problem(start, (), firms, (), holidays=closed), taken).free
    wanted: dict[tuple[str, date], float] = {}
    for work in works:
        for day, hours in work.hours:
            wanted[work.firm_id, day] = wanted.get((work.firm_id, day), 0.0) + hours
    lacking = {key: hours - free.get(key[0], {}).get(key[1], 0.0) for key, hours in wanted.items()}
    return {key: hours for key, hours in lacking.items() if hours > 10 * EPSILON_H}
