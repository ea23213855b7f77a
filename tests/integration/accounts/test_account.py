"""GET /account and POST /account/sessions/{id}/revoke."""

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts.dependencies import COOKIE
from backend.accounts.models import Role, User
from backend.core.db import Database
from backend.core.settings import Settings
from tests import factories

REVOKE = re.compile(r'action="(/account/sessions/\w+/revoke)"')


def _browser(app: FastAPI, database: Database, settings: Settings, user: User) -> TestClient:
    name, value = factories.session_cookie(database, settings, user)
    return TestClient(app, cookies={name: value}, follow_redirects=False)


def test_lists_the_devices_and_ends_one(app: FastAPI, database: Database, settings: Settings) -> None:
    user = factories.person(database, Role.STARTUP)
    here, there = (_browser(app, database, settings, user) for _ in range(2))
    page = here.get("/account").text
    actions = REVOKE.findall(page)
    assert len(actions) == 2
    assert page.count("いま使っている機器") == 1
    for action in actions:
        assert here.post(action).status_code == 303
        if there.get("/account").status_code == 303:
            break
    assert there.get("/account").status_code == 303


def test_nobody_ends_the_session_of_another(startup: TestClient, outsider: TestClient) -> None:
    action = REVOKE.findall(startup.get("/account").text)[0]
    assert outsider.post(action).status_code == 404
    assert startup.get("/account").status_code == 200


def test_a_stranger_is_asked_to_sign_in(client: TestClient) -> None:
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    assert client.post("/account/sessions/x/revoke").headers["Location"] == "/sign-in?next=/"


def test_ending_it_twice(startup: TestClient) -> None:
    action = REVOKE.findall(startup.get("/account").text)[0]
    assert startup.post(action).status_code == 303
    assert startup.post(action).headers["Location"].startswith("/sign-in")
    assert COOKIE in startup.cookies


def test_every_other_device_is_ended_at_once(app: FastAPI, database: Database, settings: Settings) -> None:
    user = factories.person(database, Role.STARTUP)
    here, *others = (_browser(app, database, settings, user) for _ in range(3))
    stranger = _browser(app, database, settings, factories.person(database))
    assert "ほかの機器をすべてやめさせる" in here.get("/account").text
    assert here.post("/account/sessions/revoke-others").status_code == 303
    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert stranger.get("/account").status_code == 200
    page = here.get("/account").text
    assert "ほかの機器をすべてやめさせる" not in page
