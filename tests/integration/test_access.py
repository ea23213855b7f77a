"""Who may go where: every route for every role. A route that stands in no class of the table fails the first test."""

from collections.abc import Mapping
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import func, select

from backend.accounts import memberships, organisations
from backend.accounts.forms import Invitee
from backend.accounts.letters import INVITATION_ACCEPTED
from backend.accounts.models import Role, Standing
from backend.accounts.organisations import Inviter
from backend.capacity import links
from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.postman import unsubscribe_token
from backend.core.settings import Settings
from backend.firms import service
from backend.firms.drafts import CertificateDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.rules import DEFAULT_AUDIENCES
from backend.introductions import queries as case_queries
from backend.introductions import queries as cases
from backend.introductions.doors.firm import link_to
from backend.introductions.legs import service as case_legs
from backend.introductions.legs.offers import Question, ask
from backend.introductions.legs.service import LegSpec, set_legs
from backend.introductions.states import Party
from backend.introductions.trail import By
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import factories
from tests.conftest import SignInAs
from tests.integration.access_table import (
    ADMIN,
    ASKED_FIRM,
    CLASSES,
    OWN_FIRM,
    PARTIES,
    REFUSED,
    SIGNED_IN,
    STAFF,
    WORKSHOP,
)
from tests.integration.firms.test_import import wait
from tests.integration.routes import address, every_route, is_file
from tests.integration.teams.planning import planned

SECRET = "ひみつのことば"
HIDDEN = FirmDraft(
    name="株式会社かくれ精機",
    ward="大田区",
    kana=SECRET,
    corporate_number="7000012050002",
    address=f"東京都大田区大森南2-3-5 {SECRET}",
    employees=98765,
    capital_yen=98_765_432,
    representative_age_band="over_80",
    succession_state="closing",
    phone="03-9753-1864",
    website="https://himitsu.example.jp/",
    own_words=f"{SECRET} アルミの切削",
    tolerance_mm=0.0123,
    can_lead="yes",
    equipment=(EquipmentDraft("マシニングセンタ", SECRET, SECRET, 2, (6543.21, 450.0, 350.0), remarks=SECRET),),
    techniques=(TechniqueDraft("マシニング加工", (SECRET,), experience=SECRET),),
    materials=("A5052", SECRET),
    certificates=(CertificateDraft("ISO13485", date(2031, 3, 31)),),
    audiences=dict.fromkeys(DEFAULT_AUDIENCES, "coordinator"),
)
SECRETS: tuple[str, ...] = (
    SECRET,
    "7000012050002",
    "98765",
    "98765432",
    "98,765,432",
    "himitsu",
    "9753-1864",
    "0.0123",
    "6543.21",
    "6,543.21",
    "ISO13485",
)
SECRETS += ("over_80", "80歳以上", "closing", "たたむ", "2-3-5")


@pytest.fixture
def hidden_firm(database: Database) -> str:
    """A firm that shows nobody but the coordinators anything it may hide."""
    with database.writing() as session:
        return service.create_firm(session, None, HIDDEN, form_id=factories.FIRM_ID).id


@pytest.fixture
def ids(database: Database, settings: Settings, hidden_firm: str, coordinator: TestClient) -> Mapping[str, str]:
    """Real ids where a page shows something, others where they would end the visit."""
    with database.writing() as session:
        token = requests.send(session, Wording("アルミの箱を10個。")).token
    sent = coordinator.post(
        "/firms/import", files={"file": ("firms.csv", "会社名,区\n有限会社ためし,墨田区\n".encode())}
    )
    wait(coordinator, sent.headers["Location"])
    import_id = sent.headers["Location"].rpartition("/")[2]
    there = {"firm_id": hidden_firm, "token": token, "import_id": import_id}
    there["run_id"] = planned(coordinator, token).rpartition("/")[2]
    there |= _case_of(database, token)
    there["link"] = links.make(settings.secret_key.get_secret_value(), hidden_firm, 1, clock.today())
    there |= asked_firm(database, settings, token)
    letter = unsubscribe_token(INVITATION_ACCEPTED, "a@example.jp", settings)
    there |= _invitation(database, settings)
    there |= {"plan_id": "none", "handover_id": "none", "api_token_id": "none", "notice_id": "none", "kind": "csv"}
    return there | {"picture_id": "none", "sign_in_id": "none", "user_id": "none", "letter": letter}


def _case_of(database: Database, token: str) -> Mapping[str, str]:
    """The case of this request, with one leg."""
    by = By(factories.person(database, Role.ADMIN), Party.COORDINATOR)
    with database.writing() as session:
        case = cases.case_of_request(session, requests.open_request(session, token).id or 0)
        assert case is not None
        [leg] = case_legs.set_legs(session, by, case.id or 0, [LegSpec("", "切削")])
    return {"case_id": str(case.id), "leg_id": leg.id}


def asked_firm(database: Database, settings: Settings, token: str) -> Mapping[str, str]:
    """A firm that was asked for the case of this request, and its link."""
    by = By(factories.person(database, Role.ADMIN), Party.COORDINATOR)
    with database.writing() as session:
        asked = service.create_firm(session, None, FirmDraft(name="たずねられた工場", ward="墨田区"))
        case = case_queries.case_of_request(session, requests.open_request(session, token).id or 0)
        assert case is not None
        legs = case_queries.legs_of(session, case.id or 0)
        [leg] = legs or set_legs(session, by, case.id or 0, [LegSpec("", "切削")])
        offers = ask(session, by, leg.id, [Question(asked.id, (("何を", "アルミの箱"),))])
        link = link_to(settings.secret_key.get_secret_value(), offers, clock.today())
        return {"offer_id": offers[0].id, "offer_link": link.removeprefix("/o/")}


def _invitation(database: Database, settings: Settings) -> Mapping[str, str]:
    """An open invitation into a workshop that none of the named people belongs to, with the mail that told of it."""
    secret = settings.secret_key.get_secret_value()
    by = Inviter(factories.person(database, Role.ADMIN), secret)
    with database.writing() as session:
        organisation = memberships.of_firm(session, "firm-of-nobody", "だれかの工場")
        invitee = Invitee(Standing.MEMBER, "invited@example.jp")
        made = organisations.invite(session, organisation, invitee, by, batch="batch")
        mail = session.exec(select(Mail)).one()
    return {
        "organisation_id": organisation.id,
        "invitation_id": made.id,
        "code": organisations.code_of(made.id, secret),
        "batch": "batch",
        "mail_id": mail.id,
        "job_id": "none",
        "link_token": "none",
    }


def _events(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(AuditEvent)).one()


def test_every_route_has_one_class(app: FastAPI) -> None:
    routes = every_route(app)
    assert sorted(routes) == sorted(route for one in CLASSES for route in one)
    assert len(routes) == len(set(routes))


def test_a_stranger_is_shown_the_way_in(client: TestClient, ids: Mapping[str, str], database: Database) -> None:
    before = _events(database)
    for method, pattern in SIGNED_IN | OWN_FIRM | WORKSHOP | ASKED_FIRM | PARTIES | STAFF | ADMIN:
        answer = client.request(method, address(pattern, ids))
        # A program is told so; a person is led to the sign-in page.
        shown = (401, "") if pattern.startswith("/api/") else (303, "/sign-in?next=")
        assert (answer.status_code, answer.headers.get("Location", "")[:14]) == shown, pattern
        answer = client.request(method, address(pattern, ids), headers={"Accept": "application/json"})
        assert answer.status_code == 401, pattern
    assert _events(database) == before


@pytest.mark.parametrize("role", ["startup", "shop", "coordinator", "admin"])
def test_a_person_without_the_right_finds_nothing(
    role: str, ids: Mapping[str, str], database: Database, request: pytest.FixtureRequest
) -> None:
    person: TestClient = request.getfixturevalue(role)
    before = _events(database)
    for method, pattern in REFUSED[role]:
        answer = person.request(method, address(pattern, ids))
        assert answer.status_code == 404, (method, pattern)
        assert "見つかりませんでした" in answer.text
    assert _events(database) == before


@pytest.mark.parametrize("role", ["client", "startup", "shop", "coordinator", "admin"])
def test_everybody_enters_what_is_theirs(
    role: str, ids: Mapping[str, str], app: FastAPI, request: pytest.FixtureRequest
) -> None:
    person: TestClient = request.getfixturevalue(role)
    refused = REFUSED.get(role, SIGNED_IN | OWN_FIRM | WORKSHOP | ASKED_FIRM | PARTIES | STAFF | ADMIN)
    for method, pattern in every_route(app):
        if method == "GET" and (method, pattern) not in refused and not is_file(pattern):
            answer = person.get(address(pattern, ids))
            # 409: theirs, but there is nothing to show yet, as a letter before the introduction.
            assert answer.status_code in {200, 303, 409, 503}, pattern
            assert "/sign-in" not in answer.headers.get("Location", ""), pattern


@pytest.mark.parametrize("role", ["client", "outsider", "other_shop"])
def test_hidden_fields_are_nowhere(
    role: str, ids: Mapping[str, str], app: FastAPI, request: pytest.FixtureRequest
) -> None:
    person: TestClient = request.getfixturevalue(role)
    answers = {p: person.get(address(p, ids)).text for m, p in every_route(app) if m == "GET" and "openapi" not in p}
    asked = "ISO9001の認証とA5052のマシニング加工、公差±0.01、大きさ700×400×300を10個"
    answers["typed"] = person.post("/", data={"text": asked}).text
    answers["asked"] = person.post("/api/v1/matches", json={"text": asked, "top": 100}).text
    found = {(where, secret) for where, text in answers.items() for secret in SECRETS if secret in text}
    assert found == set()


@pytest.mark.parametrize("query", [f"q={SECRET}", "q=7000012050002", "certificate=ISO13485", f"material={SECRET}"])
def test_hidden_fields_are_not_found_by_searching(client: TestClient, hidden_firm: str, query: str) -> None:
    assert client.get(f"/api/v1/firms?{query}").json()["total"] == 0
    assert client.get(f"/firms/points?{query}").json() == []


@pytest.fixture
def other_shop(sign_in_as: SignInAs, database: Database) -> TestClient:
    """Somebody of another workshop."""
    with database.writing() as session:
        other = service.create_firm(session, None, FirmDraft(name="別の工場", ward="墨田区")).id
    return sign_in_as(Role.WORKSHOP, firm_id=other)
