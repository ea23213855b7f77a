"""The list of changes that search follows: a later number is never visible before an earlier one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from backend.core import clock, turns
from backend.core.db import Database
from backend.firms import queries


def _change(database: Database, firm_id: str, noted: Event, may_commit: Event) -> None:
    with database.writing() as session:
        queries.note_changes(session, [firm_id], clock.now())
        turns.write_gathered(session)
        noted.set()
        may_commit.wait(2.0)


@pytest.fixture
def patient(database_url: str) -> Iterator[Database]:
    """The same database, opened by somebody who waits for others."""
    opened = Database(database_url, wait_seconds=10.0)
    yield opened
    opened.close()


def test_a_change_is_numbered_after_those_committed_before_it(
    database: Database, patient: Database, firm_id: str
) -> None:
    with database.reading() as session:
        seen = queries.last_change(session)
    first_noted, second_noted, free, now = Event(), Event(), Event(), Event()
    now.set()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(_change, patient, firm_id, first_noted, free)
        assert first_noted.wait(5.0)
        second = pool.submit(_change, patient, firm_id, second_noted, now)
        # The second writer gets its number only when the first has committed.
        assert not second_noted.wait(0.5)
        free.set()
        first.result(10.0)
        second.result(10.0)
    with database.reading() as session:
        assert [c.seq for c in queries.changes_after(session, seen)] == [seen + 1, seen + 2]


# SQLite has one writer at a time: whoever writes keeps the others waiting.
@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_noted_change_keeps_nobody_waiting(database: Database, firm_id: str) -> None:
    """A transaction that goes on for long takes its turn when it ends, and not when it notes the change."""
    with database.reading() as session:
        seen = queries.last_change(session)
    with database.writing() as slow:
        queries.note_changes(slow, ["slow"], clock.now())
        with database.writing() as quick:
            queries.note_changes(quick, [firm_id], clock.now())
    with database.reading() as session:
        assert [c.firm_id for c in queries.changes_after(session, seen)] == [firm_id, "slow"]
