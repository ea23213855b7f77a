"""What writers take turns at: lists whose order must be that of the commits, such as the audit trail.

SQLite has one writer at a time anyway. On PostgreSQL many write at once, and whoever appends to such a list holds it
until its commit. Held halfway through, it would cross with the rows that others hold already, and two would wait for
each other. So what is to be appended is gathered in the session and written last: from then on nothing else is locked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

GATHERED = "nakamawa_gathered"


@dataclass(frozen=True)
class Turn:
    """One such list: the number of its lock, the same in every process, and how rows are appended to it."""

    lock: int
    append: Callable[[Session, Sequence[Any]], None]


def append_last(session: Session, turn: Turn, rows: Sequence[Any]) -> None:
    """Append these rows when the session commits, after everything else; nothing of them if it does not commit."""
    session.info.setdefault(GATHERED, {}).setdefault(turn, []).extend(rows)


def write_gathered(session: Session) -> None:
    """Append what was gathered; the last that a transaction does. Lists are held in the order of their locks."""
    gathered: dict[Turn, list[Any]] = session.info.pop(GATHERED, {})
    # Rows that still have to be written are locked by it: before the lists, never after them.
    session.flush()
    for turn in sorted(gathered, key=lambda turn: turn.lock):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(turn.lock)))
        turn.append(session, gathered[turn])
        session.flush()
