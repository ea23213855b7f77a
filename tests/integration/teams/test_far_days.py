"""A day at the end of the calendar, typed by a stranger, stops no page: it is read as none."""

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests.integration.matches import firms

CHAIN = "A5052の板を曲げて溶接し、黒アルマイト。10個。"


@pytest.mark.parametrize(
    "wording",
    [
        Wording(f"{CHAIN}9999年12月31日までにほしい。"),
        Wording(CHAIN, {"due": "9999-12-31"}),
        Wording(CHAIN, {"due": "9999年12月31日"}),
        Wording(CHAIN, {"due": "0001-01-01"}),
    ],
)
def test_the_route_and_the_teams_of_such_a_request(wording: Wording, client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    with database.writing() as session:
        token = requests.send(session, wording).token
    assert client.get(f"/requests/{token}/chain").status_code == 200
    assert client.get(f"/requests/{token}").status_code == 200
    assert client.get(f"/api/v1/requests/{token}/teams").status_code == 200
    # What was put right but cannot be used is refused there with a sentence.
    found = client.get(f"/api/v1/requests/{token}/matches")
    assert found.status_code == (422 if wording.corrections else 200)


def test_no_such_day_can_be_tried_out(client: TestClient, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    with database.writing() as session:
        token = requests.send(session, Wording(CHAIN)).token
    for day in ("9999-12-31", "0001-01-01", "2000-01-01"):
        answer = client.post(f"/api/v1/requests/{token}/teams", json={"due": day})
        assert answer.status_code == 422
        assert "3年" in answer.json()["message"]
    assert client.post("/api/v1/matches", json={"text": CHAIN, "corrections": {"due": "9999-12-31"}}).status_code == 422
