"""Attacks on signing in, all refused: planted sessions, guesses, finding out who is registered, locking out."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships, organisations
from backend.accounts.dependencies import COOKIE
from backend.accounts.forms import Invitee
from backend.accounts.models import LoginFailure, OrganisationKind, Role, Standing, User
from backend.accounts.organisations import Inviter
from backend.accounts.rules import PER_ADDRESS, PER_PAIR
from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from tests import factories
from tests.conftest import NewBrowser

UNKNOWN = "nobody@example.jp"
ROUNDS = 5
# As the test client knows the site; a cookie for no host would stand beside the one that the site sets.
HOST = "testserver.local"


@pytest.fixture
def user(database: Database) -> User:
    return factories.person(database)


def _sign_in(client: TestClient, email: str, password: str = factories.PASSWORD, **headers: str) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}, headers=headers).status_code


def _letter(database: Database, settings: Settings) -> str:
    """The address of an invitation on paper, which anybody may hold."""
    secret = settings.secret_key.get_secret_value()
    admin = factories.person(database, Role.ADMIN)
    with database.writing() as session:
        place = memberships.add(session, OrganisationKind.WORKSHOP, "とんぼ板金")
        made = organisations.invite(session, place, Invitee(Standing.ADMIN), Inviter(admin, secret))
    return organisations.path_of(organisations.code_of(made.id, secret))


def test_a_planted_session_is_worth_nothing(
    client: TestClient, new_browser: NewBrowser, database: Database, settings: Settings, user: User
) -> None:
    """The attacker puts his own session into a browser and waits for its owner to sign in."""
    attacker = factories.person(database)
    ways: tuple[Callable[[], int], ...] = (
        lambda: _sign_in(client, user.email),
        lambda: client.post(_letter(database, settings), data=_new(database)).status_code,
    )
    for way in ways:
        name, planted = factories.session_cookie(database, settings, attacker)
        thief = new_browser()
        thief.cookies.set(name, planted)
        assert thief.get("/account").status_code == 200
        client.cookies.clear()
        client.cookies.set(name, planted, domain=HOST, path="/")
        assert way() == 303
        assert client.cookies[COOKIE] != planted
        assert attacker.name not in client.get("/account").text
        assert thief.get("/account").status_code == 303


def _new(database: Database) -> dict[str, str]:
    number = factories.unique()
    return {"email": f"new{number}@example.jp", "name": "新しい人", "password": factories.PASSWORD}


def test_a_made_up_session_never_becomes_a_real_one(client: TestClient, user: User) -> None:
    client.cookies.set(COOKIE, "chosen-by-the-attacker", domain=HOST, path="/")
    assert _sign_in(client, user.email) == 303
    assert "chosen-by-the-attacker" not in client.cookies[COOKIE]


def _seconds(work: Callable[[], object]) -> float:
    """The processor's time of one try, the middle of several: other work on the machine does not count."""
    taken = []
    for _round in range(ROUNDS):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return median(taken)


def test_unknown_people_get_the_same_answer_in_the_same_time(
    client: TestClient, database: Database, user: User
) -> None:
    def tried(path: str, email: str, **more: str) -> tuple[int, str]:
        answer = client.post(path, data={"email": email, **more})
        with database.writing() as session:
            for failure in session.exec(select(LoginFailure)):
                session.delete(failure)
        return answer.status_code, answer.text.replace(email, "X")

    for path, more in (("/sign-in", {"password": "not the password"}), ("/sign-in/link", {})):
        assert tried(path, user.email, **more) == tried(path, UNKNOWN, **more)
        known = _seconds(lambda path=path, more=more: tried(path, user.email, **more))  # type: ignore[misc]
        unknown = _seconds(lambda path=path, more=more: tried(path, UNKNOWN, **more))  # type: ignore[misc]
        assert 0.5 < known / unknown < 2, (path, known, unknown)


def test_a_stopped_person_looks_like_an_unknown_one(client: TestClient, admin: TestClient, user: User) -> None:
    admin.post(f"/admin/users/{user.id}/active", data={"active": "false"})
    stopped = client.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD})
    unknown = client.post("/sign-in", data={"email": UNKNOWN, "password": factories.PASSWORD})
    assert stopped.text.replace(user.email, "X") == unknown.text.replace(UNKNOWN, "X")


def test_inviting_does_not_tell_who_is_registered(admin: TestClient, database: Database, user: User) -> None:
    with database.writing() as session:
        place = memberships.add(session, OrganisationKind.STARTUP, "合同会社ソラマメ").id
    pages = []
    for email in (user.email, UNKNOWN):
        sent = admin.post(f"/organisations/{place}/invitations", data={"standing": "member", "email": email})
        assert (sent.status_code, sent.headers["Location"]) == (303, f"/organisations/{place}")
        pages.append(len(re.findall(r"返事待ち", admin.get(f"/organisations/{place}").text)))
    assert pages == [1, 2]
    with database.reading() as session:
        assert {mail.recipient for mail in session.exec(select(Mail))} == {user.email, UNKNOWN}


def test_a_letter_is_no_list_of_who_is_registered(
    client: TestClient, database: Database, settings: Settings, user: User
) -> None:
    """Whoever holds one could try address after address; a few tries later nobody gets an answer from there."""
    path, data = _letter(database, settings), {"name": "x", "password": factories.PASSWORD}
    answers = [client.post(path, data=data | {"email": user.email}).status_code for _try in range(PER_PAIR + 1)]
    assert answers == [422] * PER_PAIR + [429]
    assert client.post(path, data=data | {"email": UNKNOWN}).status_code == 429
    assert _sign_in(client, user.email) == 303


def test_guessing_is_slowed_down_whatever_the_headers_say(client: TestClient, user: User) -> None:
    """Headers that a sender writes do not make one address into many."""
    for number in range(PER_PAIR):
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}", "Forwarded": "for=x"}
        assert _sign_in(client, user.email, f"guess {number}", **forged) == 422
    assert _sign_in(client, user.email, "guess", **{"X-Forwarded-For": "198.51.100.1"}) == 429


def test_guesses_at_the_same_moment_are_counted(
    new_browser: NewBrowser, client: TestClient, database: Database, user: User
) -> None:
    """Checking a password takes long: nobody gets more guesses by sending them all before the first is answered."""
    browsers = [new_browser() for _ in range(24)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: _sign_in(browser, user.email, "a guess"), browsers))
    assert set(answers) <= {422, 429, 503}
    assert answers.count(422) <= PER_PAIR


def test_letters_read_at_the_same_moment_are_no_list_either(
    new_browser: NewBrowser, database: Database, settings: Settings, user: User
) -> None:
    path, data = _letter(database, settings), {"name": "x", "password": factories.PASSWORD, "email": user.email}
    browsers = [new_browser() for _ in range(16)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda browser: browser.post(path, data=data).status_code, browsers))
    assert set(answers) <= {422, 429, 503}
    assert answers.count(422) <= PER_PAIR


def test_one_address_cannot_try_many_accounts(app: FastAPI, client: TestClient, database: Database, user: User) -> None:
    """And whoever is locked out by it is the attacker: everybody else comes in from where they are."""
    attacker = TestClient(app, client=("203.0.113.9", 5000), follow_redirects=False)
    with database.writing() as session:
        for number in range(PER_ADDRESS):
            from_there = LoginFailure(email=f"p{number}@example.jp", address="203.0.113.9", at=clock.now())
            session.add(from_there)
    assert _sign_in(attacker, user.email) == 429
    assert _sign_in(client, user.email) == 303
