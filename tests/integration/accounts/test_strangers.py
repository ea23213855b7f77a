"""Somebody without an account may ask often, but not without end."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core.api_limits import RateLimit

ASKED = "真鍮の部品を二十個、来月末までに"


@pytest.fixture
def narrow(app: FastAPI) -> None:
    app.state.stranger_limit = RateLimit(3)


@pytest.mark.usefixtures("narrow")
def test_a_stranger_is_asked_to_wait(client: TestClient) -> None:
    answers = [client.get("/firms") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert "待って" in answers[-1].text
    # What watches over the server is always answered.
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("narrow")
def test_pages_and_programs_are_counted_together(client: TestClient) -> None:
    statuses = [client.get(address).status_code for address in ("/", "/api/v1/firms", "/firms", "/api/v1/firms")]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(("scheme", "address"), [("Bearer x", "/firms"), ("Basic x", "/api/v1/firms")])
def test_a_header_that_nobody_looks_at_helps_nobody(client: TestClient, scheme: str, address: str) -> None:
    answers = [client.get(address, headers={"Authorization": scheme}) for _ in range(4)]
    assert answers[-1].status_code == 429


@pytest.mark.usefixtures("narrow")
def test_what_was_typed_stands_on_the_refusal(client: TestClient) -> None:
    for _more in range(3):
        client.get("/firms")
    refused = client.post("/requests", data={"text": ASKED})
    assert refused.status_code == 429
    assert ASKED in refused.text
    assert 'action="/requests"' in refused.text


@pytest.mark.usefixtures("narrow")
def test_people_who_are_signed_in_are_not_counted(coordinator: TestClient) -> None:
    assert {coordinator.get("/firms").status_code for _ in range(6)} == {200}
