"""Who did what, in order, never changed afterwards. Each event carries a digest over itself and the one before.

A slice names what it records, once, beside the code that records it:

    WARD_CHANGED = audit.action("request given to ward", mark("受け持つ区を変えた"))
    audit.record(session, WARD_CHANGED, f"request:{request.id}", actor_id=actor.id, before=old, after=new)

The first words are kept for ever in the trail; the second are what people read, in either language.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, NewType

from sqlalchemy import JSON, Column, ColumnElement, Integer, Text, false, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.core import clock
from backend.core.i18n import gettext, mark
from backend.core.model import Model, moment
from backend.core.turns import Turn, append_last

# No trail is older.
FIRST_YEAR = 2000

# Only `action` makes one, so that nothing can be recorded that has no name.
Action = NewType("Action", str)
NAMES: dict[str, str] = {}
# What the parts of an event are called. A part that is not here is shown by its key.
PARTS = {
    "after": mark("あと"),
    "answer": mark("答えの番号"),
    "before": mark("まえ"),
    "by": mark("方法"),
    "channel": mark("受け方"),
    "count": mark("件数"),
    "created": mark("新しい"),
    "days": mark("日数"),
    "fields": mark("変えた欄"),
    "finish": mark("仕上がり"),
    "firm": mark("工場の番号"),
    "firms": mark("工場"),
    "invitation": mark("招待の番号"),
    "kind": mark("種類"),
    "lead": mark("幹事"),
    "minutes": mark("分"),
    "name": mark("名前"),
    "number": mark("番号"),
    "organisation": mark("団体の番号"),
    "plan": mark("案の番号"),
    "reason": mark("理由"),
    "revision": mark("版"),
    "role": mark("役割"),
    "scope": mark("できること"),
    "standing": mark("立場"),
    "token": mark("トークンの番号"),
    "unchanged": mark("そのまま"),
    "updated": mark("変わった"),
    "version": mark("版"),
}
LONGEST_PART = 300
LONGEST_VALUE = 80


class AuditEvent(Model, table=True):
    """One thing that was done. The database itself refuses to change or delete a row."""

    __tablename__: ClassVar[str] = "audit_events"

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_column=moment(index=True))
    actor_id: str | None = Field(default=None, max_length=32)
    action: str = Field(max_length=64, index=True)
    subject: str = Field(max_length=128, index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    digest: str = Field(sa_column=Column(Text, nullable=False))


def action(key: str, words: str) -> Action:
    """Declare something that will be recorded. `words`, put through `mark`, say it to people: "受け持つ区を変えた"."""
    if NAMES.setdefault(key, words) != words:
        raise ValueError(f"{key!r} is called {NAMES[key]!r} already")
    return Action(key)


def action_name(key: str) -> str:
    """What was done, as people say it; what an older version recorded is shown as it was written."""
    return gettext(NAMES.get(key, key))


def part_name(key: str) -> str:
    """What a part of an event is called."""
    return gettext(PARTS.get(key, key))


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, str]:
    """What changed, as the `before` and `after` of an event: only the keys that differ, long values cut short."""
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return {"before": _told(before, changed), "after": _told(after, changed)}


def _told(values: Mapping[str, object], keys: Collection[str]) -> str:
    said = "; ".join(f"{key}={_short(str(values.get(key, '')), LONGEST_VALUE)}" for key in keys)
    return _short(said, LONGEST_PART)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shortened(text: str) -> str:
    """A text fit to be a part of an event."""
    return _short(text, LONGEST_PART)


def record(
    session: Session, action: Action, subject: str, *, actor_id: str | None = None, **detail: str | int | None
) -> None:
    """Write down, in the same transaction, that the actor did this to the subject ("user:<id>").

    `action` was declared with `audit.action`. What changed is told as `before` and `after`. The event takes its place
    in the chain when the transaction ends.
    """
    event = AuditEvent(at=clock.now(), actor_id=actor_id, action=action, subject=subject, detail=detail, digest="")
    append_last(session, CHAIN, [event])


def _append(session: Session, events: Sequence[AuditEvent]) -> None:
    before = _last_digest(session)
    for event in events:
        before = event.digest = _digest(before, event)
        session.add(event)
        # One at a time: the numbers of the events follow the chain.
        session.flush()


# Any number will do for a turn, as long as nothing else in this database locks the same one.
CHAIN = Turn(7_061_977, _append)


def first_broken(session: Session) -> int | None:
    """The number of the first event that does not follow from the one before; None when the chain is whole."""
    before = ""
    whole = select(AuditEvent).order_by(col(AuditEvent.seq)).execution_options(yield_per=1000)
    with closing(session.exec(whole)) as events:
        for event in events:
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


def _on(day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a day in Tokyo. None where nothing can be: a calendar may end there."""
    if day.year < FIRST_YEAR or day > clock.today():
        return (false(),)
    begin = datetime.combine(day, time(), clock.TOKYO)
    return col(AuditEvent.at) >= begin, col(AuditEvent.at) < begin + timedelta(days=1)


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
        statement = statement.where(*_on(wanted.day))
    return statement.order_by(col(AuditEvent.seq).desc())


def portion(session: Session, wanted: Wanted, after: int, size: int) -> Sequence[AuditEvent]:
    """The next events wanted behind a number, oldest first, for whoever goes through all of them."""
    following = found(wanted).where(col(AuditEvent.seq) > after)
    return session.exec(following.order_by(None).order_by(col(AuditEvent.seq)).limit(size)).all()


def actions(session: Session) -> list[str]:
    """Every kind of event that has happened: from each to the next along the index, however long the trail is."""
    kind = col(AuditEvent.action)
    kinds = select_columns(func.min(kind).label("kind")).cte("kinds", recursive=True)
    following = select_columns(func.min(kind)).where(kind > kinds.c.kind).scalar_subquery()
    kinds = kinds.union_all(select_columns(following).where(kinds.c.kind.is_not(None)))
    return sorted(session.scalars(select_columns(kinds.c.kind).where(kinds.c.kind.is_not(None))))
