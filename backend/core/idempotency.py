"""A write that is sent again has one effect. The answer is kept in the transaction of the effect, so that a crash
leaves both or neither, and whoever sends the same key again gets the same answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Column, Text, UniqueConstraint, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, delete, select

from backend.core import clock
from backend.core.errors import AppError, Invalid
from backend.core.i18n import gettext as _
from backend.core.model import Model, moment, new_id

LIFE = timedelta(hours=24)
SWEPT_AT_ONCE = 100
REPLAYED = "Idempotency-Replayed"


class ApiAnswer(Model, table=True):
    """The answer to a write that came with a key. `digest` is over method, address and body."""

    __tablename__: ClassVar[str] = "api_answers"
    __table_args__ = (UniqueConstraint("caller", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    caller: str = Field(max_length=64)
    key: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    status: int
    body: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=moment(index=True))


@dataclass(frozen=True)
class Write:
    """A write as it came in; without a key it is simply done."""

    caller: str = ""
    key: str = ""
    digest: str = ""

    def answer(self, session: Session, work: Callable[[], BaseModel], status: int = 200) -> Response:
        """Do the work, or give the answer that it had the first time. A refusal is not kept: it changed nothing."""
        if not self.key:
            return _json(work().model_dump_json(), status)
        kept = self._kept(session)
        if kept is not None:
            return self._again(kept)
        _sweep(session)
        body = work().model_dump_json()
        session.add(
            ApiAnswer(
                caller=self.caller, key=self.key, digest=self.digest, status=status, body=body, created_at=clock.now()
            )
        )
        session.flush()
        return _json(body, status)

    def _kept(self, session: Session) -> ApiAnswer | None:
        """What was answered before. Only one write with this key is under way at any time."""
        _hold(session, f"{self.caller} {self.key}")
        kept = session.exec(select(ApiAnswer).where(ApiAnswer.caller == self.caller, ApiAnswer.key == self.key)).first()
        if kept is None or kept.created_at > clock.now() - LIFE:
            return kept
        session.delete(kept)
        session.flush()
        return None

    def _again(self, kept: ApiAnswer) -> Response:
        if kept.digest != self.digest:
            message = _("この Idempotency-Key は、別の内容の書き込みに使われています。新しいキーを使ってください。")
            raise Invalid(message, {"Idempotency-Key": message})
        response = _json(kept.body, kept.status)
        response.headers[REPLAYED] = "true"
        return response


def _hold(session: Session, key: str) -> None:
    """SQLite lets one writer in at a time, so a second one waits here; on PostgreSQL it is told to come back."""
    if session.get_bind().dialect.name != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
    if not session.scalar(select_columns(func.pg_try_advisory_xact_lock(number))):
        message = _("同じ Idempotency-Key の書き込みを処理しています。少し待って、もう一度送ってください。")
        raise AppError(409, message, headers={"Retry-After": "1"})


def _sweep(session: Session) -> None:
    """Take away some of what nobody can ask for any more; what another write is sweeping is left to it."""
    old = select(ApiAnswer.id).where(col(ApiAnswer.created_at) <= clock.now() - LIFE)
    some = old.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True)
    session.exec(delete(ApiAnswer).where(col(ApiAnswer.id).in_(some)))


def _json(body: str, status: int) -> Response:
    return Response(body, status, media_type="application/json")


async def digest_of(request: Request) -> str:
    """What tells one write from another: its method, its address and its body, byte by byte."""
    parts = (request.method.encode(), request.url.path.encode(), request.url.query.encode(), await request.body())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
