"""The client's page of its case: a timeline, firms without names, and what the client may do with the token alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from backend.core.db import Database
from backend.introductions import queries, service
from backend.introductions.client import view as client_view
from backend.introductions.client.view import AHEAD, MILESTONES, WAITING
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Reply
from backend.introductions.models import Offer
from backend.introductions.states import CaseState, Channel, LegState, OfferState, Party
from backend.introductions.tables import RUNNING
from backend.requests import queries as request_queries
from tests import cases
from tests.integration.introductions.conftest import Browsing


@pytest.fixture
def made(database: Database) -> cases.Made:
    return cases.open_case(database, steps=2)


def post(browser: TestClient, made: cases.Made, **sent: str) -> int:
    return browser.post(f"/requests/{made.token}/progress", data=sent).status_code


def first_offers(database: Database, made: cases.Made, shop: int = 0) -> list[Offer]:
    with database.reading() as session:
        return list(queries.offers_to(session, made.case_id, made.firm_ids[shop]))


def names_of(database: Database, made: cases.Made) -> set[str]:
    """Everything by which a client would know a firm."""
    with database.reading() as session:
        firms = queries.firms_by_id(session, made.firm_ids)
        return {firm.name for firm in firms.values()} | {shop.email for shop in made.people.shops}


def test_every_state_has_words_for_the_client() -> None:
    assert set(WAITING) == RUNNING
    assert set(AHEAD) == set(MILESTONES[1:])


def test_nothing_is_inspected_in_a_finished_case(
    database: Database, client: TestClient, browser_of: Browsing, made: cases.Made
) -> None:
    cases.bring_to(database, made, CaseState.MAKING)
    with database.writing() as session:
        for leg in cases.legs_of(session, made):
            legs.move_leg(session, made.by(Party.FIRM), leg.id, "hand_over")
    page, desk = f"/requests/{made.token}/progress", browser_of(made.people.coordinator)
    asked = "検査に合格した"
    assert asked in client.get(page).text
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, "close")
    assert asked not in client.get(page).text
    assert asked not in desk.get(f"/cases/{made.case_id}").text


@pytest.mark.parametrize("state", list(CaseState))
def test_in_every_state_the_timeline_says_where_it_stands(
    database: Database, made: cases.Made, client: TestClient, state: CaseState
) -> None:
    cases.bring_to(database, made, state)
    with database.reading() as session:
        kept = request_queries.request_by_token(session, made.token)
        assert kept is not None
        timeline = client_view.timeline_of(session, kept)
    [here] = [step for step in timeline.steps if step.place == "here"]
    page = client.get(f"/requests/{made.token}/progress")
    assert page.status_code == 200
    assert here.words in page.text
    assert [step.place for step in timeline.steps] == sorted(
        (step.place for step in timeline.steps), key=("done", "here", "ahead").index
    )
    assert all(step.day for step in timeline.steps if step.place != "ahead")
    known = bool({step.words for step in timeline.steps} & {"ご紹介しました"})
    assert (not names_of(database, made) & set(_words_of(page.text, database, made))) is not known


def _words_of(text: str, database: Database, made: cases.Made) -> list[str]:
    return [name for name in names_of(database, made) if f">{name}<" in text]


def asked(database: Database, made: cases.Made) -> tuple[Offer, Offer, Offer]:
    """The first firm would take both operations, the first of them on a condition; the second firm the first."""
    cases.bring_to(database, made, CaseState.ASKING)
    [first, second] = first_offers(database, made)
    [other, _fourth] = first_offers(database, made, shop=1)
    told = Reply("conditional", "", ("later",), None, "とんぼ板金より。22日なら")
    with database.writing() as session:
        offers.answer(session, made.by(Party.FIRM), first.id, told)
        offers.answer(session, made.by(Party.FIRM), second.id, Reply("raise_hand"))
        offers.answer(session, made.by(Party.FIRM, shop=1), other.id, Reply("raise_hand"))
    return first, second, other


def test_firms_that_would_do_it_have_no_names(database: Database, made: cases.Made, client: TestClient) -> None:
    asked(database, made)
    page = client.get(f"/requests/{made.token}/progress").text
    assert "墨田区の「曲げ」の工場" in page
    assert "渡す日を延ばしたい" in page
    # What was shown to a firm that takes it as it is; it came of the request and names nobody.
    assert "次の内容を見て、受けられると答えました。" in page
    with database.reading() as session:
        shown = queries.offers_of(session, made.case_id)[0].summary
    assert all(words in page for _label, words in shown)
    # A firm may have signed its words: they open with its name.
    assert "とんぼ板金" not in page
    assert not [name for name in names_of(database, made) if name in page]


def test_with_the_token_alone_the_client_chooses(database: Database, made: cases.Made, client: TestClient) -> None:
    first, second, other = asked(database, made)
    assert post(client, made, offer=other.id, action="pass_over") == 422
    assert (
        post(client, made, offer=other.id, action="pass_over", feedback="nearer", feedback_words="またの機会に") == 303
    )
    for _ in range(2):
        assert post(client, made, offer=first.id, action="agree_to") == 303
    assert post(client, made, offer=first.id, action="disagree") == 303
    assert post(client, made, offer=first.id, action="agree_to") == 303
    assert post(client, made, offer=second.id, action="agree_to") == 303
    [first, second] = first_offers(database, made)
    assert (first.state, second.state) == (OfferState.AGREED, OfferState.AGREED)
    assert first.agreed_by is None
    [passed, _fourth] = first_offers(database, made, shop=1)
    assert (passed.state, passed.feedback, passed.feedback_words) == (OfferState.NOT_CHOSEN, "nearer", "またの機会に")
    with database.writing() as session:
        assert cases.case_of(session, made).state is CaseState.AGREED
        event = next(e for e in queries.events_of(session, made.case_id) if e.action == "agree_to")
        assert (event.party, event.channel) == (Party.CLIENT, Channel.LINK)
        offers.introduce(session, made.by(Party.COORDINATOR), made.case_id)
    page = client.get(f"/requests/{made.token}/progress").text
    assert made.people.shops[0].email in page
    assert "とんぼ板金" in page
    assert made.people.shops[1].email not in page


def test_order_inspection_and_what_is_not_the_clients(database: Database, made: cases.Made, client: TestClient) -> None:
    cases.bring_to(database, made, CaseState.INTRODUCED)
    [first, second] = first_offers(database, made)
    assert post(client, made, offer=first.id, action="quote") == 303
    assert post(client, made, offer=first.id, action="win") == 303
    assert post(client, made, offer=second.id, action="win") == 303
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
        for action in ("order_leg", "hand_over"):
            legs.move_leg(session, made.by(Party.COORDINATOR), leg.id, action)
    assert post(client, made, leg=leg.id, action="start_leg") == 404
    assert post(client, made, offer=first.id, action="drop_out") == 404
    assert post(client, made, leg=leg.id, action="send_back") == 422
    assert post(client, made, leg=leg.id, action="accept_leg") == 303
    with database.reading() as session:
        assert cases.legs_of(session, made)[0].state is LegState.ACCEPTED


def test_withdrawing_needs_a_reason_and_can_be_taken_back(
    database: Database, made: cases.Made, client: TestClient
) -> None:
    cases.bring_to(database, made, CaseState.ASKING)
    refused = client.post(f"/requests/{made.token}/progress", data={"action": "withdraw", "words": "予算が付かず"})
    assert refused.status_code == 422
    assert "予算が付かず" in refused.text
    for _ in range(2):
        assert post(client, made, action="withdraw", reason="stopped", words="予算が付かず") == 303
    page = client.get(f"/requests/{made.token}/progress").text
    assert "企画が止まった" in page
    assert post(client, made, action="reopen") == 303
    assert post(client, made, action="lose", reason="price") == 404
    with database.reading() as session:
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING
        actions = [event.action for event in queries.events_of(session, made.case_id)]
        assert actions.count("withdraw") == 1


def test_others_find_nothing_and_staff_act_on_their_own_page(
    database: Database, made: cases.Made, browser_of: Browsing, client: TestClient
) -> None:
    foreign = cases.open_case(database)
    cases.bring_to(database, foreign, CaseState.ANSWERED)
    cases.bring_to(database, made, CaseState.ANSWERED)
    [theirs] = first_offers(database, foreign)
    assert post(client, made, offer=theirs.id, action="agree_to") == 404
    assert client.get("/requests/no-such-token/progress").status_code == 404
    assert post(client, made, offer="none", action="agree_to") == 404
    [first, _second] = first_offers(database, made)
    desk = browser_of(made.people.coordinator)
    assert desk.get(f"/requests/{made.token}/progress").headers["Location"] == f"/cases/{made.case_id}"
    assert post(desk, made, offer=first.id, action="agree_to") == 404
    own = browser_of(made.people.client)
    assert f"/requests/{made.token}/progress" in own.get("/my-requests").text
    assert post(own, made, offer=first.id, action="agree_to") == 303
    assert first_offers(database, made)[0].agreed_by == made.people.client.id
    for stranger in (made.people.other_client, made.people.shops[0], made.people.coordinator):
        assert made.token not in browser_of(stranger).get("/my-requests").text
    assert client.get("/my-requests").headers["Location"].startswith("/sign-in")


def test_many_firms_are_asked_for_at_once(database: Database) -> None:
    counted = []
    for steps in (1, 3):
        made = cases.open_case(database, steps=steps)
        cases.bring_to(database, made, CaseState.INTRODUCED)
        with database.reading() as session, counting(database) as statements:
            cards = client_view.introduced_firms(session, cases.case_of(session, made))
        assert len(cards) >= steps
        assert all(card.email for card in cards)
        counted.append(len(statements))
    assert counted[0] == counted[1]


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database inside the block."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_choosing_further_firms_is_called_so(database: Database, made: cases.Made, client: TestClient) -> None:
    cases.bring_to(database, made, CaseState.SHORTLISTING)
    page = f"/requests/{made.token}/progress"
    assert WAITING[CaseState.SHORTLISTING] in client.get(page).text
    with database.writing() as session:
        leg = cases.legs_of(session, made)[0]
        offers.ask(session, made.by(Party.COORDINATOR), leg.id, [offers.Question(made.firm_ids[0], cases.SUMMARY)])
    asked = client.get(page).text
    assert "たずねた工場 1社" in asked
    assert client_view.ASKING_MORE in asked
    assert WAITING[CaseState.SHORTLISTING] not in asked
