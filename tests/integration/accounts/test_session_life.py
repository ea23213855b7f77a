"""What becomes of open sessions, and of everything that was signed, when things change: nothing stays open."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships, organisations, queries
from backend.accounts.dependencies import COOKIE
from backend.accounts.forms import Invitee
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.accounts.oidc import Begun, NotIdentified
from backend.accounts.organisations import Inviter
from backend.accounts.rules import LINK_LIFE, MAIL_LIFE, PER_PAIR
from backend.capacity import links as capacity_links
from backend.core import clock, security
from backend.core.api_pages import seal
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.postman import unsubscribe_token
from backend.core.settings import Settings
from backend.introductions.doors import links as offer_links
from backend.worker import Worker
from tests import cases, factories
from tests.conftest import NewBrowser, SignInAs

# As the test client knows the site.
HOST = "testserver.local"


def _user(database: Database, role: Role) -> User:
    with database.reading() as session:
        return session.exec(select(User).where(User.role == role)).one()


def test_rights_end_in_sessions_that_are_open(sign_in_as: SignInAs, database: Database) -> None:
    """Rights are read at each visit, not when somebody signed in."""
    desk, shop = sign_in_as(Role.COORDINATOR), sign_in_as(Role.WORKSHOP, firm_id=factories.FIRM_ID)
    pages = {desk: ("/desk", "/cases", "/reports/report.csv", "/requests"), shop: ("/offers",)}
    for person, theirs in pages.items():
        assert {person.get(page).status_code for page in theirs} == {200}
    with database.writing() as session:
        for role in (Role.COORDINATOR, Role.WORKSHOP):
            user = session.merge(_user(database, role))
            for place in queries.organisations_of(session, user.id):
                known = queries.membership(session, user.id, place.id)
                assert known is not None
                memberships.leave(session, user, known, actor_id=user.id)
    for person, theirs in pages.items():
        assert {person.get(page).status_code for page in theirs} == {404}
        assert person.get("/account").status_code == 200


def test_a_session_does_not_grow_with_a_new_right(startup: TestClient, admin: TestClient, database: Database) -> None:
    """Who becomes staff is staff at once; who had planted the session has nothing: signing in makes a new one."""
    before = startup.cookies[COOKIE]
    startup.cookies.clear()
    startup.cookies.set(COOKIE, before, domain=HOST, path="/")
    user = _user(database, Role.STARTUP)
    with database.writing() as session:
        body = memberships.add(session, OrganisationKind.COORDINATORS, "窓口", all_wards=True)
        memberships.join(session, session.merge(user), body, Standing.COORDINATOR, actor_id=None)
    assert startup.get("/desk").status_code == 200
    startup.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD})
    assert startup.cookies[COOKIE] != before
    startup.cookies.clear()
    startup.cookies.set(COOKIE, before, domain=HOST, path="/")
    assert startup.get("/desk").headers["Location"].startswith("/sign-in")


def test_nothing_of_a_stopped_person_works(
    startup: TestClient, admin: TestClient, client: TestClient, database: Database, settings: Settings
) -> None:
    user = _user(database, Role.STARTUP)
    client.post("/sign-in/link", data={"email": user.email})
    Worker(database, settings).run_once()
    with database.reading() as session:
        text = session.exec(select(Mail).where(Mail.recipient == user.email)).one().text
    found = re.search(r"/sign-in/link/\S+", text)
    assert found is not None
    admin.post(f"/admin/users/{user.id}/active", data={"active": "false"})
    assert startup.get("/account").status_code == 303
    assert client.post(found[0]).status_code == 422
    # Allowed again they sign in anew; the old session stays ended, and so does a link whose time is over.
    admin.post(f"/admin/users/{user.id}/active", data={"active": "true"})
    assert startup.get("/account").status_code == 303
    with time_machine.travel(clock.now() + LINK_LIFE + timedelta(seconds=1)):
        assert client.post(found[0]).status_code == 422
    assert client.post(found[0]).status_code == 303
    assert client.post(found[0]).status_code == 422


def test_a_household_is_one_address(app: FastAPI, client: TestClient, database: Database) -> None:
    """An IPv6 line has more addresses than there are guesses; all of them count as one, its neighbour is another."""
    user = factories.person(database)

    def tried(address: str) -> int:
        with_address = TestClient(app, client=(address, 5000), follow_redirects=False)
        return with_address.post("/sign-in", data={"email": user.email, "password": "a guess"}).status_code

    assert [tried(f"2001:db8:1:2::{n:x}") for n in range(1, PER_PAIR + 1)] == [422] * PER_PAIR
    assert tried("2001:db8:1:2:ffff::1") == 429
    assert tried("2001:db8:1:3::1") == 422
    assert tried("::ffff:203.0.113.7") == tried("203.0.113.7") == 422
    assert client.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD}).status_code == 303


def _signed(database: Database, settings: Settings) -> Iterator[tuple[str, str]]:
    """Everything that this site signs or hands out as a key, each for its own purpose."""
    secret, today = settings.secret_key.get_secret_value(), clock.today()
    made = cases.open_case(database)
    by = Inviter(factories.person(database, Role.ADMIN), secret)
    with database.writing() as session:
        place = memberships.add(session, OrganisationKind.WORKSHOP, "工場")
        invitation = organisations.invite(session, place, Invitee(Standing.ADMIN), by)
    yield "session", factories.session_cookie(database, settings, by.user)[1]
    yield "capacity", capacity_links.make(secret, made.firm_ids[0], 1, today)
    yield "offer", offer_links.make(secret, made.case_id, made.firm_ids[0], 0, today)
    yield "unsubscribe", unsubscribe_token("message", "a@example.jp", settings)
    yield "oidc", security.sign(secret, Begun.now("/").pack())
    yield "cursor", seal(secret, "list", 5)
    yield "request", made.token
    yield "invitation", organisations.code_of(invitation.id, secret)


# Where each of them is taken: the others are nothing there.
DOORS = {
    "capacity": "/c/{}",
    "offer": "/o/{}",
    "unsubscribe": "/unsubscribe/{}",
    "request": "/requests/{}",
    "invitation": "/i/{}",
    "link": "/sign-in/link/{}",
}
POSTS = {"offer": "/o/{}/answer"}


def test_a_key_opens_one_door_only(
    database: Database, settings: Settings, client: TestClient, new_browser: NewBrowser
) -> None:
    for purpose, key in _signed(database, settings):
        for door, pattern in DOORS.items():
            if door not in {purpose, "link"}:
                # What is longer than any key there is refused before it is read.
                assert client.get(pattern.format(key)).status_code in {404, 422}, (purpose, door)
                sent = client.post(POSTS.get(door, pattern).format(key), data={"text": "x", "answer": "raise_hand"})
                assert sent.status_code in {404, 422}, (purpose, door)
        assert client.post(DOORS["link"].format(key)).status_code == 422, purpose
        if purpose != "session":
            thief = new_browser()
            thief.cookies.set(COOKIE, key)
            assert thief.get("/account").status_code == 303, purpose
        if purpose != "oidc":
            with pytest.raises(NotIdentified):
                Begun.unpack(security.unsign(settings.secret_key.get_secret_value(), key))


def test_an_invitation_says_no_more_than_that_it_is_over(
    database: Database, settings: Settings, client: TestClient
) -> None:
    """Used, taken back and past its day it shows neither who was invited nor by whom, and lets nobody in."""
    secret = settings.secret_key.get_secret_value()
    by = Inviter(factories.person(database, Role.ADMIN), secret)
    with database.writing() as session:
        place = memberships.add(session, OrganisationKind.WORKSHOP, "とんぼ板金")
        made = [
            organisations.invite(session, place, Invitee(Standing.ADMIN, "k@example.jp", "かくれた名"), by)
            for _ in "12"
        ]
        organisations.revoke(session, place, made[0].id, by.user)
    new = {"email": "k@example.jp", "name": "x", "password": factories.PASSWORD}
    for number, day in enumerate((timedelta(), MAIL_LIFE + timedelta(days=1))):
        path = organisations.path_of(organisations.code_of(made[number].id, secret))
        with time_machine.travel(clock.now() + day):
            for answer in (client.get(path), client.post(path, data=new)):
                assert answer.status_code == 409
                assert not any(word in answer.text for word in ("かくれた名", "k@example.jp", "とんぼ板金"))
    with database.reading() as session:
        assert queries.user_by_email(session, "k@example.jp") is None
