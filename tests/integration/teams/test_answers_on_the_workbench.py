"""Whatever way leads to the workbench, it starts from what the firms answered, or says that it does not."""

import pytest
from fastapi.testclient import TestClient

from backend.accounts.models import Role
from backend.core.db import Database
from backend.introductions import queries
from backend.introductions.legs import candidates, offers
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.states import Party
from backend.introductions.trail import By
from backend.requests import service as requests
from tests import cases, factories
from tests.integration.teams import team_firms
from tests.integration.teams.planning import planned
from tests.integration.teams.team_firms import Place, links, plain

NOTE = "この案は、打診した工場の返事と違っています。"


@pytest.fixture
def place(coordinator: TestClient, database: Database) -> Place:
    """Of the two that cut, bend and weld one has said no; of the two that anodise the one farther away has said yes."""
    found = team_firms.open_place(database)
    with database.reading() as session:
        request = requests.open_request(session, found.token)
        case = queries.case_of_request(session, request.id or 0)
    assert case is not None
    sent = coordinator.post(f"/cases/{case.id}/legs", data={"kind": "route", "seen": str(case.version)})
    assert sent.status_code == 303
    with database.reading() as session:
        legs = {leg.process_id: leg.id for leg in queries.legs_of(session, case.id or 0)}
    desk = factories.person(database, Role.COORDINATOR)
    no, yes = found.firms["有限会社まげ板金"], found.firms["合同会社かげ染め"]
    with database.writing() as session:
        [asked] = offers.ask(session, By(desk, Party.COORDINATOR), legs["bending"], [Question(no, cases.SUMMARY)])
        offers.answer(session, By(desk, Party.FIRM), asked.id, Reply("decline", "no_capacity"))
        last = next(id_ for process, id_ in legs.items() if "anodi" in process)
        [asked] = offers.ask(session, By(desk, Party.COORDINATOR), last, [Question(yes, cases.SUMMARY)])
        offers.answer(session, By(desk, Party.FIRM), asked.id, Reply("raise_hand"))
    return found


def _address(database: Database, place: Place) -> str:
    with database.reading() as session:
        found = candidates.workbench_of(session, requests.open_request(session, place.token))
    assert f"out={place.firms['有限会社まげ板金']}" in found
    assert place.firms["合同会社かげ染め"] in found
    return found


def test_the_request_and_the_joint_plan_lead_to_the_answers(
    coordinator: TestClient, client: TestClient, database: Database, place: Place
) -> None:
    address = _address(database, place)
    assert address in links(coordinator.get(f"/requests/{place.token}").text, "/chain")
    # Who has said no is nobody's affair but the desk's.
    assert links(client.get(f"/requests/{place.token}").text, "/chain") == [place.chain]
    page = coordinator.get(planned(coordinator, place.token)).text
    assert address.removesuffix("#teams") in links(page, "/chain")


def test_opened_without_them_it_says_so_in_one_sentence(
    coordinator: TestClient, client: TestClient, database: Database, place: Place
) -> None:
    page = coordinator.get(place.chain).text
    assert NOTE in page
    [way] = {href for href in links(page, "/chain") if "out=" in href and "fix=" in href and "was=" not in href}
    assert way == _address(database, place)
    there = coordinator.get(way).text
    assert NOTE not in there
    assert "合同会社かげ染め" in plain(there)
    stranger = client.get(place.chain).text
    assert NOTE not in stranger
    # What it may try out starts from the team it sees, not from the answers.
    assert not [href for href in links(stranger, "/chain") if "out=" in href and "was=" not in href]


def test_an_edit_of_the_route_comes_back_to_the_answers(
    coordinator: TestClient, database: Database, place: Place
) -> None:
    sent = coordinator.post(place.chain, data={"do": "remove:s1"})
    assert sent.status_code == 303
    assert sent.headers["location"] == _address(database, place).replace("#teams", "#route")
