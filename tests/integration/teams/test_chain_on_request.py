"""The page of a request shows the likely chain of a job of several operations, to the founder and to staff."""

import pytest
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.requests import service as requests
from backend.requests.forms import Wording


def request_page(database: Database, text: str) -> str:
    with database.writing() as session:
        return f"/requests/{requests.send(session, Wording(text)).token}"


CHAIN = "A5052の板を曲げて溶接し、黒アルマイト。10個。"


@pytest.mark.parametrize(
    ("role", "words"),
    [("client", "道順とチームを見る"), ("startup", "道順とチームを見る"), ("coordinator", "仲間まわしを組む")],
)
def test_a_job_of_several_operations_shows_its_chain(
    role: str, words: str, database: Database, request: pytest.FixtureRequest
) -> None:
    person: TestClient = request.getfixturevalue(role)
    address = request_page(database, CHAIN)
    page = person.get(address).text
    assert "この仕事の道順" in page
    assert page.index("レーザー切断 <") < page.index("溶接 <") < page.index("黒アルマイト <")
    assert f'href="{address}/chain">{words}</a>' in page


def test_the_chain_is_the_edited_one(coordinator: TestClient, database: Database) -> None:
    address = request_page(database, CHAIN)
    coordinator.post(f"{address}/chain", data={"do": "add:assembly:s4"})
    assert "組立 <" in coordinator.get(address).text


def test_a_job_of_one_operation_shows_none(client: TestClient, database: Database) -> None:
    assert "この仕事の道順" not in client.get(request_page(database, "アルミの部品を旋盤で10個。")).text


def test_english_is_complete(client: TestClient, database: Database) -> None:
    page = client.get(request_page(database, CHAIN) + "?lang=en").text
    assert "The route of this job" in page
    assert "See the route and the teams" in page
