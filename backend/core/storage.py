"""What is the matter when database or disk refuse: told by their own codes, because their sentences change."""

import errno
import sqlite3
from enum import Enum

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection


class Trouble(Enum):
    BUSY = "somebody else is writing, or the database is away for a moment"
    FULL = "there is no room left"
    UNWRITABLE = "the place to save cannot be written or read"
    VALUE = "a value that the database cannot hold"
    MISTAKE = "none of these: a mistake of ours"


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNWRITABLE,
    sqlite3.SQLITE_IOERR: Trouble.UNWRITABLE,
    sqlite3.SQLITE_PERM: Trouble.UNWRITABLE,
}
_FILES = dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), Trouble.FULL) | dict.fromkeys(
    (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE), Trouble.UNWRITABLE
)
_FILES[errno.EBUSY] = Trouble.BUSY
# By the class of the code, then by the whole code: 57014 is a statement that took too long, 23505 a row that somebody
# else was quicker to write. Sent once more, the second finds it there and is told so like everybody.
_POSTGRES = {
    "08": Trouble.BUSY,
    "22": Trouble.VALUE,
    "23505": Trouble.BUSY,
    "40": Trouble.BUSY,
    "53": Trouble.BUSY,
    "57": Trouble.BUSY,
    "58": Trouble.UNWRITABLE,
    "55P03": Trouble.BUSY,
    "53100": Trouble.FULL,
    "25006": Trouble.UNWRITABLE,
}


def trouble(error: BaseException) -> Trouble:
    """The kind of trouble behind an exception of SQLAlchemy, of a database driver or of the file system."""
    if isinstance(error, NoFreeConnection):
        return Trouble.BUSY
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # The extended codes of SQLite keep the plain one in their lowest byte.
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, Trouble.MISTAKE)
    if isinstance(cause, psycopg.Error):
        return _of_postgres(cause)
    return _FILES.get(cause.errno or 0, Trouble.MISTAKE) if isinstance(cause, OSError) else Trouble.MISTAKE


def _of_postgres(cause: psycopg.Error) -> Trouble:
    if cause.sqlstate is None:
        # No code means that no server answered, or that the value did not even leave the house.
        away = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
        return Trouble.BUSY if away else Trouble.VALUE if isinstance(cause, psycopg.DataError) else Trouble.MISTAKE
    return _POSTGRES.get(cause.sqlstate) or _POSTGRES.get(cause.sqlstate[:2], Trouble.MISTAKE)
