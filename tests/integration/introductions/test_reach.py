"""Which workshops a mail reaches, and what the desk reads of the others: when asking, letting go, ending, relinking."""

from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select, update

from backend.accounts.models import Role, User
from backend.capacity.models import CapacityContact
from backend.core import mail
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import people, queries, service
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.models import Notification
from backend.introductions.states import CaseState, Party
from backend.worker import Worker
from tests import cases, factories
from tests.cases import Made
from tests.integration.introductions.desk import browser

NO_MAIL = "メールなし:電話かFAX"


@pytest.fixture
def made(database: Database) -> Made:
    return cases.open_case(database)


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def _without_mail(database: Database, made: Made, shop: int) -> str:
    """Nobody signs in for this firm any more; its name."""
    with database.writing() as session:
        session.exec(update(User).where(col(User.id) == made.people.shops[shop].id).values(active=False))
        return queries.firms_by_id(session, made.firm_ids)[made.firm_ids[shop]].name


def _told(database: Database, event: str) -> list[Mail]:
    with database.reading() as session:
        return list(session.exec(select(Mail).where(col(Mail.event) == event)))


def test_a_firm_that_wants_no_inquiries_by_mail_is_called(
    desk: TestClient, database: Database, settings: Settings, made: Made
) -> None:
    with database.writing() as session:
        mail.set_optout(session, made.people.shops[1].email, "offer", wanted=False)
    cases.bring_to(database, made, CaseState.ASKING)
    Worker(database, settings).run_once()
    assert [one.recipient for one in _told(database, "offer")] == [made.people.shops[0].email]
    page = desk.get(f"/cases/{made.case_id}").text
    assert "1社にメールで送信、1社は電話かFAXで。" in page
    assert page.count(NO_MAIL) == 1
    # A mail that nobody can stop still reaches it.
    with database.reading() as session:
        reach = people.reach(session, made.firm_ids, "offer")
    assert set(reach.addresses) == set(made.firm_ids)
    assert reach.told == {made.firm_ids[0]}


def test_one_of_two_people_is_enough_and_an_address_that_is_none_is_not(database: Database, made: Made) -> None:
    first, second = made.firm_ids
    factories.person(database, Role.WORKSHOP, firm_id=first)
    with database.writing() as session:
        mail.set_optout(session, made.people.shops[0].email, "offer", wanted=False)
        session.add(CapacityContact(firm_id=second, email="太郎@例え.jp", code="123455"))
    with database.reading() as session:
        assert people.reach(session, made.firm_ids, "offer").told == {first}
        assert set(people.mail_addresses(session, made.firm_ids)) == {first}


def test_who_has_no_mail_is_marked_where_firms_are_let_go(desk: TestClient, database: Database, made: Made) -> None:
    name = _without_mail(database, made, 1)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        for offer in queries.offers_of(session, made.case_id):
            offers.answer(session, made.by(Party.FIRM), offer.id, Reply("raise_hand"))
        agreed = next(o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[0])
        offers.act(session, made.by(Party.CLIENT), agreed.id, "agree_to")
    page = desk.get(f"/cases/{made.case_id}").text
    box = page[page.index("let-go-h") :].split("</form>")[0]
    assert name in box
    assert box.count(NO_MAIL) == 1


def test_a_new_link_for_a_firm_without_mail_is_handed_over_on_paper(
    desk: TestClient, database: Database, settings: Settings, made: Made
) -> None:
    _without_mail(database, made, 1)
    cases.bring_to(database, made, CaseState.ASKING)
    page = desk.get(f"/cases/{made.case_id}").text
    assert page.count("新しいリンクを工場にメールで送ります。") == 1
    assert page.count("作り直したあと、新しい打診票を渡してください。") == 1
    # Whoever declined or was told no reads its page there, and answers nothing.
    with database.reading() as session:
        offer = next(o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[0])
    desk.post(f"/cases/{made.case_id}/offers/{offer.id}/link")
    Worker(database, settings).run_once()
    [told] = _told(database, "offer-link")
    assert "返事をする" not in told.text + told.html
    assert "ページを開く" in told.text


@pytest.mark.parametrize("party", [Party.CLIENT, Party.COORDINATOR])
def test_the_desk_hears_that_a_client_withdrew_and_whom_to_call(
    database: Database, settings: Settings, made: Made, party: Party
) -> None:
    name = _without_mail(database, made, 1)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        service.move(session, made.by(party), made.case_id, "withdraw", reason="other")
    Worker(database, settings).run_once()
    found = _told(database, "case-withdrawn")
    with database.reading() as session:
        noticed = session.exec(select(Notification.user_id).where(Notification.action == "case-withdrawn")).all()
        other = queries.firms_by_id(session, made.firm_ids)[made.firm_ids[0]].name
    if party is Party.COORDINATOR:
        # Who withdrew it knows.
        assert (found, noticed) == ([], [])
        return
    assert noticed == [made.people.coordinator.id]
    [told] = found
    assert told.recipient == made.people.coordinator.email
    assert name in told.text
    assert name in unescape(told.html)
    assert other not in told.text
