"""Hours count while they lie ahead: weeks that are over stay on file, and are no longer free."""

from datetime import date, timedelta

import pytest

from matching.scoring.calendar import due_check, free_hours
from matching.scoring.shortlist import columns, first_look
from matching.scoring.signals import NEUTRAL, capacity_signal
from matching.types import CapacityWeek, Check, Verdict
from tests.unit.scoring.examples import MONDAY, TODAY, demand, offer, weeks

ASK, NO = Verdict.UNKNOWN, Verdict.NO


def verdict(check: Check | None) -> Verdict | None:
    return check.verdict if check else None


def test_free_hours_count_the_days_up_to_the_date() -> None:
    assert free_hours(weeks(10, 10), TODAY, date(2026, 12, 15)) == pytest.approx(14.0)


@pytest.mark.parametrize(
    ("today", "due", "hours"),
    [
        (date(2026, 12, 7), date.max, 30.0),
        (date(2026, 12, 9), date.max, 26.0),
        (date(2026, 12, 11), date.max, 22.0),
        (date(2026, 12, 12), date.max, 20.0),
        (date(2026, 12, 16), date.max, 12.0),
        (date(2026, 12, 9), date(2026, 12, 10), 4.0),
        (date(2026, 12, 18), date(2026, 12, 14), 0.0),
        (date(2026, 12, 19), date.max, None),
    ],
)
def test_of_what_has_passed_no_hour_is_free(today: date, due: date, hours: float | None) -> None:
    assert free_hours(weeks(10, 20), today, due) == (None if hours is None else pytest.approx(hours))


def test_weeks_that_are_over_speak_for_nobody() -> None:
    """Nobody strikes them off: a workshop that is full now had six easy weeks before."""
    before = tuple(CapacityWeek(MONDAY - timedelta(weeks=n), 20.0) for n in range(6, 0, -1))
    full = offer(capacity=(*before[:-1], *weeks(0, 0, 0)))
    check = due_check(demand(due=date(2026, 12, 18)), full)
    assert verdict(check) is NO
    assert capacity_signal(demand(), full) == 0.0
    left = offer(capacity=(*before, *weeks(0, 0, 0)))
    # Of the week of 30 November, four days are left on the Tuesday.
    assert free_hours(left.firm.capacity or (), TODAY) == pytest.approx(16.0)
    over = offer(capacity=before[:-1])
    assert verdict(due_check(demand(due=date(2026, 12, 18)), over)) is ASK
    assert capacity_signal(demand(), over) == NEUTRAL


def test_the_first_look_is_no_stricter_than_the_check() -> None:
    """Every firm whose hours the check does not refuse passes the first look, whatever weeks it told of."""
    told = [None, (), weeks(0, 0), weeks(0, 9), weeks(9, 0), (CapacityWeek(date(2026, 11, 9), 20),)]
    told += [(CapacityWeek(date(2026, 11, 9), 20), *weeks(0, 0)), (CapacityWeek(date(2026, 11, 30), 20), *weeks(0, 0))]
    offers = [offer(capacity=one) for one in told]
    table = columns(offers)
    anything = first_look(table, demand())
    for due in (date(2026, 12, 4), date(2026, 12, 9), date(2026, 12, 16), date(2027, 3, 1)):
        asked = demand(due=due)
        refused = [verdict(due_check(asked, one)) is NO for one in offers]
        assert list(first_look(table, asked) < anything) == refused
