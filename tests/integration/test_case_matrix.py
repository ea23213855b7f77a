"""Every address of a case, for each kind of person, in each state: who gets in, and what nobody reads who should not.

The addresses come from the application, their classes from the access table; an address without a class fails there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts import memberships, queries
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms.rules import Answer
from backend.introductions import queries as cases_queries
from backend.introductions import service
from backend.introductions.doors import links
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Report
from backend.introductions.states import CaseState, Party
from backend.introductions.tables import DISCLOSED
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import cases, factories
from tests.integration.access_table import (
    ADMIN,
    ASKED_FIRM,
    CASE_PARTIES,
    OFFER_PARTIES,
    OPEN,
    OWN_FIRM,
    PARTIES,
    SIGNED_IN,
    STAFF,
    WORKSHOP,
)
from tests.integration.routes import Route, address, every_route

# Words that stand nowhere but where this test puts them.
CLIENT = ("秘密川 花子", "hidden.matrix@example.jp", "かくれた商会", "03-9753-1864")
ANSWER, REMARK, AMOUNT = "ひみつの返事の言葉", "ひみつの電話メモ", 98_765_431
# What the client says anew once firms are asked: those who do not know it hear of it from the desk, in other words.
ANEW = "ひみつの変更の言葉"
OF_A_CASE = ("{case_id}", "{offer_id}", "{leg_id}", "{offer_link}", "{token}")
# Lists and searches show several cases at once; the words are looked for there too.
LISTS = (
    "/desk",
    "/board",
    "/cases",
    f"/cases?q={CLIENT[0]}",
    "/requests",
    "/offers",
    "/reports",
    "/notices",
    "/my-requests",
)
LEAST_CELLS = 600
# From the first offer on; before it a case shows less of the same. They differ in who knows whom and what may be done.
STATES = (
    CaseState.ASKING,
    CaseState.ANSWERED,
    CaseState.AGREED,
    CaseState.INTRODUCED,
    CaseState.ORDERED,
    CaseState.DELIVERED,
    CaseState.LOST,
    CaseState.WITHDRAWN,
)
NOBODYS = dict.fromkeys(("case_id", "offer_id", "leg_id", "offer_link", "token"), "987654321")


@dataclass(frozen=True)
class Actor:
    """Somebody with a browser. `sees` are the rights by which pages are theirs."""

    name: str
    browser: TestClient
    staff: bool = False
    asked: bool = False
    client: bool = False
    stranger: bool = False


@dataclass(frozen=True)
class Place:
    """One case in one state, with everything its addresses are made of."""

    made: cases.Made
    state: CaseState
    ids: Mapping[str, str]
    disclosed: bool


def _browser(app: FastAPI, database: Database, settings: Settings, user: User | None) -> TestClient:
    browser = factories.browser(app)
    if user is not None:
        browser.cookies.set(*factories.session_cookie(database, settings, user))
    return browser


def _other_ward(database: Database) -> User:
    """A coordinator of one other ward and of nothing else."""
    person = factories.person(database, Role.COORDINATOR)
    with database.writing() as session:
        user = session.merge(person)
        for place in queries.organisations_of(session, user.id):
            known = queries.membership(session, user.id, place.id)
            assert known is not None
            session.delete(known)
        body = memberships.add(session, OrganisationKind.COORDINATORS, "大田区の窓口")
        queries.set_wards(session, body.id, ["大田区"])
        memberships.join(session, user, body, Standing.COORDINATOR, actor_id=None)
    return person


def _actors(app: FastAPI, database: Database, settings: Settings, made: cases.Made) -> Sequence[Actor]:
    def browser(user: User | None) -> TestClient:
        return _browser(app, database, settings, user)

    people = made.people
    return (
        Actor("stranger", browser(None), stranger=True),
        Actor("startup", browser(people.client), client=True),
        Actor("other startup", browser(people.other_client)),
        Actor("workshop offered", browser(people.shops[0]), asked=True),
        Actor("workshop not offered", browser(people.outsider_shop)),
        Actor("coordinator", browser(people.coordinator), staff=True),
        Actor("coordinator of another ward", browser(_other_ward(database))),
        Actor("admin", browser(factories.person(database, Role.ADMIN)), staff=True),
    )


def _place(database: Database, settings: Settings, state: CaseState) -> Place:
    """A case in this state, with words in it that only some may read."""
    made = cases.open_case(database, steps=2)
    contact = dict(zip(("contact_name", "contact_email", "contact_organisation", "contact_phone"), CLIENT, strict=True))
    desk = made.by(Party.COORDINATOR)
    with database.writing() as session:
        requests.say_contact(session, made.token, contact)
        requests.give_to_ward(session, made.people.coordinator, made.token, "墨田区")
        service.remark(session, desk, made.case_id, REMARK)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        mine = [o for o in cases_queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[1]]
        offers.answer(session, made.by(Party.FIRM, shop=1), mine[0].id, Reply("conditional", words=ANSWER))
    cases.bring_on(database, made, state)
    with database.writing() as session:
        requests.change(session, made.token, Wording(f"{cases.TEXT}{ANEW}。"))
    with database.writing() as session:
        first = cases_queries.offers_of(session, made.case_id)[0]
        if first.state in DISCLOSED:
            told = Report(quoted=Answer.YES, amount_yen=AMOUNT)
            outcomes.report(session, made.by(Party.CLIENT), first.id, told)
        leg = cases_queries.legs_of(session, made.case_id)[0]
        known = any(
            o.state in DISCLOSED
            for o in cases_queries.offers_of(session, made.case_id)
            if o.firm_id == made.firm_ids[0]
        )
        ids = {"case_id": str(made.case_id), "offer_id": first.id, "leg_id": leg.id, "token": made.token}
    secret = settings.secret_key.get_secret_value()
    ids["offer_link"] = links.make(secret, made.case_id, made.firm_ids[0], 0, clock.today())
    return Place(made, state, ids, known)


def _may_enter(route: Route, actor: Actor) -> bool:
    if route in STAFF or route in ADMIN:
        return actor.staff and (route not in ADMIN or actor.name == "admin")
    if route in ASKED_FIRM:
        return actor.asked
    if route in PARTIES:
        return actor.staff or (actor.client and route in CASE_PARTIES) or (actor.asked and route in OFFER_PARTIES)
    if route in SIGNED_IN | OWN_FIRM | WORKSHOP:
        return not actor.stranger
    return True


def _forbidden(route: str, actor: Actor, place: Place) -> Iterator[str]:
    """The words that this person must not find at this address."""
    by_token, by_link = "{token}" in route, "{offer_link}" in route
    knows_client = actor.staff or actor.client or by_token or ((actor.asked or by_link) and place.disclosed)
    if not knows_client:
        yield from (*CLIENT, ANEW)
    if not actor.staff:
        if not actor.client and not by_token:
            # The key of the client is for nobody else, also when both know each other.
            yield place.ids["token"]
        yield REMARK
        # What another firm answered. The client reads it without a name.
        if not (actor.client or by_token):
            yield ANSWER
        if not (actor.client or by_token):
            yield str(AMOUNT)
            yield f"{AMOUNT:,}"


def _probe(actor: Actor, route: Route, place: Place) -> str | None:
    """What is wrong with this cell, or nothing."""
    method, pattern = route
    may = _may_enter(route, actor)
    if method != "GET" and may:
        # What a press does is tested with its page; here only those press who must not.
        return None
    answer = actor.browser.request(method, address(pattern, place.ids))
    if not may:
        refused = {401, 303} if actor.stranger else {404}
        if answer.status_code not in refused and not _says_the_same_of_nothing(actor, route, answer.status_code):
            return f"entered with {answer.status_code}"
    elif answer.status_code not in {200, 303, 404, 409}:
        return f"answered {answer.status_code}"
    found = [word for word in _forbidden(pattern, actor, place) if word in answer.text]
    return f"reads {found}" if found else None


def _says_the_same_of_nothing(actor: Actor, route: Route, status: int) -> bool:
    """A program that sends no body hears so first, whether or not there is anything at the address."""
    answer = actor.browser.request(route[0], address(route[1], NOBODYS))
    return status == 422 and answer.status_code == status


# Access is one WHERE clause on both databases; the second is walked in one state.
WALKS = [
    *(("sqlite", state) for state in STATES),
    pytest.param("postgres", CaseState.INTRODUCED, marks=pytest.mark.postgres),
]


@pytest.mark.slow
@pytest.mark.parametrize(("database_kind", "state"), WALKS, indirect=["database_kind"])
def test_every_address_for_everybody_in_every_state(
    app: FastAPI, database: Database, settings: Settings, state: CaseState
) -> None:
    known = OPEN | SIGNED_IN | OWN_FIRM | WORKSHOP | ASKED_FIRM | PARTIES | STAFF | ADMIN
    routes = [r for r in every_route(app) if any(part in r[1] for part in OF_A_CASE)]
    assert set(routes) <= known
    # Beside it stands a case of other people in another state, which holds the same words.
    _place(database, settings, STATES[STATES.index(state) - 1])
    place, cells, wrong = _place(database, settings, state), 0, []
    for actor in _actors(app, database, settings, place.made):
        lists = [("GET", path) for path in LISTS]
        for route in [*routes, *lists]:
            trouble = _probe_list(actor, route[1], place) if route in lists else _probe(actor, route, place)
            cells += 1
            if trouble:
                wrong.append((actor.name, *route, trouble))
    assert wrong == []
    assert cells >= LEAST_CELLS


def _probe_list(actor: Actor, path: str, place: Place) -> str | None:
    answer = actor.browser.get(path)
    if answer.status_code not in {200, 303, 404}:
        return f"answered {answer.status_code}"
    # A search says again what was searched for.
    words = [word for word in _forbidden(path, actor, place) if word not in path and word in answer.text]
    return f"reads {words}" if words else None
