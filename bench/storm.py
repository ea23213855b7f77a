"""Workers are killed at random under load, then the books are checked. Run it with `python -m bench.worker`.

No mail may be lost, none may arrive twice with different content, and no job may be half done.
"""

import logging
import multiprocessing
import random
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from pydantic import SecretStr
from sqlmodel import Session, col, func, select

from backend.accounts.letters import INVITATION_ACCEPTED
from backend.core import audit
from backend.core.db import Database
from backend.core.jobs import Job, Work, enqueue, job
from backend.core.mail import Mail, send_mail
from backend.core.migrations import upgrade
from backend.core.settings import Environment, Settings
from backend.worker import Worker, stopped_by_signals
from bench.mail_server import MailServer, Postbox
from bench.storm_cases import MAILS_EACH, CaseLoad, half_done, make_load

WORKERS = 2
EVENTS_PER_KILL = 3
# Every so many events one is a pair of cases.
CASES_EVERY = 6
LONGEST_LIFE = 0.25  # seconds until a worker is killed
SECONDS_WITHOUT_MOVE = 60
TOLD = audit.action("storm told", "嵐の中で伝えた")

fork = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Outcome:
    """What the books say when everything is quiet again. `owed` is how many mails there should be."""

    kills: int
    events: int
    owed: int
    mails: int
    arrived: int
    repeated: int
    different: int
    lost: int
    half_done: int
    unfinished: int
    seconds: float

    @property
    def is_sound(self) -> bool:
        return not (self.different or self.lost or self.half_done or self.unfinished)


@job("bench.tell")
def tell(work: Work) -> None:
    """One job that writes two things: both stand afterwards, or neither."""
    number = str(work.payload["number"])
    audit.record(work.session, TOLD, f"storm:{number}")
    _mail(work.session, f"told {number}")


def _mail(session: Session, number: str) -> None:
    context = {"name": number, "organisation": "工場", "path": f"/{number}"}
    send_mail(session, INVITATION_ACCEPTED, "owner@example.jp", "ja", context, key=f"storm:{number}")


def work(settings: Settings) -> None:
    """The life of one worker process."""
    logging.disable()
    database = Database(settings.database_address, wait_seconds=settings.database_wait_seconds)
    worker = Worker(database, settings)
    with stopped_by_signals(worker):
        worker.run()


def storm(address: str, folder: Path, *, kills: int, seed: int = 1) -> Outcome:
    """Kill workers `kills` times while mails and jobs come in; then let them finish and check the books."""
    database = Database(address, wait_seconds=10)
    upgrade(database)
    fork.set_forkserver_preload(["bench.storm"])
    began = time.monotonic()
    with MailServer() as server:
        settings = Settings(
            environment=Environment.TEST,
            data_dir=folder,
            database_url=address,
            database_wait_seconds=10,
            smtp_url=SecretStr(server.url),
            worker_lease_seconds=1,
        )
        events = kills * EVENTS_PER_KILL
        writer = Thread(target=_write, args=(database, make_load(database), events))
        writer.start()
        crew = Crew(settings, random.Random(seed))  # noqa: S311 - when to kill is no secret
        crew.kill(kills)
        writer.join()
        crew.finish(database)
        outcome = _books(database, server.box, kills, events, time.monotonic() - began)
    database.close()
    return outcome


class Crew:
    """The worker processes."""

    def __init__(self, settings: Settings, rng: random.Random) -> None:
        self._settings = settings
        self._rng = rng
        self._members = [self._new() for _ in range(WORKERS)]

    def kill(self, times: int) -> None:
        for _ in range(times):
            time.sleep(self._rng.uniform(0, LONGEST_LIFE))
            place = self._rng.randrange(WORKERS)
            self._members[place].kill()
            self._members[place].join()
            self._members[place] = self._new()

    def finish(self, database: Database) -> None:
        """Wait until nothing is open or nothing moves any more, then stop everybody the gentle way."""
        before, since = -1, time.monotonic()
        while (left := _open_jobs(database)) and time.monotonic() - since < SECONDS_WITHOUT_MOVE:
            if left != before:
                before, since = left, time.monotonic()
            time.sleep(0.2)
        for member in self._members:
            member.terminate()
            member.join(20)
            if member.exitcode != 0:
                raise RuntimeError(f"a worker that was asked to stop ended with {member.exitcode}")

    def _new(self) -> "multiprocessing.context.ForkServerProcess":
        process = fork.Process(target=work, args=(self._settings,))
        process.start()
        return process


def _is_pair(number: int) -> bool:
    return number % CASES_EVERY == 0


def _write(database: Database, load: CaseLoad, events: int) -> None:
    """Some mails come from a request, some from a job that a request leaves behind, some from cases; some are told
    twice.
    """
    pause = Event()
    for number in range(events):
        with database.writing() as session:
            if _is_pair(number):
                load.add(session, number)
            elif number % 2:
                enqueue(session, "bench.tell", {"number": number}, f"storm:{number}")
            else:
                _mail(session, str(number))
                _mail(session, str(number))
        pause.wait(LONGEST_LIFE / 2 / EVENTS_PER_KILL)


def _open_jobs(database: Database) -> int:
    with database.reading() as session:
        statement = select(func.count()).select_from(Job).where(col(Job.done_at).is_(None), Job.kind != "jobs.forget")
        return session.exec(statement).one()


def _books(database: Database, box: Postbox, kills: int, events: int, seconds: float) -> Outcome:
    arrived = box.by_message_id()
    pairs = sum(map(_is_pair, range(events)))
    owed = events - pairs + MAILS_EACH * pairs
    with database.reading() as session:
        mails = session.exec(select(Mail)).all()
        told = session.exec(select(func.count()).where(audit.AuditEvent.action == TOLD)).one()
        apart = half_done(session, pairs)
    from_jobs = sum(mail.key.startswith("storm:told") for mail in mails)
    return Outcome(
        kills=kills,
        events=events,
        owed=owed,
        mails=len(mails),
        arrived=len(arrived),
        repeated=len(box.letters) - len(arrived),
        different=sum(len(contents) > 1 for contents in arrived.values()),
        lost=owed - len(arrived) + sum(mail.sent_at is None for mail in mails),
        half_done=abs(told - from_jobs) + apart,
        unfinished=_open_jobs(database),
        seconds=round(seconds, 1),
    )
