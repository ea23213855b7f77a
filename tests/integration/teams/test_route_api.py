"""The route for programs: read by whoever has the token, written by staff, refused with a sentence."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.requests import service as requests
from backend.requests.forms import Wording

TEXT = "A5052の板を曲げて溶接し、黒アルマイト。10個。公差±0.05。"


@pytest.fixture
def address(database: Database) -> str:
    """Where the route of a request of several operations is."""
    with database.writing() as session:
        return f"/api/v1/requests/{requests.send(session, Wording(TEXT)).token}/route"


def step(key: str, process: str, *after: str, **more: object) -> dict[str, Any]:
    return {
        "key": key,
        "process": process,
        "after": list(after),
        "hours": {"likely": 8, "low": 4, "high": 16},
        **more,
    }


STEPS = [step("s1", "milling"), step("s2", "turning"), step("s3", "assembly", "s1", "s2", title="組み上げる")]


@pytest.mark.parametrize("role", ["client", "startup", "coordinator"])
def test_a_route_is_read_with_its_findings(role: str, address: str, request: pytest.FixtureRequest) -> None:
    person: TestClient = request.getfixturevalue(role)
    route = person.get(address).json()
    assert [one["process"] for one in route["steps"]] == ["laser_cutting", "bending", "welding", "black_anodising"]
    assert (route["version"], route["edited"]) == (0, False)
    assert {one["verdict"] for one in route["findings"]} == {"ok", "unknown"}
    assert route["steps"][0]["origin"] == "inferred"
    assert any(one["add"] == "stress_relief" for one in route["findings"])


def test_a_route_is_written_and_read_again(coordinator: TestClient, address: str) -> None:
    sent = {"version": 0, "steps": STEPS}
    route = coordinator.put(address, json=sent).json()
    assert [one["key"] for one in route["steps"]] == ["s1", "s2", "s3"]
    assert route["steps"][2]["title"] == "組み上げる"
    assert route["edited"]
    assert coordinator.get(address).json() == route


def test_what_is_read_can_be_sent_back(coordinator: TestClient, address: str) -> None:
    read = coordinator.get(address).json()
    steps = [{k: v for k, v in one.items() if k not in {"name", "origin", "reason"}} for one in read["steps"]]
    again = coordinator.put(address, json={"steps": steps}).json()
    assert [one["hours"] for one in again["steps"]] == [one["hours"] for one in read["steps"]]


def test_no_steps_means_the_route_of_the_text(coordinator: TestClient, address: str) -> None:
    coordinator.put(address, json={"steps": STEPS})
    route = coordinator.put(address, json={"steps": []}).json()
    assert not route["edited"]
    assert len(route["steps"]) == 4


def test_somebody_elses_change_is_not_overwritten(coordinator: TestClient, address: str) -> None:
    coordinator.put(address, json={"steps": STEPS})
    answer = coordinator.put(address, json={"version": 0, "steps": STEPS})
    assert answer.status_code == 409
    assert "別の人が変えました" in answer.json()["message"]


@pytest.mark.parametrize("role", ["client", "startup", "shop"])
def test_only_staff_write(role: str, address: str, request: pytest.FixtureRequest) -> None:
    person: TestClient = request.getfixturevalue(role)
    assert person.put(address, json={"steps": STEPS}).status_code == (401 if role == "client" else 404)


@pytest.mark.parametrize(
    "steps",
    [
        [step("s1", "milling", "s2"), step("s2", "turning", "s1")],
        [step("s1", "milling"), step("s1", "turning")],
        [step("s1", "unknown")],
        [step("s1", "electronics")],
        [step("s1", "milling", also=["unknown"])],
        [step("s1", "milling", "s9")],
        [step("x", "milling")],
        [step("s1", "milling", hours={"likely": 2, "low": 4, "high": 16})],
        [step("s1", "milling", hours={"likely": -1, "low": -4, "high": 16})],
        [step("s1", "milling", hours={"likely": 1e9, "low": 1, "high": 1e9})],
        [step("s1", "milling", title="あ" * 81)],
        [step("s1", "milling", title="a\u0000")],
        [step("s1", "milling", size_mm=[0])],
        [step("s1", "milling", tolerance_mm=0)],
        [step("s1", "milling", surprise=1)],
        [step(f"s{i}", "milling") for i in range(1, 32)],
        "all",
    ],
)
def test_what_cannot_be_a_route_is_refused(coordinator: TestClient, address: str, steps: object) -> None:
    answer = coordinator.put(address, json={"steps": steps})
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert coordinator.get(address).json()["edited"] is False


def test_it_is_described_for_programmers(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/requests/{token}/route"]
    assert set(described) == {"get", "put"}
    assert "409" in str(described["put"]["description"])
