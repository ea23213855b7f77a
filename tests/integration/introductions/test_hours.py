"""Hours that an order takes: booked once, refused where they are gone, free again when the firm drops out."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import User
from backend.capacity import bookings
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms.models import CapacityWeek
from backend.firms.rules import Answer
from backend.introductions import queries, service
from backend.introductions.legs import offers, orders
from backend.introductions.models import CaseLeg, Notification, Offer
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Report
from backend.introductions.states import CaseState, LegState, OfferState, Party
from tests import cases, factories


def _desk(client: TestClient, database: Database, settings: Settings, user: User) -> TestClient:
    browser = TestClient(client.app, follow_redirects=False, raise_server_exceptions=False)
    browser.cookies.set(*factories.session_cookie(database, settings, user))
    return browser


def _free(database: Database, firm_id: str) -> float:
    with database.reading() as session:
        weeks = session.exec(select(CapacityWeek).where(CapacityWeek.firm_id == firm_id))
        return sum(week.hours_left for week in weeks)


def test_an_order_books_hours(client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ORDERED)
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    firm_id = made.firm_ids[0]
    with database.writing() as session:
        session.add(CapacityWeek(firm_id=firm_id, week_start=monday, hours_free=10.0, declared_at=clock.now()))
        leg = cases.legs_of(session, made)[0]
        leg_id = leg.id
    desk = _desk(client, database, settings, made.people.coordinator)
    path = f"/cases/{made.case_id}/legs/{leg_id}/move"
    wanted = {"action": "order_leg", "hours": "12", "words": "電話で確認", "first": f"{monday}"}
    wanted["last"] = f"{monday + timedelta(days=4)}"
    for wrong, status in (
        (wanted, 409),
        (wanted | {"hours": "たくさん"}, 422),
        (wanted | {"last": ""}, 422),
        (wanted | {"first": wanted["last"], "last": wanted["first"]}, 422),
        (wanted | {"first": f"{monday + timedelta(days=5)}", "last": f"{monday + timedelta(days=6)}"}, 422),
    ):
        refused = desk.post(path, data=wrong)
        assert refused.status_code == status, wrong
        assert "電話で確認" in refused.text
        assert _free(database, firm_id) == 10.0
    # The same form sent twice takes the hours once.
    for _ in range(2):
        assert desk.post(path, data=wanted | {"hours": "８"}).status_code == 303
    assert _free(database, firm_id) == 2.0
    with database.writing() as session:
        won = next(o for o in queries.offers_of(session, made.case_id) if o.firm_id == firm_id)
        assert cases.legs_of(session, made)[0].state is LegState.ORDERED
        offers.act(session, made.by(Party.FIRM), won.id, "drop_out", words="機械の故障")
    assert _free(database, firm_id) == 10.0


@pytest.fixture
def planned(database: Database) -> cases.Made:
    """A firm introduced for a leg that takes eight hours of next week, of which it has ten."""
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    with database.writing() as session:
        firm_id = made.firm_ids[0]
        session.add(CapacityWeek(firm_id=firm_id, week_start=monday, hours_free=10.0, declared_at=clock.now()))
        leg = cases.legs_of(session, made)[0]
        leg.hours, leg.start, leg.finish = 8.0, monday, monday + timedelta(days=4)
        session.add(leg)
    return made


def _won(database: Database, made: cases.Made) -> tuple[Offer, CaseLeg]:
    with database.reading() as session:
        offer = next(o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[0])
        return offer, cases.legs_of(session, made)[0]


def test_an_order_that_a_firm_tells_of_books_hours(
    client: TestClient, database: Database, settings: Settings, planned: cases.Made
) -> None:
    offer, leg = _won(database, planned)
    shop = _desk(client, database, settings, planned.people.shops[0])
    assert 'value="8.0"' in shop.get(f"/offers/{offer.id}").text
    form = {"offer": offer.id, "action": "order", "first": f"{leg.start}", "last": f"{leg.finish}"}
    wrong = shop.post(f"/offers/{offer.id}/act", data=form | {"hours": "たくさん"})
    assert wrong.status_code == 422
    assert "たくさん" in wrong.text
    assert _won(database, planned)[0].state is OfferState.INTRODUCED
    for _ in range(2):
        assert shop.post(f"/offers/{offer.id}/act", data=form | {"hours": "6"}).status_code == 303
    assert _free(database, planned.firm_ids[0]) == 4.0
    assert _won(database, planned)[1].state is LegState.ORDERED
    assert "6時間を押さえてあります" in shop.get(f"/offers/{offer.id}").text
    with database.writing() as session:
        service.move(session, planned.by(Party.COORDINATOR), planned.case_id, "lose", reason="stopped")
    assert _free(database, planned.firm_ids[0]) == 10.0


def test_an_order_of_a_client_books_what_was_planned(database: Database, planned: cases.Made) -> None:
    offer, leg = _won(database, planned)
    said = Report(ordered=Answer.YES, ordered_on=clock.today())
    with database.writing() as session:
        outcomes.report(session, planned.by(Party.CLIENT), offer.id, said)
    assert _free(database, planned.firm_ids[0]) == 2.0
    # The same order told by the firm as well, with other hours, takes none besides.
    with database.writing() as session:
        orders.report(session, planned.by(Party.CLIENT), offer.id)
        orders.take(session, planned.by(Party.FIRM), offer.id, {leg.start: 1.0} if leg.start else None)
    assert _free(database, planned.firm_ids[0]) == 2.0
    assert _won(database, planned)[1].state is LegState.ORDERED


def test_an_order_holds_where_the_hours_are_gone(database: Database, planned: cases.Made) -> None:
    offer, leg = _won(database, planned)
    assert leg.start
    with database.writing() as session:
        bookings.book(session, "another job", {(offer.firm_id, leg.start): 5.0})
    for _ in range(2):
        with database.writing() as session:
            orders.take(session, planned.by(Party.FIRM), offer.id)
    assert _won(database, planned)[0].state is OfferState.WON
    assert _free(database, planned.firm_ids[0]) == 5.0
    with database.reading() as session:
        told = session.exec(select(Notification).where(Notification.action == "order-unbooked")).all()
        assert [one.user_id for one in told] == [planned.people.coordinator.id]
        events = queries.events_of(session, planned.case_id)
        assert ["あと5時間" in event.words for event in events if event.action == "unbooked"] == [True]


def test_hours_without_days_stand_in_no_ones_way(
    client: TestClient, database: Database, settings: Settings, planned: cases.Made
) -> None:
    """A step of a route knows its hours and no days: the firm that just presses has its order."""
    offer, leg = _won(database, planned)
    with database.writing() as session:
        session.merge(leg).start = None
    shop = _desk(client, database, settings, planned.people.shops[0])
    assert 'value="8.0"' not in shop.get(f"/offers/{offer.id}").text
    blank = {"offer": offer.id, "action": "order", "hours": "", "first": "", "last": f"{leg.finish}"}
    assert shop.post(f"/offers/{offer.id}/act", data=blank).status_code == 303
    assert _won(database, planned)[1].state is LegState.ORDERED
    assert _free(database, planned.firm_ids[0]) == 10.0
