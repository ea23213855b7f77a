"""POST /api/v1/matches, GET /api/v1/requests/{token}/matches, and /healthz."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from backend.core import clock
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import CapacityDraft
from tests.integration.matches import firms


def test_reads_and_finds(client: TestClient, database: Database) -> None:
    firm = firms.enter(database, firms.BENDING)
    answer = client.post("/api/v1/matches", json={"text": firms.ASKED}).json()
    assert answer["understood"]["material"] == "A5052"
    assert answer["understood"]["size_mm"] == [240, 160, 90]
    assert answer["understood"]["quantity"] == 10
    assert answer["candidates"][0]["firm_id"] == firm.id
    assert {check["verdict"] for check in answer["candidates"][0]["checks"]} <= {"ok", "unknown", "no"}


def test_corrections_count(client: TestClient) -> None:
    sent = {"text": firms.ASKED, "corrections": {"material": "SUS304", "due": "2027-03-01"}}
    understood = client.post("/api/v1/matches", json=sent).json()["understood"]
    assert understood["material"] == "SUS304"
    assert understood["due"] == "2027-03-01"


def test_a_firm_full_for_the_coming_weeks_does_not_live_on_past_ones(client: TestClient, database: Database) -> None:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    weeks = tuple(CapacityDraft(monday + timedelta(weeks=n), 20.0 if n < 0 else 0.0) for n in range(-6, 8))
    with database.writing() as session:
        service.create_firm(session, None, replace(firms.BENDING, capacity=weeks))
    due = (clock.today() + timedelta(days=9)).isoformat()
    for corrections, found in (({}, [firms.BENDING.name]), ({"due": due}, [])):
        answer = client.post("/api/v1/matches", json={"text": firms.ASKED, "corrections": corrections}).json()
        assert [candidate["name"] for candidate in answer["candidates"]] == found


@pytest.mark.parametrize(
    "sent",
    [
        {"text": ""},
        {"text": "あ" * 100_000},
        {"text": "箱\x07"},
        {"text": 5},
        {},
        {"text": "箱", "top": 0},
        {"text": "箱", "more": 1},
        {"text": "箱", "corrections": {"colour": "red"}},
        {"text": "箱", "corrections": {"quantity": "たくさん"}},
        {"text": "箱", "corrections": {"due": "9999-12-31"}},
        {"text": "箱", "corrections": {"due": "0001-01-01"}},
    ],
)
def test_bad_input_is_one_sentence(client: TestClient, sent: dict[str, object]) -> None:
    answer = client.post("/api/v1/matches", json=sent)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_broken_json_is_one_sentence(client: TestClient) -> None:
    answer = client.post("/api/v1/matches", content='{"text": ', headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "JSON" in answer.json()["message"]


def test_a_request_by_its_token(client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    made = client.post("/api/v1/requests", json={"text": firms.ASKED, "corrections": {"quantity": "20"}})
    assert made.status_code == 201
    token = made.json()["token"]
    assert client.get(f"/api/v1/requests/{token}").json()["corrections"] == {"quantity": "20"}
    answer = client.get(f"/api/v1/requests/{token}/matches").json()
    assert answer["understood"]["quantity"] == 20
    assert client.get("/api/v1/requests/unknown/matches").status_code == 404
    assert client.get("/api/v1/requests/unknown").status_code == 404


def test_is_ready_once_the_index_is_there(client: TestClient) -> None:
    client.post("/api/v1/matches", json={"text": firms.ASKED})
    assert client.get("/healthz").json() == {"ready": True, "missing": {}}
