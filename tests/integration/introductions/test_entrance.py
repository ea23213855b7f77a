"""Where somebody begins after signing in, and what the header says waits there."""

import pytest
from fastapi.testclient import TestClient

from backend.accounts.models import User
from backend.core.db import Database
from backend.introductions.states import CaseState
from tests import cases, factories
from tests.integration.introductions.conftest import Browsing


@pytest.fixture
def made(database: Database) -> cases.Made:
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.ASKING)
    return made


def entered(client: TestClient, user: User, wanted: str = "/") -> str:
    client.cookies.clear()
    answer = client.post("/sign-in", data={"email": user.email, "password": factories.PASSWORD, "next": wanted})
    return answer.headers["Location"]


def test_everybody_begins_where_something_may_wait(client: TestClient, made: cases.Made) -> None:
    people = made.people
    assert entered(client, people.coordinator) == "/desk"
    assert entered(client, people.shops[0]) == "/offers"
    assert entered(client, people.outsider_shop) == "/offers"
    assert entered(client, people.client) == "/my-requests"
    assert entered(client, people.other_client) == "/"
    assert entered(client, people.shops[0], "/firms") == "/firms"


def test_offers_without_an_answer_are_counted_in_the_header(
    database: Database, made: cases.Made, browser_of: Browsing
) -> None:
    shop, people = browser_of(made.people.shops[0]), made.people
    assert '<span class="count count-hot count-nav">2<span class="sr"> 件が回答待ち' in shop.get("/firms").text
    for other in (people.outsider_shop, people.client, people.coordinator):
        assert "件が回答待ち" not in browser_of(other).get("/firms").text
    cases.bring_on(database, made, CaseState.WITHDRAWN)
    assert "件が回答待ち" not in shop.get("/firms").text
