"""Past handovers: recorded and withdrawn by staff, seen by the two firms and staff, weighed when teams are composed."""

import re

import pytest
from fastapi.testclient import TestClient

from backend.accounts.models import Role
from backend.core.db import Database
from backend.teams import plan_queries
from tests.conftest import SignInAs
from tests.integration.teams import team_firms
from tests.integration.teams.team_firms import Place, field, plain


@pytest.fixture
def place(database: Database) -> Place:
    return team_firms.open_place(database)


def _record(person: TestClient, one: str, other: str, **more: str) -> int:
    return person.post("/handovers", data={"firm_a": one, "firm_b": other, **more}).status_code


def test_a_handover_is_recorded_from_the_workbench(coordinator: TestClient, database: Database, place: Place) -> None:
    page = coordinator.get(place.chain).text
    assert "はじめての受け渡しです" in page
    back = field(page, "back")
    sent = coordinator.post(
        "/handovers", data={"firm_a": field(page, "firm_a"), "firm_b": field(page, "firm_b"), "back": back}
    )
    assert (sent.status_code, sent.headers["location"]) == (303, back)
    assert "前にも受け渡しがあります。" in coordinator.get(place.chain).text
    with database.reading() as session:
        assert plan_queries.known_pairs(session) == {frozenset((field(page, "firm_a"), field(page, "firm_b")))}


def test_only_the_two_firms_and_staff_see_it(
    sign_in_as: SignInAs, coordinator: TestClient, startup: TestClient, client: TestClient, place: Place
) -> None:
    one, other, third = list(place.firms.values())[:3]
    assert _record(coordinator, one, other, note="2025年 治具") == 303
    for firm in (one, other):
        assert "2025年 治具" in sign_in_as(Role.WORKSHOP, firm_id=firm).get("/handovers").text
    assert "治具" not in sign_in_as(Role.WORKSHOP, firm_id=third).get("/handovers").text
    assert "治具" not in startup.get("/handovers").text
    assert client.get("/handovers").headers["location"].startswith("/sign-in?next=")
    assert "受け渡しがあります" not in client.get(place.chain).text


def test_a_record_is_withdrawn_and_put_back(
    sign_in_as: SignInAs, coordinator: TestClient, database: Database, place: Place
) -> None:
    one, other = list(place.firms.values())[:2]
    _record(coordinator, other, one)
    with database.reading() as session:
        assert plan_queries.known_pairs(session) == {frozenset((one, other))}
    found = re.search(r"/handovers/\w+/withdraw", coordinator.get("/handovers").text)
    assert found is not None
    address = found.group(0)
    assert coordinator.post(address).status_code == 303
    with database.reading() as session:
        assert plan_queries.known_pairs(session) == frozenset()
    assert "取り消し済み" in coordinator.get("/handovers").text
    assert "きり板" not in plain(sign_in_as(Role.WORKSHOP, firm_id=one).get("/handovers").text)
    assert coordinator.post(address.replace("withdraw", "restore")).status_code == 303
    assert "取り消し済み" not in coordinator.get("/handovers").text


def test_recording_twice_keeps_one_record(coordinator: TestClient, place: Place) -> None:
    one, other = list(place.firms.values())[:2]
    _record(coordinator, one, other, note="治具の仕事")
    _record(coordinator, other, one)
    page = coordinator.get("/handovers").text
    assert page.count("治具の仕事") == 1
    assert page.count("/withdraw") == 1


@pytest.mark.parametrize(("pair", "note"), [(("x", "y"), ""), ((0, 0), ""), ((0, 1), "長" * 201)])
def test_what_is_no_pair_is_refused(
    coordinator: TestClient, place: Place, pair: tuple[int | str, int | str], note: str
) -> None:
    known = list(place.firms.values())
    one, other = (known[part] if isinstance(part, int) else part for part in pair)
    assert _record(coordinator, one, other, note=note) == 422


def test_only_staff_records(client: TestClient, startup: TestClient, shop: TestClient, place: Place) -> None:
    one, other = list(place.firms.values())[:2]
    assert client.post("/handovers", data={"firm_a": one, "firm_b": other}).headers["location"].startswith("/sign-in")
    assert _record(startup, one, other) == 404
    assert _record(shop, one, other) == 404
    assert shop.post("/handovers/x/withdraw").status_code == 404


def test_the_way_back_stays_on_this_site(coordinator: TestClient, place: Place) -> None:
    one, other = list(place.firms.values())[:2]
    sent = coordinator.post("/handovers", data={"firm_a": one, "firm_b": other, "back": "https://example.com/"})
    assert sent.headers["location"] == "/handovers"
    assert coordinator.post("/handovers/nothing/withdraw").status_code == 404


def test_a_note_too_long_is_kept_to_be_shortened(coordinator: TestClient, place: Place) -> None:
    one, other = list(place.firms.values())[:2]
    typed = {"firm_a": one, "firm_b": other, "note": "治具" * 101, "back": place.chain}
    page = coordinator.post("/handovers", data=typed)
    assert page.status_code == 422
    assert "治具" * 101 in page.text
    assert "メモは200字までで書いてください。" in page.text
    assert "有限会社きり板" in plain(page.text)
    again = {name: field(page.text, name) for name in ("firm_a", "firm_b", "back")} | {"note": "治具"}
    assert coordinator.post("/handovers", data=again).headers["location"] == place.chain
