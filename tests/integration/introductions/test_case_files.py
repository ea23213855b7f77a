"""Drawings of a case: who brings them, which firm sees which of them from when, and what stands on its copy."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.files.models import Document, DocumentView, HowSeen
from backend.introductions import queries
from backend.introductions.doors.files import offer_key
from backend.introductions.doors.firm import link_to
from backend.introductions.legs import service as legs
from backend.introductions.states import CaseState, NdaState, Party
from tests import cases
from tests.integration.introductions.conftest import Browsing
from tests.unit.files.samples import pdf

PDF = pdf()
DRAWING = ("files", ("図面.pdf", PDF, "application/pdf"))


@pytest.fixture
def made(database: Database) -> cases.Made:
    return cases.open_case(database)


def link_of(database: Database, settings: Settings, made: cases.Made, shop: int = 0) -> str:
    with database.reading() as session:
        offers = queries.offers_to(session, made.case_id, made.firm_ids[shop])
        return link_to(settings.secret_key.get_secret_value(), offers, clock.today())


def send(browser: TestClient, base: str, audience: str) -> int:
    return browser.post(f"{base}/files", data={"audience": audience}, files=[DRAWING]).status_code


def document_of(database: Database) -> str:
    with database.reading() as session:
        return max(session.exec(select(Document)), key=lambda document: document.created_at).id


def views_in(page: str) -> list[str]:
    return re.findall(r'href="([^"]+/files/\w{32}(?:/view)?)"', page)


def test_a_firm_sees_what_is_shown_to_its_offer_once_secrecy_is_agreed(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    mine = f"/requests/{made.token}/progress"
    one, other = link_of(database, settings, made), link_of(database, settings, made, shop=1)
    with database.writing() as session:
        [leg] = cases.legs_of(session, made)
        legs.set_nda(session, made.by(Party.COORDINATOR), leg.id, NdaState.NEEDED)
        [offer] = queries.offers_to(session, made.case_id, made.firm_ids[0])
        [theirs] = queries.offers_to(session, made.case_id, made.firm_ids[1])
    assert send(client, mine, "consented") == 303
    document = f"{mine}/documents/{document_of(database)}"
    assert client.post(f"{document}/show", data={"to": offer_key(offer)}).status_code == 303
    # The other firm was not introduced: nobody can show it anything.
    assert client.post(f"{document}/show", data={"to": offer_key(theirs)}).status_code == 404
    assert views_in(client.get(one).text) == []
    client.post(f"{one}/act", data={"offer": offer.id, "action": "agree_nda"})
    shown = views_in(client.get(one).text)
    assert len(shown) == 2
    for address in shown:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content != PDF
        assert client.get(address.replace(one, other)).status_code == 404
    log = client.get(mine).text
    assert "見た人(2)" in log
    assert client.post(f"{document}/withdraw", data={"to": offer_key(offer)}).status_code == 303
    assert views_in(client.get(one).text) == []
    assert client.get(shown[0]).status_code == 404
    with database.reading() as session:
        seen = session.exec(select(DocumentView)).all()
        assert {(view.how, view.stamped) for view in seen} == {(HowSeen.PAGE, True), (HowSeen.DOWNLOAD, True)}


def test_whoever_drops_out_sees_nothing_any_more(
    database: Database, settings: Settings, made: cases.Made, client: TestClient, browser_of: Browsing
) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    case, desk, one = f"/cases/{made.case_id}", browser_of(made.people.coordinator), link_of(database, settings, made)
    with database.reading() as session:
        [offer] = queries.offers_to(session, made.case_id, made.firm_ids[0])
    assert send(desk, case, "consented") == 303
    assert desk.post(f"{case}/documents/{document_of(database)}/show", data={"to": offer_key(offer)}).status_code == 303
    assert len(views_in(desk.get(case).text)) == 2
    signed = browser_of(made.people.shops[0])
    [shown, saved] = views_in(signed.get(f"/offers/{offer.id}").text)
    assert signed.get(shown).status_code == 200
    assert client.get(saved).headers["Location"].startswith("/sign-in")
    for person in (made.people.shops[1], made.people.outsider_shop, made.people.other_client, made.people.coordinator):
        assert browser_of(person).get(shown).status_code == 404
    client.post(f"{one}/act", data={"offer": offer.id, "action": "drop_out", "reason": "size"})
    assert signed.get(shown).status_code == 404
    assert views_in(client.get(one).text) == []


def test_what_the_desk_keeps_for_itself_the_client_does_not_see(
    database: Database, made: cases.Made, client: TestClient, browser_of: Browsing
) -> None:
    case, mine, desk = f"/cases/{made.case_id}", f"/requests/{made.token}/progress", browser_of(made.people.coordinator)
    assert send(desk, case, "coordinators") == 303
    assert views_in(client.get(mine).text) == []
    assert send(desk, case, "client") == 303
    [shown, _saved] = views_in(client.get(mine).text)
    assert client.get(shown).content == PDF
    # The client says nothing about what the desk brought, and keeps nothing from the desk.
    assert (
        client.post(f"{mine}/documents/{document_of(database)}/audience", data={"audience": "consented"}).status_code
        == 409
    )
    assert send(client, mine, "coordinators") == 404
    assert send(client, "/requests/no-token/progress", "client") == 404
    for person in (made.people.other_client, made.people.shops[0]):
        assert send(browser_of(person), case, "client") == 404


def test_a_refused_file_is_named_and_the_words_stay(
    database: Database, made: cases.Made, client: TestClient, browser_of: Browsing
) -> None:
    desk = browser_of(made.people.coordinator)
    wrong = [("files", ("part.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"))]
    for browser, base in ((client, f"/requests/{made.token}/progress"), (desk, f"/cases/{made.case_id}")):
        answer = browser.post(f"{base}/files", data={"note": "裏面は未定", "audience": "client"}, files=wrong)
        assert answer.status_code == 422
        assert "part.svg" in answer.text
        assert "裏面は未定" in answer.text
    with database.reading() as session:
        assert session.exec(select(Document)).all() == []
