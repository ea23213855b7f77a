"""Lists ask the database no oftener for more cases: what stands in a row comes with the rows."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts.models import Role, User
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question
from backend.introductions.legs.service import LegSpec
from backend.introductions.states import CaseState, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import cases, factories
from tests.integration.introductions.desk import browser, counted

MOST_OF_A_LIST, MOST_OF_A_CASE = 14, 37


def test_more_cases_are_no_more_questions(app: FastAPI, database: Database, settings: Settings) -> None:
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.ORDERED)
    people = {
        "/reports": factories.person(database, Role.ADMIN),
        "/requests": made.people.coordinator,
        "/offers": made.people.shops[0],
        "/my-requests": made.people.client,
        "/notices": made.people.client,
    }
    browsers = {page: browser(app, database, settings, person) for page, person in people.items()}
    few = _questions(app, browsers)
    for _ in range(3):
        cases.bring_to(database, cases.open_case(database, steps=2), CaseState.ORDERED)
        _one_more_of_the_same(database, made)
    assert _questions(app, browsers) == few
    assert max(few.values()) <= MOST_OF_A_LIST, few


def test_a_longer_chain_with_more_firms_is_no_more_questions(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    counts = []
    for steps, shops in ((1, 1), (4, 3)):
        made = cases.open_case(database, steps=steps, shops=shops)
        cases.bring_to(database, made, CaseState.ORDERED)
        address = f"/cases/{made.case_id}"
        counts.append(_questions(app, {address: browser(app, database, settings, made.people.coordinator)})[address])
    assert counts[0] == counts[1] <= MOST_OF_A_CASE, counts


def _questions(app: FastAPI, browsers: dict[str, TestClient]) -> dict[str, int]:
    found = {}
    for page, person in browsers.items():
        with counted(app) as asked:
            assert person.get(page).status_code == 200
        found[page] = len(asked)
    return found


def _one_more_of_the_same(database: Database, made: cases.Made) -> None:
    """The same client asks for something else, and the same firm is asked for it."""
    client: User = made.people.client
    with database.writing() as session:
        request = requests.send(session, Wording("真鍮の軸を20本。"), owner_id=client.id)
        case = queries.case_of_request(session, request.id or 0)
        assert case is not None
        desk = made.by(Party.COORDINATOR)
        [leg] = legs.set_legs(session, desk, case.id or 0, [LegSpec("", "旋盤")])
        offers.ask(session, desk, leg.id, [Question(made.firm_ids[0], cases.SUMMARY)])
