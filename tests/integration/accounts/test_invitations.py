"""The way in: GET and POST /i/{code}, joining with an account, letters with a QR code."""

from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships, organisations, queries
from backend.accounts.forms import Invitee
from backend.accounts.models import Invitation, OrganisationKind, Role, Standing, User
from backend.accounts.organisations import Inviter
from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.firms import service as firms
from backend.firms.drafts import FirmDraft
from tests import factories
from tests.conftest import SignInAs

NEW = {"email": "owner@example.jp", "name": "町田 工", "password": factories.PASSWORD}


@pytest.fixture
def invite(database: Database, settings: Settings) -> "InviteTo":
    return InviteTo(database, settings.secret_key.get_secret_value())


class InviteTo:
    """`invite(email="")` gives the address of a fresh invitation."""

    def __init__(self, database: Database, secret: str) -> None:
        self.database, self.secret = database, secret

    def __call__(self, email: str = "", kind: OrganisationKind = OrganisationKind.WORKSHOP) -> str:
        admin = factories.person(self.database, Role.ADMIN)
        standing = Standing.COORDINATOR if kind is OrganisationKind.COORDINATORS else Standing.ADMIN
        with self.database.writing() as session:
            place = memberships.add(session, kind, "とんぼ板金")
            made = organisations.invite(session, place, Invitee(standing, email), Inviter(admin, self.secret))
        return organisations.path_of(organisations.code_of(made.id, self.secret))


def _find(database: Database, email: str) -> User | None:
    with database.reading() as session:
        return session.exec(select(User).where(User.email == email)).first()


@pytest.mark.parametrize("kind", list(OrganisationKind))
def test_comes_in_with_name_and_password(
    client: TestClient, database: Database, invite: InviteTo, kind: OrganisationKind
) -> None:
    path = invite(kind=kind)
    assert "とんぼ板金" in client.get(path).text
    assert client.post(path, data=NEW).status_code == 303
    assert "町田 工" in client.get("/account").text
    user = _find(database, NEW["email"])
    assert user is not None
    roles = {OrganisationKind.STARTUP: Role.STARTUP, OrganisationKind.COORDINATORS: Role.COORDINATOR}
    assert user.role is roles.get(kind, Role.WORKSHOP)
    with database.reading() as session:
        assert [place.name for place in queries.organisations_of(session, user.id)] == ["とんぼ板金"]


def test_the_inviter_is_told(client: TestClient, database: Database, invite: InviteTo) -> None:
    client.post(invite(), data=NEW)
    with database.reading() as session:
        mail = session.exec(select(Mail).where(Mail.event == "invitation-accepted")).one()
    assert "町田 工" in mail.subject


def test_an_inviter_who_cannot_be_told_keeps_nobody_out(
    client: TestClient, database: Database, invite: InviteTo
) -> None:
    path = invite()
    with database.writing() as session:
        for user in session.exec(select(User).where(User.role == Role.ADMIN)):
            user.email = "太郎@例え.jp"
            session.add(user)
    assert client.post(path, data=NEW).status_code == 303
    assert _find(database, NEW["email"]) is not None


def test_an_invitation_by_mail_is_for_that_address(client: TestClient, database: Database, invite: InviteTo) -> None:
    path = invite("invited@example.jp")
    assert 'name="email"' not in client.get(path).text
    client.post(path, data=NEW)
    assert _find(database, "invited@example.jp") is not None
    assert _find(database, NEW["email"]) is None


def test_works_once(client: TestClient, app: FastAPI, invite: InviteTo) -> None:
    path = invite()
    client.post(path, data=NEW)
    second = TestClient(app, follow_redirects=False)
    assert second.get(path).status_code == 409
    refused = second.post(path, data=NEW | {"email": "second@example.jp"})
    assert refused.status_code == 409
    assert "もう使われました" in refused.text


def test_two_at_once_do_not_both_get_in(database: Database, app: FastAPI, invite: InviteTo) -> None:
    path = invite()
    answers: list[int] = []

    def come(number: int) -> None:
        browser = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        answers.append(browser.post(path, data=NEW | {"email": f"p{number}@example.jp"}).status_code)

    threads = [Thread(target=come, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(303) == 1
    assert sum(_find(database, f"p{number}@example.jp") is not None for number in range(3)) == 1


def test_runs_out(client: TestClient, invite: InviteTo) -> None:
    path = invite("invited@example.jp")
    with time_machine.travel(clock.now() + timedelta(days=15)):
        assert client.get(path).status_code == 409
        assert "期限が切れました" in client.post(path, data=NEW).text


@pytest.mark.parametrize("typed", ["NONSENSE", "x", "%E3%81%82", "a" * 500])
def test_an_unknown_code_is_nothing(client: TestClient, database_kind: str, typed: str) -> None:
    assert client.get(f"/i/{typed}").status_code == 404
    assert client.post(f"/i/{typed}", data=NEW).status_code == 404


def test_a_code_may_be_typed_carelessly(client: TestClient, invite: InviteTo) -> None:
    path = invite()
    assert client.get("/i/" + path.removeprefix("/i/").replace("-", "").lower()).status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nothing"}, "メールアドレスの形になっていません。"),
        ({"name": ""}, "名前を100文字までで入力してください。"),
        ({"password": "short"}, "10 文字から 200 文字までにしてください。"),
    ],
)
def test_says_what_to_mend(client: TestClient, invite: InviteTo, change: dict[str, str], sentence: str) -> None:
    path = invite()
    page = client.post(path, data=NEW | change)
    assert page.status_code == 422
    assert sentence in page.text
    assert factories.PASSWORD not in page.text
    assert client.post(path, data=NEW).status_code == 303


def test_a_registered_address_signs_in_first(client: TestClient, database: Database, invite: InviteTo) -> None:
    known = factories.person(database)
    page = client.post(invite(), data=NEW | {"email": known.email})
    assert page.status_code == 422
    assert "先にログインしてから" in page.text


def test_somebody_signed_in_joins_with_one_button(startup: TestClient, database: Database, invite: InviteTo) -> None:
    path = invite()
    assert "この人として受ける" in startup.get(path).text
    assert startup.post(f"{path}/join").status_code == 303
    assert startup.post(f"{path}/join").status_code == 409
    assert "とんぼ板金" in startup.get("/account").text


def test_the_code_is_not_in_the_database(database: Database, invite: InviteTo) -> None:
    code = invite().removeprefix("/i/")
    with database.reading() as session:
        kept = session.exec(select(Invitation)).one().model_dump_json()
    assert code not in kept


def test_letters_for_all_workshops_that_nobody_reached(coordinator: TestClient, database: Database) -> None:
    with database.writing() as session:
        for name, ward in (("あさひ精機", "大田区"), ("ゆうひ研磨", "大田区"), ("みなと鋳造", "墨田区")):
            firms.create_firm(session, None, FirmDraft(name=name, ward=ward))
    assert "2社" in coordinator.get("/firms/invitations?ward=大田区").text
    made = coordinator.post("/firms/invitations", data={"ward": "大田区"})
    assert made.status_code == 303
    page = coordinator.get(made.headers["Location"]).text
    assert page.count('class="sheet letter"') == 2
    assert page.count("<svg") >= 2
    assert "あさひ精機" in page
    assert "みなと鋳造" not in page
    assert coordinator.post("/firms/invitations", data={"ward": "大田区"}).status_code == 409
    assert coordinator.get("/invitations/letters/nothing").status_code == 404


def test_two_hundred_letters_at_once(coordinator: TestClient, database: Database) -> None:
    with database.writing() as session:
        for number in range(205):
            memberships_only = FirmDraft(name=f"工場{number:03}", ward="大田区")
            firms.create_firm(session, None, memberships_only)
    made = coordinator.post("/firms/invitations", data={"ward": ""})
    assert coordinator.get(made.headers["Location"]).text.count('class="sheet letter"') == 200
    assert "5社" in coordinator.get("/firms/invitations").text


def test_a_letter_brings_its_reader_to_the_firm(
    coordinator: TestClient, client: TestClient, database: Database, settings: Settings, sign_in_as: SignInAs
) -> None:
    with database.writing() as session:
        firm = firms.create_firm(session, None, FirmDraft(name="あさひ精機", ward="大田区"))
    coordinator.post("/firms/invitations", data={"ward": ""})
    with database.reading() as session:
        made = session.exec(select(Invitation)).one()
    code = organisations.code_of(made.id, settings.secret_key.get_secret_value())
    assert client.post(f"/i/{code}", data=NEW).status_code == 303
    user = _find(database, NEW["email"])
    assert user is not None
    assert (user.role, user.firm_id) == (Role.WORKSHOP, firm.id)
