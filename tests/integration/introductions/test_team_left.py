"""A decided team and other firms agreed on: no paper names days that nobody agreed to, nobody stays booked."""

import re
from collections import defaultdict

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import Role
from backend.capacity.models import CapacityBooking
from backend.core.db import Database
from backend.introductions import queries
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.models import Case, CaseLeg
from backend.introductions.states import CaseState, Party
from backend.introductions.trail import By
from backend.requests import service as requests
from backend.teams import plans
from backend.teams.team_models import TeamPlan
from tests import cases, factories
from tests.integration.teams import team_firms
from tests.integration.teams.team_firms import Place, decide


@pytest.fixture
def place(coordinator: TestClient, database: Database) -> Place:
    """A request whose decided team has become the legs of its case."""
    found = team_firms.open_place(database)
    decide(coordinator, found)
    case, _legs, _plan = _now(database, found)
    sent = coordinator.post(f"/cases/{case.id}/legs", data={"kind": "team", "seen": str(case.version)})
    assert sent.status_code == 303
    return found


def _now(database: Database, place: Place) -> tuple[Case, list[CaseLeg], TeamPlan | None]:
    with database.reading() as session:
        request = requests.open_request(session, place.token)
        case = queries.case_of_request(session, request.id or 0)
        assert case is not None
        return case, list(queries.legs_of(session, case.id or 0)), plans.decided(session, request.id or 0)


def _booked(database: Database) -> dict[str, float]:
    hours: dict[str, float] = defaultdict(float)
    with database.reading() as session:
        for row in session.exec(select(CapacityBooking)):
            hours[row.firm_id] += row.hours
    return hours


def _agree(database: Database, legs: list[CaseLeg], firms: dict[str, str]) -> None:
    """Both sides agree on this firm for each leg, by the key of its step."""
    desk = factories.person(database, Role.COORDINATOR)
    for leg in legs:
        with database.writing() as session:
            by = By(desk, Party.COORDINATOR)
            [offer] = offers.ask(session, by, leg.id, [Question(firms[leg.step_key], cases.SUMMARY)])
            offers.answer(session, By(desk, Party.FIRM), offer.id, Reply("raise_hand"))
            offers.act(session, By(desk, Party.CLIENT), offer.id, "agree_to")


def _introduce(coordinator: TestClient, case: Case) -> None:
    sent = coordinator.post(f"/cases/{case.id}/move", data={"action": "introduce", "seen": str(case.version)})
    assert sent.status_code == 303


def _tags(page: str, firm_id: str) -> list[str]:
    """What stands beside a firm on the card of the team that is shown."""
    card = page.split('<li class="plan" aria-current="true">')[1].split("</ul>", 1)[0]
    [line] = [line for line in card.split("<li>") if f"/firms/{firm_id}" in line]
    return re.findall(r'<span class="tag">(.*?)</span>', line)


def test_the_cards_say_what_each_firm_answered(
    coordinator: TestClient, client: TestClient, database: Database, place: Place
) -> None:
    _case, legs, plan = _now(database, place)
    assert plan is not None
    desk = factories.person(database, Role.COORDINATOR)
    [several] = [firm for firm in place.firms.values() if list(plan.team.values()).count(firm) > 1]
    own = [leg for leg in legs if plan.team[leg.step_key] == several]
    last = legs[-1]
    assert last not in own

    def ask(leg: CaseLeg, reply: Reply) -> None:
        with database.writing() as session:
            question = Question(plan.team[leg.step_key], cases.SUMMARY)
            [offer] = offers.ask(session, By(desk, Party.COORDINATOR), leg.id, [question])
            offers.answer(session, By(desk, Party.FIRM), offer.id, reply)

    assert _tags(coordinator.get(place.chain).text, several) == []
    ask(own[0], Reply("raise_hand"))
    ask(last, Reply("decline", "size"))
    page = coordinator.get(place.chain).text
    # It was asked for one of its steps.
    assert _tags(page, several) == [f"{own[0].title} 受ける"]
    assert _tags(page, plan.team[last.step_key]) == ["見送り"]
    for leg in own[1:]:
        ask(leg, Reply("raise_hand"))
    assert _tags(coordinator.get(place.chain).text, several) == ["受ける"]
    stranger = client.get(place.chain).text
    assert "受ける</span>" not in stranger
    assert "見送り</span>" not in stranger


def test_a_lead_firm_that_nobody_asked_keeps_nothing(coordinator: TestClient, database: Database, place: Place) -> None:
    _case, legs, plan = _now(database, place)
    assert plan is not None
    lead, other = plan.lead_firm_id, cases.firm(database, "株式会社ほかの板金")
    team = {key: other if firm == lead else firm for key, firm in plan.team.items()}
    before = _booked(database)
    assert before[lead] > 0
    _agree(database, legs, team)
    case, _legs, _plan = _now(database, place)
    path = f"/cases/{case.id}"
    page = coordinator.get(path).text
    assert "決めたチームと違います" in page
    assert "株式会社ほかの板金" in page.split("決めたチームと違います")[1].split("</ul>")[0]
    assert "幹事に決めた" in page
    _introduce(coordinator, case)
    case, legs, plan = _now(database, place)
    assert (case.state, case.lead_firm_id) == (CaseState.INTRODUCED, None)
    assert plan is not None
    for leg in legs:
        # What the others were decided with stays; the client orders, because the lead firm is not there.
        assert (leg.start is None, leg.finish is None) == (team[leg.step_key] == other,) * 2
        assert leg.orderer_firm_id is None
    after = _booked(database)
    assert after[lead] == 0
    assert {firm: hours for firm, hours in after.items() if firm != lead} == {
        firm: hours for firm, hours in before.items() if firm != lead
    }
    assert "注文する人:" not in coordinator.get(path).text
    assert "決めたチームと違います" not in coordinator.get(path).text
    letter = coordinator.get(f"{path}/letter").text
    row = letter.split("株式会社ほかの板金")[1].split("</tr>")[0]
    assert "相談中" in row


def test_a_team_of_which_nobody_is_left_is_taken_back(
    coordinator: TestClient, database: Database, place: Place
) -> None:
    _case, legs, plan = _now(database, place)
    assert plan is not None
    other = cases.firm(database, "株式会社ほかの板金")
    _agree(database, legs, dict.fromkeys(plan.team, other))
    _introduce(coordinator, _now(database, place)[0])
    case, legs, plan = _now(database, place)
    assert plan is None
    assert (case.plan_id, case.lead_firm_id) == (None, None)
    assert not any(leg.start or leg.orderer_firm_id for leg in legs)
    assert not _booked(database)


def test_the_decided_team_stays_as_it_is(coordinator: TestClient, database: Database, place: Place) -> None:
    _case, legs, plan = _now(database, place)
    assert plan is not None
    before = _booked(database)
    _agree(database, legs, dict(plan.team))
    case, planned, _plan = _now(database, place)
    assert "決めたチームと違います" not in coordinator.get(f"/cases/{case.id}").text
    _introduce(coordinator, case)
    case, legs, plan = _now(database, place)
    assert plan is not None
    assert (case.plan_id, case.lead_firm_id) == (plan.id, plan.lead_firm_id)
    assert [(leg.start, leg.orderer_firm_id) for leg in legs] == [(leg.start, leg.orderer_firm_id) for leg in planned]
    assert _booked(database) == before
