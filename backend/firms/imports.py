"""An import on screen: the file is kept, checked in the background, shown, and taken over when somebody confirms.

How far the work is stands in a small file beside the table's own: a transaction that writes thousands of firms would
make a progress row in the database wait for it.
"""

import contextvars
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database
from backend.core.errors import AppError, Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.firms import queries
from backend.firms.faults import Fault, FaultCode
from backend.firms.intake import KnownProcess, compare, kind_of, read_file
from backend.firms.models import FirmImport
from backend.firms.takeover import FaultyFile, import_file

log = logging.getLogger(__name__)

MOST_FAULTS_KEPT = 5000
# How long to wait between tries to write down a state while the database is busy, in seconds.
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
STALE = timedelta(minutes=2)
# waiting and checking lead to ready, faulty or refused; ready leads to taking, and that to done or back.
AT_WORK = frozenset({"waiting", "checking", "taking"})


@dataclass(frozen=True)
class ImportDesk:
    """What an import works with: the database, the folder for files, the vocabulary of processes."""

    database: Database
    folder: Path
    known_process: KnownProcess

    def file(self, import_id: str) -> Path:
        return self.folder / "imports" / import_id

    def progress_file(self, import_id: str) -> Path:
        return self.folder / "imports" / f"{import_id}.progress"


def receive(desk: ImportDesk, actor: User, file_name: str, data: bytes) -> str:
    """Keep the file and begin to check it; gives the import's id."""
    kind = kind_of(file_name)
    if not data:
        raise Invalid(_("このファイルは空です。"), {"file": _("別のファイルを選んでください。")})
    now = clock.now()
    row = FirmImport(
        file_name=Path(file_name).name[:200], kind=kind, uploaded_by=actor.id, created_at=now, updated_at=now
    )
    import_id = row.id
    _keep(desk, row, data)
    _in_background(desk, import_id, "checking", lambda: _check(desk, import_id, kind))
    return import_id


def _keep(desk: ImportDesk, row: FirmImport, data: bytes) -> None:
    """The file and its row: both, or neither when disk or database refuse."""
    file = desk.file(row.id)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        with desk.database.writing() as session:
            session.add(row)
    except (SQLAlchemyError, OSError):
        file.unlink(missing_ok=True)
        raise


def confirm(desk: ImportDesk, actor: User, import_id: str) -> None:
    """Take the file over in the background. Confirming twice is the same as once."""
    with desk.database.writing() as session:
        row = queries.hold_import(session, import_id)
        if row is None:
            raise NotFound
        if row.state in {"taking", "done"}:
            return
        if row.state != "ready":
            raise Refused(_("このファイルはまだ取り込めません。直すところを直して、もう一度選んでください。"))
        row.state, row.updated_at = "taking", clock.now()
        session.add(row)
        kind = row.kind
    _in_background(desk, import_id, "taking", lambda: _take_over(desk, actor, import_id, kind))


def cancel(desk: ImportDesk, import_id: str) -> None:
    """Let the file go; nothing of it stays, unless all of it was taken over already."""
    with desk.database.writing() as session:
        row = queries.hold_import(session, import_id)
        if row is None:
            raise NotFound
        if row.state == "taking" and not is_stale(desk, row):
            raise Refused(_("取り込みの最中です。終わるまで待ってください。"))
        if row.state != "done":
            row.state, row.updated_at = "cancelled", clock.now()
            session.add(row)
    desk.file(import_id).unlink(missing_ok=True)
    desk.progress_file(import_id).unlink(missing_ok=True)


def progress_of(desk: ImportDesk, import_id: str) -> tuple[str, int, int]:
    """The phase, how much is done and how much there is."""
    try:
        kept = json.loads(desk.progress_file(import_id).read_text(encoding="utf-8"))
        return str(kept["phase"]), int(kept["done"]), int(kept["total"])
    except (OSError, ValueError, KeyError):
        return "read", 0, 0


def is_stale(desk: ImportDesk, row: FirmImport) -> bool:
    """Whether the work must have been cut off, by a restart for instance: nothing was heard of it for a while."""
    return row.state in AT_WORK and clock.now() - max(row.updated_at, _last_heard(desk, row)) > STALE


def _last_heard(desk: ImportDesk, row: FirmImport) -> datetime:
    """When the work last told how far it is."""
    try:
        return datetime.fromtimestamp(desk.progress_file(row.id).stat().st_mtime, UTC)
    except OSError:
        return row.updated_at


def faults_of(row: FirmImport) -> list[Fault]:
    """The faults as the report shows them."""
    return [Fault(**{**kept, "code": FaultCode(kept["code"])}) for kept in row.faults]


def _in_background(desk: ImportDesk, import_id: str, state: str, work: Callable[[], dict[str, object]]) -> None:
    """Run the work in a thread of its own, in the language of the one who started it."""
    context = contextvars.copy_context()
    thread = Thread(target=context.run, args=(_run, desk, import_id, state, work), daemon=True, name="firm-import")
    thread.start()


def _run(desk: ImportDesk, import_id: str, state: str, work: Callable[[], dict[str, object]]) -> None:
    """Do the work and write down how it ended, whatever happened."""
    end: dict[str, object] = {
        "state": "refused",
        "message": _("取り込みの途中で止まりました。もう一度お試しください。"),
    }
    try:
        _store_patiently(desk, import_id, {"state": state})
        end = work()
    except FaultyFile as refusal:
        end = {"state": "faulty", "message": refusal.message, **_kept(refusal.faults)}
    except AppError as refusal:
        end = {"state": "refused", "message": refusal.message}
    except (SQLAlchemyError, OSError):
        end["message"] = _("いまは保存できませんでした。少し待ってから、もう一度お試しください。")
    finally:
        _store_end(desk, import_id, end)


def _store_end(desk: ImportDesk, import_id: str, end: dict[str, object]) -> None:
    """What cannot be written down even after waiting is left to `is_stale`: the page then offers to let it go."""
    try:
        _store_patiently(desk, import_id, end)
    except (SQLAlchemyError, OSError):
        log.exception("the end of import %s could not be stored", import_id)


def _store_patiently(desk: ImportDesk, import_id: str, values: dict[str, object]) -> None:
    """A database that is busy for a moment must not leave an import hanging."""
    for pause in PAUSES:
        try:
            return _store(desk, import_id, values)
        except SQLAlchemyError:
            time.sleep(pause)
    return _store(desk, import_id, values)


def _store(desk: ImportDesk, import_id: str, values: dict[str, object]) -> None:
    with desk.database.writing() as session:
        row = queries.hold_import(session, import_id)
        if row is None or row.state == "cancelled":
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.updated_at = clock.now()
        session.add(row)


def _check(desk: ImportDesk, import_id: str, kind: str) -> dict[str, object]:
    content = read_file(desk.file(import_id), kind, desk.known_process, _progress(desk, import_id))
    with desk.database.reading() as session:
        plan = compare(session, content, _progress(desk, import_id))
        counts = {"created": len(plan.new), "updated": len(plan.changed), "unchanged": plan.unchanged}
    state = "faulty" if plan.errors else "ready"
    kept = {"rows": len(content.rows), "left_out": content.left_out}
    return {"state": state, **kept, **counts, **_kept(plan.faults)}


def _take_over(desk: ImportDesk, actor: User, import_id: str, kind: str) -> dict[str, object]:
    summary = import_file(
        desk.database,
        desk.file(import_id),
        kind=kind,
        known_process=desk.known_process,
        actor=actor,
        progress=_progress(desk, import_id),
        settle=lambda session: settle(session, import_id),
    )
    desk.file(import_id).unlink(missing_ok=True)
    desk.progress_file(import_id).unlink(missing_ok=True)
    counts = {"created": summary.created, "updated": summary.updated, "unchanged": summary.unchanged}
    return {"state": "done", "message": "", **counts}


def settle(session: Session, import_id: str) -> None:
    """In the transaction that takes the firms over: it is done, or somebody let it go and nothing of it stays."""
    row = queries.hold_import(session, import_id)
    if row is None or row.state != "taking":
        raise Refused(_("この取り込みは、途中で取りやめになりました。"))
    row.state, row.updated_at = "done", clock.now()
    session.add(row)


def _kept(faults: tuple[Fault, ...] | list[Fault]) -> dict[str, object]:
    errors = sum(not fault.is_warning for fault in faults)
    kept = sorted(faults, key=lambda fault: (fault.is_warning, fault.row))[:MOST_FAULTS_KEPT]
    plain = [{**asdict(fault), "code": fault.code.value} for fault in kept]
    return {"faults": plain, "fault_count": errors, "warning_count": len(faults) - errors}


def _progress(desk: ImportDesk, import_id: str) -> Callable[[str, int, int], None]:
    file = desk.progress_file(import_id)

    def tell(phase: str, done: int, total: int) -> None:
        waiting = file.with_suffix(".part")
        waiting.write_text(json.dumps({"phase": phase, "done": done, "total": total}), encoding="utf-8")
        waiting.replace(file)

    return tell
