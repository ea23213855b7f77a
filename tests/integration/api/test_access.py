"""Who gets in with a token, and to what: cut short, altered, revoked, old, too narrow, somebody else's."""

import logging
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import select

from backend.accounts import token_queries
from backend.accounts.models import ApiToken, OrganisationKind, Scope
from backend.core import clock
from backend.core.api_limits import RateLimit
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import FirmDraft
from tests.integration.programs import Program, Programs

LISTS = "/api/v1/requests"
WEBSITE = {"own_words": "アルミの精密板金。"}


def _bad(secret: str) -> list[str]:
    return [
        "",
        secret[:-1],
        secret[:12],
        secret + "x",
        secret.swapcase(),
        secret.removeprefix("nkm_"),
        f"{secret} {secret}",
        "nkm_" + "A" * 43,
        "nkm_\x00",
        "ｎｋｍ＿".encode().decode("latin-1"),
    ]


def test_a_token_that_is_not_good_opens_nothing(programs: Programs, workshop: Program, client: TestClient) -> None:
    assert workshop.client.get(LISTS).status_code == 200
    for secret in _bad(workshop.secret):
        for scheme in ("Bearer", "bearer"):
            headers = [(b"Authorization", f"{scheme} {secret}".encode("latin-1"))]
            # Not even what strangers may read: a program should learn that its token is no good.
            for address in (LISTS, "/api/v1/firms"):
                answer = client.get(address, headers=headers)
                assert answer.status_code == 401, secret
                assert answer.headers["WWW-Authenticate"] == 'Bearer realm="nakamawa", error="invalid_token"'
                assert answer.json()["message"].startswith("このトークンは使えません")
    missing = client.get(LISTS)
    assert (missing.status_code, missing.headers["WWW-Authenticate"]) == (401, 'Bearer realm="nakamawa"')
    assert client.get(LISTS, headers={"Authorization": "Basic Zm9vOmJhcg=="}).status_code == 401
    assert client.get("/api/v1/firms", headers={"Authorization": "Basic Zm9vOmJhcg=="}).status_code == 200


def test_the_secret_is_looked_up_by_its_digest_alone(database: Database, workshop: Program) -> None:
    """What takes part in the search is the digest, so that a nearly right secret takes no longer than a wrong one."""
    with database.reading() as session:
        token = session.exec(select(ApiToken).where(ApiToken.id == workshop.token_id)).one()
        assert workshop.secret not in str(token.model_dump())
        rows = session.connection().execute(text("SELECT * FROM api_tokens")).all()
        assert workshop.secret not in str(rows)
        assert len(token.digest) == 64


def test_revoked_and_old_tokens_are_refused_at_once(database: Database, workshop: Program) -> None:
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert workshop.client.get(LISTS).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=1)):
        assert workshop.client.get(LISTS).status_code == 401
    with database.writing() as session:
        token = session.exec(select(ApiToken).where(ApiToken.id == workshop.token_id)).one()
        token.revoked_at = clock.now()
        session.add(token)
    assert workshop.client.get(LISTS).status_code == 401


def test_a_token_that_only_reads(programs: Programs, workshop: Program, firm_id: str) -> None:
    reader = programs.another(workshop.organisation_id, scope=Scope.READ).client
    address = f"/api/v1/firms/{firm_id}"
    assert reader.get(f"{address}/capacity").status_code == 200
    for answer in (
        reader.patch(address, json=WEBSITE),
        reader.put(f"{address}/capacity", json={"weeks": []}),
        reader.post(LISTS, json={"text": "アルミの箱"}),
    ):
        assert answer.status_code == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert reader.post("/api/v1/matches", json={"text": "アルミの箱"}).status_code in {200, 503}


def test_a_workshop_keeps_its_own_firm_and_no_other(
    database: Database, workshop: Program, ota: Program, startup_program: Program, client: TestClient, firm_id: str
) -> None:
    with database.writing() as session:
        other = service.create_firm(session, None, FirmDraft(name="別の工場", ward="墨田区")).id
        unlisted = service.create_firm(session, None, FirmDraft(name="名簿外", ward="墨田区", listed=False)).id
    assert workshop.client.patch(f"/api/v1/firms/{firm_id}", json=WEBSITE).json()["own_words"] == WEBSITE["own_words"]
    for firm in (other, unlisted, "none"):
        address = f"/api/v1/firms/{firm}"
        for program in (workshop, startup_program):
            assert program.client.patch(address, json=WEBSITE).status_code == 404
            # Neither does a body that is wrong tell whether there is something.
            assert program.client.patch(address, json={"nothing": 1}).status_code == 404
            assert program.client.get(f"{address}/capacity").status_code == 404
            assert program.client.put(f"{address}/capacity", json={}).status_code == 404
        assert client.patch(address, json=WEBSITE).status_code == 401
    assert workshop.client.get(f"/api/v1/firms/{unlisted}").status_code == 404
    assert ota.client.get(f"/api/v1/firms/{unlisted}").status_code == 200
    assert ota.client.patch(f"/api/v1/firms/{other}", json=WEBSITE).status_code == 200


def test_a_token_counts_before_a_cookie(shop: TestClient, programs: Programs, startup_program: Program) -> None:
    """Somebody signed in who sends a token asks as the token does."""
    address = "/api/v1/firms/firm-of-the-shop"
    answer = shop.patch(address, json=WEBSITE, headers={"Authorization": f"Bearer {startup_program.secret}"})
    assert answer.status_code == 404
    assert shop.get(LISTS, headers={"Authorization": "Bearer nkm_nothing"}).status_code == 401
    # On the pages a token means nothing.
    assert startup_program.client.get("/account").status_code == 303


def test_too_many_questions(app: FastAPI, workshop: Program, ota: Program) -> None:
    app.state.api_limit = RateLimit(3)
    answers = [workshop.client.get(LISTS) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert "待って" in answers[-1].json()["message"]
    assert ota.client.get(LISTS).status_code == 200


def test_a_secret_stands_in_no_log(
    workshop: Program, client: TestClient, caplog: pytest.LogCaptureFixture, firm_id: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        workshop.client.get(LISTS)
        workshop.client.patch(f"/api/v1/firms/{firm_id}", json=WEBSITE)
        client.get(LISTS, headers={"Authorization": f"Bearer {workshop.secret}x"})
    assert workshop.secret not in caplog.text


def test_its_use_is_noted_now_and_then(database: Database, workshop: Program) -> None:
    def noted() -> object:
        with database.reading() as session:
            return session.exec(select(ApiToken.last_used_at).where(ApiToken.id == workshop.token_id)).one()

    workshop.client.get(LISTS)
    first = noted()
    workshop.client.get(LISTS)
    assert first is not None
    assert noted() == first
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        workshop.client.get(LISTS)
        assert noted() != first


def test_a_use_that_is_noted_late_does_not_bring_a_revoked_token_back(database: Database, workshop: Program) -> None:
    with database.writing() as session:
        token = session.exec(select(ApiToken).where(ApiToken.id == workshop.token_id)).one()
        token.revoked_at = clock.now()
        session.add(token)
    with database.writing() as session:
        token_queries.note_use(session, workshop.token_id, clock.now())
    assert workshop.client.get(LISTS).status_code == 401


def test_busy_storage_keeps_nobody_from_reading(database: Database, workshop: Program) -> None:
    if not database.is_sqlite:
        return
    with database.writing() as session:
        session.connection().execute(text("DELETE FROM api_answers"))
        assert workshop.client.get("/api/v1/firms").status_code == 200


@pytest.mark.parametrize("kind", [OrganisationKind.FACILITY, OrganisationKind.STARTUP])
def test_organisations_without_a_firm(programs: Programs, kind: OrganisationKind) -> None:
    program = programs.of(kind)
    assert program.client.get(LISTS).json() == {"items": [], "next": None}
    assert program.client.get("/api/v1/firms").json()["total"] == 0
