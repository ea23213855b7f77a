"""Hours that an order takes: booked once, refused where they are gone, free again when the firm drops out."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlmodel import select

from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms.models import CapacityWeek
from backend.introductions import offers, queries
from backend.introductions.states import CaseState, LegState, Party
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
