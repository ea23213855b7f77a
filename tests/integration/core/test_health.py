"""GET /healthz."""

from fastapi.testclient import TestClient


def test_names_nothing_missing_of_the_database(client: TestClient) -> None:
    assert "database" not in client.get("/healthz").json()["missing"]


def test_coordinator_is_signed_in(coordinator: TestClient) -> None:
    assert coordinator.get("/account").status_code == 200
