"""Taking jobs and giving them back. Whoever takes one has it for a while; if they die, it is free again.

On PostgreSQL takers skip what another is just taking; on SQLite BEGIN IMMEDIATE lets them in one after the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Case, case, delete
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.core import clock
from backend.core.jobs import Job, periodic_keys
from backend.core.model import new_id

MOST_ATTEMPTS = 20
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
KEPT_DAYS = 400
STATES = ("waiting", "failed", "done")


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 15 s, 30 s, 1 min, … up to an hour."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 16)
    return min(LONGEST_PAUSE, doubled)


def claim(session: Session, lease: timedelta) -> Job | None:
    """Take the job that has waited longest, or None. The caller's transaction ends before the work begins."""
    now = clock.now()
    job = session.exec(_due(now).limit(1).with_for_update(skip_locked=True)).first()
    if job is None:
        return None
    job.attempts += 1
    job.locked_until = now + lease
    job.locked_by = new_id()
    session.add(job)
    return job


def _due(now: datetime) -> SelectOfScalar[Job]:
    free = col(Job.locked_until).is_(None) | (col(Job.locked_until) < now)
    statement = select(Job).where(col(Job.done_at).is_(None), col(Job.failed_at).is_(None), Job.run_at <= now, free)
    return statement.order_by(col(Job.run_at), col(Job.id))


def hold(session: Session, job: Job) -> Job | None:
    """The job, locked for this transaction, if it is still ours; None when another has taken it since."""
    statement = select(Job).where(Job.id == job.id, Job.locked_by == job.locked_by, col(Job.done_at).is_(None))
    return session.exec(statement.with_for_update()).first()


def finish(session: Session, job: Job) -> None:
    job.done_at = clock.now()
    job.last_error = ""
    _release(session, job)


def fail(session: Session, job: Job, reason: str, *, for_good: bool = False) -> None:
    """Note why it did not work; it is tried again later, or not any more."""
    job.last_error = reason[:500]
    if for_good or job.attempts >= MOST_ATTEMPTS:
        job.failed_at = clock.now()
    else:
        job.run_at = clock.now() + pause_after(job.attempts)
    _release(session, job)


def retry(session: Session, job: Job) -> None:
    """Begin again with a job that waits or was given up."""
    job.failed_at = None
    job.attempts = 0
    job.run_at = clock.now()
    session.add(job)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a job may be taken: looked up by reading, so that an idle worker writes nothing."""
    return session.exec(_due(now).limit(1)).first() is not None


def periodic_missing(session: Session, now: datetime) -> bool:
    """Whether a periodic job of this moment has not been written down yet."""
    wanted = {key for _entry, _slot, key in periodic_keys(now)}
    return bool(wanted - set(session.exec(select(Job.key).where(col(Job.key).in_(wanted))).all()))


def counts(session: Session) -> dict[str, int]:
    """How many jobs are in each state."""
    state = _state()
    found: dict[str, int] = dict(session.exec(select(state, func.count()).group_by(state)).all())
    return {name: found.get(name, 0) for name in STATES}


def listed(state: str) -> SelectOfScalar[Job]:
    """The jobs in this state, newest first."""
    return select(Job).where(_state() == state).order_by(col(Job.created_at).desc(), col(Job.id))


def all_failed(session: Session) -> Sequence[Job]:
    return session.exec(select(Job).where(col(Job.failed_at).is_not(None), col(Job.done_at).is_(None))).all()


def forget_done(session: Session) -> None:
    """Drop what was done more than a year ago."""
    session.execute(delete(Job).where(col(Job.done_at) < clock.now() - timedelta(days=KEPT_DAYS)))


def _state() -> Case[str]:
    return case((col(Job.done_at).is_not(None), "done"), (col(Job.failed_at).is_not(None), "failed"), else_="waiting")


def _release(session: Session, job: Job) -> None:
    job.locked_until = None
    job.locked_by = None
    session.add(job)
