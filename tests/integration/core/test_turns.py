"""What writers take turns at is written last: nobody waits for a list that somebody will append to later."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from backend.core import audit, clock, turns
from backend.core.audit import AuditEvent
from backend.core.db import Database

TURNED = audit.action("turned", "番を待った")


def _subjects(database: Database) -> list[str]:
    with database.reading() as session:
        assert audit.first_broken(session) is None
        return list(session.exec(select(AuditEvent.subject).order_by(col(AuditEvent.seq))))


# SQLite has one writer at a time: there is no order to keep.
@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_events_are_chained_in_the_order_of_the_commits(database: Database) -> None:
    with database.writing() as slow:
        audit.record(slow, TURNED, "slow:1")
        audit.record(slow, TURNED, "slow:2")
        with database.writing() as quick:
            audit.record(quick, TURNED, "quick:1")
    assert _subjects(database) == ["quick:1", "slow:1", "slow:2"]


def test_what_is_not_committed_is_not_recorded(database: Database) -> None:
    def refused() -> None:
        with database.writing() as session:
            audit.record(session, TURNED, "gone:1")
            session.add_all(AuditEvent(seq=1, at=clock.now(), action="x", subject="x", digest="") for _ in range(2))

    with pytest.raises(IntegrityError):
        refused()
    with database.writing() as session:
        audit.record(session, TURNED, "kept:1")
    assert _subjects(database) == ["kept:1"]


def test_several_lists_are_held_in_one_order(database: Database) -> None:
    written: list[str] = []

    def appends(name: str) -> turns.Turn:
        def append(_session: Session, rows: object) -> None:
            written.append(f"{name} {rows}")

        return turns.Turn(7_000_000 + ord(name), append)

    a, b = appends("a"), appends("b")
    for first, second in ((a, b), (b, a)):
        with database.writing() as session:
            turns.append_last(session, first, [1])
            turns.append_last(session, second, [1])
            turns.append_last(session, first, [2])
    assert written == ["a [1, 2]", "b [1]", "a [1]", "b [1, 2]"]
