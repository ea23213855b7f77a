"""Messages of a case: who may write to whom, who reads what, what is counted as new, and notices in the page."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.core import clock
from backend.core.db import Database
from backend.core.jobs import Job
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.doors.firm import link_to
from backend.introductions.keys import CaseKey
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages import service as messages
from backend.introductions.messages.models import CaseMessage
from backend.introductions.messages.pages import mark_notices_read, mark_read
from backend.introductions.models import Notification
from backend.introductions.states import CaseState, Channel, Party
from backend.introductions.trail import By
from backend.requests import service as requests
from tests import cases
from tests.integration.introductions.conftest import Browsing

FORM = "0123456789abcdef0123456789abcde"
NAME = {"contact_name": "佐藤 花子", "contact_organisation": "ソラマメ配膳", "contact_email": "hanako@example.jp"}


@pytest.fixture
def made(database: Database) -> cases.Made:
    made = cases.open_case(database)
    with database.writing() as session:
        requests.say_contact(session, made.token, NAME)
    return made


def link_of(database: Database, settings: Settings, made: cases.Made, shop: int = 0) -> str:
    with database.reading() as session:
        offers = queries.offers_to(session, made.case_id, made.firm_ids[shop])
        return link_to(settings.secret_key.get_secret_value(), offers, clock.today())


def say(browser: TestClient, where: str, to: str, body: str, number: int, **more: str) -> int:
    sent = {"form": "message", "form_id": f"{FORM}{number}", "to": to, "body": body, **more}
    return browser.post(f"{where}/messages", data=sent).status_code


def test_before_the_introduction_everybody_reaches_the_desk_alone(
    database: Database, settings: Settings, made: cases.Made, client: TestClient, browser_of: Browsing
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    one, other = link_of(database, settings, made), link_of(database, settings, made, shop=1)
    mine, desk = f"/requests/{made.token}/progress", browser_of(made.people.coordinator)
    [first, second] = made.firm_ids
    for _ in range(2):
        assert say(client, one, f"firm:{first}", "何日なら見られますか", 1) == 303
    assert say(client, mine, "client", "急いでいます", 2) == 303
    case = f"/cases/{made.case_id}"
    assert say(desk, case, f"firm:{second}", "材料は支給です", 3) == 303
    assert say(desk, case, "coordinators", "電話した。来週また", 4, channel="phone") == 303
    assert say(desk, case, "client", "工場に聞いています", 5) == 303
    for browser, where, to in (
        (client, one, f"both:{first}"),
        (client, one, f"firm:{second}"),
        (client, one, "client"),
        (client, mine, f"both:{first}"),
        (client, mine, f"firm:{first}"),
        (client, mine, "coordinators"),
        (desk, case, f"both:{first}"),
        (desk, case, "everybody"),
    ):
        assert say(browser, where, to, "届かないはず", 9) == 404
    pages = {name: client.get(where).text for name, where in (("one", one), ("other", other), ("client", mine))}
    seen = {
        name: {w for w in ("何日なら", "急いで", "材料は", "電話した", "工場に聞") if w in text}
        for name, text in pages.items()
    }
    assert seen == {"one": {"何日なら"}, "other": {"材料は"}, "client": {"急いで", "工場に聞"}}
    assert not [word for word in NAME.values() if word in pages["one"] + pages["other"]]
    whole = desk.get(case + "/messages").text
    assert all(words in whole for words in ("何日なら", "急いで", "材料は", "電話した", "佐藤 花子", "電話で"))
    with database.reading() as session:
        kept = session.exec(select(CaseMessage)).all()
        assert len(kept) == 5
        assert {m.channel for m in kept} == {Channel.LINK, Channel.WEB, Channel.PHONE}
        # A message that mentions no firm of theirs is in no firm's reach, and the other way round.
        for key, n in ((CaseKey(made.case_id), 2), (CaseKey(made.case_id, first), 1), (CaseKey(made.case_id, "x"), 0)):
            assert len(session.exec(message_queries.messages_of_key(key)).all()) == n


def test_after_the_introduction_both_write_to_each_other(
    database: Database, settings: Settings, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    one, other = link_of(database, settings, made), link_of(database, settings, made, shop=1)
    mine, first = f"/requests/{made.token}/progress", made.firm_ids[0]
    assert say(client, mine, f"both:{first}", "図面を送ります", 1) == 303
    assert say(client, one, f"both:{first}", "届きました", 2) == 303
    assert say(client, other, f"both:{first}", "わたしも", 3) == 404
    for where in (mine, one):
        assert all(words in client.get(where).text for words in ("図面を送ります", "届きました"))
    assert "佐藤 花子" in client.get(one).text
    assert "図面を送ります" not in client.get(other).text
    with database.reading() as session:
        told = [job.payload for job in session.exec(select(Job)) if job.payload.get("event") == "message"]
        assert sorted(payload["party"] for payload in told) == ["client", "coordinator", "coordinator", "firm"]


@pytest.mark.parametrize(
    ("body", "sentence"), [("", "書いてください"), ("  \n", "書いてください"), ("あ" * 4001, "4000字まで")]
)
def test_a_refused_message_keeps_what_was_typed(
    database: Database,
    settings: Settings,
    made: cases.Made,
    client: TestClient,
    browser_of: Browsing,
    body: str,
    sentence: str,
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    desk = browser_of(made.people.coordinator)
    sent = {"form": "message", "body": body, "channel": "phone"}
    for browser, where, to in (
        (client, link_of(database, settings, made), f"firm:{made.firm_ids[0]}"),
        (client, f"/requests/{made.token}/progress", "client"),
        (desk, f"/cases/{made.case_id}", "client"),
    ):
        answer = browser.post(f"{where}/messages", data=sent | {"to": to})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert body.strip() in answer.text


def test_what_comes_in_while_a_page_is_made_stays_new(database: Database, made: cases.Made) -> None:
    person, seen_at = made.people.coordinator, clock.now() - timedelta(minutes=1)
    by = By(made.people.client, Party.CLIENT)
    with database.writing() as session:
        messages.write(session, by, cases.case_of(session, made), "client", "材質を変えます。", FORM)
    mark_notices_read(database, person, made.case_id, seen_at)
    mark_read(database, person, made.case_id, seen_at)
    with database.reading() as session:
        assert message_queries.unread_in_case(session, person, made.case_id)
        assert message_queries.unread_by_case(session, person, [made.case_id]) == {made.case_id: 1}
    mark_notices_read(database, person, made.case_id, clock.now())
    mark_read(database, person, made.case_id, clock.now())
    mark_read(database, person, made.case_id, seen_at)
    with database.reading() as session:
        assert not message_queries.unread_in_case(session, person, made.case_id)
        assert message_queries.unread_by_case(session, person, [made.case_id]) == {}


def test_new_messages_and_notices_are_counted_until_they_are_read(
    database: Database, made: cases.Made, browser_of: Browsing
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    people = made.people
    own, shop, desk = browser_of(people.client), browser_of(people.shops[0]), browser_of(people.coordinator)
    with database.reading() as session:
        [offer] = queries.offers_to(session, made.case_id, made.firm_ids[0])
    for number in range(3):
        assert say(desk, f"/cases/{made.case_id}", "client", f"おたずね{number}", number) == 303
    assert say(desk, f"/cases/{made.case_id}", f"firm:{made.firm_ids[0]}", "いかがですか", 7) == 303
    assert "新しい連絡 3件" in own.get("/my-requests").text
    assert "新しい連絡 1件" in shop.get("/offers").text
    own.get(f"/requests/{made.token}/progress")
    shop.get(f"/offers/{offer.id}")
    assert "新しい連絡" not in own.get("/my-requests").text + shop.get("/offers").text
    listed = own.get("/notices").text
    assert listed.count("連絡が届きました") == 3
    assert re.search(r"count-nav\">\d", listed)
    with database.reading() as session:
        ours = select(Notification).where(Notification.user_id == people.client.id, Notification.action == "message")
        notice = session.exec(ours).first()
        assert notice is not None
        [theirs] = session.exec(
            select(Notification).where(Notification.user_id == people.shops[0].id, Notification.action == "offer")
        )
    assert own.post(f"/notices/{notice.id}").headers["Location"] == f"/requests/{made.token}/progress"
    assert shop.post(f"/notices/{theirs.id}").headers["Location"] == f"/offers/{offer.id}"
    assert own.post(f"/notices/{theirs.id}").status_code == 404
    own.post("/notices/read")
    assert "count-nav" not in own.get("/notices").text
    assert "お知らせはありません" in browser_of(people.other_client).get("/notices").text


def test_others_write_nothing_and_read_nothing(
    database: Database, made: cases.Made, browser_of: Browsing, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    with database.reading() as session:
        [offer] = queries.offers_to(session, made.case_id, made.firm_ids[0])
    for person in (made.people.shops[1], made.people.outsider_shop, made.people.client, made.people.other_client):
        browser = browser_of(person)
        for where in (f"/cases/{made.case_id}", f"/offers/{offer.id}"):
            assert say(browser, where, f"firm:{made.firm_ids[0]}", "だれ", 1) == 404
        assert browser.get(f"/cases/{made.case_id}/messages").status_code == 404
    assert say(client, "/o/no-link", "client", "だれ", 1) == 404
    assert say(client, "/requests/no-token/progress", "client", "だれ", 1) == 404
    with database.reading() as session:
        assert session.exec(select(CaseMessage)).all() == []
