"""A place in which every table holds something: two cases with everything people put into them, and the register.

`crowd.ids` are the parts of the addresses, once for a case on its way and once for one that was delivered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as kept

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlmodel import Session
from sqlmodel import select as select_rows

from backend.accounts import queries as queries_of_accounts
from backend.accounts.models import ApiToken, SignInLink
from backend.capacity.models import CapacityContact
from backend.core import clock, mail
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.migrations.tables import all_tables
from backend.core.settings import Settings
from backend.files.models import Document, DocumentVersion
from backend.firms.rules import Answer
from backend.introductions import queries, service
from backend.introductions.desk.models import SavedFilter
from backend.introductions.doors.firm import link_to
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.messages import service as messages
from backend.introductions.models import Notification
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Points, Report
from backend.introductions.states import CaseState, Channel, Party
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.worker import Worker
from tests import cases, factories
from tests.conftest import NewBrowser
from tests.integration.capacity.test_link import fields
from tests.integration.teams.test_route_api import STEPS
from tests.integration.test_access import hidden_firm, ids
from tests.integration.test_form_fuzz import place
from tests.unit.files.samples import pdf

__all__ = ["crowd", "hidden_firm", "ids", "place"]

Ids = Mapping[str, str]
CONTACT = {
    "contact_name": "開発 さくら",
    "contact_email": "sakura@example.jp",
    "contact_organisation": "みほんロボット",
    "contact_phone": "03-1111-2222",
}
DRAWING = ("files", ("図面.pdf", pdf(), "application/pdf"))


@dataclass
class Crowd:
    """The people with a browser each, and the parts of addresses."""

    made: cases.Made
    browsers: dict[str, TestClient] = kept(default_factory=dict)
    ids: list[Ids] = kept(default_factory=list)


@pytest.fixture
def crowd(
    app: FastAPI, database: Database, settings: Settings, place: Ids, admin: TestClient, new_browser: NewBrowser
) -> Crowd:
    """Everything there is, made through pages and services."""
    one, other = cases.open_case(database, steps=2), cases.open_case(database)
    made = Crowd(one, {"admin": admin, "stranger": new_browser()})
    people = {"coordinator": one.people.coordinator, "startup": one.people.client, "workshop": one.people.shops[0]}
    for name, person in people.items():
        made.browsers[name] = new_browser()
        made.browsers[name].cookies.set(*factories.session_cookie(database, settings, person))
    _carry_on(database, one, CaseState.ANSWERED)
    _carry_on(database, other, CaseState.DELIVERED)
    for case in (one, other):
        _files(database, made.browsers, case)
    _report(database, other)
    _odds(database, one, made.browsers, place)
    for _round in range(2):
        Worker(database, settings).run_once()
    made.ids = [{**place, **_addresses(database, settings, case)} for case in (one, other)]
    made.ids[1] = {**made.ids[1], "kind": "xlsx"}
    # The request with a team, and the firm that shows nobody anything.
    made.ids.append(place)
    return made


def _carry_on(database: Database, made: cases.Made, state: CaseState) -> None:
    desk, firm = made.by(Party.COORDINATOR), made.by(Party.FIRM, Channel.PHONE, shop=1)
    with database.writing() as session:
        requests.say_contact(session, made.token, CONTACT)
        requests.give_to_ward(session, made.people.coordinator, made.token, "墨田区")
        service.remark(session, desk, made.case_id, "電話で聞いた")
        session.add(CapacityContact(firm_id=made.firm_ids[0], email="kobo@example.jp", code=f"{made.case_id:06}"))
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        for offer in queries.offers_to(session, made.case_id, made.firm_ids[1]):
            offers.answer(session, firm, offer.id, Reply("conditional", conditions=("later",), words="22日なら"))
    cases.bring_on(database, made, state)
    if state is CaseState.ANSWERED:
        # While firms are asked the client says something else.
        with database.writing() as session:
            requests.change(session, made.token, Wording(cases.TEXT.replace("12個", "30個")))
    with database.writing() as session:
        case = cases.case_of(session, made)
        for by, to in ((desk, "client"), (desk, "coordinators"), (desk, f"firm:{made.firm_ids[0]}")):
            messages.write(session, by, case, to, "確かめました。")
        messages.write(session, made.by(Party.CLIENT), case, "client", "お願いします。")


def _report(database: Database, made: cases.Made) -> None:
    with database.writing() as session:
        won = queries.offers_of(session, made.case_id)[0]
        told = Report(delivered=Answer.YES, amount_yen=180_000, words="届きました")
        outcomes.report(session, made.by(Party.CLIENT), won.id, told)
        outcomes.rate(session, made.by(Party.CLIENT), won.id, Points(5, 4, 3, "よい"))
        outcomes.comment(session, made.by(Party.FIRM), won.id, "ありがとうございました")


def _files(database: Database, browsers: Mapping[str, TestClient], made: cases.Made) -> None:
    desk, client = browsers["coordinator"], browsers["stranger"]
    for browser, base in ((desk, f"/cases/{made.case_id}"), (client, f"/requests/{made.token}/progress")):
        sent = browser.post(f"{base}/files", data={"audience": "consented", "note": "裏面は未定"}, files=[DRAWING])
        assert sent.status_code == 303, sent.text
    document = re.search(r"/documents/(\w+)/show", desk.get(f"/cases/{made.case_id}").text)
    shown = re.findall(r'name="to" value="(\w+:[\w-]+)"', desk.get(f"/cases/{made.case_id}").text)
    if document and shown:
        desk.post(f"/cases/{made.case_id}/documents/{document[1]}/show", data={"to": shown[0]})
    seen = re.findall(r'href="([^"]+/files/\w{32})"', desk.get(f"/cases/{made.case_id}").text)
    assert desk.get(seen[0]).status_code == 200


def _odds(database: Database, one: cases.Made, browsers: Mapping[str, TestClient], place: Ids) -> None:
    """Small things that no case needs."""
    desk, admin = browsers["coordinator"], browsers["admin"]
    for page in ("cases", "board"):
        sent = {"page": page, "name": "いそぎ", "query": "q=%E3%82%A2%E3%83%AB%E3%83%9F"}
        assert desk.post("/cases/filters", data=sent).status_code == 303
    organisation = f"/organisations/{place['organisation_id']}"
    admin.post(f"{organisation}/tokens", data={"name": "生産管理", "scope": "write", "days": "90"})
    browsers["stranger"].post("/", data={"text": "箱"})
    browsers["stranger"].post("/sign-in", data={"email": "nobody@example.jp", "password": "not this one"})
    browsers["stranger"].post("/sign-in/link", data={"email": one.people.client.email})
    page = browsers["stranger"].get(f"/c/{place['link']}").text
    weeks = dict(re.findall(r'name="(w0-[\d-]+)" value="(\w+)"', page))
    assert browsers["stranger"].post(f"/c/{place['link']}", data=fields(page) | weeks).status_code == 303
    assert admin.patch(f"/api/v1/firms/{place['firm_id']}", json={"own_words": "アルミの曲げ"}).status_code == 200
    assert admin.put(f"/api/v1/requests/{one.token}/route", json={"steps": STEPS}).status_code == 200
    with database.writing() as session:
        mail.set_optout(session, "a@example.jp", "message", wanted=False)
        queries_of_accounts.set_wards(session, place["organisation_id"], ["墨田区"])


def _addresses(database: Database, settings: Settings, made: cases.Made) -> dict[str, str]:
    with database.reading() as session:
        offers_here = queries.offers_to(session, made.case_id, made.firm_ids[0])
        link = link_to(settings.secret_key.get_secret_value(), offers_here, clock.today())
        found = {
            "case_id": str(made.case_id),
            "token": made.token,
            "offer_id": offers_here[0].id,
            "leg_id": offers_here[0].leg_id,
            "offer_link": link.removeprefix("/o/"),
        }
        return found | _ids_of(session)


def _ids_of(session: Session) -> dict[str, str]:
    """One of each small thing that stands by itself."""
    firsts = {
        "notice_id": session.exec(select_rows(Notification)).first(),
        "filter_id": session.exec(select_rows(SavedFilter)).first(),
        "api_token_id": session.exec(select_rows(ApiToken)).first(),
        "mail_id": session.exec(select_rows(Mail)).first(),
        "link_token": session.exec(select_rows(SignInLink)).first(),
        "version_id": session.exec(select_rows(DocumentVersion)).first(),
        "document_id": session.exec(select_rows(Document)).first(),
    }
    return {name: row.id for name, row in firsts.items() if row is not None}


def empty_tables(database: Database) -> set[str]:
    """Those in which nothing stands."""
    with database.reading() as session:
        count = session.connection()
        tables = all_tables().tables.values()
        return {table.name for table in tables if not count.execute(select(func.count()).select_from(table)).scalar()}
