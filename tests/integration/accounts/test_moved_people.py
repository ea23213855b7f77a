"""The migration that brought organisations gives everybody the one they acted for so far."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from backend.accounts import queries
from backend.accounts.models import OrganisationKind
from backend.core.db import Database
from backend.core.migrations import downgrade, upgrade

PEOPLE = (
    ("c1", "相談員", "coordinator", None),
    ("a1", "管理", "admin", None),
    ("w1", "工場 太郎", "workshop", "f1"),
    ("w2", "工場 次郎", "workshop", "f1"),
    ("s1", "開発", "startup", None),
)


@pytest.fixture
def former(empty_database_url: str) -> Iterator[Database]:
    """A database as it was before, with people in it."""
    opened = Database(empty_database_url)
    upgrade(opened, "0007")
    insert = text(
        "INSERT INTO users (id, email, name, password_hash, role, firm_id, demo, active, created_at)"
        " VALUES (:id, :email, :name, '', :role, :firm, :no, :yes, :at)"
    )
    with opened.writing() as session:
        for number, (key, name, role, firm) in enumerate(PEOPLE):
            at = datetime(2026, 1, 1 + number, tzinfo=UTC).isoformat(" ")
            values = {"id": key, "email": f"{key}@example.jp", "name": name, "role": role, "firm": firm}
            session.connection().execute(insert, values | {"no": False, "yes": True, "at": at})
    yield opened
    opened.close()


def test_everybody_belongs_where_they_acted(former: Database) -> None:
    upgrade(former)
    with former.reading() as session:
        placed = {key: queries.organisations_of(session, key) for key, *_rest in PEOPLE}
        desk = queries.desk(session)
    assert all(len(places) == 1 for places in placed.values())
    assert desk is not None
    assert placed["c1"][0].id == placed["a1"][0].id == desk.id
    assert placed["w1"][0].id == placed["w2"][0].id
    assert (placed["w1"][0].kind, placed["w1"][0].firm_id) == (OrganisationKind.WORKSHOP, "f1")
    assert placed["s1"][0].kind is OrganisationKind.STARTUP


def test_and_back(former: Database) -> None:
    upgrade(former)
    downgrade(former, "0007")
    upgrade(former)
    with former.reading() as session:
        assert len(queries.organisations_of(session, "w1")) == 1
