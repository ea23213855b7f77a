"""POST /account/password: who may set another password, and what ends with it."""

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts import rules, service
from backend.accounts.dependencies import COOKIE
from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.db import Database
from backend.core.security import sign
from backend.core.settings import Settings
from tests import factories

NEW = "よこ糸とたて糸と青い空"


@pytest.fixture
def person(database: Database) -> User:
    return factories.person(database, Role.COORDINATOR)


@pytest.fixture
def here(app: FastAPI, database: Database, settings: Settings, person: User) -> TestClient:
    return browser(app, database, settings, person)


def browser(app: FastAPI, database: Database, settings: Settings, user: User, by: str = "password") -> TestClient:
    with database.writing() as session:
        token = service.open_session(session, user, "test", settings.session_days, by=by)
    cookie = sign(settings.secret_key.get_secret_value(), token)
    return TestClient(app, cookies={COOKIE: cookie}, follow_redirects=False)


def change(who: TestClient, current: str, new: str = NEW) -> int:
    return who.post("/account/password", data={"current": current, "password": new}).status_code


def enter(client: TestClient, user: User, password: str) -> int:
    return client.post("/sign-in", data={"email": user.email, "password": password}).status_code


def test_the_new_one_opens_and_every_other_session_ends(
    app: FastAPI, client: TestClient, database: Database, settings: Settings, person: User, here: TestClient
) -> None:
    elsewhere = browser(app, database, settings, person)
    assert change(here, factories.PASSWORD) == 303
    assert "パスワードを変えました" in here.get("/account?changed=true").text
    assert elsewhere.get("/account").status_code == 303
    assert enter(client, person, factories.PASSWORD) == 422
    assert enter(client, person, NEW) == 303


@pytest.mark.parametrize(("current", "new"), [("まちがった言葉です", NEW), ("", NEW), (factories.PASSWORD, "short")])
def test_a_wrong_old_or_too_short_new_one_changes_nothing(
    client: TestClient, person: User, here: TestClient, current: str, new: str
) -> None:
    assert change(here, current, new) == 422
    assert enter(client, person, factories.PASSWORD) == 303


def test_guesses_of_the_old_one_are_counted(here: TestClient) -> None:
    assert [change(here, f"まちがい その{n}") for n in range(6)][-1] == 429
    assert change(here, factories.PASSWORD) == 429


def test_who_came_in_by_a_mailed_link_needs_no_old_one_for_a_while(
    app: FastAPI, database: Database, settings: Settings, person: User
) -> None:
    here = browser(app, database, settings, person, by="link")
    assert "いまのパスワード" not in here.get("/account").text
    later = clock.now() + rules.LINK_LIFE + timedelta(minutes=1)
    with time_machine.travel(later):
        assert change(here, "") == 422
    assert change(here, "") == 303


def test_a_demo_person_keeps_theirs(app: FastAPI, database: Database, settings: Settings) -> None:
    with database.writing() as session:
        demo = service.ensure_demo_people(session)[Role.STARTUP]
    here = browser(app, database, settings, demo)
    assert "パスワードを変える" not in here.get("/account").text
    assert change(here, "") == 409
