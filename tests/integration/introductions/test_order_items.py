"""4条明示: who ticks what an order names, who sees it, and on which legs it stands."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.settings import Settings
from backend.firms.models import Firm
from backend.introductions import queries, service
from backend.introductions.legs import offers, order_items
from backend.introductions.models import CaseLeg, Offer
from backend.introductions.states import CaseState, ClientKind, OfferState, Party
from backend.teams.legs_rules import ORDER_ITEMS, Hint, LegLaw
from tests import cases
from tests.integration.introductions.desk import browser

HEAD = "注文のときに示すこと(4条明示)"


def _ordered(database: Database, *, led: bool = False) -> cases.Made:
    """Two legs, both with the first firm; or the second leg done by another firm, for the first one."""
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.ORDERED)
    if led:
        with database.writing() as session:
            other = cases.legs_of(session, made)[1]
            other.firm_id, other.orderer_firm_id = made.firm_ids[1], made.firm_ids[0]
            for offer in queries.offers_of(session, made.case_id):
                if offer.leg_id == other.id:
                    offer.state = OfferState.WON if offer.firm_id == other.firm_id else OfferState.NOT_CHOSEN
                    offer.introduced_at = clock.now()
                    session.add(offer)
            session.add(other)
    return made


def _leg(database: Database, made: cases.Made, place: int) -> CaseLeg:
    with database.reading() as session:
        return cases.legs_of(session, made)[place]


def _offer_of(database: Database, made: cases.Made, place: int) -> str:
    leg = _leg(database, made, place)
    with database.reading() as session:
        made_offers = queries.offers_of(session, made.case_id)
        return next(o.id for o in made_offers if o.leg_id == leg.id and o.firm_id == leg.firm_id)


def test_a_client_ticks_and_both_sides_and_the_desk_see_it(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = _ordered(database)
    leg = _leg(database, made, 0)
    client = browser(app, database, settings, made.people.client)
    page = f"/requests/{made.token}/progress"
    assert f"{HEAD} 0/9" in client.get(page).text
    late = {
        "action": "order_items",
        "leg": leg.id,
        "items": ["parties", "due"],
        "on": f"{clock.today() + timedelta(days=1)}",
    }
    refused = client.post(page, data=late)
    assert refused.status_code == 422
    assert "まだ来ていない日です" in refused.text
    assert 'value="due" checked' in refused.text
    for _ in range(2):
        assert client.post(page, data=late | {"on": f"{clock.today()}"}).status_code == 303
    with database.reading() as session:
        events = [e for e in queries.events_of(session, made.case_id) if e.action == "order items"]
        assert [e.words for e in events] == ["2/9"]
    shop = browser(app, database, settings, made.people.shops[0])
    theirs = shop.get(f"/offers/{_offer_of(database, made, 0)}").text
    assert "注文で示されたこと(4条明示) 2/9" in theirs
    assert 'name="items"' not in theirs
    # The coordinator adds one, marked with the name, and prints it.
    desk = browser(app, database, settings, made.people.coordinator)
    path = f"/cases/{made.case_id}/legs/{leg.id}"
    assert f"{HEAD} 2/9" in desk.get(f"/cases/{made.case_id}").text
    sent = {"items": ["parties", "due", "price"], "on": f"{clock.today() - timedelta(days=1)}"}
    assert desk.post(f"{path}/order-items", data=sent).status_code == 303
    sheet = desk.get(f"{path}/order-sheet").text
    assert sheet.count("☑") == 3
    assert f"コーディネーター {made.people.coordinator.name}" in sheet
    kept = _leg(database, made, 0).order_items
    assert [kept[key]["party"] for key in ("parties", "price")] == ["client", "coordinator"]
    # A firm that does not do the leg sees none of it.
    other = browser(app, database, settings, made.people.shops[1])
    assert "4条明示" not in "".join(other.get(f"/offers/{o.id}").text for o in _own(database, made, 1))


def _own(database: Database, made: cases.Made, shop: int) -> list[Offer]:
    with database.reading() as session:
        return [o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[shop]]


def test_in_a_chain_the_firm_that_orders_ticks(app: FastAPI, database: Database, settings: Settings) -> None:
    made = _ordered(database, led=True)
    leg = _leg(database, made, 1)
    lead = browser(app, database, settings, made.people.shops[0])
    page = f"/offers/{_offer_of(database, made, 0)}"
    assert f"{HEAD} 0/9" in lead.get(page).text
    sent = {"action": "order_items", "leg": leg.id, "items": ["work"], "on": ""}
    assert lead.post(f"{page}/act", data=sent).status_code == 303
    assert set(_leg(database, made, 1).order_items) == {"work"}
    supplier = browser(app, database, settings, made.people.shops[1])
    theirs = f"/offers/{_offer_of(database, made, 1)}"
    assert "注文で示されたこと(4条明示) 1/9" in supplier.get(theirs).text
    # Neither the firm that does the work nor the client says what that order names.
    assert supplier.post(f"{theirs}/act", data=sent).status_code == 404
    client = browser(app, database, settings, made.people.client)
    assert client.post(f"/requests/{made.token}/progress", data=sent).status_code == 404
    assert f"{HEAD} 1/9" not in client.get(f"/requests/{made.token}/progress").text


def test_it_belongs_to_the_order_and_stands_where_a_law_may_ask(database: Database) -> None:
    made = _ordered(database)
    leg = _leg(database, made, 0)
    by = made.by(Party.CLIENT)
    with database.writing() as session:
        order_items.tick(session, by, leg.id, ["work", "nonsense"], None)
        case = cases.case_of(session, made)
        firms = queries.firms_by_id(session, made.firm_ids)
        assert set(order_items.lists(session, case, [leg], firms, "依頼者")) == {leg.id}
        firm = session.get(Firm, leg.firm_id)
        assert firm is not None
        firm.capital_yen, firm.employees = 500_000_000, 400
        assert order_items.lists(session, case, [leg], firms, "依頼者") == {}
        firm.capital_yen, firm.employees = 5_000_000, 3
        case.client_kind = ClientKind.PERSON
        assert order_items.lists(session, case, [leg], firms, "依頼者") == {}
    with database.writing() as session:
        offers.act(session, made.by(Party.FIRM), _offer_of(database, made, 0), "drop_out", words="機械の故障")
    assert _leg(database, made, 0).order_items == {}
    with database.writing() as session, pytest.raises(Refused):
        order_items.tick(session, by, leg.id, ["work"], None)
    with database.writing() as session, pytest.raises(NotFound):
        order_items.tick(session, made.by(Party.FIRM), leg.id, ["work"], None)
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, "lose", reason="stopped")
    with database.writing() as session, pytest.raises((Refused, Invalid)):
        order_items.tick(session, by, leg.id, list(ORDER_ITEMS), None)


def test_a_law_that_may_apply_is_enough() -> None:
    assert order_items.is_caught(LegLaw(Hint.UNKNOWN, Hint.NO))
    assert order_items.is_caught(LegLaw(Hint.NO, Hint.YES))
    assert not order_items.is_caught(LegLaw(Hint.NO, Hint.NO))
