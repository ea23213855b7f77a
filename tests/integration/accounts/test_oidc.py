"""Signing in with the account of one's organisation, against a real provider with keys and codes of its own."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import SecretStr
from sqlmodel import select

from backend.accounts import memberships, organisations
from backend.accounts.forms import Invitee
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.accounts.organisations import Inviter
from backend.app import create_app
from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.settings import Settings
from tests import factories
from tests.oidc_provider import CLIENT, SECRET, Claims, OidcProvider

EMAIL = "sakura@example.jp"


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as running:
        yield running


@pytest.fixture
def started(settings: Settings, provider: OidcProvider) -> Iterator[TestClient]:
    """The application as an operator sets it up who has a provider."""
    more = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    application = create_app(settings.model_copy(update=more | {"oidc_name": "ものづくり協会"}))
    with TestClient(application) as running:
        application.state.portal = running.portal
        yield running


@pytest.fixture
def sakura(database: Database) -> User:
    """Somebody who is registered already, with the address that the provider has confirmed."""
    person = factories.person(database)
    with database.writing() as session:
        user = session.exec(select(User).where(User.id == person.id)).one()
        user.email = EMAIL
        session.add(user)
    return user


def _way_back(client: TestClient, provider: OidcProvider, next: str = "/account") -> str:  # noqa: A002
    begun = client.get(f"/sign-in/oidc?next={next}")
    assert begun.status_code == 303, begun.text
    return provider.sign_in(begun.headers["Location"])


def _refused(client: TestClient, address: str, status: int, sentence: str) -> None:
    page = client.get(address)
    assert (page.status_code, sentence in page.text) == (status, True), page.text
    assert client.get("/account").status_code == 303


def _events(database: Database) -> list[tuple[str, Claims]]:
    with database.reading() as session:
        return [(event.action, event.detail) for event in session.exec(select(AuditEvent).order_by("seq"))]


def test_a_registered_person_comes_in(
    client: TestClient, provider: OidcProvider, sakura: User, database: Database
) -> None:
    assert "ものづくり協会で入る" in client.get("/sign-in").text
    answer = client.get(_way_back(client, provider))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert sakura.name in client.get("/account").text
    assert _events(database)[-1] == ("signed in", {"by": "oidc"})


def test_an_invited_person_comes_in_and_belongs_there(
    client: TestClient, provider: OidcProvider, database: Database
) -> None:
    admin = factories.person(database, Role.ADMIN)
    with database.writing() as session:
        place = memberships.add(session, OrganisationKind.COORDINATORS, "墨田ものづくり")
        organisations.invite(session, place, Invitee(Standing.COORDINATOR, EMAIL), Inviter(admin, "x" * 32))
    client.get(_way_back(client, provider))
    page = client.get("/account").text
    assert "墨田ものづくり" in page
    assert "さくら" in page
    assert "invitation accepted" in [action for action, _detail in _events(database)]
    client.post("/sign-out")
    assert client.get(_way_back(client, provider)).headers["Location"] == "/account"


def test_who_is_neither_known_nor_invited_stays_outside(
    client: TestClient, provider: OidcProvider, database: Database
) -> None:
    _refused(client, _way_back(client, provider), 403, "sakura@example.jp あての招待が見つかりません。")
    with database.reading() as session:
        assert session.exec(select(User).where(User.email == EMAIL)).first() is None


def test_a_stopped_person_stays_outside(
    client: TestClient, provider: OidcProvider, sakura: User, database: Database
) -> None:
    with database.writing() as session:
        user = session.exec(select(User).where(User.id == sakura.id)).one()
        user.active = False
        session.add(user)
    _refused(client, _way_back(client, provider), 403, "招待が見つかりません")


def _with(**more: object) -> dict[str, object]:
    return more


SPOILT = {
    "another issuer": _with(iss="https://elsewhere.example"),
    "another site": _with(aud="another site"),
    "for another party": _with(aud=[CLIENT, "x"], azp="x"),
    "past": _with(exp=1_000_000_000),
    "of tomorrow": _with(nbf=4_000_000_000, iat=4_000_000_000),
    "another nonce": _with(nonce="x"),
    "no nonce": _with(nonce=None),
    "nobody": _with(sub=None),
}


def test_a_token_that_is_wrong_in_one_thing_opens_nothing(
    client: TestClient, provider: OidcProvider, sakura: User
) -> None:
    for more in SPOILT.values():
        provider.behaviour.change = lambda claims, more=more: {  # type: ignore[misc]
            name: value for name, value in (claims | more).items() if value is not None
        }
        _refused(client, _way_back(client, provider), 422, "ものづくり協会からの返事を確かめられませんでした。")


def _unsigned(claims: Claims) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def test_a_signature_that_is_not_the_providers_opens_nothing(
    client: TestClient, provider: OidcProvider, sakura: User
) -> None:
    stranger = ECKey.generate_key("P-256", {"kid": str(provider.keys[0].kid), "alg": "ES256"})
    shared = OctKey.import_key(SECRET.encode() + b"0" * 32)
    kid = provider.keys[0].kid
    forged = {
        "another key": lambda claims: jwt.encode({"alg": "ES256", "kid": kid}, claims, stranger),
        "the shared secret": lambda claims: jwt.encode({"alg": "HS256", "kid": kid}, claims, shared),
        "no signature": _unsigned,
        "changed after signing": lambda claims: provider.signed(claims)[:-6] + "AAAAAA",
        "no token": lambda _claims: "nonsense",
    }
    for sign in forged.values():
        provider.behaviour.sign = sign
        _refused(client, _way_back(client, provider), 422, "返事を確かめられませんでした")


@pytest.mark.parametrize("claims", [{"email": EMAIL}, {"email": EMAIL, "email_verified": "true"}, {}])
def test_an_address_that_nobody_confirmed_opens_nothing(
    client: TestClient, provider: OidcProvider, sakura: User, claims: Claims
) -> None:
    provider.behaviour.claims = claims
    _refused(client, _way_back(client, provider), 422, "確かめられたメールアドレスが届きませんでした。")


def test_new_keys_are_found_without_waiting(client: TestClient, provider: OidcProvider, sakura: User) -> None:
    for _change in range(2):
        assert client.get(_way_back(client, provider)).status_code == 303
        client.post("/sign-out")
        provider.rotate()
    assert client.get(_way_back(client, provider)).status_code == 303
    assert provider.asked.count("/keys") == 3
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_only_the_browser_that_began_comes_back(
    app: FastAPI, client: TestClient, provider: OidcProvider, sakura: User
) -> None:
    """A way back that somebody else began signs nobody in: no account is planted on another person's browser."""
    back = _way_back(client, provider)
    victim = TestClient(app, follow_redirects=False)
    _refused(victim, back, 422, "別の画面から始まっています")
    _way_back(victim, provider)
    _refused(victim, back, 422, "別の画面から始まっています")
    _refused(client, back.replace("state=", "state=x"), 422, "別の画面から始まっています")


def test_the_way_back_works_once_and_for_ten_minutes(client: TestClient, provider: OidcProvider, sakura: User) -> None:
    back = _way_back(client, provider)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        _refused(client, back, 422, "時間がたったか")
    back = _way_back(client, provider)
    assert client.get(back).status_code == 303
    client.post("/sign-out")
    _refused(client, back, 422, "別の画面から始まっています")


def test_a_cookie_cannot_be_made_up(client: TestClient, provider: OidcProvider, sakura: User) -> None:
    back = _way_back(client, provider)
    client.cookies.set("nakamawa_oidc", "eyJzdGF0ZSI6ICJ4In0=.forged", path="/sign-in/oidc")
    _refused(TestClient(client.app, cookies={"nakamawa_oidc": "x.y"}, follow_redirects=False), back, 422, "別の画面")


def test_called_off_at_the_provider(client: TestClient, provider: OidcProvider) -> None:
    state = dict(parse_qsl(urlsplit(_way_back(client, provider)).query))["state"]
    _refused(client, f"/sign-in/oidc/callback?error=access_denied&state={state}", 422, "取りやめになりました")


def test_a_provider_that_is_away_is_told_in_plain_words(client: TestClient, provider: OidcProvider) -> None:
    provider.behaviour.status = 503
    _refused(client, "/sign-in/oidc", 503, "いまものづくり協会につながりません。")
    provider.behaviour.status, provider.behaviour.issuer = 200, "https://elsewhere.example"
    _refused(client, "/sign-in/oidc", 503, "つながりません")


def test_nobody_is_sent_to_another_site(client: TestClient, provider: OidcProvider, sakura: User) -> None:
    back = _way_back(client, provider, next="https://elsewhere.example/")
    assert client.get(back).headers["Location"] == "/"


def test_is_not_there_where_no_provider_is_set(settings: Settings, provider: OidcProvider) -> None:
    with TestClient(create_app(settings), follow_redirects=False) as plain:
        assert plain.get("/sign-in/oidc").status_code == 404
        assert "/sign-in/oidc" not in plain.get("/sign-in").text
