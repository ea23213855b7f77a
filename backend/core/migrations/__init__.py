"""The schema, step by step, run in process: `upgrade(database)` brings any database to the present shape."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from backend.core.db import Database

HERE = Path(__file__).parent
LOCK = 7_061_976  # Any number of our own: two programs that start together migrate one after the other.


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to the revision."""
    with database.engine.begin() as connection:
        _wait_for_turn(connection)
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the schema back down to the revision; `base` empties the database."""
    with database.engine.begin() as connection:
        _wait_for_turn(connection)
        command.downgrade(_config(connection), revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with database.reading() as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The newest revision there is. The scripts are read once: who watches the program asks every few seconds."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def is_migrated(database: Database) -> bool:
    """Whether the database has the shape that this program expects."""
    return current(database) == head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
