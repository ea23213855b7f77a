"""GET and POST /admin/users, POST /admin/users/{id}/active."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from tests import factories

NEW = {
    "email": "Hanako@Example.jp",
    "name": "花子",
    "password": factories.PASSWORD,
    "role": "workshop",
    "firm_id": "f1",
}


def _find(database: Database, email: str) -> User | None:
    with database.reading() as session:
        return session.exec(select(User).where(User.email == email)).first()


def test_adds_a_person(admin: TestClient, client: TestClient, database: Database) -> None:
    assert admin.post("/admin/users", data=NEW).status_code == 303
    assert "花子" in admin.get("/admin/users").text
    user = _find(database, "hanako@example.jp")
    assert user is not None
    assert (user.role, user.firm_id) == (Role.WORKSHOP, "f1")
    signed_in = client.post("/sign-in", data={"email": NEW["email"], "password": NEW["password"]})
    assert signed_in.status_code == 303


def test_only_somebody_of_a_workshop_has_a_firm(admin: TestClient, database: Database) -> None:
    admin.post("/admin/users", data=NEW | {"role": "startup"})
    user = _find(database, "hanako@example.jp")
    assert user is not None
    assert user.firm_id is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": ""}, "メールアドレスの形になっていません。"),
        ({"email": "no at sign"}, "メールアドレスの形になっていません。"),
        ({"email": "a@example.jp" + "x" * 300}, "メールアドレスの形になっていません。"),
        ({"name": "  "}, "名前を100文字までで入力してください。"),
        ({"name": "長" * 101}, "名前を100文字までで入力してください。"),
        ({"password": "short"}, "10 文字から 200 文字までにしてください。"),
        ({"role": "king"}, "役割を選んでください。"),
    ],
)
def test_says_what_to_mend(admin: TestClient, database: Database, change: dict[str, str], sentence: str) -> None:
    page = admin.post("/admin/users", data=NEW | change)
    assert page.status_code == 422
    assert sentence in page.text
    assert _find(database, "hanako@example.jp") is None


def test_keeps_what_was_typed(admin: TestClient) -> None:
    page = admin.post("/admin/users", data=NEW | {"password": ""})
    assert 'value="花子"' in page.text
    assert factories.PASSWORD not in page.text


def test_the_same_address_twice(admin: TestClient) -> None:
    admin.post("/admin/users", data=NEW)
    page = admin.post("/admin/users", data=NEW)
    assert page.status_code == 422
    assert "もう登録されています" in page.text


@pytest.mark.parametrize("who", ["startup", "shop", "coordinator", "outsider"])
def test_is_for_admins_only(who: str, database_kind: str, request: pytest.FixtureRequest) -> None:
    browser: TestClient = request.getfixturevalue(who)
    assert browser.get("/admin/users").status_code == 404
    assert browser.post("/admin/users", data=NEW).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: TestClient) -> None:
    assert client.get("/admin/users").headers["Location"] == "/sign-in?next=/admin/users"
    assert client.post("/admin/users", data=NEW).headers["Location"] == "/sign-in?next=/"


def test_stopping_a_person_ends_their_sessions(admin: TestClient, startup: TestClient, database: Database) -> None:
    with database.reading() as session:
        user = session.exec(select(User).where(User.role == Role.STARTUP)).one()
    assert admin.post(f"/admin/users/{user.id}/active", data={"active": "false"}).status_code == 303
    assert "停止中" in admin.get("/admin/users").text
    assert startup.get("/account").status_code == 303
    assert startup.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD}).status_code == 422
    admin.post(f"/admin/users/{user.id}/active", data={"active": "true"})
    assert startup.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD}).status_code == 303


def test_nobody_stops_themselves(admin: TestClient, database: Database) -> None:
    with database.reading() as session:
        user = session.exec(select(User).where(User.role == Role.ADMIN)).one()
    assert admin.post(f"/admin/users/{user.id}/active", data={"active": "false"}).status_code == 409


def test_an_unknown_person(admin: TestClient) -> None:
    assert admin.post("/admin/users/nobody/active", data={"active": "false"}).status_code == 404


def test_a_long_list_has_pages(admin: TestClient, database: Database) -> None:
    with database.writing() as session:
        for number in range(60):
            session.add(
                User(
                    email=f"p{number:03}@example.jp",
                    name=f"p{number}",
                    password_hash="",
                    role=Role.STARTUP,
                    created_at=clock.now(),
                )
            )
    assert "/admin/users?page=2" in admin.get("/admin/users").text
    assert "p059@example.jp" in admin.get("/admin/users?page=2").text
    assert "p059@example.jp" in admin.get("/admin/users?page=99").text
    assert admin.get("/admin/users?page=x").status_code == 422


def test_is_written_down(admin: TestClient, database: Database) -> None:
    admin.post("/admin/users", data=NEW)
    with database.reading() as session:
        created = session.exec(select(AuditEvent).where(AuditEvent.action == "user created")).all()
    assert created[-1].actor_id is not None
    assert created[-1].detail == {"role": "workshop"}
