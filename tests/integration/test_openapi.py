"""The interface for programs does what its own document says, whatever is sent: drawn from the document itself."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from backend.accounts.models import OrganisationKind, Role
from backend.core.api_docs import TAGS, refusals_of
from backend.core.db import Database
from backend.firms import service
from backend.firms.drafts import FirmDraft
from backend.introductions import queries as cases
from backend.introductions.legs.offers import Question, ask
from backend.introductions.legs.service import LegSpec, set_legs
from backend.introductions.states import Party
from backend.introductions.trail import By, case_id_of
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import factories
from tests.integration.programs import Programs

EXAMPLES = 10
KNOWN_ID = "5f0c8a529d534a3b9a580d3a6c1a7f10"
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    written: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return written


def _operations(document: dict[str, Any]) -> list[Operation]:
    return [(path, method, op) for path, methods in document["paths"].items() for method, op in methods.items()]


def _programs(app: FastAPI, database: Database) -> dict[str, dict[str, str]]:
    """The header of a stranger and of three organisations. The workshop's firm is the one of the examples."""
    with database.writing() as session:
        service.create_firm(session, None, FirmDraft(name="有限会社みほん板金", ward="大田区"), form_id=KNOWN_ID)
    programs = Programs(app, database)
    made = {
        "workshop": programs.of(OrganisationKind.WORKSHOP, firm_id=KNOWN_ID),
        "startup": programs.of(OrganisationKind.STARTUP),
        "coordinators": programs.of(OrganisationKind.COORDINATORS),
    }
    return {"stranger": {}} | {name: {"Authorization": f"Bearer {each.secret}"} for name, each in made.items()}


def _asked(database: Database, token: str) -> dict[str, str | int]:
    """The case of this request, in which the firm of the examples is asked."""
    by = By(factories.person(database, Role.COORDINATOR), Party.COORDINATOR)
    with database.writing() as session:
        case = cases.case_of_request(session, requests.open_request(session, token).id or 0)
        assert case is not None
        case_id = case_id_of(case)
        [leg] = set_legs(session, by, case_id, [LegSpec("", "切削")])
        [offer] = ask(session, by, leg.id, [Question(KNOWN_ID, (("何を", "アルミの箱"),))])
        return {"case_id": case_id, "offer_id": offer.id}


@pytest.mark.slow
def test_every_answer_is_documented(app: FastAPI, database: Database) -> None:
    """Strangers and three organisations by turns; half of the time about things that are there."""
    app.state.api_limit.per_minute = 10**9
    with database.writing() as session:
        token = requests.send(session, Wording("アルミの箱を10個。")).token
    callers = list(_programs(app, database).values())
    there = {"firm_id": KNOWN_ID, "token": token} | _asked(database, token)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    found = list(schema.get_all_operations())
    operations = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(operations) == len(found) > 12
    for operation in operations:
        turn = 0

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            phases=(Phase.explicit, Phase.generate),
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def conforms(case: Case[Any]) -> None:
            nonlocal turn
            turn += 1
            if turn % 2:
                case.path_parameters.update({name: there[name] for name in case.path_parameters})
            # A text may fit the document and still say nothing: then one sentence with 422 is the right answer.
            case.call_and_validate(headers=callers[turn % 4], excluded_checks=[positive_data_acceptance])

        conforms()


def test_every_operation_is_explained(document: dict[str, Any]) -> None:
    assert {tag["name"] for tag in document["tags"]} == set(TAGS)
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
    for path, method, operation in _operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert len(operation["description"]) > 30, where
        assert set(operation["tags"]) <= set(TAGS), where
        assert {"token": []} in operation["security"], where
        answers = operation["responses"]
        assert {str(status) for status in refusals_of(operation, path, method)} <= set(answers), where
        assert "default" not in answers, where
        if method in {"post", "put", "patch"} and operation["tags"][0] not in {"matches", "teams"}:
            assert "Idempotency-Key" in {each["name"] for each in operation["parameters"]}, where


def test_bodies_are_closed_and_their_examples_fit(document: dict[str, Any]) -> None:
    """Every body names all of its fields; those that are sent or received as a whole come with an example."""
    parts = document["components"]["schemas"]
    for name, part in parts.items():
        if part["type"] == "object":
            assert part["additionalProperties"] is False, name
        for example in part.get("examples", ()):
            schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
            errors = [error.message for error in validator_for(schema).iter_errors(example)]
            assert errors == [], name
    for path, method, operation in _operations(document):
        bodies = [answer["content"] for answer in operation["responses"].values()]
        bodies += [operation["requestBody"]["content"]] if "requestBody" in operation else []
        for body in bodies:
            reference = body["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert "example" in body["application/json"] or parts[reference].get("examples"), f"{method} {path}"
