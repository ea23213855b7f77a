"""Runs of the joint plan: worked out in the background, kept in a file each, as imports keep their progress (ADR 30).

Nothing is written to the database: a plan is a proposal, and a team holds only once somebody decides on it.
"""

import contextvars
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

from pydantic import ValidationError

from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database
from backend.core.errors import AppError, Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.core.model import new_id
from backend.matches.index import LiveIndex
from backend.teams import joint_queries
from backend.teams.joint_case import Wanted, joint_problem, wanted
from backend.teams.joint_queries import Settled
from backend.teams.joint_result import Run, RunState
from backend.teams.joint_writing import Solved, kept_of
from matching.joint.bottleneck import outlook
from matching.joint.solve import Effort, solve

log = logging.getLogger(__name__)

MOST_CASES = 60
RUNS_KEPT = 20
STALE = timedelta(minutes=2)
SECONDS_TO_SOLVE = 8.0
AT_WORK = frozenset({RunState.READING, RunState.SOLVING})


@dataclass(frozen=True)
class JointDesk:
    """What a run works with: the database, the index, the folder for its files, and which requests are settled."""

    database: Database
    index: LiveIndex
    folder: Path
    settled: Settled

    def file(self, run_id: str) -> Path:
        return self.folder / "joint" / f"{run_id}.json"

    def keep(self, run: Run) -> None:
        """Write the run down whole, so that no reader ever sees half of it."""
        run.updated_at = clock.now()
        file = self.file(run.id)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.write_text(run.model_dump_json(), encoding="utf-8")
        fresh.replace(file)


def begin(desk: JointDesk, actor: User, tokens: Sequence[str]) -> str:
    """Start a run for these requests and give its id; if one is at work already, the id of that one.

    Raises:
        Invalid: when none of the requests is open, or when they are too many.
    """
    at_work = next((run for run in _all_runs(desk) if is_at_work(run)), None)
    with desk.database.reading() as session:
        if at_work and not joint_queries.all_readable(session, actor, at_work.tokens):
            raise Invalid(_("いま別の計画を計算しています。少し待ってから、もう一度押してください。"))
        if at_work:
            return at_work.id
        chosen = [kept.token for kept in joint_queries.chosen_requests(session, actor, desk.settled, tokens)]
    if not chosen:
        raise Invalid(_("計画に入れる相談を、1件以上選んでください。"), {"request": _("1件以上選んでください。")})
    if len(chosen) > MOST_CASES:
        raise Invalid(_("一度に計画できるのは%(most)s件までです。いくつか外してください。", most=MOST_CASES))
    now = clock.now()
    run = Run(id=new_id(), made_by=actor.name, made_at=now, updated_at=now, tokens=chosen, total=len(chosen))
    desk.keep(run)
    _forget_old(desk)
    context = contextvars.copy_context()
    Thread(target=context.run, args=(_work, desk, actor, run), daemon=True, name="joint-plan").start()
    return run.id


def run_of(desk: JointDesk, actor: User, run_id: str) -> Run:
    """The run of this id, for those who may find all its requests. Raises NotFound."""
    found = _read(desk.file(run_id)) if run_id.isalnum() else None
    if found is None or not _may_see(desk, actor, [found]):
        raise NotFound
    return found


def runs(desk: JointDesk, actor: User) -> list[Run]:
    """Those that this coordinator may look at, the newest first."""
    return _may_see(desk, actor, _all_runs(desk))


def _may_see(desk: JointDesk, actor: User, found: Sequence[Run]) -> list[Run]:
    """A plan tells of every request in it, so it belongs to those who may find them all."""
    with desk.database.reading() as session:
        return [run for run in found if joint_queries.all_readable(session, actor, run.tokens)]


def _all_runs(desk: JointDesk) -> list[Run]:
    files = (desk.folder / "joint").glob("*.json")
    found = [run for file in files if (run := _read(file))]
    return sorted(found, key=lambda run: run.made_at, reverse=True)


def is_at_work(run: Run) -> bool:
    """Whether somebody still works on it. One that does not move any more was cut off, by a restart for instance."""
    return run.state in AT_WORK and not is_cut_off(run)


def is_cut_off(run: Run) -> bool:
    return run.state in AT_WORK and clock.now() - run.updated_at > STALE


def _read(file: Path) -> Run | None:
    try:
        return Run.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def _forget_old(desk: JointDesk) -> None:
    for run in _all_runs(desk)[RUNS_KEPT:]:
        desk.file(run.id).unlink(missing_ok=True)


def _work(desk: JointDesk, actor: User, run: Run) -> None:
    """Do the work and write down how it ended, whatever happened."""
    sentence = _("計画の途中で止まりました。もう一度お試しください。")
    try:
        _plan(desk, actor, run)
    except AppError as refusal:
        sentence = refusal.message
    except Exception:
        log.exception("joint plan %s", run.id)
    if run.state is not RunState.DONE:
        run.state, run.sentence = RunState.FAILED, sentence
        desk.keep(run)


def _plan(desk: JointDesk, actor: User, run: Run) -> None:
    began = time.perf_counter()
    cases = _cases(desk, actor, run)
    with desk.database.reading() as session:
        problem = joint_problem(session, cases)
    run.state, run.done, run.total = RunState.SOLVING, 0, 100
    desk.keep(run)
    # Solved outside any transaction.
    plan = solve(problem, Effort(time_limit_s=SECONDS_TO_SOLVE), progress=lambda share: _tell(desk, run, share))
    solved = Solved(problem, plan, outlook(problem, plan))
    run.result = kept_of(cases, solved, time.perf_counter() - began)
    run.state = RunState.DONE
    desk.keep(run)


def _cases(desk: JointDesk, actor: User, run: Run) -> list[Wanted]:
    """The requests with their firms; one that is gone meanwhile is left out."""
    cases: list[Wanted] = []
    for done, token in enumerate(run.tokens, 1):
        try:
            with desk.database.reading() as session:
                cases.append(wanted(session, desk.index, actor, token))
        except NotFound:
            log.info("joint plan %s: a request is gone", run.id)
        run.done = done
        desk.keep(run)
    return cases


def _tell(desk: JointDesk, run: Run, share: float) -> None:
    run.done = round(100 * share)
    desk.keep(run)
