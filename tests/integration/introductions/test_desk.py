"""Today's work: what stands on the desk, whose it is, and what it costs."""

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts import queries as accounts
from backend.accounts.models import Role
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.desk import queries as desk_queries
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.messages import service as messages
from backend.introductions.states import CaseState, Channel, Party
from backend.introductions.trail import By
from tests import cases, factories
from tests.integration.introductions.desk import browser, counted, give_ward, of_ward

MOST_QUESTIONS = 14


def test_an_empty_desk_says_so(coordinator: TestClient) -> None:
    page = coordinator.get("/desk")
    assert page.status_code == 200
    assert "今日の仕事はすべて片づいています" in page.text
    assert "New requests and answers appear" in coordinator.get("/desk?lang=en").text


def test_what_waits_stands_on_the_desk(app: FastAPI, database: Database, settings: Settings) -> None:
    new, asked, holed = (cases.open_case(database, shops=2, steps=steps) for steps in (1, 1, 2))
    cases.bring_to(database, asked, CaseState.ASKING)
    cases.bring_to(database, holed, CaseState.ASKING)
    with database.writing() as session:
        for offer in queries.offers_of(session, holed.case_id):
            offers.answer(session, holed.by(Party.COORDINATOR), offer.id, Reply("decline", "no_capacity"))
        late = queries.offers_of(session, asked.case_id)[0]
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        desk = browser(app, database, settings, new.people.coordinator)
        page = desk.get("/desk").text
        assert f"/cases/{asked.case_id}?answer={late.id}#offer-{late.id}" in page
        assert f"/cases/{holed.case_id}/legs/" in page
        assert "見送り(空きがない)" in page
        assert f'href="/cases/{new.case_id}"' in page
        assert "日超過" in page
        assert "足りないこと" in page
        # One press leads to the form for the answer by telephone, already open.
        opened = desk.get(f"/cases/{asked.case_id}?answer={late.id}").text
        assert '<details class="asks" open><summary>電話の返事を入れる' in opened


def test_answers_and_messages_stand_on_the_desk_until_the_case_is_opened(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = cases.open_case(database, shops=2)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        first, second = queries.offers_of(session, made.case_id)
        firm = queries.firms_by_id(session, [first.firm_id])[first.firm_id].name
        offers.answer(
            session, By(None, Party.FIRM), first.id, Reply("conditional", conditions=("call",), words="まず声を")
        )
        # What the coordinator entered is no news.
        offers.answer(session, made.by(Party.COORDINATOR), second.id, Reply("decline", "size"))
        messages.write(
            session, made.by(Party.CLIENT), cases.case_of(session, made), "client", "納期をのばせます", "f" * 32
        )
    desk = browser(app, database, settings, made.people.coordinator)
    page, notices = desk.get("/desk").text, desk.get("/notices").text
    pile = page[page.index('id="arrived"') :].split("</section>")[0]
    assert "返事・連絡が届いた" in pile
    assert pile.count("読んで進める") == 1
    assert "設備や大きさ" not in pile
    for line in (f"{firm} ・ ", "条件付き ・ 先に電話で話したい ・ 「まず声を」", "依頼者: 「納期をのばせます」"):
        assert line in pile
        assert line in notices
    assert "まず声を" not in browser(app, database, settings, of_ward(database, "墨田区")).get("/desk").text
    assert desk.get(f"/cases/{made.case_id}").status_code == 200
    assert "読んで進める" not in desk.get("/desk").text


def _arrived(desk: TestClient) -> str:
    page = desk.get("/desk").text
    return page[page.index('id="arrived"') :].split("</section>")[0] if 'id="arrived"' in page else ""


@pytest.mark.parametrize("by_desk", [True, False])
def test_a_firm_that_drops_out_is_news_unless_one_wrote_it_down_oneself(
    app: FastAPI, database: Database, settings: Settings, by_desk: bool
) -> None:
    """Whoever wrote the answer down before is not asked: that was another word of the firm."""
    made = cases.open_case(database, shops=1)
    cases.bring_to(database, made, CaseState.ASKING)
    on_telephone, by_link = By(made.people.coordinator, Party.FIRM, Channel.PHONE), By(None, Party.FIRM, Channel.LINK)
    answered, dropped = (by_link, on_telephone) if by_desk else (on_telephone, by_link)
    with database.writing() as session:
        [offer] = queries.offers_of(session, made.case_id)
        offers.answer(session, answered, offer.id, Reply("conditional", conditions=("call",), words="まず声を"))
        offers.act(session, made.by(Party.CLIENT), offer.id, "agree_to")
        offers.act(session, dropped, offer.id, "drop_out", words="機械が壊れました")
    desk = browser(app, database, settings, made.people.coordinator)
    pile = _arrived(desk)
    assert ("辞退 ・ 「機械が壊れました」" in pile) is not by_desk
    assert "まず声を" not in pile + desk.get("/notices").text


def test_a_notice_of_an_answer_that_is_past_says_where_the_offer_stands_now(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = cases.open_case(database, shops=2)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        refused, agreed = queries.offers_of(session, made.case_id)
        offers.answer(session, By(None, Party.FIRM), refused.id, Reply("decline", "size"))
        offers.answer(session, By(None, Party.FIRM), agreed.id, Reply("conditional", words="まず声を"))
        offers.act(session, made.by(Party.COORDINATOR), refused.id, "ask_again")
        offers.act(session, made.by(Party.CLIENT), agreed.id, "agree_to")
    desk = browser(app, database, settings, made.people.coordinator)
    notices = desk.get("/notices").text
    assert "いまは「打診中」" in notices
    assert "いまは「双方承諾」" in notices
    assert "まず声を" not in notices
    assert "打診中" not in _arrived(desk)


def test_a_notice_tells_nothing_of_a_case_that_is_not_read_any_more(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        [offer] = queries.offers_of(session, made.case_id)[:1]
        offers.answer(session, By(None, Party.FIRM), offer.id, Reply("raise_hand", words="できます"))
    desk = browser(app, database, settings, made.people.coordinator)
    assert "できます" in desk.get("/notices").text
    with database.writing() as session:
        queries.request_of(session, cases.case_of(session, made)).ward = "墨田区"
        for place in accounts.organisations_of(session, made.people.coordinator.id):
            place.all_wards = False
            accounts.set_wards(session, place.id, ["大田区"])
    assert "できます" not in desk.get("/notices").text
    assert "できます" not in desk.get("/desk").text


def test_the_desk_holds_the_own_wards_only(app: FastAPI, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    give_ward(database, made, "大田区")
    with database.reading() as session:
        title = cases.case_of(session, made).title
    seen = {ward: browser(app, database, settings, of_ward(database, ward)) for ward in ("大田区", "墨田区")}
    assert title in seen["大田区"].get("/desk").text
    other = seen["墨田区"].get("/desk").text
    assert title not in other
    assert "今日の仕事はすべて片づいています" in other


@pytest.mark.parametrize("role", [Role.STARTUP, Role.WORKSHOP])
def test_it_is_for_coordinators(sign_in_as: object, client: TestClient, role: Role) -> None:
    assert callable(sign_in_as)
    assert sign_in_as(role).get("/desk").status_code == 404
    assert client.get("/desk").headers["Location"].startswith("/sign-in")
    assert client.post("/desk").status_code == 405


def test_the_month_is_counted(app: FastAPI, database: Database, settings: Settings) -> None:
    received, introduced = cases.open_case(database), cases.open_case(database)
    cases.bring_to(database, introduced, CaseState.INTRODUCED)
    admin = factories.person(database, Role.ADMIN)
    with database.reading() as session:
        since = clock.now() - timedelta(days=1)
        assert desk_queries.flow(session, admin, since) == {"received": 2, "asked": 1, "introduced": 1}
        assert desk_queries.flow(session, received.people.other_client, since) == {}
        [days] = desk_queries.first_replies(session, admin, since)
        assert 0 <= days < 1
        # One of the two firms of each case was ever introduced, of six in the register.
        assert desk_queries.share_introduced(session, None) == pytest.approx(1 / 6)
        assert desk_queries.share_introduced(session, frozenset({"大田区"})) is None
    page = browser(app, database, settings, admin).get("/desk").text
    assert "17%" in page


def test_it_asks_as_often_for_many_cases_as_for_few(app: FastAPI, database: Database, settings: Settings) -> None:
    counts = []
    for number in (1, 4):
        for _ in range(number):
            made = cases.open_case(database, shops=2, steps=2)
            cases.bring_to(database, made, CaseState.ASKING)
            cases.open_case(database)
        with database.writing() as session:
            for offer in queries.offers_of(session, made.case_id)[:2]:
                offers.answer(session, made.by(Party.COORDINATOR), offer.id, Reply("decline", "size"))
        with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
            desk = browser(app, database, settings, made.people.coordinator)
            with counted(app) as said:
                assert desk.get("/desk").status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= MOST_QUESTIONS


def test_a_coordinator_lands_on_it(client: TestClient, database: Database) -> None:
    for role, address in ((Role.COORDINATOR, "/desk"), (Role.ADMIN, "/desk"), (Role.STARTUP, "/")):
        person = factories.person(database, role)
        sent = {"email": person.email, "password": factories.PASSWORD}
        assert client.post("/sign-in", data=sent).headers["Location"] == address
        # Who came for a page of their own is led there.
        assert client.post("/sign-in", data={**sent, "next": "/account"}).headers["Location"] == "/account"
