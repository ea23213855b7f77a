"""/organisations/{id}/tokens: made, shown once, renamed, revoked."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.accounts import memberships, queries
from backend.accounts.models import ApiToken, OrganisationKind, Role, Standing, User
from backend.accounts.token_models import new_token_id
from backend.accounts.tokens import digest
from backend.core.audit import AuditEvent
from backend.core.db import Database
from tests.conftest import SignInAs

FORM = {"name": "生産管理", "scope": "write", "days": "90"}


@pytest.fixture
def home(shop: TestClient, database: Database) -> str:
    """The page of the tokens of the shop's own organisation."""
    with database.reading() as session:
        user = session.exec(select(User).where(User.role == Role.WORKSHOP)).one()
        return f"/organisations/{queries.organisations_of(session, user.id)[0].id}/tokens"


def _tokens(database: Database) -> list[ApiToken]:
    with database.reading() as session:
        return list(session.exec(select(ApiToken).order_by(col(ApiToken.created_at))))


def _events(database: Database) -> list[AuditEvent]:
    with database.reading() as session:
        return [event for event in session.exec(select(AuditEvent)) if event.action.startswith("token ")]


def test_a_token_is_shown_once_and_kept_as_a_digest(shop: TestClient, home: str, database: Database) -> None:
    assert "トークンはまだありません" in shop.get(home).text
    assert f'href="{home}"' in shop.get(home.removesuffix("/tokens")).text
    made = shop.post(home, data=FORM)
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    [secret] = set(re.findall(r"nkm_[\w-]{43}", made.text))
    page = shop.get(home).text
    assert "生産管理" in page
    assert secret not in page
    assert f"{secret[:12]}…" in page
    [token] = _tokens(database)
    assert token.digest == digest(secret)
    assert secret not in str(token.model_dump())
    [event] = _events(database)
    assert event.detail["name"] == "生産管理"
    assert secret not in str(event.model_dump())
    assert shop.get("/api/v1/requests", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert "まだ使われていません" not in shop.get(home).text


def test_the_same_form_twice_makes_one_token(shop: TestClient, home: str, database: Database) -> None:
    sent = FORM | {"form_id": new_token_id()}
    assert shop.post(home, data=sent).status_code == 200
    again = shop.post(home, data=sent)
    assert (again.status_code, again.headers["Location"]) == (303, home)
    assert len(_tokens(database)) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "名前を80文字までで入力してください。"),
        ({"name": "長" * 81}, "名前を80文字までで入力してください。"),
        ({"name": "a\x07b"}, "名前を80文字までで入力してください。"),
        ({"scope": "admin"}, "できることを選んでください。"),
        ({"days": "3650"}, "期限を選んでください。"),
    ],
)
def test_says_what_to_mend(
    shop: TestClient, home: str, database: Database, change: dict[str, str], sentence: str
) -> None:
    page = shop.post(home, data=FORM | change)
    assert page.status_code == 422
    assert sentence in page.text
    assert _tokens(database) == []


def test_renamed_and_revoked(shop: TestClient, home: str, database: Database) -> None:
    shop.post(home, data=FORM)
    [token] = _tokens(database)
    here = f"{home}/{token.id}"
    refused = shop.post(f"{here}/rename", data={"name": ""})
    assert refused.status_code == 422
    assert '<details class="asks" open>' in refused.text
    assert shop.post(f"{here}/rename", data={"name": "在庫"}).status_code == 303
    for _twice in range(2):
        assert shop.post(f"{here}/rename", data={"name": "在庫"}).status_code == 303
        assert shop.post(f"{here}/revoke").status_code == 303
    page = shop.get(home).text
    assert "在庫" in page
    assert "停止した" in page
    assert f'action="{here}/revoke"' not in page
    assert [event.action for event in _events(database)] == ["token created", "token renamed", "token revoked"]


def test_only_those_who_keep_the_organisation(
    shop: TestClient,
    home: str,
    coordinator: TestClient,
    admin: TestClient,
    outsider: TestClient,
    client: TestClient,
    database: Database,
    sign_in_as: SignInAs,
) -> None:
    shop.post(home, data=FORM)
    here = f"{home}/{_tokens(database)[0].id}"
    member = sign_in_as(Role.STARTUP)
    with database.writing() as session:
        user = session.exec(select(User).order_by(col(User.created_at).desc())).first()
        organisation = queries.organisation_of_firm(session, "firm-of-the-shop")
        assert user is not None
        assert organisation is not None
        memberships.join(session, user, organisation, Standing.MEMBER, actor_id=None)
    for person in (coordinator, outsider, member):
        assert person.get(home).status_code == 404
        assert person.post(home, data=FORM).status_code == 404
        assert person.post(f"{here}/rename", data={"name": "他人"}).status_code == 404
        assert person.post(f"{here}/revoke").status_code == 404
    assert client.post(f"{here}/revoke").headers["Location"].startswith("/sign-in")
    assert "プログラム用のトークン" not in coordinator.get(home.removesuffix("/tokens")).text
    assert admin.post(f"{here}/revoke").status_code == 303


def test_a_token_of_another_organisation_is_not_there(shop: TestClient, home: str, database: Database) -> None:
    shop.post(home, data=FORM)
    [token] = _tokens(database)
    with database.writing() as session:
        other = memberships.add(session, OrganisationKind.WORKSHOP, "別の工場")
        user = session.exec(select(User).where(User.role == Role.WORKSHOP)).one()
        memberships.join(session, user, other, Standing.ADMIN, actor_id=None)
    there = f"/organisations/{other.id}/tokens"
    assert shop.post(f"{there}/{token.id}/revoke").status_code == 404
    assert shop.post(there, data=FORM | {"form_id": token.id}).status_code == 404
    assert len(_tokens(database)) == 1
