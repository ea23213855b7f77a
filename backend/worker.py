"""The worker: takes jobs from the outbox and does them, one after the other, until it is told to stop."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from types import FrameType

from sqlalchemy.exc import DBAPIError

from backend.accounts import letters as account_letters
from backend.accounts import sign_in_links
from backend.capacity import jobs as capacity_jobs
from backend.core import clock, job_queue, postman
from backend.core.db import Database
from backend.core.i18n import use_language
from backend.core.jobs import Errand, GiveUp, Job, Work, enqueue_due, registry
from backend.core.settings import Settings
from backend.files import jobs as files_jobs
from backend.firms import jobs as firms_jobs
from backend.introductions import jobs as introduction_jobs

# Naming the modules here is what makes their jobs and mails known.
HANDLERS = (postman, account_letters, sign_in_links, capacity_jobs, files_jobs, firms_jobs, introduction_jobs)
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_AFTER_TROUBLE = 2.0

log = logging.getLogger(__name__)


class Worker:
    """One worker. Several may run side by side, in one program or in many."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.lease = timedelta(seconds=settings.worker_lease_seconds)
        self.stopping = Event()

    def run(self) -> None:
        """Work until told to stop; a database that is away or busy is waited for."""
        use_language("ja")
        while not self.stopping.is_set():
            try:
                busy = self.step()
            except (DBAPIError, OSError) as trouble:
                log.warning("the worker waits: %s", trouble)
                self.stopping.wait(SECONDS_AFTER_TROUBLE)
                continue
            if not busy:
                self.stopping.wait(SECONDS_BETWEEN_LOOKS)

    def run_once(self) -> int:
        """Do everything that is due now; gives how many jobs that was."""
        done = 0
        while not self.stopping.is_set() and self.step():
            done += 1
        return done

    def step(self) -> bool:
        """Do one job; False when none is due."""
        now = clock.now()
        with self.database.reading() as session:
            due = job_queue.anything_due(session, now) or job_queue.periodic_missing(session, now)
        if not due:
            return False
        with self.database.writing() as session:
            enqueue_due(session, now)
            taken = job_queue.claim(session, self.lease)
        if taken is None:
            return False
        self._do(taken)
        return True

    def stop(self) -> None:
        self.stopping.set()

    def _do(self, job: Job) -> None:
        try:
            self._attempt(job)
        except GiveUp as reason:
            self._note_failure(job, str(reason), for_good=True)
        except Exception as reason:
            # Whatever a job does wrong must not end the worker.
            log.warning("job %s %s failed", job.kind, job.key, exc_info=reason)
            self._note_failure(job, f"{type(reason).__name__}: {reason}")

    def _attempt(self, job: Job) -> None:
        if job.kind in registry.errands:
            registry.errands[job.kind](Errand(self.database, self.settings, job.payload, job.key))
        elif job.kind not in registry.jobs:
            raise GiveUp(f"nobody here knows how to do {job.kind}")
        with self.database.writing() as session:
            held = job_queue.hold(session, job)
            if held is None:
                return
            if job.kind in registry.jobs:
                registry.jobs[job.kind](Work(session, self.settings, job.payload, job.key))
            job_queue.finish(session, held)

    def _note_failure(self, job: Job, reason: str, *, for_good: bool = False) -> None:
        with self.database.writing() as session:
            held = job_queue.hold(session, job)
            if held is not None:
                job_queue.fail(session, held, reason, for_good=for_good)


@contextmanager
def stopped_by_signals(worker: Worker) -> Iterator[None]:
    """SIGTERM and SIGINT let the worker finish the job in hand and end."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextmanager
def beside(worker: Worker) -> Iterator[None]:
    """The worker runs in a thread of this program as long as the block lasts."""
    thread = Thread(target=worker.run, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
