"""Which trouble of the storage is which."""

import errno
import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from backend.core.storage import Trouble, trouble


def _sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("no matter")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (_sqlite_error(sqlite3.SQLITE_BUSY), Trouble.BUSY),
        (_sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), Trouble.BUSY),
        (_sqlite_error(sqlite3.SQLITE_FULL), Trouble.FULL),
        (_sqlite_error(sqlite3.SQLITE_IOERR_WRITE), Trouble.UNWRITABLE),
        (_sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), Trouble.UNWRITABLE),
        (_sqlite_error(sqlite3.SQLITE_CANTOPEN), Trouble.UNWRITABLE),
        (_sqlite_error(sqlite3.SQLITE_CORRUPT), Trouble.MISTAKE),
        (psycopg.errors.LockNotAvailable(), Trouble.BUSY),
        (psycopg.errors.UniqueViolation(), Trouble.BUSY),
        (psycopg.errors.ForeignKeyViolation(), Trouble.MISTAKE),
        (psycopg.errors.DeadlockDetected(), Trouble.BUSY),
        (psycopg.errors.AdminShutdown(), Trouble.BUSY),
        (psycopg.errors.CannotConnectNow(), Trouble.BUSY),
        (psycopg.errors.TooManyConnections(), Trouble.BUSY),
        (psycopg.errors.DiskFull(), Trouble.FULL),
        (psycopg.errors.ReadOnlySqlTransaction(), Trouble.UNWRITABLE),
        (psycopg.errors.IoError(), Trouble.UNWRITABLE),
        (psycopg.errors.NumericValueOutOfRange(), Trouble.VALUE),
        (psycopg.DataError("a NUL character"), Trouble.VALUE),
        (psycopg.OperationalError("connection refused"), Trouble.BUSY),
        (psycopg.InterfaceError("the connection is closed"), Trouble.BUSY),
        (psycopg.ProgrammingError("no matter"), Trouble.MISTAKE),
        (psycopg.errors.UndefinedTable(), Trouble.MISTAKE),
    ],
)
def test_what_the_database_says(cause: Exception, kind: Trouble) -> None:
    assert trouble(OperationalError("SELECT 1", {}, cause)) is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, Trouble.FULL),
        (errno.EFBIG, Trouble.FULL),
        (errno.EROFS, Trouble.UNWRITABLE),
        (errno.EACCES, Trouble.UNWRITABLE),
        (errno.ENOENT, Trouble.MISTAKE),
    ],
)
def test_what_the_file_system_says(number: int, kind: Trouble) -> None:
    assert trouble(OSError(number, "no matter")) is kind


def test_what_is_neither() -> None:
    assert trouble(NoFreeConnection("no matter")) is Trouble.BUSY
    assert trouble(IntegrityError("INSERT", {}, sqlite3.IntegrityError("no code"))) is Trouble.MISTAKE
    assert trouble(OSError("no number")) is Trouble.MISTAKE
    assert trouble(ValueError("no matter")) is Trouble.MISTAKE
