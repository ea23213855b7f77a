"""Requests belong to wards: a body of coordinators finds its own, those of nobody yet, and those shared with it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships, queries
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.core.db import Database
from backend.core.settings import Settings
from backend.requests import service
from backend.requests.forms import Wording
from tests import factories

TEXT = "アルミの箱を10個つくりたい。"


@pytest.fixture
def token(database: Database) -> str:
    with database.writing() as session:
        return service.send(session, Wording(TEXT)).token


def _body(database: Database, browser: TestClient, settings: Settings, ward: str) -> str:
    """A body for this ward; the browser becomes that of a coordinator in it and in nothing else."""
    person = factories.person(database, Role.COORDINATOR)
    with database.writing() as session:
        user = session.exec(select(User).where(User.id == person.id)).one()
        for place in queries.organisations_of(session, user.id):
            known = queries.membership(session, user.id, place.id)
            assert known is not None
            session.delete(known)
        body = memberships.add(session, OrganisationKind.COORDINATORS, f"{ward}ものづくり")
        queries.set_wards(session, body.id, [ward])
        memberships.join(session, user, body, Standing.COORDINATOR, actor_id=None)
    browser.cookies.set(*factories.session_cookie(database, settings, person))
    return body.id


def test_of_no_ward_yet_everybody_may_take_it(
    client: TestClient, database: Database, settings: Settings, token: str
) -> None:
    _body(database, client, settings, "墨田区")
    assert TEXT in client.get("/requests").text
    assert client.post(f"/requests/{token}/ward", data={"ward": "墨田区"}).status_code == 303
    assert TEXT in client.get("/requests").text


def test_another_ward_finds_nothing(
    client: TestClient, coordinator: TestClient, database: Database, settings: Settings, token: str
) -> None:
    _body(database, client, settings, "墨田区")
    coordinator.post(f"/requests/{token}/ward", data={"ward": "大田区"})
    assert TEXT not in client.get("/requests").text
    assert TEXT not in client.get("/requests?q=アルミ").text
    assert client.get(f"/requests/{token}/candidates").status_code == 404
    assert client.post(f"/requests/{token}/ward", data={"ward": "墨田区"}).status_code == 404
    assert TEXT in coordinator.get("/requests").text


def test_what_is_shared_is_found(
    client: TestClient, admin: TestClient, database: Database, settings: Settings, token: str
) -> None:
    body = _body(database, client, settings, "墨田区")
    for _ in range(2):
        admin.post(f"/requests/{token}/ward", data={"ward": "大田区", "share_with": body})
    assert TEXT in client.get("/requests").text


def test_is_shared_with_bodies_only(admin: TestClient, token: str) -> None:
    assert admin.post(f"/requests/{token}/ward", data={"ward": "大田区", "share_with": "x"}).status_code == 404
    assert admin.post(f"/requests/{token}/ward", data={"ward": "区" * 21}).status_code == 404
