"""Hostile values in the forms of a case, and ids of one case in the addresses of another: refused, never a fault."""

import html

from fastapi.testclient import TestClient

from backend.core import clock, security
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.doors import links
from backend.introductions.states import CaseState
from tests import cases
from tests.integration.introductions.conftest import Browsing

LONG = "長" * 100_000
ODD = (LONG, "\x00", "\u202eadmin\u202c", "a\x1b[31m\r\nSet-Cookie: x=1", "\ud7ff\uffff", "{{7*7}}%(n)s%s")
# Where each text can be written: address, fields beside it, the field itself.
Forms = tuple[tuple[str, dict[str, str], str], ...]
DESK: Forms = (
    ("/cases/{case}/remark", {}, "words"),
    ("/cases/{case}/describe", {}, "title"),
    ("/cases/{case}/move", {"action": "lose"}, "reason"),
    ("/cases/{case}/move", {}, "action"),
    ("/cases/{case}/owner", {}, "owner_id"),
    ("/cases/{case}/legs", {}, "kind"),
    ("/cases/{case}/legs/{leg}/move", {"action": "order_leg"}, "words"),
    ("/cases/{case}/legs/{leg}/move", {"action": "order_leg"}, "on"),
    ("/cases/{case}/legs/{leg}/nda", {}, "nda"),
    ("/cases/{case}/legs/{leg}/candidates", {"firms": "x"}, "summary"),
    ("/cases/{case}/legs/{leg}/candidates", {"summary": "材質: A5052"}, "firms"),
    ("/cases/{case}/offers/{offer}/answer", {"answer": "raise_hand"}, "words"),
    ("/cases/{case}/offers/{offer}/answer", {"answer": "conditional"}, "conditions"),
    ("/cases/{case}/offers/{offer}/answer", {"answer": "conditional"}, "proposed_date"),
    ("/cases/{case}/offers/{offer}/act", {"action": "pass_over", "feedback": "price"}, "words"),
    ("/cases/{case}/messages", {"form": "message", "to": "client"}, "body"),
    ("/board/move", {"case_id": "{case}"}, "to"),
    ("/board/move", {"to": "lost"}, "case_id"),
)
CLIENT: Forms = (
    ("/requests/{token}/progress", {"action": "agree_to"}, "offer"),
    ("/requests/{token}/progress", {"action": "accept_leg"}, "leg"),
    ("/requests/{token}/progress/messages", {"form": "message", "to": "client"}, "body"),
    ("/requests/{token}/progress/messages", {"body": "はい"}, "to"),
    ("/requests/{token}/progress", {"action": "withdraw", "reason": "price"}, "words"),
)
FIRM: Forms = (
    ("/o/{link}/answer", {"offer": "{offer}", "answer": "raise_hand"}, "words"),
    ("/o/{link}/answer", {"offer": "{offer}", "answer": "decline"}, "reason"),
    ("/o/{link}/answer", {"offer": "{offer}", "answer": "conditional"}, "proposed_date"),
    ("/o/{link}/answer", {"answer": "raise_hand"}, "offer"),
    ("/o/{link}/act", {"offer": "{offer}", "action": "drop_out"}, "reason"),
    ("/o/{link}/act", {"offer": "{offer}"}, "action"),
    ("/o/{link}/messages", {"form": "message", "to": "firm:{firm}"}, "body"),
)


def test_no_text_falls_over(database: Database, settings: Settings, browser_of: Browsing, client: TestClient) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    secret = settings.secret_key.get_secret_value()
    with database.reading() as session:
        offer, leg = queries.offers_of(session, made.case_id)[0], cases.legs_of(session, made)[0]
        number = max(one.link_number for one in queries.offers_to(session, made.case_id, offer.firm_id))
    link = links.make(secret, made.case_id, offer.firm_id, number, clock.today())
    place = {"case": str(made.case_id), "leg": leg.id, "offer": offer.id, "token": made.token, "link": link}
    place["firm"] = offer.firm_id
    desk = browser_of(made.people.coordinator)
    faults = []
    for browser, forms in ((client, FIRM), (desk, DESK), (client, CLIENT)):
        for where, beside, field in forms:
            for odd in ODD:
                fields = {name: value.format(**place) for name, value in beside.items()} | {field: odd}
                answer = browser.post(where.format(**place), data=fields)
                if answer.status_code >= 500 or "x=1" in answer.headers.get("set-cookie", ""):
                    faults.append((where, field, odd[:20], answer.status_code))
                if odd is LONG and field in {"words", "body", "title"}:
                    assert answer.status_code in {409, 422}, (where, field, answer.status_code)
                    assert LONG in html.unescape(answer.text) or answer.status_code == 409, (where, field)
    assert faults == []


def test_ids_of_another_case_are_not_there(database: Database, browser_of: Browsing, client: TestClient) -> None:
    mine, other = cases.open_case(database), cases.open_case(database)
    for made in (mine, other):
        cases.bring_to(database, made, CaseState.ANSWERED)
    with database.reading() as session:
        theirs = queries.offers_of(session, other.case_id)[0]
        leg = cases.legs_of(session, other)[0]
    desk, here = browser_of(mine.people.coordinator), f"/cases/{mine.case_id}"
    for where, fields in (
        (f"{here}/offers/{theirs.id}/act", {"action": "agree_to"}),
        (f"{here}/offers/{theirs.id}/answer", {"answer": "decline", "reason": "size"}),
        (f"{here}/legs/{leg.id}/nda", {"nda": "signed"}),
        (f"{here}/legs/{leg.id}/move", {"action": "order_leg"}),
        (f"{here}/legs/{leg.id}/candidates", {"firms": other.firm_ids[0], "summary": "材質: A5052"}),
    ):
        assert desk.post(where, data=fields).status_code == 404, where
    page = f"/requests/{mine.token}/progress"
    assert client.post(page, data={"action": "agree_to", "offer": theirs.id}).status_code == 404
    assert client.post(page, data={"action": "accept_leg", "leg": leg.id}).status_code == 404
    for seen in ("0", "-1", "999999", "９", "1e3", "99999999999999999999"):
        answer = desk.post(f"{here}/move", data={"action": "shortlist", "seen": seen})
        assert answer.status_code in {303, 409}, seen


def test_what_was_signed_for_something_else_opens_nothing(
    database: Database, settings: Settings, client: TestClient
) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    secret, today = settings.secret_key.get_secret_value(), clock.today()
    good = links.make(secret, made.case_id, made.firm_ids[0], 0, today)
    for forged in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        links.make("another secret of the same length!!", made.case_id, made.firm_ids[0], 0, today),
        links.make(secret, made.case_id, made.firm_ids[0], 1, today),
        links.make(secret, made.case_id, made.firm_ids[0], 0, today, days=-1),
        links.make(secret, made.case_id + 1, made.firm_ids[0], 0, today),
        security.sign(secret, f"capacity.{made.firm_ids[0]}.1.20991231"),
        security.sign(secret, f"offers.{made.case_id}.{made.firm_ids[0]}.0.20991231"),
        "x" * 5000,
        "%00",
    ):
        assert client.get(f"/o/{forged}").status_code == 404, forged[:40]
        answer = client.post(f"/o/{forged}/answer", data={"answer": "raise_hand"})
        assert answer.status_code == 404, forged[:40]
    assert client.get(f"/o/{good}").status_code == 200


def test_a_firm_that_is_gone_is_not_asked(database: Database, browser_of: Browsing) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.SHORTLISTING)
    gone = cases.firm(database, "なくなる工場")
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
        queries.firms_by_id(session, [gone])[gone].deleted_at = clock.now()
    fields = {"firms": gone, "summary": "材質: A5052"}
    where = f"/cases/{made.case_id}/legs/{leg.id}/candidates"
    assert browser_of(made.people.coordinator).post(where, data=fields).status_code == 422
