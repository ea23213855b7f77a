"""Who did what, in order, never changed afterwards. Each event carries a digest over itself and the one before."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Integer, Text, text
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.core import clock
from backend.core.model import Model, moment

LOCK = 7_061_977  # On PostgreSQL two writers may meet; the chain is written one event after the other.


class AuditEvent(Model, table=True):
    """One thing that was done. The database itself refuses to change or delete a row."""

    __tablename__: ClassVar[str] = "audit_events"

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_column=moment(index=True))
    actor_id: str | None = Field(default=None, max_length=32)
    action: str = Field(max_length=64)
    subject: str = Field(max_length=128, index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    digest: str = Field(sa_column=Column(Text, nullable=False))


def record(
    session: Session, action: str, subject: str, *, actor_id: str | None = None, **detail: str | int | None
) -> None:
    """Write down, in the same transaction, that the actor did this to the subject ("user:<id>")."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    event = AuditEvent(at=clock.now(), actor_id=actor_id, action=action, subject=subject, detail=detail, digest="")
    event.digest = _digest(_last_digest(session), event)
    session.add(event)
    session.flush()


def first_broken(session: Session) -> int | None:
    """The number of the first event that does not follow from the one before; None when the chain is whole."""
    before = ""
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.seq))):
        if event.digest != _digest(before, event):
            return event.seq
        before = event.digest
    return None


def _last_digest(session: Session) -> str:
    newest = select(AuditEvent.digest).order_by(col(AuditEvent.seq).desc()).limit(1)
    return session.exec(newest).first() or ""


def _digest(before: str, event: AuditEvent) -> str:
    content = [before, event.at.isoformat(), event.actor_id, event.action, event.subject, event.detail]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Wanted:
    """Which events to look at; empty fields leave all. `actors` are the ids that a name may mean."""

    action: str = ""
    subject: str = ""
    actors: Collection[str] | None = None
    day: date | None = None


def found(wanted: Wanted) -> SelectOfScalar[AuditEvent]:
    """The events wanted, newest first."""
    statement = select(AuditEvent)
    if wanted.action:
        statement = statement.where(AuditEvent.action == wanted.action)
    if wanted.subject:
        statement = statement.where(col(AuditEvent.subject).startswith(wanted.subject, autoescape=True))
    if wanted.actors is not None:
        statement = statement.where(col(AuditEvent.actor_id).in_(list(wanted.actors)))
    if wanted.day is not None:
        begin = datetime.combine(wanted.day, time(), clock.TOKYO)
        statement = statement.where(AuditEvent.at >= begin, AuditEvent.at < begin + timedelta(days=1))
    return statement.order_by(col(AuditEvent.seq).desc())


def actions(session: Session) -> list[str]:
    """Every kind of event that has happened."""
    return sorted(session.exec(select(AuditEvent.action).distinct()))
