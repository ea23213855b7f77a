"""POST /sign-in/demo: one click, only where the operator wants it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from backend.accounts import service
from backend.accounts.models import Role
from backend.app import create_app
from backend.core.db import Database
from backend.core.settings import Settings


@pytest.fixture
def demo(settings: Settings, database: Database) -> Iterator[TestClient]:
    """The application in demo mode, with its people."""
    with database.writing() as session:
        service.ensure_demo_people(session, firm_id="f1")
    with TestClient(create_app(settings.model_copy(update={"demo": True})), follow_redirects=False) as client:
        yield client


def test_offers_a_person_for_each_role(demo: TestClient) -> None:
    page = demo.get("/sign-in").text
    for role, (_email, name) in service.DEMO_PEOPLE.items():
        assert f'value="{role.value}"' in page
        assert name in page
    assert "架空" in page


@pytest.mark.parametrize("role", Role)
def test_one_click_signs_in(demo: TestClient, role: Role) -> None:
    answer = demo.post("/sign-in/demo", data={"role": role.value, "next": "/account"})
    assert answer.status_code == 303
    assert service.DEMO_PEOPLE[role][1] in demo.get("/account").text


def test_an_unknown_role(demo: TestClient) -> None:
    assert demo.post("/sign-in/demo", data={"role": "king"}).status_code == 404
    assert demo.post("/sign-in/demo").status_code == 422


def test_is_shut_where_nobody_asked_for_it(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        service.ensure_demo_people(session)
    assert client.post("/sign-in/demo", data={"role": "admin"}).status_code == 404


def test_making_the_people_twice_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        first = service.ensure_demo_people(session, firm_id="f1")
    with database.writing() as session:
        second = service.ensure_demo_people(session)
    assert {role: user.id for role, user in first.items()} == {role: user.id for role, user in second.items()}
    assert second[Role.WORKSHOP].firm_id == "f1"


def test_without_people_there_is_nobody_to_be(settings: Settings) -> None:
    with TestClient(create_app(settings.model_copy(update={"demo": True}))) as client:
        assert client.post("/sign-in/demo", data={"role": "admin"}).status_code == 404
