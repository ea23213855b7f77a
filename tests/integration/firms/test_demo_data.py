"""The demo data: complete after one run, untouched by a second, plainly fictional."""

from datetime import date

import pytest

from backend.accounts import queries as accounts
from backend.accounts.models import Role
from backend.core.db import Database
from backend.firms import queries
from backend.firms.checks import check_draft
from backend.requests import queries as requests
from seed.loader import coming_monday, demo_firms, load
from tests.factories import count_firms


def silent(what: str, done: int, total: int) -> None:
    del what, done, total


@pytest.mark.slow
def test_a_fresh_database_is_filled_once(database: Database) -> None:
    assert load(database, silent, people=True) == 569
    assert load(database, silent, people=True) == 0
    with database.reading() as session:
        assert count_firms(session) == 401
        assert requests.all_requests(session, number=1).total == 84
        workshop = accounts.demo_person(session, Role.WORKSHOP)
        assert workshop is not None
        assert queries.firm_by_id(session, workshop, workshop.firm_id or "") is not None


def test_every_demo_firm_is_in_order_and_says_that_it_is_made_up() -> None:
    monday = date(2026, 12, 7)
    for draft in demo_firms(monday):
        assert check_draft(draft) == [], draft.code
        assert "架空" in draft.address
        assert all(week.week_start >= monday and week.week_start.weekday() == 0 for week in draft.capacity)


@pytest.mark.parametrize(
    ("today", "monday"), [(date(2026, 12, 7), date(2026, 12, 7)), (date(2026, 12, 8), date(2026, 12, 14))]
)
def test_weeks_begin_with_the_coming_monday(today: date, monday: date) -> None:
    assert coming_monday(today) == monday
