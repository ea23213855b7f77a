"""The page behind a link: it answers, takes back, expires, and opens nothing else."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.accounts.dependencies import COOKIE
from backend.accounts.rules import PER_ADDRESS
from backend.capacity import links, queries, service
from backend.capacity.forms import Wishes
from backend.capacity.rules import Channel, weeks_asked
from backend.core import clock, security
from backend.core.db import Database
from backend.core.jobs import Job
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.firms import service as firm_service
from backend.firms.models import CapacityWeek
from backend.worker import Worker
from matching.days import monday_of
from tests.integration.capacity.conftest import MakeFirm

WEEK = timedelta(weeks=1)


@pytest.fixture
def secret(settings: Settings) -> str:
    return settings.secret_key.get_secret_value()


@pytest.fixture
def link(database: Database, secret: str, firm_id: str) -> str:
    with database.reading() as session:
        return service.new_link(session, secret, firm_id, clock.today())


def hours(database: Database, firm_id: str) -> dict[date, float]:
    with database.reading() as session:
        rows = session.scalars(select(CapacityWeek).where(col(CapacityWeek.firm_id) == firm_id))
        return {row.week_start: row.hours_left for row in rows}


def fields(page: str) -> dict[str, str]:
    """The hidden fields and the chosen marks of the form."""
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return found | dict(re.findall(r'name="(w\d-[\d-]+)" value="(\w+)" checked', page))


def test_the_last_answer_is_copied_in_and_one_press_repeats_it(
    client: TestClient, database: Database, firm_id: str, link: str
) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "変わった週だけ" in page.text
    before = hours(database, firm_id)
    sent = client.post(link, data=fields(page.text) | {"same": "1"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{link}/sent")
    thanks = client.get(f"{link}/sent").text
    assert "受け取りました" in thanks
    after = hours(database, firm_id)
    assert {week: after[week] for week in before} == before
    with database.reading() as session:
        answer = queries.last_answer(session, firm_id)
        assert answer is not None
        assert (answer.channel, answer.actor_id) == (Channel.LINK, None)


def test_one_week_is_changed(client: TestClient, database: Database, firm_id: str, link: str, monday: date) -> None:
    form = fields(client.get(link).text)
    client.post(link, data=form | {f"w0-{monday}": "none"})
    told = hours(database, firm_id)
    assert told[monday] == 0.0
    assert told[monday + WEEK] == 20.0


def test_a_firm_that_never_answered_chooses_week_by_week(
    client: TestClient, database: Database, secret: str, make_firm: MakeFirm
) -> None:
    firm_id = make_firm(None)
    with database.reading() as session:
        link = service.new_link(session, secret, firm_id, clock.today())
    page = client.get(link).text
    assert "前回と同じ" not in page
    week = weeks_asked(clock.today())[2]
    assert client.post(link, data=fields(page)).status_code == 422
    assert client.post(link, data=fields(page) | {f"w0-{week}": "little"}).status_code == 303
    assert hours(database, firm_id) == {week: 4.0}


def test_what_was_typed_stays_when_it_cannot_be_read(
    client: TestClient, database: Database, firm_id: str, link: str, monday: date
) -> None:
    with database.writing() as session:
        service.set_wishes(session, firm_id, Wishes(None, "", "", "ja", by_hours=True, groups=("旋盤", "<研磨>")))
    refused = client.post(link, data={f"w0-{monday}": "たくさん", f"w1-{monday}": "7.5"})
    assert refused.status_code == 422
    assert "たくさん" in refused.text
    assert 'value="7.5"' in refused.text
    assert "&lt;研磨&gt;" in refused.text
    assert client.post(link, data={f"w0-{monday}": "5", f"w1-{monday}": "7.5"}).status_code == 303
    assert hours(database, firm_id)[monday] == 12.5
    # The next time each group finds its own figure again.
    page = client.get(link).text
    assert re.search(rf'name="w0-{monday}" value="5"', page)
    assert re.search(rf'name="w1-{monday}" value="7.5"', page)


def test_the_same_form_sent_twice_is_one_answer(
    client: TestClient, database: Database, firm_id: str, link: str
) -> None:
    form = fields(client.get(link).text)
    assert [client.post(link, data=form).status_code for _ in range(2)] == [303, 303]
    with database.reading() as session:
        assert len(queries.answers_of(session, firm_id)) == 1


def test_an_answer_is_taken_back_with_its_age(
    client: TestClient, database: Database, firm_id: str, link: str, monday: date
) -> None:
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        client.post(link, data=fields(client.get(link).text) | {f"w0-{monday}": "none"})
        answer = fields(client.get(f"{link}/sent").text)["answer"]
        for _ in range(2):
            assert client.post(f"{link}/undo", data={"answer": answer}).status_code == 303
    assert hours(database, firm_id)[monday] == 20.0
    with database.reading() as session:
        week = session.scalars(select(CapacityWeek).where(col(CapacityWeek.week_start) == monday)).one()
        assert (clock.now() - week.declared_at) < timedelta(days=1)
    assert "元に戻しました" in client.get(f"{link}?undone=1").text


def test_only_the_newest_answer_is_taken_back(
    client: TestClient, firm_id: str, link: str, database: Database, make_firm: MakeFirm
) -> None:
    client.post(link, data=fields(client.get(link).text))
    first = fields(client.get(f"{link}/sent").text)["answer"]
    client.post(link, data=fields(client.get(link).text))
    assert client.post(f"{link}/undo", data={"answer": first}).status_code == 409
    assert client.post(f"{link}/undo", data={"answer": "none"}).status_code == 404
    other = make_firm()
    with database.writing() as session:
        foreign = service.answer(session, other, service.Given({"": {monday_of(clock.today()): 1.0}}, Channel.PHONE)).id
    assert client.post(f"{link}/undo", data={"answer": foreign}).status_code == 404


def test_hours_booked_since_the_page_was_opened_still_come_off(
    client: TestClient, database: Database, firm_id: str, link: str, monday: date
) -> None:
    with database.writing() as session:
        service.book(session, "plan:1", {(firm_id, monday): 4.0})
    form = fields(client.get(link).text)
    assert form[f"w0-{monday}"] == "free"
    with database.writing() as session:
        service.book(session, "plan:2", {(firm_id, monday): 6.0})
    client.post(link, data=form)
    # 16 of 20 hours were shown as free; the 4 are in the answer, the 6 are not.
    assert hours(database, firm_id)[monday] == 10.0
    with database.writing() as session:
        service.release(session, "plan:1")
    assert hours(database, firm_id)[monday] == 10.0
    with database.writing() as session:
        service.release(session, "plan:2")
    assert hours(database, firm_id)[monday] == 16.0


def test_taking_an_answer_back_counts_the_bookings_again(
    client: TestClient, database: Database, firm_id: str, link: str, monday: date
) -> None:
    with database.writing() as session:
        service.book(session, "plan:1", {(firm_id, monday): 4.0})
    client.post(link, data=fields(client.get(link).text))
    assert hours(database, firm_id)[monday] == 16.0
    client.post(f"{link}/undo", data={"answer": fields(client.get(f"{link}/sent").text)["answer"]})
    assert hours(database, firm_id)[monday] == 16.0
    with database.writing() as session:
        service.release(session, "plan:1")
    assert hours(database, firm_id)[monday] == 20.0


def _token(link: str) -> str:
    return link.removeprefix("/c/")


@pytest.mark.parametrize("attack", ["other firm", "other number", "longer", "no signature", "cookie", "cut", "rubbish"])
def test_a_forged_link_finds_nothing(
    client: TestClient, secret: str, firm_id: str, link: str, make_firm: MakeFirm, attack: str
) -> None:
    token = _token(link)
    body, signature = token.rsplit(".", 1)
    forged = {
        "other firm": token.replace(firm_id, make_firm()),
        "other number": token.replace(f"{firm_id}.1.", f"{firm_id}.2."),
        "longer": token.replace(body.rsplit(".", 1)[1], "20991231"),
        "no signature": body,
        # Signed with our key, but for another purpose.
        "cookie": security.sign(secret, f"session.{firm_id}.1.20991231"),
        "cut": f"{body}.{signature[:-1]}",
        "rubbish": "あ.い.う",
    }[attack]
    for answer in (
        client.get(f"/c/{forged}"),
        client.get(f"/c/{forged}/sent"),
        client.post(f"/c/{forged}", data={"all": "none"}),
        client.post(f"/c/{forged}/undo", data={"answer": "x"}),
    ):
        assert answer.status_code == 404
        assert "このリンクは使えません" in answer.text
        assert "見本製作所" not in answer.text


def test_a_link_ends_on_its_day(client: TestClient, link: str) -> None:
    with time_machine.travel(clock.now() + timedelta(days=links.MAIL_DAYS), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=links.MAIL_DAYS + 1), tick=False):
        page = client.get(link)
        assert page.status_code == 404
        assert f'name="old" value="{_token(link)}"' in page.text


def test_a_revoked_link_and_that_of_a_deleted_firm_are_worthless(
    client: TestClient, database: Database, secret: str, firm_id: str, link: str
) -> None:
    with database.writing() as session:
        service.revoke_links(session, firm_id)
    assert client.get(link).status_code == 404
    with database.reading() as session:
        fresh = service.new_link(session, secret, firm_id, clock.today())
    assert client.get(fresh).status_code == 200
    with database.writing() as session:
        firm_service.delete_firm(session, None, firm_id)
    assert client.get(fresh).status_code == 404


def test_a_link_is_no_sign_in(client: TestClient, settings: Settings, firm_id: str, link: str) -> None:
    client.cookies.set(COOKIE, _token(link))
    for address in (f"/firms/{firm_id}/capacity", "/capacity", "/account"):
        assert client.get(address).status_code == 303
    assert "set-cookie" not in client.get(link).headers


def test_no_other_secret_makes_a_link(client: TestClient, firm_id: str) -> None:
    token = links.make("another secret", firm_id, 1, clock.today())
    assert client.get(f"/c/{token}").status_code == 404


def test_one_address_on_the_network_asks_only_so_often(client: TestClient, database: Database) -> None:
    answers = [client.post("/c/fresh", data={"who": f"{100000 + turn}"}).status_code for turn in range(PER_ADDRESS + 1)]
    assert answers == [200] * PER_ADDRESS + [429]
    with database.reading() as session:
        asked = session.scalars(select(Job).where(col(Job.kind) == service.FRESH)).all()
    assert len(asked) == PER_ADDRESS


@pytest.mark.parametrize("how", ["old link", "address", "code", "nobody", "nothing"])
def test_a_fresh_link_goes_only_to_the_address_on_file(
    client: TestClient, database: Database, settings: Settings, firm_id: str, link: str, how: str
) -> None:
    with database.writing() as session:
        service.set_wishes(session, firm_id, Wishes(None, "shop@example.jp", "", "ja", by_hours=False, groups=()))
        code = service.contact_for(session, firm_id).code
    data = {
        "old link": {"old": _token(link)},
        "address": {"who": " Shop@example.jp "},
        "code": {"who": f"{code[:3]}-{code[3:]}"},
        "nobody": {"who": "thief@example.jp"},
        "nothing": {},
    }[how]
    answers = [client.post("/c/fresh", data=data) for _ in range(3)]
    assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}
    with database.reading() as session:
        # Whether we know whom to write to is found out by the worker, and not while somebody measures the answer.
        assert not session.scalars(select(Mail)).all()
    Worker(database, settings).run_once()
    with database.reading() as session:
        mails = session.scalars(select(Mail)).all()
    expected = [] if how in {"nobody", "nothing"} else ["shop@example.jp"]
    assert [mail.recipient for mail in mails] == expected
    if mails:
        path = re.search(r"/c/\S+", mails[0].text)
        assert path is not None
        assert client.get(path.group()).status_code == 200
