"""The sheets of a case on paper: who may print them, and what a firm that is only asked must not read there."""

import re

from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.introductions import queries
from backend.introductions.cases import sheet_view
from backend.introductions.states import CaseState
from backend.requests import service as requests
from tests import cases
from tests.integration.introductions.conftest import Browsing

NAME = {
    "contact_name": "佐藤 花子",
    "contact_organisation": "ソラマメ配膳",
    "contact_email": "hanako@example.jp",
    "contact_phone": "03-0000-1357",
}


def test_what_is_printed_and_by_whom(database: Database, browser_of: Browsing, client: TestClient) -> None:
    made = cases.open_case(database, steps=3)
    with database.writing() as session:
        requests.say_contact(session, made.token, NAME)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.reading() as session:
        offer = queries.offers_to(session, made.case_id, made.firm_ids[0])[1]
        firm = queries.firms_by_id(session, made.firm_ids)[made.firm_ids[0]]
    desk = browser_of(made.people.coordinator)
    sheet = desk.get(f"/offers/{offer.id}/sheet")
    assert sheet.status_code == 200
    assert re.search(r"曲げ → <b>御社</b> → 検査", sheet.text)
    assert all(words in sheet.text for words in ("A5052", "空きがない", "図面を見てから決めたい", "QRコード"))
    assert not [word for word in (*NAME.values(), "検査機", "社内") if word in sheet.text]
    early = desk.get(f"/cases/{made.case_id}/letter")
    assert early.status_code == 409
    assert "まだ紹介した工場がありません" in early.text
    cases.bring_on(database, made, CaseState.INTRODUCED)
    letter, summary = (desk.get(f"/cases/{made.case_id}/{name}").text for name in ("letter", "summary"))
    assert all(words in letter for words in (*NAME.values(), made.people.shops[0].email))
    # One for the client, one for the firm that does all three operations; each names an operation once.
    assert letter.count('class="sheet"') == 2
    assert letter.count('<th scope="row">工程</th>') == 3
    assert sheet.text.count('<th scope="row">工程</th>') == 1
    assert f"紹介した {firm.name}" in summary
    assert all(words in summary for words in (*NAME.values(), cases.TEXT, "紹介済み"))
    page = desk.get(f"/cases/{made.case_id}").text
    assert f"/cases/{made.case_id}/letter" in page
    for path in (f"/offers/{offer.id}/sheet", f"/cases/{made.case_id}/letter", f"/cases/{made.case_id}/summary"):
        for person in (made.people.client, made.people.shops[0], made.people.other_client):
            assert browser_of(person).get(path).status_code == 404
        assert client.get(path).headers["Location"].startswith("/sign-in")


def test_the_letter_begins_with_the_operation_wherever_the_firm_read_it(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.writing() as session:
        offer = queries.offers_to(session, made.case_id, made.firm_ids[0])[0]
        offer.summary = [["何を", "カバー"], ["工程", "曲げ"], ["材質", "A5052"]]
        session.add(offer)
        session.flush()
        [one] = sheet_view.letter(session, cases.case_of(session, made)).firms
        assert [label for label, _said in one.rows] == ["工程", "日程", "何を", "材質"]
