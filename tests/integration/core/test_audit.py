"""The audit trail is a chain, and a broken link is found."""

from sqlmodel import col, select

from backend.core import audit, clock
from backend.core.audit import AuditEvent
from backend.core.db import Database

COUNTED = audit.action("counted", "数えた")


def test_an_honest_trail_is_whole(database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            audit.record(session, COUNTED, f"thing:{number}", actor_id="someone", number=number, word="三")
    with database.reading() as session:
        assert audit.first_broken(session) is None
        events = session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))).all()
    assert [event.detail["number"] for event in events] == [0, 1, 2]


def test_a_forged_event_is_found(database: Database) -> None:
    with database.writing() as session:
        audit.record(session, COUNTED, "thing:1")
    with database.writing() as session:
        session.add(AuditEvent(at=clock.now(), action="false", subject="thing:1", detail={}, digest="0" * 64))
    with database.reading() as session:
        assert audit.first_broken(session) == 2
