"""Cases and offers by programs: a case is carried on, each side sees its own part, and a write has one effect."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlmodel import select

from backend.accounts import memberships
from backend.accounts.models import OrganisationKind
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.introductions import queries
from backend.introductions.legs import offers
from backend.introductions.models import CaseEvent, Offer
from backend.introductions.states import CaseState, Party
from backend.requests import service as requests
from tests import cases
from tests.integration.introductions.desk import counted
from tests.integration.programs import Program, Programs

CASES, OFFERS = "/api/v1/cases", "/api/v1/offers"
FIRM_WORDS = "佐藤です。22日なら渡せます。"
CONDITIONAL = {"answer": "conditional", "conditions": ["later"], "proposed_date": "2099-12-22", "words": FIRM_WORDS}
CONTACT = {
    "contact_name": "開発 さくら",
    "contact_email": "sakura@example.jp",
    "contact_organisation": "みほんロボット",
}


@dataclass(frozen=True)
class Sides:
    """A case and the program of each side."""

    made: cases.Made
    desk: Program
    client: Program
    firm: Program

    @property
    def case(self) -> str:
        return f"{CASES}/{self.made.case_id}"


@pytest.fixture
def sides(programs: Programs, database: Database) -> Sides:
    """A case of a client's organisation, with two workshops that may be asked."""
    made = cases.open_case(database)
    with database.writing() as session:
        requests.say_contact(session, made.token, CONTACT)
        request = requests.open_request(session, made.token)
        firm = memberships.of_firm(session, made.firm_ids[0], "工場").id
        client = request.organisation_id
    assert client is not None
    desk = programs.of(OrganisationKind.COORDINATORS)
    return Sides(made, desk, programs.another(client), programs.another(firm))


def _move(program: Program, sides: Sides, action: str, **more: str | int) -> dict[str, object]:
    answer = program.client.post(f"{sides.case}/moves", json={"action": action, **more})
    assert answer.status_code == 200, answer.text
    moved: dict[str, object] = answer.json()
    return moved


def _own_offer(database: Database, sides: Sides) -> Offer:
    with database.reading() as session:
        return next(o for o in queries.offers_of(session, sides.made.case_id) if o.firm_id == sides.made.firm_ids[0])


def test_a_case_by_programs(sides: Sides, database: Database) -> None:
    """From the first look to the introduction; no side reads the name of the other before that."""
    assert _move(sides.desk, sides, "take")["state"] == "clarifying"
    assert _move(sides.desk, sides, "clear")["waits_for"] == "coordinator"
    cases.bring_to_next(database, sides.made, CaseState.ASKING)
    [asked] = sides.firm.client.get(OFFERS, params={"state": "asked"}).json()["items"]
    assert asked["summary"] == [{"label": label, "words": words} for label, words in cases.SUMMARY]
    address = f"{OFFERS}/{asked['id']}"
    assert sides.firm.client.get(address).json()["client"] is None
    answered = sides.firm.client.post(f"{address}/answers", json=CONDITIONAL).json()
    assert (answered["state"], answered["conditions"], answered["words"]) == ("conditional", ["later"], FIRM_WORDS)

    shown = sides.client.client.get(sides.case).json()
    [offer] = shown["legs"][0]["offers"]
    assert (offer["firm_id"], offer["firm"], offer["words"]) == (None, "墨田区の「曲げ」の工場", "")
    assert (offer["proposed_date"], shown["state"], shown["moves"]) == ("2099-12-22", "answered", ["withdraw"])
    assert len(sides.desk.client.get(sides.case).json()["legs"][0]["offers"]) == 2

    with database.writing() as session:
        offers.act(session, sides.made.by(Party.CLIENT), asked["id"], "agree_to")
    assert _move(sides.desk, sides, "introduce")["state"] == "introduced"
    [offer] = sides.client.client.get(sides.case).json()["legs"][0]["offers"]
    assert (offer["firm_id"], offer["words"]) == (sides.made.firm_ids[0], FIRM_WORDS)
    known = sides.firm.client.get(address).json()["client"]
    assert known == {"name": "開発 さくら", "organisation": "みほんロボット", "email": "sakura@example.jp", "phone": ""}
    assert _move(sides.client, sides, "negotiate")["state"] == "negotiating"


def test_the_token_stands_in_the_audit_trail_and_nowhere_else(sides: Sides, database: Database) -> None:
    _move(sides.desk, sides, "take")
    with database.reading() as session:
        taken = session.exec(select(AuditEvent).where(AuditEvent.action == "case take")).one()
        told = session.exec(select(CaseEvent).where(CaseEvent.action == "take")).one()
        case = cases.case_of(session, sides.made)
    assert (taken.actor_id, told.actor_id, case.owner_id) == (sides.desk.token_id, None, None)


def test_others_find_nothing(
    sides: Sides, database: Database, programs: Programs, sumida: Program, startup_program: Program
) -> None:
    cases.bring_to(database, sides.made, CaseState.ASKING)
    firm_id = cases.firm(database, "別の工場")
    with database.writing() as session:
        requests.give_to_ward(session, sides.made.people.coordinator, sides.made.token, "大田区")
        other = memberships.of_firm(session, firm_id, "別の工場").id
    offer = _own_offer(database, sides)
    for program in (sumida, startup_program, programs.another(other)):
        assert program.client.get(CASES).json() == {"items": [], "next": None}
        assert program.client.get(OFFERS).json() == {"items": [], "next": None}
        assert program.client.get(sides.case).status_code == 404
        assert program.client.get(f"{OFFERS}/{offer.id}").status_code == 404
        # Neither does a body that is wrong tell whether there is something.
        for body in ({"action": "withdraw", "reason": "stopped"}, {"nothing": 1}):
            assert program.client.post(f"{sides.case}/moves", json=body).status_code == 404
            assert program.client.post(f"{OFFERS}/{offer.id}/answers", json=body).status_code == 404
    # The workshop that was asked knows its offer, and no case.
    assert [item["id"] for item in sides.firm.client.get(OFFERS).json()["items"]] == [offer.id]
    assert sides.firm.client.get(sides.case).status_code == 404
    # Neither the client nor the desk answers for a workshop.
    for program in (sides.client, sides.desk):
        assert program.client.post(f"{OFFERS}/{offer.id}/answers", json=CONDITIONAL).status_code == 404
    assert sides.client.client.get(OFFERS).json()["items"] == []


def test_what_does_not_fit_is_refused_in_a_sentence(sides: Sides, database: Database) -> None:
    def refused(program: Program, address: str, body: Mapping[str, object]) -> tuple[int, set[str]]:
        answer = program.client.post(address, json=body)
        return answer.status_code, set(answer.json()["fields"])

    moves = f"{sides.case}/moves"
    assert refused(sides.desk, moves, {"action": "close"}) == (409, set())
    assert refused(sides.desk, moves, {"action": "introduce"}) == (409, set())
    assert refused(sides.client, moves, {"action": "introduce"}) == (409, set())
    assert refused(sides.client, moves, {"action": "take"}) == (409, set())
    assert refused(sides.client, moves, {"action": "withdraw"}) == (422, {"reason"})
    assert refused(sides.desk, moves, {"action": "take", "version": 99}) == (409, set())
    assert refused(sides.desk, moves, {"action": "lose", "reason": "price", "words": "あ" * 1001}) == (422, {"words"})
    cases.bring_to(database, sides.made, CaseState.ASKING)
    address = f"{OFFERS}/{_own_offer(database, sides).id}/answers"
    assert refused(sides.firm, address, {"answer": "decline"}) == (422, {"reason"})
    assert refused(sides.firm, address, {"answer": "conditional"}) == (422, {"conditions"})
    assert refused(sides.firm, address, CONDITIONAL | {"proposed_date": "2020-01-01"}) == (422, {"proposed_date"})
    _move(sides.client, sides, "withdraw", reason="stopped")
    assert refused(sides.firm, address, {"answer": "raise_hand"})[0] == 409


def test_a_write_sent_again_has_one_effect(sides: Sides, database: Database) -> None:
    def send(program: Program, address: str, body: Mapping[str, object]) -> None:
        first, second = (
            program.client.post(
                address, json=body, headers={"Idempotency-Key": f"key of {address[-6:]}".replace(" ", "-")}
            )
            for _twice in range(2)
        )
        assert (first.status_code, second.text) == (200, first.text)
        assert second.headers["Idempotency-Replayed"] == "true"
        # Without a key, the same once more changes nothing either.
        assert program.client.post(address, json=body).json() == first.json()

    send(sides.desk, f"{sides.case}/moves", {"action": "clear"})
    cases.bring_to_next(database, sides.made, CaseState.ASKING)
    send(sides.firm, f"{OFFERS}/{_own_offer(database, sides).id}/answers", CONDITIONAL)
    with database.reading() as session:
        actions = [event.action for event in queries.events_of(session, sides.made.case_id)]
    assert (actions.count("clear"), actions.count("conditional")) == (1, 1)


def test_lists_by_state_and_piece_by_piece(sides: Sides, database: Database) -> None:
    more = [cases.open_case(database).case_id for _ in range(4)]
    cases.bring_to(database, sides.made, CaseState.CLARIFYING)
    desk = sides.desk.client
    waiting = desk.get(CASES, params={"state": "received", "limit": 3}).json()
    rest = desk.get(CASES, params={"state": "received", "limit": 3, "cursor": waiting["next"]}).json()
    assert [item["id"] for item in waiting["items"] + rest["items"]] == more[::-1]
    both = desk.get(CASES, params={"state": ["received", "clarifying"]}).json()
    assert (len(both["items"]), rest["next"]) == (5, None)
    assert [item["id"] for item in sides.client.client.get(CASES).json()["items"]] == [sides.made.case_id]
    assert "state.0" in desk.get(CASES, params={"state": "nowhere"}).json()["fields"]


def test_a_list_asks_the_database_no_oftener_for_more_cases(sides: Sides, database: Database, app: FastAPI) -> None:
    def questions() -> list[int]:
        found = []
        for address in (CASES, OFFERS):
            with counted(app) as asked:
                assert sides.desk.client.get(address).status_code == 200
            found.append(len(asked))
        return found

    cases.bring_to(database, sides.made, CaseState.ASKING)
    few = questions()
    for _ in range(3):
        cases.bring_to(database, cases.open_case(database), CaseState.ASKING)
    assert questions() == few
