"""A copy of the database, with the drawings and pictures beside it. Model, index and caches are rebuilt from them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from backend.core import contents
from backend.core.contents import Copied

APPLICATION_TABLE = "audit_events"


class BackupError(Exception):
    """The copy cannot be made or used; the message says why and what to do."""


def backup(address: str, data_dir: Path, target: Path) -> Copied:
    """Write a consistent copy of the SQLite database at `address` into `target`, even while it is in use.

    Drawings and pictures go into a folder of the same name with `.files` behind it.
    """
    source = _file(address)
    if not source.is_file():
        raise BackupError(f"{source}: there is no database yet")
    if target.exists():
        raise BackupError(f"{target}: exists already, choose another name")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent}: there is no such folder")
    beside = contents.folder_of(target)
    done = contents.copy_new(data_dir, beside)
    fresh = target.with_name(f"{target.name}.part")
    try:
        _copy(source, fresh)
        # What came in meanwhile is named by the copy as well.
        done.count += contents.copy_new(data_dir, beside).count
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return done


def restore(address: str, data_dir: Path, source: Path) -> tuple[Path | None, Copied]:
    """Put the copy in place of the database; gives where the former one was kept, if there was one.

    Drawings and pictures come first, so that the database never names one that is not there. It is written through
    SQLite itself, so a server that is running sees the old state or the new one.
    """
    target = _file(address)
    _check(source)
    brought = contents.copy_new(contents.folder_of(source), data_dir)
    kept = None
    if target.is_file():
        kept = _free_name(target)
        _copy(target, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, target)
    return kept, brought


def _file(address: str) -> Path:
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError(
            "this database is not SQLite: use pg_dump and pg_restore, then copy the folders files and pictures"
        )
    return Path(url.database)


def _check(source: Path) -> None:
    if not source.is_file():
        raise BackupError(f"{source}: there is no such file")
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE name = ?", (APPLICATION_TABLE,)).fetchone()
            sound = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{source}: expected a backup of this program, {error}") from error
    if found is None or sound != ("ok",):
        raise BackupError(f"{source}: expected an undamaged backup of this program")


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied into {target}: {error}") from error


def _free_name(target: Path) -> Path:
    number = 1
    while (name := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    return name
