"""A client says something else while firms are asked: who hears of it, what they read, and what they said before."""

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from sqlmodel import select

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import Invalid, Refused
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.cases import actions as case_actions
from backend.introductions.changes import service as changes
from backend.introductions.changes.models import CaseChange
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.models import Notification, Offer
from backend.introductions.states import CaseState, Channel, OfferState, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.worker import Worker
from tests import cases
from tests.integration.introductions.desk import browser

MORE = cases.TEXT.replace("12個", "30個")
DESK, FIRM = Party.COORDINATOR, Party.FIRM
Answered = tuple[cases.Made, list[str]]
NEW = (("何を", "板を曲げる"), ("材質", "A5052"), ("数量", "30個"))


def _change(database: Database, made: cases.Made, text: str = MORE) -> None:
    with database.writing() as session:
        requests.change(session, made.token, Wording(text))


def _offers(database: Database, made: cases.Made) -> list[Offer]:
    with database.reading() as session:
        return list(queries.offers_of(session, made.case_id))


def _told(database: Database, user_id: str) -> list[str]:
    with database.reading() as session:
        return [n.action for n in session.exec(select(Notification).where(Notification.user_id == user_id))]


def _tell(database: Database, made: cases.Made) -> None:
    with database.writing() as session:
        lines = {leg.id: NEW for leg in cases.legs_of(session, made)}
        assert changes.tell_firms(session, made.by(DESK), made.case_id, lines, None)


def _form(database: Database, made: cases.Made, words: str) -> dict[str, str]:
    with database.reading() as session:
        seen = cases.case_of(session, made).version
        return {"seen": f"{seen}"} | {f"summary-{leg.id}": words for leg in cases.legs_of(session, made)}


@pytest.fixture
def answered(database: Database) -> Answered:
    """Three firms asked: one said yes on a condition, one passed, one has not answered. Then the client changes it."""
    made = cases.open_case(database, shops=3)
    with database.writing() as session:
        contact = {"contact_name": "秘密 花子", "contact_organisation": "", "contact_email": "hanako@example.jp"}
        requests.say_contact(session, made.token, contact)
    cases.bring_to(database, made, CaseState.ASKING)
    ids = [offer.id for offer in _offers(database, made)]
    with database.writing() as session:
        offers.answer(session, made.by(FIRM), ids[0], Reply("conditional", "", ("later",), words="来週から"))
        offers.answer(session, made.by(FIRM, shop=1), ids[1], Reply("decline", "size"))
    _change(database, made)
    return made, ids


def test_the_coordinator_reads_it_and_passes_it_on(
    app: FastAPI, database: Database, settings: Settings, answered: Answered
) -> None:
    made, _ids = answered
    # In the page, on the desk, and beside the case; a form that showed the old job is refused.
    owner = made.people.coordinator
    assert _told(database, owner.id).count("case-changed") == 1
    desk = browser(app, database, settings, owner)
    assert "打診した会社へ知らせてください" in desk.get("/desk").text
    path = f"/cases/{made.case_id}"
    page = desk.get(path).text
    for expected in ("<del>12個</del>", "<ins>30個</ins>", "もう一度たずねます"):
        assert expected in page
    assert "変わった内容を知らせた</button>" not in page
    before = int(_form(database, made, "")["seen"]) - 1
    assert desk.post(f"{path}/move", data={"action": "shortlist", "seen": f"{before}"}).status_code == 409
    awaited = "打診した工場へ伝え、返事をもらい直します"
    client = browser(app, database, settings, made.people.client)
    assert awaited in client.get(f"/requests/{made.token}/progress").text
    # What tells who asks is refused, and what was typed stays.
    wrong = desk.post(f"{path}/change", data={**_form(database, made, "数量: 30個 秘密花子まで"), "action": "tell"})
    assert wrong.status_code == 422
    assert "30個 秘密花子まで" in wrong.text
    form = _form(database, made, "何を: 板を曲げる\n材質: A5052\n数量: 30個") | {"action": "tell"}
    for _ in range(2):
        assert desk.post(f"{path}/change", data=form).status_code == 303
    assert "打診した会社へ知らせてください" not in desk.get("/desk").text
    assert awaited not in client.get(f"/requests/{made.token}/progress").text
    made_offers = _offers(database, made)
    assert [offer.state for offer in made_offers] == [OfferState.ASKED, OfferState.DECLINED, OfferState.ASKED]
    for offer in made_offers:
        assert offer.summary == [list(line) for line in NEW]
        assert [kept["summary"] for kept in offer.shown_before] == [[list(line) for line in cases.SUMMARY]]


def test_a_firm_says_with_one_press_that_its_answer_holds(
    app: FastAPI, database: Database, settings: Settings, answered: Answered
) -> None:
    made, (yes, _no, waits) = answered
    _tell(database, made)
    Worker(database, settings).run_once()
    with database.reading() as session:
        mails = [mail for mail in session.exec(select(Mail)) if mail.event == "offer-changed"]
    assert sorted(mail.recipient for mail in mails) == sorted(made.people.shops[place].email for place in (0, 2))
    assert all("12個 → 30個" in mail.text and "花子" not in mail.text + mail.html for mail in mails)
    # Nobody who has not answered is asked to confirm anything.
    shop = browser(app, database, settings, made.people.shops[0])
    other = browser(app, database, settings, made.people.shops[2])
    assert "前と同じ返事で受ける" in shop.get(f"/offers/{yes}").text
    assert "前と同じ返事で受ける" not in other.get(f"/offers/{waits}").text
    data = {"offer": yes, "answer": "conditional", "conditions": "later", "proposed_date": "", "words": "来週から"}
    assert shop.post(f"/offers/{yes}/answer", data=data).status_code == 303
    held = _offers(database, made)[0]
    assert (held.state, held.conditions, held.words) == (OfferState.CONDITIONAL, ["later"], "来週から")
    assert "前と同じ返事で受ける" not in shop.get(f"/offers/{yes}").text
    # Labels are in the language of the reader, words as they were written.
    english = shop.get(f"/offers/{yes}?lang=en").text
    assert "The job has changed" in english
    assert ">Material<" in english
    assert ">材質<" not in english


def test_who_was_agreed_on_says_so_again_and_then_the_client(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.AGREED)
    _change(database, made)
    _tell(database, made)
    with database.writing() as session:
        offer, case = queries.offers_of(session, made.case_id)[0], cases.case_of(session, made)
        assert (case.state, offer.state, offer.agreed_at) == (CaseState.ASKING, OfferState.ASKED, None)
        assert changes.answer_to_confirm(offer) == "raise_hand"
        offers.answer(session, made.by(FIRM), offer.id, Reply("raise_hand"))
        assert cases.case_of(session, made).state is CaseState.ANSWERED


def test_firms_that_know_the_client_hear_at_once(app: FastAPI, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    _change(database, made, f"{MORE}取付穴はM5。")
    chosen, other = made.people.shops
    assert "work-changed" in _told(database, chosen.id)
    assert "work-changed" not in _told(database, other.id)
    offer = _offers(database, made)[0]
    page = browser(app, database, settings, chosen).get(f"/offers/{offer.id}").text
    assert "依頼者が内容を変えました" in page
    assert "取付穴はM5。" in page
    for stranger in (other, made.people.outsider_shop):
        seen = browser(app, database, settings, stranger)
        assert "M5" not in seen.get("/offers").text
        for one in _offers(database, made):
            assert "M5" not in seen.get(f"/offers/{one.id}").text


def test_what_was_not_passed_on_is_read_after_the_introduction(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.AGREED)
    _change(database, made)
    cases.bring_to_next(database, made, CaseState.INTRODUCED)
    shop = browser(app, database, settings, made.people.shops[0])
    page = shop.get(f"/offers/{_offers(database, made)[0].id}").text
    assert "依頼者が内容を変えました" in page
    assert "<ins>30個</ins>" in page


def test_corrections_in_a_row_are_one_change(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    _change(database, made)
    _change(database, made, MORE.replace("A5052", "SUS304"))
    with database.reading() as session:
        [change] = session.exec(select(CaseChange).where(CaseChange.case_id == made.case_id))
        assert {part for part, _was, _now in change.lines} == {"material", "quantity", "text"}
    assert _told(database, made.people.coordinator.id).count("case-changed") == 1
    # All taken back: there is nothing to tell.
    _change(database, made, cases.TEXT)
    with database.reading() as session:
        assert changes.firms_to_tell(session, cases.case_of(session, made)) == []
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        _change(database, made)
    assert _told(database, made.people.coordinator.id).count("case-changed") == 2


def test_before_anybody_is_asked_there_is_nobody_to_tell(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.CLARIFYING)
    _change(database, made)
    assert _told(database, made.people.coordinator.id) == ["case-edited"]
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
        asked = [offers.Question(made.firm_ids[0], NEW)]
        offers.ask(session, made.by(DESK), leg.id, asked)
        assert changes.firms_to_tell(session, cases.case_of(session, made)) == []


def test_the_coordinator_may_leave_it_or_has_to_say_what_is_new(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    _change(database, made, f"{cases.TEXT}よろしくお願いします。")
    same = {}
    with database.reading() as session:
        same = {leg.id: cases.SUMMARY for leg in cases.legs_of(session, made)}
        version = cases.case_of(session, made).version
    with database.writing() as session, pytest.raises(Invalid, match="前と同じ"):
        changes.tell_firms(session, made.by(DESK), made.case_id, same, version)
    with database.writing() as session, pytest.raises(Refused, match="変わりました"):
        changes.leave(session, made.by(DESK), made.case_id, version - 1)
    for _ in range(2):
        with database.writing() as session:
            changes.leave(session, made.by(DESK), made.case_id, version)
    with database.reading() as session:
        assert changes.firms_to_tell(session, cases.case_of(session, made)) == []
        assert [e.action for e in queries.events_of(session, made.case_id)].count("change left") == 1


def test_whoever_is_asked_once_more_reads_what_the_job_is_now(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    first, second = _offers(database, made)
    with database.writing() as session:
        offers.act(session, made.by(DESK), second.id, "cancel")
    _change(database, made)
    with database.writing() as session:
        lines = {first.leg_id: NEW}
        changes.tell_firms(session, made.by(DESK), made.case_id, lines, None)
        assert queries.offers_of(session, made.case_id)[1].summary == [list(line) for line in cases.SUMMARY]
    with database.writing() as session:
        case_actions.act(session, made.people.coordinator, second.id, "ask_again", Channel.WEB, None)
    again = _offers(database, made)[1]
    assert (again.state, again.summary) == (OfferState.ASKED, [list(line) for line in NEW])
