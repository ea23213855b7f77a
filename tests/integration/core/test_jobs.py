"""The outbox: a job is a row of the event's own transaction, taken by one worker, tried again, never made twice."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from sqlmodel import Session, col, func, select

from backend.core import audit, clock, job_queue
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.jobs import Errand, GiveUp, Job, Periodic, Work, enqueue, errand, job
from backend.core.settings import Settings
from backend.worker import Worker

NOTED = audit.action("noted by a job", "仕事が記した")


@job("test.note")
def note(work: Work) -> None:
    audit.record(work.session, NOTED, str(work.payload["subject"]))
    if work.payload.get("fails"):
        raise ValueError("this one never works")


@errand("test.wander")
def wander(work: Errand) -> None:
    if work.payload.get("gives_up"):
        raise GiveUp("nobody lives there any more")
    with work.database.writing() as session:
        audit.record(session, NOTED, "test:wandered")


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    return Worker(database, settings)


def _add(database: Database, key: str = "k", kind: str = "test.note", **payload: object) -> bool:
    with database.writing() as session:
        return enqueue(session, kind, {"subject": "test:1"} | payload, key)


def _job(database: Database, key: str = "k") -> Job:
    with database.reading() as session:
        return session.exec(select(Job).where(Job.key == key)).one()


def _noted(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).where(AuditEvent.action == NOTED)).one()


@pytest.mark.parametrize("kind", ["test.note", "test.wander"])
def test_a_job_is_done_once(database: Database, worker: Worker, kind: str) -> None:
    _add(database, kind=kind)
    worker.run_once()
    worker.run_once()
    assert _noted(database) == 1
    assert _job(database).done_at is not None


def test_the_same_event_never_makes_two(database: Database, worker: Worker) -> None:
    assert _add(database)
    assert not _add(database)
    worker.run_once()
    assert not _add(database)
    worker.run_once()
    assert _noted(database) == 1


def test_the_same_event_from_many_at_once_makes_one(database: Database) -> None:
    made: list[bool] = []
    threads = [Thread(target=lambda: made.append(_add(database))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]


def test_without_its_event_there_is_no_job(database: Database, worker: Worker) -> None:
    with database.writing() as session:
        enqueue(session, "test.note", {"subject": "test:1"}, "k")
        session.rollback()
    worker.run_once()
    assert _noted(database) == 0


def test_a_job_that_fails_leaves_nothing_and_is_tried_again(database: Database, worker: Worker) -> None:
    _add(database, fails=True)
    worker.run_once()
    failed = _job(database)
    assert _noted(database) == 0
    assert failed.attempts == 1
    assert failed.last_error == "ValueError: this one never works"
    assert failed.run_at > clock.now() + timedelta(seconds=10)
    assert failed.locked_until is None


def test_after_enough_tries_it_waits_for_a_person(database: Database, worker: Worker) -> None:
    _add(database, fails=True)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(job_queue.MOST_ATTEMPTS + 3):
            worker.run_once()
            traveller.shift(job_queue.LONGEST_PAUSE)
    given_up = _job(database)
    assert given_up.failed_at is not None
    assert given_up.attempts == job_queue.MOST_ATTEMPTS


def test_some_failures_are_final_at_once(database: Database, worker: Worker) -> None:
    _add(database, kind="test.wander", gives_up=True)
    _add(database, "other", kind="nobody.knows")
    worker.run_once()
    assert _job(database).failed_at is not None
    assert _job(database, "other").last_error == "nobody here knows how to do nobody.knows"


def test_a_person_may_begin_again(database: Database, worker: Worker) -> None:
    _add(database, kind="test.wander", gives_up=True)
    worker.run_once()
    with database.writing() as session:
        held = session.exec(select(Job).where(Job.key == "k")).one()
        held.payload = {}
        job_queue.retry(session, held)
    worker.run_once()
    assert _job(database).done_at is not None
    assert _noted(database) == 1


def test_a_job_waits_for_its_time(database: Database, worker: Worker) -> None:
    with database.writing() as session:
        enqueue(session, "test.note", {"subject": "test:1"}, "k", run_at=clock.now() + timedelta(hours=1))
    worker.run_once()
    assert _noted(database) == 0
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        worker.run_once()
    assert _noted(database) == 1


def test_one_job_is_taken_by_one_worker(database: Database) -> None:
    for number in range(4):
        _add(database, str(number))
    with database.writing() as first:
        taken = [_claim(first), _claim(first)]
    with database.writing() as second:
        taken += [_claim(second), _claim(second), _claim(second)]
    assert sorted(filter(None, taken)) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_workers_do_not_wait_for_each_other(database: Database) -> None:
    _add(database, "a")
    _add(database, "b")
    with database.writing() as first, database.writing() as second:
        assert {_claim(first), _claim(second)} == {"a", "b"}


def _claim(session: Session) -> str | None:
    taken = job_queue.claim(session, timedelta(minutes=1))
    session.flush()
    return taken.key if taken else None


def test_the_job_of_a_dead_worker_is_free_after_its_lease(database: Database, worker: Worker) -> None:
    _add(database)
    with database.writing() as session:
        assert job_queue.claim(session, timedelta(minutes=1)) is not None
    worker.run_once()
    assert _noted(database) == 0
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        worker.run_once()
    assert _noted(database) == 1


def test_who_took_too_long_has_lost_the_job(database: Database, worker: Worker) -> None:
    _add(database)
    with database.writing() as session:
        slow = job_queue.claim(session, timedelta(minutes=1))
    assert slow is not None
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        worker.run_once()
    with database.writing() as session:
        assert job_queue.hold(session, slow) is None


def test_periodic_jobs_come_once_for_each_period(database: Database, worker: Worker) -> None:
    start = clock.in_tokyo(clock.now()).replace(hour=4, minute=0) + timedelta(days=1)
    for hours in (0, 1, 5, 24, 25):
        with time_machine.travel(start + timedelta(hours=hours)):
            worker.run_once()
    with database.reading() as session:
        jobs = session.exec(select(Job).where(Job.kind == "jobs.forget").order_by(col(Job.key))).all()
    assert len(jobs) == 2
    assert all(row.done_at for row in jobs)


def test_a_daily_period_begins_at_its_hour_in_tokyo() -> None:
    daily = Periodic("x", timedelta(days=1), timedelta(hours=7))
    moment = clock.in_tokyo(clock.now()).replace(hour=6, minute=59)
    assert daily.slot(moment).date() == moment.date() - timedelta(days=1)
    assert daily.slot(moment + timedelta(minutes=2)).date() == moment.date()


def test_what_was_done_long_ago_is_forgotten(database: Database, worker: Worker) -> None:
    _add(database)
    worker.run_once()
    with time_machine.travel(clock.now() + timedelta(days=job_queue.KEPT_DAYS + 2)):
        worker.run_once()
        with database.reading() as session:
            assert session.exec(select(Job).where(Job.key == "k")).first() is None


def test_jobs_are_counted_by_state(database: Database, worker: Worker) -> None:
    _add(database, "done")
    worker.run_once()
    _add(database, "failed", kind="nobody.knows")
    worker.run_once()
    _add(database, "waiting", fails=True)
    with database.reading() as session:
        found = job_queue.counts(session)
        assert (found["waiting"], found["failed"]) == (1, 1)
        assert [row.key for row in session.exec(job_queue.listed("failed"))] == ["failed"]


def test_a_key_has_a_length(database: Database) -> None:
    with pytest.raises(ValueError, match="200 characters"):
        _add(database, "k" * 201)
