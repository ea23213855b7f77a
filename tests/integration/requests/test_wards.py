"""Requests belong to wards: a body of coordinators finds its own, those of nobody yet, and those shared with it."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships, queries
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.settings import Settings
from backend.requests import service
from backend.requests.forms import Wording
from tests import factories
from tests.integration.routes import address, every_route
from tests.integration.teams.planning import begun, finished

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


def test_no_page_of_a_request_opens_for_another_ward(
    app: FastAPI, client: TestClient, coordinator: TestClient, database: Database, settings: Settings, token: str
) -> None:
    """Not by its address either: staff come as staff. The founder's own way, by the address alone, stays open."""
    _body(database, client, settings, "墨田区")
    coordinator.post(f"/requests/{token}/ward", data={"ward": "大田区"})
    ids = {"token": token, "plan_id": "x", "organisation_id": "x"}
    routes = [route for route in every_route(app) if "/requests/{token}" in route[1]]
    sent: dict[str, dict[str, object]] = {"POST": {}, "PUT": {"steps": []}, "PATCH": {"text": TEXT}}
    assert len(routes) > 12
    for method, pattern in routes:
        here = address(pattern, ids)
        body = {"json": sent.get(method)} if "/api/" in pattern else {"data": {"text": TEXT, "contact_name": "x"}}
        answer = client.request(method, here, **({} if method == "GET" else body))
        assert answer.status_code == 404, (method, pattern)
    stranger = TestClient(app, follow_redirects=False)
    assert TEXT in stranger.get(f"/requests/{token}").text
    assert stranger.get(f"/requests/{token}/chain").status_code == 200


def test_a_joint_plan_belongs_to_those_who_find_all_its_requests(
    client: TestClient, coordinator: TestClient, database: Database, settings: Settings, token: str
) -> None:
    _body(database, client, settings, "墨田区")
    coordinator.post(f"/requests/{token}/ward", data={"ward": "大田区"})
    plan = begun(coordinator, token)
    assert finished(coordinator, plan).status_code == 200
    assert token not in client.get("/joint-plan").text
    assert plan not in client.get("/joint-plan").text
    assert client.post("/joint-plan", data={"request": [token]}).status_code == 422
    assert client.get(plan).status_code == 404
    assert client.get(f"{plan}/plan.xlsx").status_code == 404


def _shared(admin: TestClient, token: str, body: str) -> str:
    admin.post(f"/requests/{token}/ward", data={"ward": "大田区", "share_with": body})
    return f"/requests/{token}/shares/{body}/withdraw"


def test_sharing_is_shown_and_ended(
    client: TestClient, coordinator: TestClient, database: Database, settings: Settings, token: str
) -> None:
    body = _body(database, client, settings, "墨田区")
    withdraw = _shared(coordinator, token, body)
    page = coordinator.get("/requests").text
    assert "墨田区ものづくり" in page
    assert withdraw in page
    for _ in range(2):
        assert coordinator.post(withdraw).status_code == 303
    assert TEXT not in client.get("/requests").text
    assert client.get(f"/requests/{token}/candidates").status_code == 404
    with database.reading() as session:
        told = session.exec(select(AuditEvent).where(AuditEvent.subject.startswith("request:"))).all()
    assert [event.action for event in told][-2:] == ["request shared", "request sharing withdrawn"]
    assert told[-1].detail == {"organisation": body}
    assert told[-1].actor_id is not None


def test_who_was_let_in_gives_it_back_but_takes_nothing_over(
    client: TestClient, admin: TestClient, database: Database, settings: Settings, token: str
) -> None:
    other = _body(database, TestClient(client.app), settings, "品川区")
    own = _body(database, client, settings, "墨田区")
    _shared(admin, token, other)
    withdraw = _shared(admin, token, own)
    page = client.get("/requests").text
    assert withdraw in page
    assert f"/requests/{token}/ward" not in page
    assert client.post(f"/requests/{token}/ward", data={"ward": "墨田区"}).status_code == 404
    assert client.post(f"/requests/{token}/shares/{other}/withdraw").status_code == 404
    assert client.post(withdraw).status_code == 303
    assert TEXT not in client.get("/requests").text
    assert "品川区ものづくり" in admin.get("/requests").text
