"""Taking a checked file over into the register: all of it or nothing."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.errors import Invalid
from backend.core.i18n import mark, ngettext
from backend.firms import records, service
from backend.firms.faults import Fault
from backend.firms.intake import (
    KnownProcess,
    Plan,
    Progress,
    any_process,
    compare,
    kind_of,
    read_file,
    silent,
)

BATCH = 200
IMPORTED = audit.action("firms imported", mark("工場のファイルを取り込んだ"))


@dataclass(frozen=True)
class Summary:
    """How a file went in."""

    created: int
    updated: int
    unchanged: int
    warnings: Sequence[Fault]


class FaultyFile(Invalid):
    """The file has faults; nothing of it was taken over."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        errors = sum(not fault.is_warning for fault in faults)
        super().__init__(
            ngettext(
                "ファイルに直すところが%(n)s件あります。何も取り込んでいません。",
                "ファイルに直すところが%(n)s件あります。何も取り込んでいません。",
                errors,
            )
        )
        self.faults = tuple(faults)


def import_file(
    database: Database,
    path: Path,
    *,
    kind: str | None = None,
    known_process: KnownProcess = any_process,
    actor: User | None = None,
    progress: Progress = silent,
    settle: Callable[[Session], None] = lambda _session: None,
) -> Summary:
    """Read, check and take over a file of firms. Raises FaultyFile or Invalid, and then nothing has changed.

    The file is read and checked before the transaction begins; inside it only the comparison with the register is
    made, because the register may have changed since somebody last looked. `settle` is called last in it, and may
    still refuse.
    """
    content = read_file(path, kind or kind_of(path.name), known_process, progress)
    errors = [fault for fault in content.faults if not fault.is_warning]
    if errors:
        raise FaultyFile(content.faults)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with database.writing() as session:
        plan = compare(session, content, progress, hold=True)
        if plan.errors:
            raise FaultyFile(plan.faults)
        carry_out(session, actor, plan, progress)
        summary = Summary(len(plan.new), len(plan.changed), plan.unchanged, plan.warnings)
        _note(session, actor, digest, summary)
        settle(session)
    return summary


def carry_out(session: Session, actor: User | None, plan: Plan, progress: Progress) -> None:
    """Write a plan without faults."""
    total, done, now = len(plan.new) + len(plan.changed), 0, clock.now()
    for start in range(0, len(plan.new), BATCH):
        some = [records.settle(row.draft) for row in plan.new[start : start + BATCH]]
        service.add_all(session, some, now)
        done += len(some)
        progress("write", done, total)
    for firm, old, settled in plan.changed:
        service.change(session, actor, firm, old, settled, "imported")
        done += 1
        if done % BATCH == 0:
            progress("write", done, total)


def _note(session: Session, actor: User | None, digest: str, summary: Summary) -> None:
    counts = {"created": summary.created, "updated": summary.updated, "unchanged": summary.unchanged}
    audit.record(session, IMPORTED, f"file:{digest}", actor_id=actor.id if actor else None, **counts)
