"""The database: one engine, short writes, reads that cannot write. Nobody outside this file commits.

On SQLite a write begins IMMEDIATE: it waits for its turn at the start, instead of failing halfway.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session

from backend.core.turns import write_gathered

BEGIN = "nakamawa_begin"


# How many hold each engine open.
_open: Counter[Engine] = Counter()


class Database:
    """An open database. `reading()` and `writing()` each give a session that lasts one transaction.

    Whoever opens the same address in one process shares its connections; the last one to close it lets go of them.
    """

    def __init__(self, address: str, *, wait_seconds: float = 5.0) -> None:
        url = make_url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _engine(address, wait_seconds)
        read_only: dict[str, Any] = {BEGIN: "BEGIN"} if self.is_sqlite else {"postgresql_readonly": True}
        self._reader = self.engine.execution_options(**read_only)
        self._is_open = True
        _open[self.engine] += 1

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; what it changed by mistake is refused by the database."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when its block ends well and leaves no trace when it does not."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            write_gathered(session)
            session.commit()

    def close(self) -> None:
        """Close it; twice is as once."""
        if not self._is_open:
            return
        self._is_open = False
        _open[self.engine] -= 1
        if not _open[self.engine]:
            del _open[self.engine]
            self.engine.dispose()


@lru_cache(maxsize=8)
def _engine(address: str, wait_seconds: float) -> Engine:
    """One for each address in a process: a database that is opened again finds its statements compiled."""
    is_sqlite = make_url(address).get_backend_name() == "sqlite"
    return _sqlite(address, wait_seconds) if is_sqlite else _postgres(address, wait_seconds)


def _sqlite(address: str, wait_seconds: float) -> Engine:
    engine = create_engine(
        address, pool_size=20, max_overflow=60, connect_args={"timeout": wait_seconds, "isolation_level": None}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get(BEGIN, "BEGIN IMMEDIATE")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if begin == 'BEGIN' else 'OFF'}")
    connection.exec_driver_sql(begin)


def _postgres(address: str, wait_seconds: float) -> Engine:
    url = make_url(address)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    waits = f"-c lock_timeout={int(wait_seconds * 1000)}"
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30, connect_args={"options": waits})


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


OpenDatabase = Annotated[Database, Depends(get_database)]


def _read_session(database: OpenDatabase) -> Iterator[Session]:
    with database.reading() as session:
        yield session


def _write_session(database: OpenDatabase) -> Iterator[Session]:
    with database.writing() as session:
        yield session


# Function scope ends the transaction before the answer leaves, so that a failed commit is never told as a success.
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
