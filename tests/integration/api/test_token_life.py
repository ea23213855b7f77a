"""What becomes of a token when things around it change: the wards of its body, its firm, whoever made it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import queries
from backend.accounts import service as accounts
from backend.accounts.models import ApiToken, Organisation, OrganisationKind, Role, User
from backend.core import clock
from backend.core.db import Database
from backend.firms.models import Firm
from backend.introductions import queries as case_queries
from backend.introductions.states import CaseState
from backend.requests import service as requests
from tests import cases, factories
from tests.integration.programs import Program, Programs

CASES, OFFERS, REQUESTS = "/api/v1/cases", "/api/v1/offers", "/api/v1/requests"


@pytest.fixture
def made(database: Database) -> cases.Made:
    """A case of the ward 墨田区 that firms were asked about."""
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        requests.give_to_ward(session, made.people.coordinator, made.token, "墨田区")
    return made


def _set_wards(database: Database, program: Program, *wards: str) -> None:
    with database.writing() as session:
        queries.set_wards(session, program.organisation_id, wards)


def _everything(program: Program, made: cases.Made) -> list[int]:
    """How each way to the case answers."""
    client, case = program.client, f"{CASES}/{made.case_id}"
    move = {"action": "lose", "reason": "other"}
    return [
        client.get(case).status_code,
        client.get(f"{REQUESTS}/{made.token}").status_code,
        client.get(f"{REQUESTS}/{made.token}/matches").status_code,
        client.patch(f"{REQUESTS}/{made.token}", json={"text": "変えた"}).status_code,
        client.post(f"{case}/moves", json=move).status_code,
        *(200 if client.get(where).json()["items"] else 404 for where in (CASES, OFFERS, REQUESTS)),
    ]


def test_a_body_that_loses_a_ward_loses_its_cases(
    programs: Programs, sumida: Program, ota: Program, made: cases.Made, database: Database
) -> None:
    assert sumida.client.get(f"{CASES}/{made.case_id}").status_code == 200
    assert set(_everything(ota, made)) == {404}
    kept = {"Idempotency-Key": "k1"}
    move = {"action": "message", "words": "x"}
    sumida.client.post(f"{CASES}/{made.case_id}/moves", json=move, headers=kept)
    _set_wards(database, sumida, "大田区")
    assert set(_everything(sumida, made)) == {404}
    # Nor by asking again for what it was told when it still might.
    assert sumida.client.post(f"{CASES}/{made.case_id}/moves", json=move, headers=kept).status_code == 404
    _set_wards(database, sumida, "墨田区")
    assert sumida.client.get(f"{CASES}/{made.case_id}").status_code == 200


def test_a_token_ends_with_a_stop_of_its_maker(
    programs: Programs, sumida: Program, admin: TestClient, database: Database
) -> None:
    """Who is stopped may have made it to come back by; it holds again when they may."""
    with database.reading() as session:
        token = session.get(ApiToken, sumida.token_id)
        assert token is not None
        maker, organisation = token.created_by, token.organisation_id
    assert sumida.client.get(CASES).status_code == 200
    assert admin.post(f"/admin/users/{maker}/active", data={"active": "false"}).status_code == 303
    answer = sumida.client.get(CASES)
    assert (answer.status_code, "invalid_token" in answer.headers["WWW-Authenticate"]) == (401, True)
    assert sumida.client.get("/api/v1/firms").status_code == 401
    assert "作った人が停止中" in admin.get(f"/organisations/{organisation}/tokens").text
    admin.post(f"/admin/users/{maker}/active", data={"active": "true"})
    assert sumida.client.get(CASES).status_code == 200


def test_a_token_of_a_firm_that_left_does_nothing_for_it(
    programs: Programs, made: cases.Made, database: Database
) -> None:
    firm_id = made.firm_ids[0]
    with database.reading() as session:
        place = session.exec(select(Organisation).where(Organisation.firm_id == firm_id)).one().id
        [offer] = case_queries.offers_to(session, made.case_id, firm_id)
    firm = programs.another(place)
    assert firm.client.get(f"{OFFERS}/{offer.id}").status_code == 200
    with database.writing() as session:
        gone = session.get(Firm, firm_id)
        assert gone is not None
        gone.deleted_at = clock.now()
    answers = [
        firm.client.get(f"{OFFERS}/{offer.id}"),
        firm.client.post(f"{OFFERS}/{offer.id}/answers", json={"answer": "raise_hand"}),
        firm.client.get(f"/api/v1/firms/{firm_id}/capacity"),
        firm.client.put(f"/api/v1/firms/{firm_id}/capacity", json={"weeks": []}),
        firm.client.patch(f"/api/v1/firms/{firm_id}", json={"own_words": "x"}),
    ]
    assert {answer.status_code for answer in answers} <= {404, 422}, [a.status_code for a in answers]
    assert [answer.status_code for answer in answers[:3]] == [404, 404, 404]
    assert firm.client.get(OFFERS).json()["items"] == []


def test_a_token_of_an_organisation_that_is_gone_is_gone(database: Database, sumida: Program) -> None:
    with database.writing() as session:
        token = session.get(ApiToken, sumida.token_id)
        assert token is not None
        token.expires_at = clock.now()
    assert sumida.client.get(CASES).status_code == 401


def test_an_answer_belongs_to_the_token_that_got_it(
    programs: Programs, startup_program: Program, client: TestClient, database: Database, app: object
) -> None:
    """Another token of the same organisation, another organisation, and a person with the same key ask anew."""
    sent, key = {"text": "アルミの箱を10個。"}, {"Idempotency-Key": "one-key"}
    first = startup_program.client.post(REQUESTS, json=sent, headers=key)
    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (201, None)
    again = startup_program.client.post(REQUESTS, json=sent, headers=key)
    assert (again.json()["token"], again.headers["Idempotency-Replayed"]) == (first.json()["token"], "true")
    others = [programs.another(startup_program.organisation_id), programs.of(OrganisationKind.STARTUP)]
    for other in others:
        answer = other.client.post(REQUESTS, json=sent, headers=key)
        assert answer.headers.get("Idempotency-Replayed") is None
        assert answer.json()["token"] != first.json()["token"]
    assert client.post(REQUESTS, json=sent, headers=key).status_code == 401


def test_a_cursor_opens_no_more_than_its_list(
    programs: Programs, sumida: Program, ota: Program, database: Database
) -> None:
    """It is signed for one list with its filters, and what it leads to is asked of whoever holds it."""
    for _number in range(3):
        made = cases.open_case(database)
        with database.writing() as session:
            requests.give_to_ward(session, made.people.coordinator, made.token, "墨田区")
    first = sumida.client.get(f"{CASES}?limit=1").json()
    cursor = first["next"]
    assert sumida.client.get(f"{CASES}?limit=1&cursor={cursor}").json()["items"]
    assert ota.client.get(f"{CASES}?limit=1&cursor={cursor}").json()["items"] == []
    text, _dot, signature = cursor.rpartition(".")
    tampered = (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), f"{text}x.{signature}", text, f"{text}.", ".", "%00")
    for wrong in (*tampered, cursor.upper(), f"{cursor}{cursor}"[:300]):
        assert sumida.client.get(CASES, params={"cursor": wrong}).status_code == 422, wrong
    for elsewhere in (f"{OFFERS}?", f"{REQUESTS}?", f"{CASES}?state=asking&"):
        assert sumida.client.get(f"{elsewhere}cursor={cursor}").status_code == 422, elsewhere


def test_a_token_is_no_session_and_a_session_is_no_token(
    sumida: Program, client: TestClient, database: Database
) -> None:
    for page in ("/desk", "/cases", "/account", "/admin/audit.csv", "/reports/report.csv"):
        assert sumida.client.get(page).status_code == 303, page
    user = factories.person(database, Role.ADMIN)
    assert isinstance(user, User)
    with database.writing() as session:
        token = accounts.open_session(session, user, "test", 1)
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get(CASES).status_code == 401
