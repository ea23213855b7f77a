"""GET and POST /sign-in, POST /sign-out."""

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.dependencies import COOKIE
from backend.accounts.models import LoginFailure, SignIn, User
from backend.accounts.rules import PER_PAIR, WINDOW
from backend.core import clock
from backend.core.db import Database
from tests import factories


@pytest.fixture
def user(database: Database) -> User:
    return factories.person(database)


def _sign_in(client: TestClient, email: str, password: str = factories.PASSWORD, next: str = "/") -> int:  # noqa: A002
    return client.post("/sign-in", data={"email": email, "password": password, "next": next}).status_code


def test_shows_a_form(client: TestClient) -> None:
    page = client.get("/sign-in?next=/firms/import")
    assert page.status_code == 200
    assert 'value="/firms/import"' in page.text
    assert "おためしの人で入る" not in page.text


def test_the_right_password_opens_the_door(client: TestClient, user: User) -> None:
    answer = client.post("/sign-in", data={"email": f" {user.email.upper()} ", "password": factories.PASSWORD})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 303


@pytest.mark.parametrize("password", ["", "wrong", "x" * 100_000])
def test_a_wrong_password_keeps_it_shut(client: TestClient, user: User, password: str) -> None:
    page = client.post("/sign-in", data={"email": user.email, "password": password})
    assert page.status_code == 422
    assert "メールアドレスかパスワードがちがいます。" in page.text
    assert user.email in page.text
    assert client.get("/account").status_code == 303


def test_an_unknown_account_gets_the_same_answer(client: TestClient) -> None:
    page = client.post("/sign-in", data={"email": "nobody@example.jp", "password": "wrong"})
    assert page.status_code == 422
    assert "メールアドレスかパスワードがちがいます。" in page.text


def test_nothing_typed(client: TestClient) -> None:
    assert client.post("/sign-in").status_code == 422


@pytest.mark.parametrize("address", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_sent_to_another_site(client: TestClient, user: User, address: str) -> None:
    answer = client.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD, "next": address})
    assert answer.headers["Location"] == "/"


def test_a_person_comes_back_to_where_they_wanted_to_go(client: TestClient, user: User) -> None:
    refused = client.get("/admin/users?page=2")
    assert refused.status_code == 303
    assert refused.headers["Location"] == "/sign-in?next=/admin/users%3Fpage%3D2"
    data = {"email": user.email, "password": factories.PASSWORD, "next": "/admin/users?page=2"}
    assert client.post("/sign-in", data=data).headers["Location"] == "/admin/users?page=2"


def test_htmx_is_told_to_change_the_whole_page(client: TestClient) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account"


def test_a_program_gets_401(client: TestClient) -> None:
    answer = client.get("/account", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["message"]


def test_too_many_failures_must_wait_and_then_may_try_again(client: TestClient, user: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _try in range(PER_PAIR):
            assert _sign_in(client, user.email, "wrong") == 422
        assert _sign_in(client, user.email) == 429
        traveller.shift(WINDOW + timedelta(seconds=1))
        assert _sign_in(client, user.email) == 303


def test_failures_from_elsewhere_do_not_lock_the_owner_out(app: FastAPI, client: TestClient, user: User) -> None:
    stranger = TestClient(app, client=("203.0.113.9", 5000), follow_redirects=False)
    for _try in range(PER_PAIR + 1):
        _sign_in(stranger, user.email, "wrong")
    assert _sign_in(stranger, user.email) == 429
    assert _sign_in(client, user.email) == 303


def test_success_forgets_the_failures(client: TestClient, user: User, database: Database) -> None:
    _sign_in(client, user.email, "wrong")
    _sign_in(client, user.email)
    with database.reading() as session:
        assert session.exec(select(LoginFailure)).all() == []


def test_a_new_sign_in_ends_the_session_this_browser_had(client: TestClient, user: User, database: Database) -> None:
    _sign_in(client, user.email)
    first = client.cookies[COOKIE]
    _sign_in(client, user.email)
    assert client.cookies[COOKIE] != first
    with database.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


def test_a_session_ends_after_its_days(startup: TestClient) -> None:
    assert startup.get("/account").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert startup.get("/account").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "token.signature", "ü", "." * 5000])
def test_a_forged_cookie_is_a_stranger(client: TestClient, cookie: str) -> None:
    answer = client.get("/account", headers=[(b"Cookie", f"{COOKIE}={cookie}".encode())])
    assert answer.status_code == 303


def test_signing_out_ends_the_session_itself(startup: TestClient, app: FastAPI) -> None:
    kept = TestClient(app, cookies={COOKIE: startup.cookies[COOKIE]}, follow_redirects=False)
    assert startup.post("/sign-out").status_code == 303
    assert kept.get("/account").status_code == 303


def test_signing_out_twice_is_fine(startup: TestClient) -> None:
    startup.post("/sign-out")
    assert startup.post("/sign-out").status_code == 303
    assert startup.get("/sign-out").status_code == 405
