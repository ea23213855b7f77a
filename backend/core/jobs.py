"""Work that is done after the answer: an outbox. A job is a row in the same transaction as what caused it.

A slice names what it can do, in its jobs.py, and the worker finds it by that name:

    @job("capacity.remind")              runs inside one transaction, together with the mark that it is done
    def remind(work: Work) -> None: ...  (so it has its effect once, or not at all)

    @errand("mail.send")                 reaches outside the database, so it holds no transaction
    def deliver(errand: Errand) -> None: ...  (it may be repeated after a crash and must bear that)

    every("capacity.remind", timedelta(days=1), at=timedelta(hours=7))   each day at seven in Tokyo
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session

from backend.core import clock
from backend.core.db import Database
from backend.core.model import Model, moment, new_id
from backend.core.settings import Settings

LONGEST_KEY = 200
OPEN = text("done_at IS NULL AND failed_at IS NULL")


class Job(Model, table=True):
    """One thing to do. `key` names the event that caused it, so that one event never makes two."""

    __tablename__: ClassVar[str] = "jobs"
    __table_args__ = (Index("ix_jobs_open", "run_at", sqlite_where=OPEN, postgresql_where=OPEN),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    kind: str = Field(max_length=64, index=True)
    key: str = Field(max_length=LONGEST_KEY, unique=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=moment(index=True))
    run_at: datetime = Field(sa_column=moment())
    attempts: int = Field(default=0)
    # Whoever took the job has it until then. `locked_by` is new with each taking.
    locked_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    locked_by: str | None = Field(default=None, max_length=32)
    done_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    failed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    last_error: str = Field(default="", max_length=500)


TABLE = Job.metadata.tables[Job.__tablename__]


@dataclass(frozen=True)
class Work:
    """What a job is given: the session of its transaction, what it is about, and the settings."""

    session: Session
    settings: Settings
    payload: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Errand:
    """What a job that reaches outside is given: it opens its own short transactions."""

    database: Database
    settings: Settings
    payload: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Periodic:
    """A job that comes again: each `period`, `at` so long after midnight in Tokyo."""

    kind: str
    period: timedelta
    at: timedelta

    def slot(self, now: datetime) -> datetime:
        """The beginning of the period that `now` lies in."""
        local = clock.in_tokyo(now)
        first = local.replace(year=2026, month=1, day=1, hour=0, minute=0, second=0, microsecond=0) + self.at
        return first + (local - first) // self.period * self.period


WorkHandler = Callable[[Work], None]
ErrandHandler = Callable[[Errand], None]


class GiveUp(Exception):
    """Raised by a job that another try cannot help; the sentence says why."""


class Registry:
    """What the program can do, by name."""

    def __init__(self) -> None:
        self.jobs: dict[str, WorkHandler] = {}
        self.errands: dict[str, ErrandHandler] = {}
        self.periodic: list[Periodic] = []

    def job(self, kind: str) -> Callable[[WorkHandler], WorkHandler]:
        def register(handler: WorkHandler) -> WorkHandler:
            self._refuse_second(kind)
            self.jobs[kind] = handler
            return handler

        return register

    def errand(self, kind: str) -> Callable[[ErrandHandler], ErrandHandler]:
        def register(handler: ErrandHandler) -> ErrandHandler:
            self._refuse_second(kind)
            self.errands[kind] = handler
            return handler

        return register

    def every(self, kind: str, period: timedelta, *, at: timedelta = timedelta()) -> None:
        self.periodic.append(Periodic(kind, period, at))

    def _refuse_second(self, kind: str) -> None:
        if kind in self.jobs or kind in self.errands:
            raise ValueError(f"two handlers for {kind}")


registry = Registry()
job = registry.job
errand = registry.errand
every = registry.every


def enqueue(session: Session, kind: str, payload: Mapping[str, Any], key: str, run_at: datetime | None = None) -> bool:
    """Write the job down in the caller's transaction; False when this event has made its job before."""
    if len(key) > LONGEST_KEY:
        raise ValueError(f"the key of a job has at most {LONGEST_KEY} characters: {key[:40]}…")
    now = clock.now()
    row = Job(kind=kind, key=key, payload=dict(payload), created_at=now, run_at=run_at or now)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(TABLE).values(row.model_dump()).on_conflict_do_nothing(index_elements=["key"])
    return session.connection().execute(insert.returning(TABLE.c.id)).first() is not None


def enqueue_due(session: Session, now: datetime) -> None:
    """Write down the periodic jobs of this moment. What was missed is done once, late, and not many times."""
    for entry, slot, key in periodic_keys(now):
        enqueue(session, entry.kind, {"slot": slot.isoformat()}, key)


def periodic_keys(now: datetime) -> list[tuple[Periodic, datetime, str]]:
    """Each periodic job with the period that `now` lies in and the key of that event."""
    slots = [(entry, entry.slot(now)) for entry in registry.periodic]
    return [(entry, slot, f"{entry.kind}:{slot:%Y-%m-%dT%H:%M}") for entry, slot in slots]
