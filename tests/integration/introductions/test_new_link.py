"""A firm's link that came into wrong hands is replaced: the old one opens nothing, the new one goes out by mail."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.doors.firm import link_to
from backend.introductions.models import Offer
from backend.introductions.states import CaseState
from backend.worker import Worker
from tests import cases
from tests.integration.introductions.desk import browser


def _links(database: Database, settings: Settings, made: cases.Made) -> tuple[list[list[Offer]], list[str]]:
    """What each firm was asked, and its link."""
    secret = settings.secret_key.get_secret_value()
    with database.reading() as session:
        asked = [list(queries.offers_to(session, made.case_id, firm_id)) for firm_id in made.firm_ids]
    return asked, [link_to(secret, offers, clock.today()) for offers in asked]


def test_a_link_is_replaced(app: FastAPI, client: TestClient, database: Database, settings: Settings) -> None:
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.ASKING)
    asked, (old, others) = _links(database, settings, made)
    assert client.get(old).status_code == client.get(others).status_code == 200
    desk = browser(app, database, settings, made.people.coordinator)
    with database.reading() as session:
        seen = cases.case_of(session, made).version
    press = f"/cases/{made.case_id}/offers/{asked[0][0].id}/link"
    assert "リンクを作り直す" in desk.get(f"/cases/{made.case_id}").text
    for _twice in range(2):
        assert desk.post(press, data={"seen": f"{seen}"}).status_code == 303
    assert client.get(old).status_code == 404
    assert client.get(others).status_code == 200
    _asked, (anew, _others) = _links(database, settings, made)
    assert client.get(anew).status_code == 200
    Worker(database, settings).run_once()
    with database.reading() as session:
        [event] = session.exec(select(AuditEvent).where(AuditEvent.action == "case change link")).all()
        assert event.actor_id == made.people.coordinator.id
        [mail] = session.exec(select(Mail).where(col(Mail.event) == "offer-link")).all()
    assert mail.recipient == made.people.shops[0].email
    assert anew in mail.text
    # An older page is not enough, and an offer of another case is not there.
    other = cases.open_case(database)
    assert desk.post(press, data={"seen": "1"}).status_code == 409
    # From the page as it was, the link of the second firm is asked for and not replaced: somebody has to look again.
    again = desk.post(f"/cases/{made.case_id}/offers/{asked[1][0].id}/link", data={"seen": f"{seen}"})
    assert again.status_code == 409
    assert "いまの様子を見て" in again.text
    assert desk.post(f"/cases/{other.case_id}/offers/{asked[0][0].id}/link").status_code == 404
    shop = browser(app, database, settings, made.people.shops[0])
    assert shop.post(press).status_code in {403, 404}
