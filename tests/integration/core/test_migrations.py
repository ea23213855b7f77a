"""The schema: from nothing to the newest shape and back, and equal to what the models say."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from backend.core import audit
from backend.core.db import Database
from backend.core.migrations import current, downgrade, head, is_migrated, upgrade
from backend.core.migrations.tables import all_tables


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url)
    yield opened
    opened.close()


def _tables(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names())


def test_up_down_and_up_again(empty: Database) -> None:
    assert current(empty) is None
    upgrade(empty)
    assert is_migrated(empty)
    assert _tables(empty) == set(all_tables().tables) | {"alembic_version"}
    downgrade(empty, "base")
    assert _tables(empty) == {"alembic_version"}
    upgrade(empty)
    assert current(empty) == head()


def test_the_scripts_are_read_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """/healthz asks every few seconds."""
    head()
    monkeypatch.delattr(ScriptDirectory, "from_config")
    assert is_migrated(database)


def test_tables_are_as_the_models_describe_them(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET action = 'other'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_rewrite_the_audit_trail(database: Database, statement: str) -> None:
    with database.writing() as session:
        audit.record(session, audit.action("something", "何か"), "user:1")
    with pytest.raises(DBAPIError, match="never changed"), database.writing() as session:
        session.connection().execute(text(statement))
