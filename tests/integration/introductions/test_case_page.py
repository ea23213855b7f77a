"""The page of a case: what it shows, every press, each refusal, and who does not find it."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, update

from backend.accounts.models import User
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.legs import service as legs
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import Case, Offer
from backend.introductions.states import CaseState, Channel, LegState, NdaState, OfferState, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.teams import plans
from tests import cases
from tests.cases import Made
from tests.integration.introductions.desk import browser, counted, give_ward, of_ward
from tests.integration.teams import team_firms
from tests.integration.teams.team_firms import decide

# One of them asks whether there are notices to take as read.
MOST_STATEMENTS = 37


@pytest.fixture
def made(database: Database) -> Made:
    return cases.open_case(database)


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def case_now(database: Database, made: Made) -> Case:
    with database.reading() as session:
        return cases.case_of(session, made)


def first_offer(database: Database, made: Made) -> Offer:
    with database.reading() as session:
        return queries.offers_of(session, made.case_id)[0]


class Desk:
    """A coordinator who presses one button after another on the page of a case."""

    def __init__(self, browser: TestClient, database: Database, made: Made) -> None:
        self.browser, self.database, self.made = browser, database, made
        self.path = f"/cases/{made.case_id}"

    def press(self, place: str, **fields: str) -> CaseState:
        """Press, look at the page, and say where the case stands."""
        data = {"seen": str(case_now(self.database, self.made).version), **fields}
        answer = self.browser.post(f"{self.path}/{place}", data=data)
        assert (answer.status_code, answer.headers.get("Location", "")[: len(self.path)]) == (303, self.path)
        page = self.browser.get(self.path)
        assert page.status_code == 200, page.text
        return case_now(self.database, self.made).state


def test_the_whole_way_by_the_presses_of_the_page(desk: TestClient, database: Database, made: Made) -> None:
    press = Desk(desk, database, made).press
    path = f"/cases/{made.case_id}"
    assert press("move", action="take") is CaseState.CLARIFYING
    assert press("move", action="clear") is CaseState.SHORTLISTING
    with database.reading() as session:
        leg = cases.legs_of(session, made)[0]
    assert desk.get(f"{path}/legs/{leg.id}/candidates").status_code == 200
    told = {"firms": made.firm_ids[0], "summary": "工程: 曲げ\n材質: A5052", "reply_by": ""}
    assert press(f"legs/{leg.id}/candidates", **told) is CaseState.ASKING
    offer = first_offer(database, made)
    assert offer.summary == [["工程", "曲げ"], ["材質", "A5052"]]
    said = {"answer": "conditional", "conditions": "later", "words": "22日なら", "channel": "phone"}
    assert press(f"offers/{offer.id}/answer", **said) is CaseState.ANSWERED
    assert "電話で確認" in desk.get(path).text
    assert press(f"offers/{offer.id}/act", action="agree_to") is CaseState.AGREED
    assert press("move", action="introduce") is CaseState.INTRODUCED
    assert press("move", action="negotiate") is CaseState.NEGOTIATING
    assert press(f"offers/{offer.id}/act", action="win") is CaseState.ORDERED
    press(f"legs/{leg.id}/move", action="order_leg")
    assert press(f"legs/{leg.id}/move", action="start_leg") is CaseState.MAKING
    assert press(f"legs/{leg.id}/move", action="hand_over") is CaseState.DELIVERED
    press(f"legs/{leg.id}/nda", nda="signed")
    assert press("move", action="close") is CaseState.CLOSED
    assert press("move", action="unclose") is CaseState.DELIVERED
    with database.reading() as session:
        leg = cases.legs_of(session, made)[0]
        assert (leg.state, leg.nda) == (LegState.HANDED_OVER, NdaState.SIGNED)
        # What the client and the firm said is theirs, told by telephone.
        history = {e.action: (e.party, e.channel) for e in queries.events_of(session, made.case_id)}
    assert history["conditional"] == (Party.FIRM, Channel.PHONE)
    assert history["agree_to"] == (Party.CLIENT, Channel.PHONE)


def test_a_press_sent_twice_has_one_effect(desk: TestClient, database: Database, made: Made) -> None:
    path = f"/cases/{made.case_id}"
    cases.bring_to(database, made, CaseState.ASKING)
    offer = first_offer(database, made)
    seen = str(case_now(database, made).version)
    presses: tuple[tuple[str, dict[str, str]], ...] = (
        (f"offers/{offer.id}/answer", {"answer": "raise_hand", "words": "できます"}),
        (f"offers/{offer.id}/act", {"action": "agree_to"}),
        ("move", {"action": "introduce"}),
        ("remark", {"words": "10時に電話した"}),
        ("owner", {"owner_id": made.people.coordinator.id}),
        ("describe", {"title": "検査機のカバー", "client_kind": "startup", "client_place": "ward", "channel": "phone"}),
        ("address", {}),
    )
    for place, fields in presses:
        seen = str(case_now(database, made).version)
        for _ in range(2):
            assert desk.post(f"{path}/{place}", data={"seen": seen, **fields}).status_code == 303, place
    with database.reading() as session:
        actions = [e.action for e in queries.events_of(session, made.case_id)]
    for action in ("raise_hand", "agree_to", "introduce", "remark", "describe", "change address"):
        assert actions.count(action) == 1, action


def test_what_cannot_be_done_is_said_and_nothing_typed_is_lost(
    desk: TestClient, database: Database, made: Made
) -> None:
    path = f"/cases/{made.case_id}"
    cases.bring_to(database, made, CaseState.ASKING)
    offer, before = first_offer(database, made), case_now(database, made)
    with database.reading() as session:
        leg = cases.legs_of(session, made)[0]
    refused = (
        (422, "move", {"action": "lose", "words": "安くならず"}, "理由を1つ選んでください"),
        (409, "move", {"action": "close"}, "それはできません"),
        (409, "move", {"action": "lose", "reason": "price", "seen": "1", "words": "安くならず"}, "開いているあいだに"),
        (422, f"offers/{offer.id}/answer", {"answer": "decline", "words": "いそがしい"}, "見送りの理由を"),
        (422, f"offers/{offer.id}/answer", {"answer": "conditional"}, "どんな条件なら"),
        (422, f"offers/{offer.id}/answer", {"answer": "conditional", "proposed_date": "あした"}, "2027-01-15"),
        (409, f"offers/{offer.id}/act", {"action": "agree_to"}, "それはできません"),
        (422, f"offers/{offer.id}/act", {"action": "pass_over", "words": "遠いので"}, "見送る理由を"),
        (422, "remark", {"words": "  "}, "メモを書いてください"),
        (422, "describe", {"title": "", "client_kind": "startup"}, "案件の名前を"),
        (409, f"legs/{leg.id}/move", {"action": "start_leg"}, "それはできません"),
        (422, f"legs/{leg.id}/candidates", {"summary": "工程: 曲げ"}, "打診する工場を選んで"),
    )
    for status, place, fields, sentence in refused:
        answer = desk.post(f"{path}/{place}", data=fields)
        assert answer.status_code == status, (place, fields)
        assert sentence in answer.text, (place, fields)
        assert fields.get("words", "").strip() in answer.text
        assert case_now(database, made).version == before.version, place


def test_a_summary_that_tells_who_asks_is_not_sent(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.SHORTLISTING)
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
        request = queries.request_of(session, cases.case_of(session, made))
        request.contact_name, request.contact_organisation = "山田 花子", "株式会社ほしぞら"
        request.contact_email = "hanako@hoshizora.example.jp"
        session.add(request)
    path = f"/cases/{made.case_id}/legs/{leg.id}/candidates"
    for words in ("ほしぞらの部品", "担当は山田さん", "HANAKO@hoshizora.example.jp へ", "03-1234-5678"):
        answer = desk.post(path, data={"firms": made.firm_ids[0], "summary": f"工程: 曲げ\n備考: {words}"})
        assert answer.status_code == 422
        assert "だれの相談かわかる言葉" in answer.text
        assert words.split()[0] in answer.text
    past = {"firms": made.firm_ids[0], "summary": "工程: 曲げ", "reply_by": "2020-01-01"}
    assert "これからの日にしてください" in desk.post(path, data=past).text
    for edge in ("0001-01-01", "9999-12-31"):
        far = desk.post(path, data={**past, "reply_by": edge})
        assert far.status_code == 422
        assert "3年先まで" in far.text
    with database.reading() as session:
        assert queries.offers_of(session, made.case_id) == []
    good = {"firms": [made.firm_ids[0], made.firm_ids[1]], "summary": "工程: 曲げ"}
    for _ in range(2):
        assert desk.post(path, data=good).status_code == 303
    with database.reading() as session:
        assert len(queries.offers_of(session, made.case_id)) == 2
    # A firm that is in no register cannot be asked.
    assert desk.post(path, data={"firms": "nobody", "summary": "工程: 曲げ"}).status_code == 422


def test_asking_again_waits_again(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    path = f"/cases/{made.case_id}"
    with database.reading() as session:
        asked = queries.offers_of(session, made.case_id)
    for offer in asked:
        desk.post(f"{path}/offers/{offer.id}/answer", data={"answer": "decline", "reason": "no_capacity"})
    assert case_now(database, made).state is CaseState.SHORTLISTING
    page = desk.get(path).text
    assert "受ける工場がいません" in page
    assert "代わりを選ぶ" in page
    assert desk.post(f"{path}/offers/{asked[0].id}/act", data={"action": "ask_again"}).status_code == 303
    assert case_now(database, made).state is CaseState.ASKING
    with database.reading() as session:
        again = next(o for o in queries.offers_of(session, made.case_id) if o.id == asked[0].id)
    assert (again.state, again.reason, again.answered_at) == (OfferState.ASKED, "", None)


def test_legs_of_the_route(desk: TestClient, database: Database, made: Made) -> None:
    path = f"/cases/{made.case_id}"
    for kind, least in (("route", 2), ("whole", 1), ("route", 2)):
        seen = str(case_now(database, made).version)
        for _ in range(2):
            assert desk.post(f"{path}/legs", data={"kind": kind, "seen": seen}).status_code == 303
        with database.reading() as session:
            legs = cases.legs_of(session, made)
        assert len(legs) >= least
        assert case_now(database, made).version == int(seen) + 1
    page = desk.get(path).text
    assert re.search(r"/legs/\w{32}/candidates", page)
    assert desk.get(f"{path}/legs/{legs[0].id}/candidates").status_code == 200
    assert desk.post(f"{path}/legs", data={"kind": "x"}).status_code == 404


def test_legs_of_the_decided_team(coordinator: TestClient, database: Database) -> None:
    place = team_firms.open_place(database)
    decide(coordinator, place)
    with database.reading() as session:
        request = requests.open_request(session, place.token)
        case = queries.case_of_request(session, request.id or 0)
        plan = plans.decided(session, request.id or 0)
    assert case is not None
    assert plan is not None
    path = f"/cases/{case.id}"
    assert "決めたチームで分ける" in coordinator.get(path).text
    for _ in range(2):
        sent = coordinator.post(f"{path}/legs", data={"kind": "team", "seen": str(case.version)})
        assert sent.status_code == 303
    with database.reading() as session:
        legs = queries.legs_of(session, case.id or 0)
        case = session.get(Case, case.id)
    assert case is not None
    assert (case.plan_id, case.lead_firm_id) == (plan.id, plan.lead_firm_id)
    for leg in legs:
        firm = plan.team[leg.step_key]
        # The lead firm takes the order of the client and passes the others on.
        assert leg.orderer_firm_id == (None if firm == plan.lead_firm_id else plan.lead_firm_id)
        assert leg.start is not None
        assert leg.finish is not None
        page = coordinator.get(f"{path}/legs/{leg.id}/candidates").text
        assert re.search(rf'value="{firm}" checked', page)
        assert "決めたチーム" in page
        assert "メールなし:電話かFAX" in page


def test_whoever_still_waits_hears_with_one_press(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.ANSWERED)
    path = f"/cases/{made.case_id}"
    assert "見送りを伝える</h3>" not in desk.get(path).text
    cases.bring_on(database, made, CaseState.INTRODUCED)
    with database.reading() as session:
        [waiting] = [o.id for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[1]]
    page = desk.get(path).text
    assert "次の1社に見送りを伝える" in page
    assert f'name="offers" value="{waiting}" checked' in page
    assert desk.post(f"{path}/let-go", data={"feedback": "nearer"}).status_code == 422
    refused = desk.post(f"{path}/let-go", data={"offers": waiting, "words": "またの機会に"})
    assert refused.status_code == 422
    assert "またの機会に" in refused.text
    for _ in range(2):
        sent = desk.post(f"{path}/let-go", data={"offers": waiting, "feedback": "nearer"})
        assert sent.status_code == 303
    with database.reading() as session:
        states = {o.firm_id: (o.state, o.feedback) for o in queries.offers_of(session, made.case_id)}
    assert states[made.firm_ids[0]] == (OfferState.INTRODUCED, "")
    assert states[made.firm_ids[1]] == (OfferState.NOT_CHOSEN, "nearer")
    assert "次の1社に見送りを伝える" not in desk.get(path).text


def test_it_is_given_only_to_somebody_who_can_see_it(
    app: FastAPI, database: Database, settings: Settings, made: Made
) -> None:
    give_ward(database, made, "大田区")
    elsewhere, here = of_ward(database, "墨田区"), of_ward(database, "大田区")
    desk, path = browser(app, database, settings, here), f"/cases/{made.case_id}"
    before = case_now(database, made).owner_id
    refused = desk.post(f"{path}/owner", data={"owner_id": elsewhere.id})
    assert refused.status_code == 422
    assert "見えません" in refused.text
    assert case_now(database, made).owner_id == before
    assert desk.post(f"{path}/owner", data={"owner_id": here.id}).status_code in {200, 303}
    assert case_now(database, made).owner_id == here.id


def test_nobody_else_finds_it(
    app: FastAPI, client: TestClient, database: Database, settings: Settings, made: Made
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    offer, people = first_offer(database, made), made.people
    other = cases.open_case(database, shops=1)
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
    give_ward(database, made, "大田区")
    path, before = f"/cases/{made.case_id}", case_now(database, made).version
    posts = (
        f"{path}/move",
        f"{path}/owner",
        f"{path}/describe",
        f"{path}/remark",
        f"{path}/legs",
        f"{path}/legs/{leg.id}/move",
        f"{path}/legs/{leg.id}/nda",
        f"{path}/legs/{leg.id}/candidates",
        f"{path}/offers/{offer.id}/answer",
        f"{path}/offers/{offer.id}/act",
    )
    fields = {"action": "lose", "reason": "price", "kind": "whole", "nda": "signed", "answer": "raise_hand"}
    for person in (people.client, people.shops[0], of_ward(database, "墨田区"), people.other_client):
        visitor = browser(app, database, settings, person)
        assert visitor.get(path).status_code == 404, person.role
        assert visitor.get(f"{path}/legs/{leg.id}/candidates").status_code == 404
        for place in posts:
            answer = visitor.post(place, data={**fields, "words": "x", "title": "x"})
            assert answer.status_code == 404, (person.role, place)
    assert client.get(path).headers["Location"].startswith("/sign-in")
    assert case_now(database, made).version == before
    # Legs and offers of one case are not there under the address of another.
    desk = browser(app, database, settings, other.people.coordinator)
    elsewhere = f"/cases/{other.case_id}"
    assert desk.get(elsewhere).status_code == 200
    assert desk.post(f"{elsewhere}/offers/{offer.id}/act", data={"action": "cancel"}).status_code == 404
    assert desk.get(f"{elsewhere}/legs/{leg.id}/candidates").status_code == 404
    for number in ("0", "999999", "x", "99999999999999999999"):
        assert desk.get(f"/cases/{number}").status_code == 404


def test_the_page_asks_the_database_as_often_for_many_offers_as_for_few(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    few, many = cases.open_case(database, shops=1), cases.open_case(database, shops=5, steps=3)
    counts = []
    for made in (few, many):
        cases.bring_to(database, made, CaseState.ORDERED)
        desk = browser(app, database, settings, made.people.coordinator)
        with counted(app) as said:
            assert desk.get(f"/cases/{made.case_id}").status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_who_gets_no_mail_is_named_where_firms_are_asked_and_told(
    desk: TestClient, database: Database, made: Made
) -> None:
    with database.writing() as session:
        session.exec(update(User).where(col(User.id) == made.people.shops[1].id).values(active=False))
    cases.bring_to(database, made, CaseState.ASKING)
    page = desk.get(f"/cases/{made.case_id}").text
    with database.reading() as session:
        asked = queries.offers_of(session, made.case_id)
        name = queries.firms_by_id(session, [made.firm_ids[1]])[made.firm_ids[1]].name
    unheard = next(offer for offer in asked if offer.firm_id == made.firm_ids[1])
    assert set(re.findall(r'/offers/(\w+)/sheet">打診票<span', page)) == {unheard.id}
    assert page.count("メールなし:電話かFAX") == 1
    assert "1社にメールで送信、1社は電話かFAXで。" in page
    with database.writing() as session:
        requests.change(session, made.token, Wording(cases.TEXT.replace("12個", "30個")))
    assert f"{name}にはメールが届きません。" in desk.get(f"/cases/{made.case_id}").text


def test_what_is_noted_of_a_call_for_the_desk_stays_there(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    offer = first_offer(database, made)
    said = {"answer": "raise_hand", "words": "来週から始められます", "memo": "値引きの相談あり", "channel": "phone"}
    for _ in range(2):
        assert desk.post(f"/cases/{made.case_id}/offers/{offer.id}/answer", data=said).status_code == 303
    assert first_offer(database, made).words == "来週から始められます"
    with database.reading() as session:
        remarks = [e for e in queries.events_of(session, made.case_id) if e.action == "remark"]
    assert [(one.words, one.leg_id) for one in remarks] == [("値引きの相談あり", offer.leg_id)]
    refused = desk.post(f"/cases/{made.case_id}/offers/{offer.id}/answer", data={"answer": "", "memo": "かけ直す"})
    assert (refused.status_code, "かけ直す" in refused.text) == (422, True)


def test_a_team_is_made_without_who_declined_and_with_who_said_yes(
    desk: TestClient, database: Database, made: Made
) -> None:
    with database.writing() as session:
        specs = [LegSpec("s1", "レーザー切断"), LegSpec("s2", "曲げ加工")]
        legs.set_legs(session, made.by(Party.COORDINATOR), made.case_id, specs)
    cases.bring_to(database, made, CaseState.ASKING)
    one, other = made.firm_ids
    with database.reading() as session:
        asked = {(o.leg_id, o.firm_id): o.id for o in queries.offers_of(session, made.case_id)}
        first, second = cases.legs_of(session, made)
    answer = f"/cases/{made.case_id}/offers/{{}}/answer"
    for leg in (first, second):
        said = {"answer": "decline", "reason": "no_capacity"}
        assert desk.post(answer.format(asked[leg.id, other]), data=said).status_code == 303
    assert desk.post(answer.format(asked[first.id, one]), data={"answer": "raise_hand"}).status_code == 303
    workbench = f"/requests/{made.token}/chain?fix=s1.{one}&amp;out={other}#teams"
    for page in (f"/cases/{made.case_id}", f"/cases/{made.case_id}/legs/{second.id}/candidates"):
        assert f'href="{workbench}"' in desk.get(page).text, page
