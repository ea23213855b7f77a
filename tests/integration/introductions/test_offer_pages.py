"""The page on which a firm answers, by its link and signed in."""

import re
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.doors import links
from backend.introductions.doors.firm import link_to
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.models import Case, CaseEvent, Offer
from backend.introductions.states import CaseState, Channel, LegState, NdaState, OfferState, Party
from backend.requests import service as requests
from backend.worker import Worker
from tests import cases
from tests.integration.introductions.conftest import Browsing

CONTACT = {"contact_name": "佐藤 花子", "contact_organisation": "ソラマメ配膳", "contact_email": "hanako@example.jp"}
SECRETS = (*CONTACT.values(), "検査機")


@pytest.fixture
def made(database: Database) -> cases.Made:
    """A case of two operations, received, whose client has a name."""
    made = cases.open_case(database, steps=2)
    with database.writing() as session:
        requests.say_contact(session, made.token, CONTACT)
    return made


def link_of(database: Database, settings: Settings, made: cases.Made, shop: int = 0) -> str:
    with database.reading() as session:
        offers = queries.offers_to(session, made.case_id, made.firm_ids[shop])
        return link_to(settings.secret_key.get_secret_value(), offers, clock.today())


def offers_of(database: Database, made: cases.Made, shop: int = 0) -> list[Offer]:
    with database.reading() as session:
        return list(queries.offers_to(session, made.case_id, made.firm_ids[shop]))


def test_by_the_link_each_operation_is_answered_without_learning_who_asks(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    link, [first, second] = link_of(database, settings, made), offers_of(database, made)
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert all(words in page.text for words in ("曲げ", "黒アルマイト", "A5052", "まで"))
    wish = {"offer": first.id, "answer": "conditional", "conditions": ["later", "call"], "words": "22日なら"}
    wish["proposed_date"] = (clock.today() + timedelta(days=30)).isoformat()
    for _ in range(2):
        answer = client.post(f"{link}/answer", data=wish)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{link}#o-{first.id}")
    client.post(f"{link}/answer", data={"offer": second.id, "answer": "decline", "reason": "tolerance"})
    page = client.get(link)
    assert all(
        words in page.text for words in ("条件付きのお返事", "22日なら", "先に電話で話したい", "精度がむずかしい")
    )
    assert not [secret for secret in SECRETS if secret in page.text]
    [first, second] = offers_of(database, made)
    assert (first.state, first.channel, first.answered_by) == (OfferState.CONDITIONAL, Channel.LINK, None)
    assert (second.state, second.reason) == (OfferState.DECLINED, "tolerance")
    with database.reading() as session:
        told = session.exec(select(CaseEvent).where(CaseEvent.action == "conditional")).all()
        assert len(told) == 1
    client.post(f"{link}/act", data={"offer": first.id, "action": "take_back"})
    assert offers_of(database, made)[0].state is OfferState.ASKED


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "お返事を1つ選んでください"),
        ({"answer": "maybe"}, "お返事を1つ選んでください"),
        ({"answer": "decline", "words": "また今度"}, "見送りの理由を1つ選んでください"),
        ({"answer": "conditional"}, "どんな条件なら"),
        ({"answer": "conditional", "words": "また今度", "proposed_date": "2020-01-01"}, "これからの日"),
        ({"answer": "conditional", "words": "また今度", "proposed_date": "31日"}, "「2027-01-15」のように"),
        ({"answer": "raise_hand", "words": "あ" * 1001}, "1000字まで"),
    ],
)
def test_a_refused_answer_keeps_what_was_typed(
    database: Database, settings: Settings, made: cases.Made, client: TestClient, sent: dict[str, str], sentence: str
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    link, [first, _second] = link_of(database, settings, made), offers_of(database, made)
    answer = client.post(f"{link}/answer", data={"offer": first.id, **sent})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert sent.get("words", "") in answer.text
    assert offers_of(database, made)[0].state is OfferState.ASKED


def test_links_that_do_not_hold_say_what_to_do(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    link, secret = link_of(database, settings, made), settings.secret_key.get_secret_value()
    past = links.make(secret, made.case_id, made.firm_ids[0], 0, clock.today(), days=-1)
    older = links.make(secret, made.case_id, made.firm_ids[0], 7, clock.today())
    nobody = links.make(secret, made.case_id, "no-firm", 0, clock.today())
    other = links.make(secret, 999_999, made.firm_ids[0], 0, clock.today())
    for token in (past, older, nobody, other, "x", "a.b.c", "あ" * 300, link[3:-1]):
        for answer in (client.get(f"/o/{token}"), client.post(f"/o/{token}/answer", data={"answer": "raise_hand"})):
            assert answer.status_code == 404, token
            assert "このリンクは使えません" in answer.text
            assert "電話" in answer.text
    with time_machine.travel(clock.now() + timedelta(days=61)):
        assert client.get(link).status_code == 404
    # The link of one firm opens nothing of another's.
    [theirs, _second] = offers_of(database, made, shop=1)
    assert client.post(f"{link}/answer", data={"offer": theirs.id, "answer": "raise_hand"}).status_code == 404
    assert client.post(f"{link}/act", data={"offer": theirs.id, "action": "drop_out"}).status_code == 404


def test_signed_in_only_the_people_of_the_firm(
    database: Database, made: cases.Made, browser_of: Browsing, client: TestClient
) -> None:
    people = made.people
    shop = browser_of(people.shops[0])
    assert "ご案内はまだありません" in shop.get("/offers").text
    cases.bring_to(database, made, CaseState.ASKING)
    [first, _second] = offers_of(database, made)
    with database.writing() as session:
        for offer in queries.offers_of(session, made.case_id):
            offer.summary = [*offer.summary, ["納期", "2027年1月29日(金)"]]
            session.add(offer)
    listed = shop.get("/offers").text
    assert "お返事をお待ちしています" in listed
    # Beside the day to answer by, the day that the client wants says which it is.
    assert re.findall(r'<span class="nb">([^<]+)</span>', listed)[:4] == [
        "板を曲げる",
        "A5052",
        "12個",
        "納期 2027年1月29日(金)",
    ]
    assert f"/offers/{first.id}" in listed
    told = re.findall(r'<span class="nb">([^<]+)</span>', shop.get("/offers?lang=en").text)[1:4]
    assert told == ["A5052", "12 pcs", "Needed by Fri 29 Jan 2027"]
    page = shop.get(f"/offers/{first.id}?lang=ja")
    assert page.status_code == 200
    assert not [secret for secret in SECRETS if secret in page.text + listed]
    shop.post(f"/offers/{first.id}/answer", data={"offer": first.id, "answer": "raise_hand"})
    [kept, _second] = offers_of(database, made)
    assert (kept.state, kept.channel, kept.answered_by) == (OfferState.WILLING, Channel.WEB, people.shops[0].id)
    assert "お返事したもの" in shop.get("/offers").text
    for person in (people.shops[1], people.outsider_shop, people.client, people.other_client, people.coordinator):
        browser = browser_of(person)
        assert browser.get(f"/offers/{first.id}").status_code == 404
        for path in ("answer", "act"):
            sent = {"offer": first.id, "answer": "decline", "reason": "other", "action": "take_back"}
            assert browser.post(f"/offers/{first.id}/{path}", data=sent).status_code == 404
    assert client.get(f"/offers/{first.id}").headers["Location"].startswith("/sign-in")
    assert browser_of(people.client).get("/offers").status_code == 404
    assert offers_of(database, made)[0].state is OfferState.WILLING


def test_from_the_introduction_to_the_handover(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.writing() as session:
        first_leg, _second_leg = cases.legs_of(session, made)
        legs.set_nda(session, made.by(Party.COORDINATOR), first_leg.id, NdaState.NEEDED)
    link, other_link = link_of(database, settings, made), link_of(database, settings, made, shop=1)
    [first, second] = offers_of(database, made)
    page = client.get(link).text
    assert all(words in page for words in CONTACT.values())
    assert "同意して図面を開く" in page
    others = client.get(other_link)
    assert not [secret for secret in SECRETS if secret in others.text]
    client.post(f"{link}/act", data={"offer": first.id, "action": "agree_nda"})
    with database.reading() as session:
        leg, offer = session.get_one(type(first_leg), first_leg.id), session.get_one(Offer, first.id)
        assert legs.may_open_drawings(leg, offer)
        assert leg.nda is NdaState.SIGNED
    for action, state in (
        ("order", LegState.ORDERED),
        ("start_leg", LegState.MAKING),
        ("hand_over", LegState.HANDED_OVER),
    ):
        for _ in range(2):
            assert client.post(f"{link}/act", data={"offer": first.id, "action": action}).status_code == 303
        with database.reading() as session:
            assert session.get_one(type(first_leg), first_leg.id).state is state
    # Nobody inspects the work that is its own.
    assert client.post(f"{link}/act", data={"leg": first_leg.id, "action": "accept_leg"}).status_code == 404
    assert "選ばれませんでした" in client.get(other_link).text
    assert client.post(f"{link}/act", data={"offer": second.id, "action": "drop_out"}).status_code == 422
    gone = {"offer": second.id, "action": "drop_out", "reason": "no_capacity", "words": "機械が故障した"}
    assert client.post(f"{link}/act", data=gone).status_code == 303
    assert [offer.state for offer in offers_of(database, made)] == [OfferState.WON, OfferState.DROPPED_OUT]
    with database.reading() as session:
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING
        [event] = [e for e in queries.events_of(session, made.case_id) if e.action == "drop_out"]
        assert "機械が故障した" in event.words


def test_a_slip_is_taken_back_until_the_other_side_has_acted(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    link, [first, second] = link_of(database, settings, made), offers_of(database, made)

    def press(action: str) -> int:
        return client.post(f"{link}/act", data={"offer": first.id, "action": action}).status_code

    [quote] = re.findall(
        rf'value="{first.id}"><input[^>]*value="quote">\s*<button class="([^"]*)"', client.get(link).text
    )
    assert "btn-main" in quote
    assert press("quote") == 303
    assert "見積の知らせを取り消す" in client.get(link).text
    for _ in range(2):
        assert press("unquote") == 303
    assert offers_of(database, made)[0].state is OfferState.INTRODUCED
    for action in ("order", "hand_over", "undo_hand_over", "undo_hand_over"):
        assert press(action) == 303
    # It was never told to have begun.
    with database.reading() as session:
        leg = cases.legs_of(session, made)[0]
        assert (leg.state, leg.handed_over_on) == (LegState.ORDERED, None)
    for action in ("start_leg", "hand_over", "undo_hand_over"):
        assert press(action) == 303
    with database.reading() as session:
        assert cases.legs_of(session, made)[0].state is LegState.MAKING
    # What the other side told of, or has seen and accepted, is not the workshop's to take back.
    assert press("hand_over") == 303
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.CLIENT), leg.id, "accept_leg")
        offers.act(session, made.by(Party.CLIENT), second.id, "quote")
    assert press("undo_hand_over") == 409
    sent = client.post(f"{link}/act", data={"offer": second.id, "action": "unquote"})
    assert sent.status_code == 404
    assert "取り消す</" not in client.get(link).text
    assert [offer.state for offer in offers_of(database, made)] == [OfferState.WON, OfferState.QUOTED]


def test_a_start_told_by_mistake_is_taken_back(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.ORDERED)
    link, [offer, _second] = link_of(database, settings, made), offers_of(database, made)
    undo = "着手の知らせを取り消す"

    def press(action: str) -> int:
        return client.post(f"{link}/act", data={"offer": offer.id, "action": action}).status_code

    def stands() -> tuple[LegState, CaseState]:
        with database.reading() as session:
            return cases.legs_of(session, made)[0].state, cases.case_of(session, made).state

    assert (press("order"), press("start_leg")) == (303, 303)
    assert stands() == (LegState.MAKING, CaseState.MAKING)
    assert undo in client.get(link).text
    for _ in range(2):
        assert press("undo_start") == 303
    # Nothing is begun any more, so the case is not either.
    assert stands() == (LegState.ORDERED, CaseState.ORDERED)
    assert undo not in client.get(link).text
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.COORDINATOR), offer.leg_id, "start_leg")
    assert undo not in client.get(link).text
    assert press("undo_start") == 404
    # Work that came back was begun long ago.
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.COORDINATOR), offer.leg_id, "undo_start")
    assert (press("start_leg"), press("hand_over")) == (303, 303)
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.CLIENT), offer.leg_id, "send_back", words="角が欠けている")
    assert undo not in client.get(link).text
    assert press("undo_start") == 404
    assert stands() == (LegState.MAKING, CaseState.MAKING)


@pytest.mark.parametrize("before", [CaseState.MAKING, CaseState.ORDERED])
def test_a_delivery_told_of_by_mistake_is_taken_back_and_whoever_heard_of_it_hears_so(
    database: Database, settings: Settings, client: TestClient, before: CaseState
) -> None:
    made = cases.open_case(database, shops=1)
    cases.bring_to(database, made, before)
    link, [offer] = link_of(database, settings, made), offers_of(database, made)
    if before is CaseState.ORDERED:
        client.post(f"{link}/act", data={"offer": offer.id, "action": "order"})
    # Work of which nobody told that it had begun is not begun afterwards either.
    for action, state in (("hand_over", CaseState.DELIVERED), ("undo_hand_over", before)):
        sent = client.post(f"{link}/act", data={"offer": offer.id, "action": action})
        assert sent.status_code == 303
        with database.reading() as session:
            assert cases.case_of(session, made).state is state
    Worker(database, settings).run_once()
    with database.reading() as session:
        told = session.exec(select(Mail.recipient).where(Mail.event == "case-undelivered")).all()
        actions = [event.action for event in queries.events_of(session, made.case_id)]
    assert set(told) == {made.people.client.email, made.people.coordinator.email}
    # Nobody inspected anything.
    assert "undeliver" in actions
    assert "rework" not in actions


def test_a_lead_firm_inspects_what_it_leads(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.MAKING)
    other = cases.firm(database, "取りまとめの工場")
    with database.writing() as session:
        case = session.get_one(Case, made.case_id)
        case.lead_firm_id = made.firm_ids[0]
        second = cases.legs_of(session, made)[1]
        second.firm_id = other
        session.add_all((case, second))
    link = link_of(database, settings, made)
    assert "取りまとめている工程" in client.get(link).text
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.COORDINATOR), second.id, "hand_over")
    assert client.post(f"{link}/act", data={"leg": second.id, "action": "send_back"}).status_code == 422
    client.post(f"{link}/act", data={"leg": second.id, "action": "send_back", "words": "角にバリ"})
    with database.reading() as session:
        assert cases.legs_of(session, made)[1].inspection_words == "角にバリ"
    with database.writing() as session:
        legs.move_leg(session, made.by(Party.COORDINATOR), second.id, "hand_over")
    client.post(f"{link}/act", data={"leg": second.id, "action": "accept_leg"})
    with database.reading() as session:
        assert cases.legs_of(session, made)[1].state is LegState.ACCEPTED
    foreign = link_of(database, settings, made, shop=1)
    assert (
        client.post(f"{foreign}/act", data={"leg": second.id, "action": "send_back", "words": "x"}).status_code == 404
    )


def test_when_the_case_has_ended_the_page_says_so(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.WITHDRAWN)
    link, [first, _second] = link_of(database, settings, made), offers_of(database, made)
    page = client.get(link)
    assert page.status_code == 200
    assert "この案件は終わりました" in page.text
    answer = client.post(f"{link}/answer", data={"offer": first.id, "answer": "raise_hand"})
    assert answer.status_code == 409
    assert not [secret for secret in SECRETS if secret in page.text + answer.text]
