"""What the tests of the coordinators' pages share: browsers of people, coordinators of wards, counted questions."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select

from backend.accounts import memberships
from backend.accounts import queries as accounts
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from tests import cases, factories
from tests.cases import Made


def browser(app: FastAPI, database: Database, settings: Settings, user: User) -> TestClient:
    """A browser in which this person is signed in."""
    client = factories.browser(app)
    client.cookies.set(*factories.session_cookie(database, settings, user))
    return client


def of_ward(database: Database, ward: str) -> User:
    """A coordinator of a body that looks after this ward and no other."""
    person = factories.person(database, Role.COORDINATOR)
    with database.writing() as session:
        user = session.exec(select(User).where(User.id == person.id)).one()
        for place in accounts.organisations_of(session, user.id):
            known = accounts.membership(session, user.id, place.id)
            session.delete(known)
        body = memberships.add(session, OrganisationKind.COORDINATORS, f"{ward}ものづくり{factories.unique()}")
        accounts.set_wards(session, body.id, [ward])
        memberships.join(session, user, body, Standing.COORDINATOR, actor_id=None)
    return person


def give_ward(database: Database, made: Made, ward: str) -> None:
    """From now on this ward looks after the case."""
    with database.writing() as session:
        request = queries.request_of(session, cases.case_of(session, made))
        request.ward = ward
        session.add(request)


@contextmanager
def counted(app: FastAPI) -> Iterator[list[str]]:
    """The questions put to the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    engine = app.state.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)
