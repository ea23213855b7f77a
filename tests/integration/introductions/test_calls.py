"""Whom the desk has to telephone: those whom no mail tells that a case ended, or that a firm left it."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import User
from backend.capacity.models import CapacityAnswer, CapacityContact
from backend.capacity.rules import Channel as HowAsked
from backend.core import clock, mail
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms.models import Firm
from backend.introductions import queries, service
from backend.introductions.legs import offers
from backend.introductions.models import Notification
from backend.introductions.states import CaseState, Party
from tests import cases
from tests.cases import Made
from tests.integration.introductions.desk import browser
from tests.integration.teams.team_firms import plain


@pytest.fixture
def made(database: Database) -> Made:
    """A case of two operations; nobody signs in for its second firm, which has a telephone and a FAX."""
    made = cases.open_case(database, steps=2)
    mute = made.firm_ids[1]
    with database.writing() as session:
        person = session.exec(select(User).where(User.firm_id == mute)).one()
        person.active = False
        firm = session.exec(select(Firm).where(Firm.id == mute)).one()
        firm.phone = "03-0000-1357"
        contact = CapacityContact(firm_id=mute, code="ABCD2345", fax="03-0000-9753")
        answer = CapacityAnswer(firm_id=mute, at=clock.now(), channel=HowAsked.PHONE, spoke_with="奥さん")
        session.add_all((person, firm, contact, answer))
    return made


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def _calls(desk: TestClient, made: Made) -> str:
    page = desk.get(f"/cases/{made.case_id}").text
    found = re.search(r'<section class="sec" id="calls".*?</section>', page, re.DOTALL)
    return plain(found[0]) if found else ""


def _name(database: Database, firm_id: str) -> str:
    with database.reading() as session:
        return queries.firms_by_id(session, [firm_id])[firm_id].name


def test_a_client_takes_its_request_back(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.ANSWERED)
    assert not _calls(desk, made)
    with database.writing() as session:
        service.move(session, made.by(Party.CLIENT), made.case_id, "withdraw", reason="elsewhere")
    said = _calls(desk, made)
    assert "案件が終わったこと(取り下げ)は、次の相手にはメールが届きません。" in said
    assert _name(database, made.firm_ids[1]) in said
    assert "奥さん さま" in said
    assert "03-0000-1357" in said
    assert "FAX 03-0000-9753" in said
    # A mail reaches the other firm, and the client ended it itself.
    assert _name(database, made.firm_ids[0]) not in said
    assert made.people.client.email not in said
    with database.reading() as session:
        of_coordinator = select(Notification.action).where(Notification.user_id == made.people.coordinator.id)
        told = session.exec(of_coordinator).all()
    assert [action for action in told if action in {"case-withdrawn", "case-ended"}] == ["case-withdrawn"]


def test_a_firm_that_wants_no_inquiries_is_told_of_the_end_by_mail(
    desk: TestClient, database: Database, made: Made
) -> None:
    with database.writing() as session:
        mail.set_optout(session, made.people.shops[0].email, "offer", wanted=False)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, "lose", reason="price")
    assert _name(database, made.firm_ids[0]) not in _calls(desk, made)


def test_the_desk_ends_the_case_of_a_caller(desk: TestClient, database: Database, made: Made) -> None:
    with database.writing() as session:
        request = queries.request_of(session, cases.case_of(session, made))
        request.owner_id, request.contact_email = None, ""
        request.contact_name, request.contact_phone = "豆田", "03-0000-2468"
        session.add(request)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, "lose", reason="price")
    said = _calls(desk, made)
    assert "豆田" in said
    assert "03-0000-2468" in said
    assert "03-0000-1357" in said
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, "reopen")
    assert not _calls(desk, made)


def test_a_firm_leaves_and_another_takes_its_place(desk: TestClient, database: Database, made: Made) -> None:
    """The first operation goes to the firm without mail, the second to the other, which then leaves."""
    cases.bring_to(database, made, CaseState.ASKING)
    with database.reading() as session:
        first, second = cases.legs_of(session, made)
        asked = {(o.leg_id, o.firm_id): o.id for o in queries.offers_of(session, made.case_id)}
    stays, leaves = asked[first.id, made.firm_ids[1]], asked[second.id, made.firm_ids[0]]
    with database.writing() as session:
        for offer in (stays, leaves):
            offers.answer(session, made.by(Party.FIRM), offer, offers.Reply("raise_hand"))
            offers.act(session, made.by(Party.CLIENT), offer, "agree_to")
        offers.introduce(session, made.by(Party.COORDINATOR), made.case_id)
    assert not _calls(desk, made)
    with database.writing() as session:
        offers.act(session, made.by(Party.FIRM), leaves, "drop_out")
    said = _calls(desk, made)
    left = _name(database, made.firm_ids[0])
    assert f"{left}が「{second.title}」を辞退したことは、次の相手には" in said
    assert _name(database, made.firm_ids[1]) in said
    assert "03-0000-1357" in said
    assert made.people.client.email in said
    other = asked[second.id, made.firm_ids[1]]
    with database.writing() as session:
        offers.answer(session, made.by(Party.FIRM), other, offers.Reply("raise_hand"))
        offers.act(session, made.by(Party.CLIENT), other, "agree_to")
    assert not _calls(desk, made)
