"""A firm with free hours, and one more."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from backend.core import clock
from backend.core.db import Database
from backend.firms import service as firms
from backend.firms.drafts import CapacityDraft, FirmDraft
from tests import factories

MakeFirm = Callable[..., str]


def this_monday() -> date:
    today = clock.today()
    return today - timedelta(days=today.weekday())


@pytest.fixture
def monday() -> date:
    """The Monday of the week after this one."""
    return this_monday() + timedelta(weeks=1)


@pytest.fixture
def make_firm(database: Database, monday: date) -> MakeFirm:
    """A new firm with so many free hours in each of eight weeks; none at all when it never spoke of them."""

    def make(hours: float | None = 20.0, **fields: Any) -> str:  # noqa: ANN401 - fields of a draft
        weeks = () if hours is None else tuple(CapacityDraft(monday + timedelta(weeks=n), hours) for n in range(8))
        values = {"name": f"見本製作所{factories.unique()}", "ward": "大田区", "capacity": weeks} | fields
        with database.writing() as session:
            return firms.create_firm(session, None, FirmDraft(**values)).id

    return make


@pytest.fixture
def firm_id(make_firm: MakeFirm) -> str:
    return make_firm()


@pytest.fixture
def patient(database_url: str) -> Iterator[Database]:
    """The same database, opened by somebody who waits for others."""
    opened = Database(database_url, wait_seconds=30.0)
    yield opened
    opened.close()
