"""A workshop that is asked about one operation reads what the request says of it, and by when its part is wanted."""

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.cases import actions
from backend.introductions.doors.firm import link_to
from backend.introductions.legs import offers
from backend.introductions.legs.candidates import OWN_WORDS
from backend.introductions.legs.offers import Reply
from backend.introductions.models import CaseLeg, Offer
from backend.introductions.states import Channel, OfferState, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.worker import Worker
from tests import cases
from tests.integration.introductions.desk import browser

TEXT = "SUS303の軸を10本、旋盤で挽いて、円筒研削は5ミクロンで、角を丸く、佐藤まで電話を。最後に検査。"
SAID = "円筒研削は5ミクロンで、角を丸く"
CONTACT = {"contact_name": "佐藤 花子", "contact_organisation": "ソラマメ配膳", "contact_email": "hanako@example.jp"}
UNTIL = timedelta(days=30)


@pytest.fixture
def made(database: Database) -> cases.Made:
    made = cases.open_case(database)
    with database.writing() as session:
        requests.change(session, made.token, Wording(TEXT))
        requests.say_contact(session, made.token, CONTACT)
    return made


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: cases.Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def _grinding(database: Database, desk: TestClient, made: cases.Made) -> CaseLeg:
    """One operation of several, with the days of a decided team."""
    with database.reading() as session:
        seen = cases.case_of(session, made).version
    assert desk.post(f"/cases/{made.case_id}/legs", data={"kind": "route", "seen": f"{seen}"}).status_code == 303
    with database.writing() as session:
        [leg] = [leg for leg in cases.legs_of(session, made) if leg.process_id == "cylindrical_grinding"]
        leg.start, leg.finish = clock.today(), clock.today() + UNTIL
        session.add(leg)
    return leg


def _asked(database: Database, desk: TestClient, made: cases.Made) -> Offer:
    """The first workshop asked with what the page proposes to show it."""
    path = f"/cases/{made.case_id}/legs/{_grinding(database, desk, made).id}/candidates"
    found = re.search(r'<textarea[^>]*name="summary"[^>]*>(.*?)</textarea>', desk.get(path).text, re.DOTALL)
    assert found is not None
    sent = desk.post(path, data={"firms": made.firm_ids[0], "summary": unescape(found.group(1))})
    assert sent.status_code == 303
    return _offer(database, made)


def _offer(database: Database, made: cases.Made) -> Offer:
    with database.reading() as session:
        [offer] = queries.offers_of(session, made.case_id)
        return offer


def test_a_workshop_reads_what_is_written_of_its_operation_and_by_when(
    database: Database, settings: Settings, made: cases.Made, desk: TestClient, client: TestClient
) -> None:
    offer, day = _asked(database, desk, made), clock.today() + UNTIL
    until = f"{day.year}年{day.month}月{day.day}日"
    assert dict(offer.summary)[OWN_WORDS] == SAID
    assert dict(offer.summary)["引き渡しの目安"].startswith(until)
    link = link_to(settings.secret_key.get_secret_value(), [offer], clock.today())
    Worker(database, settings).run_once()
    with database.reading() as session:
        [mail] = [mail for mail in session.exec(select(Mail)) if mail.event == "offer"]
    pages = client.get(link).text, desk.get(f"/offers/{offer.id}/sheet").text, mail.text
    for page in pages:
        assert all(words in page for words in (OWN_WORDS, SAID, "引き渡しの目安", until))
        # Neither who asks, nor what is written of the other operations.
        assert not [words for words in ("佐藤", "花子", "ソラマメ", "旋盤で挽いて") if words in page]
    english = client.get(f"{link}?lang=en").text
    assert all(words in english for words in ("Written about this operation", "Handover, about", SAID))
    assert f"{day:%a} {day.day} {day:%b %Y}" in english
    assert not [words for words in (OWN_WORDS, until) if words in english]


@pytest.mark.parametrize(
    ("text", "kept"), [(TEXT.replace("5ミクロン", "3ミクロン"), False), (TEXT.replace("最後に", "急ぎ、最後に"), True)]
)
def test_words_that_nobody_at_the_desk_has_read_go_to_no_workshop(
    database: Database, made: cases.Made, desk: TestClient, text: str, kept: bool
) -> None:
    offer = _asked(database, desk, made)
    with database.writing() as session:
        offers.answer(session, made.by(Party.FIRM), offer.id, Reply("decline", "size"))
    with database.writing() as session:
        requests.change(session, made.token, Wording(text))
    with database.writing() as session:
        actions.act(session, made.people.coordinator, offer.id, "ask_again", Channel.WEB, None)
    again = _offer(database, made)
    assert again.state is OfferState.ASKED
    assert dict(again.summary).get(OWN_WORDS) == (SAID if kept else None)
