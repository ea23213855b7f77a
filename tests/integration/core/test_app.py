"""The application as a whole: readiness, the OpenAPI document, static files."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.app import create_app
from backend.core import health
from backend.core.settings import Settings


def test_health_names_what_is_missing(app: FastAPI, client: TestClient) -> None:
    health.add_check(app, "thing", lambda: "the thing is missing: bring it")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["missing"]["thing"] == "the thing is missing: bring it"
    assert "database" not in answer.json()["missing"]


def test_health_without_tables(settings: Settings, empty_database_url: str) -> None:
    app = create_app(settings.model_copy(update={"database_url": empty_database_url}))
    with TestClient(app) as client:
        assert "nakamawa migrate" in client.get("/healthz").json()["missing"]["database"]


def test_openapi_documents_only_the_programs_side_and_its_errors(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in operations.values():
            refusals = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert refusals
            for refusal in refusals:
                assert refusal["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorBody"}


def test_static_files(client: TestClient) -> None:
    assert client.get("/static/css/nakamawa.css").status_code == 200
    assert client.get("/static/../pyproject.toml").status_code == 404
