"""The mails of a case: to whom, in which language, what they never say, and what happens when nobody answers."""

from datetime import datetime, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts import memberships
from backend.accounts.models import OrganisationKind, Role, Standing
from backend.capacity.models import CapacityContact
from backend.core import clock
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import letters, queries, service
from backend.introductions.changes import service as changes
from backend.introductions.desk import list_queries
from backend.introductions.desk import queries as desk_queries
from backend.introductions.desk.filters import CaseFilter
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.models import Notification
from backend.introductions.states import CaseState, OfferState, Party
from backend.introductions.trail import By
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.worker import Worker
from tests import cases, factories

NAME, COMPANY, ADDRESS = "秘密 花子", "かくれた株式会社", "hidden.client@example.jp"


def _work(database: Database, settings: Settings) -> None:
    Worker(database, settings).run_once()


def _mails(database: Database) -> list[Mail]:
    with database.reading() as session:
        return list(session.exec(select(Mail).order_by(Mail.created_at)))  # type: ignore[arg-type]


def _named(database: Database, made: cases.Made) -> None:
    contact = {"contact_name": NAME, "contact_organisation": COMPANY, "contact_email": ADDRESS}
    with database.writing() as session:
        requests.say_contact(session, made.token, contact)


def test_each_side_hears_what_concerns_it(database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    _named(database, made)
    cases.bring_to(database, made, CaseState.DELIVERED)
    _work(database, settings)
    _work(database, settings)
    mails = _mails(database)
    to = {(mail.event, mail.recipient) for mail in mails}
    chosen, other = (user.email for user in made.people.shops)
    assert to == {
        ("request-receipt", made.people.client.email),
        ("request-receipt", ADDRESS),
        ("case-taken", ADDRESS),
        ("offer", chosen),
        ("offer", other),
        ("offer-answered", made.people.coordinator.email),
        ("case-answers", ADDRESS),
        ("offer-agreed", chosen),
        ("case-introduced", ADDRESS),
        ("case-introduced", chosen),
        ("offer-not-chosen", other),
        ("case-ordered", ADDRESS),
        ("case-ordered", chosen),
        ("case-delivered", ADDRESS),
        ("case-delivered", chosen),
    }
    assert len(mails) == len(to)


def test_a_client_whose_address_was_changed_gets_the_new_one_and_the_old_one_opens_nothing(
    database: Database, settings: Settings, client: TestClient
) -> None:
    made = cases.open_case(database)
    _named(database, made)
    old = f"/requests/{made.token}"
    assert client.get(f"{old}/progress").status_code == 200
    with database.writing() as session:
        service.change_address(session, made.by(Party.COORDINATOR), made.case_id)
        anew = queries.request_of(session, cases.case_of(session, made)).token
    _work(database, settings)
    assert client.get(old).status_code == client.get(f"{old}/progress").status_code == 404
    assert client.get(f"/requests/{anew}/progress").status_code == 200
    mail = _mails(database)[-1]
    assert (mail.event, mail.recipient) == ("case-address", ADDRESS)
    assert f"/requests/{anew}" in mail.text
    assert made.token not in mail.text


def test_a_firm_does_not_learn_who_asks_before_both_agreed(database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    _named(database, made)
    cases.bring_to(database, made, CaseState.AGREED)
    _work(database, settings)
    shops = {user.email for user in made.people.shops}
    told = [mail for mail in _mails(database) if mail.recipient in shops]
    assert {mail.event for mail in told} == {"offer", "offer-agreed"}
    for mail in told:
        for secret in (NAME, COMPANY, ADDRESS, made.token):
            assert secret not in mail.subject + mail.text + mail.html
    cases.bring_to_next(database, made, CaseState.INTRODUCED)
    _work(database, settings)
    introduced = [mail for mail in _mails(database) if mail.event == "case-introduced" and mail.recipient in shops]
    assert introduced
    assert NAME in introduced[0].text
    assert made.people.shops[1].email not in {mail.recipient for mail in introduced}


def test_each_firm_is_introduced_once(database: Database, settings: Settings) -> None:
    made = cases.open_case(database, shops=2, steps=2)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.writing() as session:
        late = next(o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[1])
        offers.answer(session, made.by(Party.FIRM, shop=1), late.id, Reply("raise_hand"))
        offers.act(session, made.by(Party.CLIENT), late.id, "agree_to")
        offers.introduce(session, made.by(Party.COORDINATOR), made.case_id)
    _work(database, settings)
    told = [mail for mail in _mails(database) if mail.event == "case-introduced"]
    # The first does both operations and hears once; the client hears of each introduction.
    assert sorted(mail.recipient for mail in told) == sorted(
        [made.people.client.email] * 2 + [user.email for user in made.people.shops]
    )
    for mail in told:
        if mail.recipient != made.people.client.email:
            assert made.people.client.name in mail.text


def test_a_coordinator_who_left_is_written_to_no_more(database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    colleague = factories.person(database, Role.COORDINATOR)
    with database.writing() as session:
        session.merge(made.people.coordinator).active = False
    with database.writing() as session:
        offer = queries.offers_of(session, made.case_id)[0]
        offers.answer(session, made.by(Party.FIRM), offer.id, Reply("raise_hand"))
    _work(database, settings)
    told = {mail.recipient for mail in _mails(database) if mail.event == "offer-answered"}
    assert colleague.email in told
    assert made.people.coordinator.email not in told
    with database.reading() as session:
        noticed = set(session.exec(select(Notification.user_id).where(Notification.action == "offer-answered")))
        listed, total = desk_queries.case_piles(session, colleague, clock.now(), 8)["left"]
        assert colleague.id in noticed
        assert made.people.coordinator.id not in noticed
        assert (total, [case.id for case, _kept in listed]) == (1, [made.case_id])
        rows = list_queries.all_found(session, colleague, CaseFilter(whose="nobody"), 10)
        assert [case.id for case, *_rest in rows] == [made.case_id]
    # Whoever goes on with the case looks after it from then on.
    with database.writing() as session:
        service.move(session, By(colleague, Party.COORDINATOR), made.case_id, "shortlist")
        assert cases.case_of(session, made).owner_id == colleague.id
        assert "left" not in desk_queries.case_piles(session, colleague, clock.now(), 8)


@pytest.mark.parametrize("own", [True, False])
def test_a_client_whose_account_was_stopped_is_written_to_only_at_another_address(
    database: Database, settings: Settings, own: bool
) -> None:
    """Who sends a request signed in leaves the address of the account in it; a mail carries the key of the page."""
    made = cases.open_case(database)
    if not own:
        _named(database, made)
    with database.writing() as session:
        session.merge(made.people.client).active = False
    cases.bring_to(database, made, CaseState.CLARIFYING)
    _work(database, settings)
    told = {mail.recipient for mail in _mails(database) if mail.event == "case-taken"}
    assert told == (set() if own else {ADDRESS})


def test_an_odd_address_holds_up_nobody_else(database: Database, settings: Settings) -> None:
    """One of a desk whose address is none, one whose address is longer than a key, one like everybody."""
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    odd, long, usual = (factories.person(database, Role.COORDINATOR) for _number in range(3))
    spacious = f"long@{'a' * 60}.{'b' * 60}.{'c' * 60}.example.jp"
    with database.writing() as session:
        session.merge(odd).email, session.merge(long).email = "太郎@例え.jp", spacious
        session.merge(made.people.coordinator).active = False
    with database.writing() as session:
        offer = queries.offers_of(session, made.case_id)[0]
        offers.answer(session, made.by(Party.FIRM), offer.id, Reply("raise_hand"))
    _work(database, settings)
    told = {mail.recipient for mail in _mails(database) if mail.event == "offer-answered"}
    assert {spacious, usual.email} <= told


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_mail_can_be_written(database: Database, settings: Settings, lang: str) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    firm_id, secret = made.firm_ids[0], settings.secret_key.get_secret_value()
    with database.writing() as session:
        session.add(CapacityContact(firm_id=firm_id, email="shop@example.jp", lang=lang, code="123456"))
        session.flush()
        offer = queries.offers_to(session, made.case_id, firm_id)[0]
        requests.change(session, made.token, Wording(cases.TEXT.replace("12個", "30個")))
        changes.show_anew(session, cases.case_of(session, made), made.by(Party.COORDINATOR), offer, [("材質", "A5052")])
        for event in letters.MAILS:
            assert letters.write(session, secret, event, made.case_id, Party.FIRM, offer.id, f"key:{event}") == 1
    mails = [mail for mail in _mails(database) if mail.event in letters.MAILS]
    assert {mail.event for mail in mails} == set(letters.MAILS)
    for mail in mails:
        assert mail.subject
        assert "%(" not in mail.text + mail.html
        assert ("Dear" in mail.text) == ("Dear" in mail.html) == (lang == "en")
        # Labels speak the language of the mail.
        assert "A5052" not in mail.text or ("Material: " in mail.text) == (lang == "en")
    assert any({"ja": "12個 → 30個", "en": "12 pcs → 30 pcs"}[lang] in mail.text for mail in mails)


def test_silence_moves_an_offer_and_then_the_case(database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.reading() as session:
        reply_by = queries.offers_of(session, made.case_id)[0].reply_by
    with time_machine.travel(reply_by - timedelta(hours=3)):
        _work(database, settings)
        _work(database, settings)
    assert [mail.event for mail in _mails(database)].count("offer-reminder") == 2
    with time_machine.travel(reply_by + timedelta(hours=1)):
        _work(database, settings)
    with database.writing() as session:
        assert {offer.state for offer in queries.offers_of(session, made.case_id)} == {OfferState.SILENT}
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING
        late = queries.offers_of(session, made.case_id)[0]
        # Somebody who answers late is still heard.
        offers.answer(session, made.by(Party.FIRM), late.id, Reply("raise_hand"))
        assert late.state is OfferState.WILLING


def test_a_reply_due_on_a_monday_is_asked_for_on_the_friday(database: Database, settings: Settings) -> None:
    with time_machine.travel(datetime(2027, 6, 2, 10, tzinfo=clock.TOKYO)):
        made = cases.open_case(database)
        cases.bring_to(database, made, CaseState.ASKING)
    with database.reading() as session:
        monday = datetime(2027, 6, 7, 17, tzinfo=clock.TOKYO)
        assert {offer.reply_by for offer in queries.offers_of(session, made.case_id)} == {monday}
    for hour, reminders in ((16, 0), (18, 2)):
        with time_machine.travel(datetime(2027, 6, 4, hour, tzinfo=clock.TOKYO)):
            _work(database, settings)
            _work(database, settings)
        assert [mail.event for mail in _mails(database)].count("offer-reminder") == reminders


def test_a_case_that_waits_is_reminded_escalated_and_ended(database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    head = factories.person(database, Role.COORDINATOR)
    with database.writing() as session:
        body = memberships.add(session, OrganisationKind.COORDINATORS, "全区の窓口")
        body.all_wards = True
        memberships.join(session, session.merge(head), body, Standing.SUPERVISOR, actor_id=None)
    cases.bring_to(database, made, CaseState.ANSWERED)
    for days in (6, 15, 60):
        with time_machine.travel(clock.now() + timedelta(days=days)):
            _work(database, settings)
    events = [(mail.event, mail.recipient) for mail in _mails(database)]
    client = made.people.client.email
    assert events.count(("case-reminder", client)) == 1
    assert (("case-escalated", head.email)) in events
    assert events.count(("case-ended", client)) == 1
    with database.reading() as session:
        assert cases.case_of(session, made).state is CaseState.EXPIRED
