"""Transactions: all or nothing, reads that cannot write, writers that wait for their turn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session, func, select

from backend.accounts.models import LoginFailure
from backend.core.db import Database


def _failure(at: datetime | None = None) -> LoginFailure:
    return LoginFailure(email="a@example.jp", address="192.0.2.1", at=at or datetime(2027, 1, 1, tzinfo=UTC))


def _count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(LoginFailure)).one()


def test_a_write_that_ends_well_stays(database: Database) -> None:
    with database.writing() as session:
        session.add(_failure())
    with database.reading() as session:
        assert _count(session) == 1


def test_a_write_that_fails_leaves_no_trace(database: Database) -> None:
    def write_and_fail() -> None:
        with database.writing() as session:
            session.add(_failure())
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        write_and_fail()
    with database.reading() as session:
        assert _count(session) == 0


def test_a_read_cannot_write(database: Database) -> None:
    with database.reading() as session:
        session.add(_failure())
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.flush()


def test_a_connection_that_read_can_write_again(database: Database) -> None:
    for _round in range(3):
        with database.reading() as session:
            _count(session)
        with database.writing() as session:
            session.add(_failure())
    with database.reading() as session:
        assert _count(session) == 3


def test_many_writers_lose_nothing(database_url: str) -> None:
    database = Database(database_url, wait_seconds=20)

    def write(_number: int) -> None:
        with database.writing() as session:
            before = _count(session)
            session.add(_failure())
            session.flush()
            assert _count(session) > before

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    with database.reading() as session:
        assert _count(session) == 40
    database.close()


def test_a_moment_comes_back_aware_and_in_utc(database: Database) -> None:
    tokyo = timezone(timedelta(hours=9))
    with database.writing() as session:
        session.add(_failure(datetime(2027, 1, 2, 8, tzinfo=tokyo)))
    with database.reading() as session:
        stored = session.exec(select(LoginFailure)).one().at
    assert stored == datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(_failure(datetime(2027, 1, 1)))  # noqa: DTZ001 - the mistake that is tested
