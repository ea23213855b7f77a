"""The page of results and ratings, at each of its four doors."""

import pytest
from fastapi.testclient import TestClient

from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.doors import links
from backend.introductions.outcomes.queries import outcome_of
from backend.introductions.states import CaseState, OfferState, Party
from tests import cases, factories

REPORT = {"kind": "report", "quoted": "yes", "ordered": "yes", "delivered": "yes", "amount_yen": "１２万"}
RATING = {"kind": "rate", "quality": "5", "delivery": "4", "cost": "3", "words": "助かりました"}


def _browser(client: TestClient, database: Database, settings: Settings, user: object) -> TestClient:
    browser = TestClient(client.app, follow_redirects=False, raise_server_exceptions=False)
    browser.cookies.set(*factories.session_cookie(database, settings, user))  # type: ignore[arg-type]
    return browser


def test_from_the_report_to_the_last_rating(client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.reading() as session:
        offer = queries.offers_of(session, made.case_id)[0]
    secret = settings.secret_key.get_secret_value()
    link = links.make(secret, made.case_id, offer.firm_id, 0, clock.today())
    asked, firm = f"/requests/{made.token}/outcome", f"/o/{link}/outcome"
    told = REPORT | {"offer": offer.id, "party": "client", "words": "ありがとう"}
    refused = client.post(asked, data=told)
    assert refused.status_code == 422
    assert "数字だけで書いてください" in refused.text
    assert "１２万" in refused.text
    assert "ありがとう" in refused.text
    assert client.post(asked, data=told | {"amount_yen": "１２０，０００円"}).status_code == 303
    assert "120000" in client.get(asked).text
    rating = RATING | {"offer": offer.id}
    assert client.post(asked, data=rating | {"party": "client", "quality": ""}).status_code == 422
    assert client.post(asked, data=rating | {"party": "client"}).status_code == 303
    # The firm reads what was said of it first, and answers.
    assert "助かりました" in client.get(firm).text
    comment = {"kind": "comment", "offer": offer.id, "party": "firm", "words": "こちらこそ"}
    assert client.post(firm, data=comment).status_code == 303
    assert client.post(firm, data=rating | {"party": "firm", "words": ""}).status_code == 303
    desk = _browser(client, database, settings, made.people.coordinator)
    page = desk.get(f"/cases/{made.case_id}/outcome").text
    assert "助かりました" in page
    assert "こちらこそ" in page
    with database.reading() as session:
        assert cases.case_of(session, made).state is CaseState.CLOSED


def test_the_desk_writes_what_it_heard(client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    desk = _browser(client, database, settings, made.people.coordinator)
    with database.reading() as session:
        offer = queries.offers_of(session, made.case_id)[0]
    told = {"kind": "report", "offer": offer.id, "party": "firm", "ordered": "no", "reason": "price"}
    assert desk.post(f"/cases/{made.case_id}/outcome", data=told).status_code == 303
    with database.reading() as session:
        assert queries.offers_of(session, made.case_id)[0].state is OfferState.NOT_CHOSEN
        newest = next(e for e in queries.events_of(session, made.case_id) if e.action == "report")
        assert (newest.party, newest.channel) == ("firm", "phone")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_before_an_introduction_the_page_says_so(client: TestClient, database: Database, lang: str) -> None:
    made = cases.open_case(database)
    page = client.get(f"/requests/{made.token}/outcome?lang={lang}")
    assert page.status_code == 200
    assert ("まだ紹介の前です" if lang == "ja" else "not been introduced yet") in page.text


def test_nobody_writes_for_another(client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.reading() as session:
        mine, other = queries.offers_of(session, made.case_id)
    told = REPORT | {"amount_yen": "", "offer": mine.id}
    secret = settings.secret_key.get_secret_value()
    link = links.make(secret, made.case_id, other.firm_id, 0, clock.today())
    tries = [
        (client, f"/requests/{made.token}/outcome", told | {"party": "firm"}),
        (client, f"/o/{link}/outcome", told | {"party": "firm"}),
        (client, "/o/forged/outcome", told | {"party": "firm"}),
        (client, "/requests/nothing/outcome", told | {"party": "client"}),
        (client, f"/requests/{made.token}/outcome", told | {"party": "client", "kind": "delete"}),
    ]
    for user in (made.people.other_client, made.people.outsider_shop, made.people.shops[1]):
        browser = _browser(client, database, settings, user)
        tries.append((browser, f"/cases/{made.case_id}/outcome", told | {"party": "client"}))
        tries.append((browser, f"/offers/{mine.id}/outcome", told | {"party": "firm"}))
    for browser, path, data in tries:
        assert browser.post(path, data=data).status_code == 404, path
    with database.reading() as session:
        assert cases.case_of(session, made).state is CaseState.INTRODUCED


def test_the_desk_does_not_write_as_the_client(client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    desk = _browser(client, database, settings, made.people.coordinator)
    with database.reading() as session:
        offer = queries.offers_of(session, made.case_id)[0]
    page = f"/requests/{made.token}/outcome"
    shown = desk.get(page)
    assert (shown.status_code, shown.headers["location"]) == (303, f"/cases/{made.case_id}/outcome")
    sent = REPORT | {"amount_yen": "120000", "offer": offer.id, "party": "client"}
    assert desk.post(page, data=sent).status_code == 404
    with database.reading() as session:
        assert outcome_of(session, offer.id, Party.CLIENT) is None
