"""Other sites cannot make a browser do anything here, and looking changes nothing: every route, as the application
lists them. They need no list of their own; one that is exempt stands in EXEMPT with its reason, and there is none.
"""

import hashlib
from collections.abc import Mapping

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.accounts.dependencies import COOKIE
from backend.accounts.models import OrganisationKind, Role
from backend.core.db import Database
from backend.core.migrations.tables import all_tables
from backend.core.settings import Environment
from tests import factories
from tests.conftest import NewBrowser
from tests.integration.crowd import Crowd, crowd, hidden_firm, ids, place
from tests.integration.programs import Programs
from tests.integration.routes import address, every_route

__all__ = ["crowd", "hidden_firm", "ids", "place"]

# What a browser says of itself when another site makes it send something: by form, by script, from a sandbox, from a
# neighbouring name, and what older browsers say.
FOREIGN: tuple[Mapping[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://other.testserver"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://testserver.elsewhere.example"},
    {"Origin": "null"},
)
# Kinds of bodies that a page of another site can send without asking first.
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b"action=take&name=x&text=x&sure=true&active=true"),
    ("text/plain", b'{"text": "x"}'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--x--\r\n'),
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
EXEMPT: Mapping[tuple[str, str], str] = {}
# What may be written down when somebody looks: who saw which drawing, how far somebody read, and the trail of a token.
SEEN = frozenset({"document_views", "case_reads"})
# The number on a firm's sheet of paper is made when the sheet is first looked at; after that it stays.
MADE_ONCE = ("/firms/{firm_id}/capacity/sheet",)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def _state(database: Database) -> dict[str, str]:
    """A digest of each table."""
    with database.reading() as session:
        rows = {table.name: session.connection().execute(select(table)).all() for table in all_tables().tables.values()}
    return {name: hashlib.sha256(repr(sorted(map(repr, found))).encode()).hexdigest() for name, found in rows.items()}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {name for name in after if after[name] != before[name]}


def test_no_other_site_can_do_anything(app: FastAPI, database: Database, crowd: Crowd) -> None:
    _nothing_sent_from_elsewhere_counts(app, database, crowd)
    del crowd.browsers["program"]
    _looking_changes_nothing(app, database, crowd)


def _nothing_sent_from_elsewhere_counts(app: FastAPI, database: Database, crowd: Crowd) -> None:
    program = Programs(app, database).of(OrganisationKind.COORDINATORS)
    crowd.browsers["program"] = program.client
    before, sent, let_in = _state(database), 0, []
    for method, pattern in every_route(app):
        if method in SAFE or (method, pattern) in EXEMPT:
            continue
        for number, (name, browser) in enumerate(crowd.browsers.items()):
            headers, (kind, body) = FOREIGN[sent % len(FOREIGN)], BODIES[number % len(BODIES)]
            where = address(pattern, crowd.ids[sent % 2])
            answer = browser.request(method, where, content=body, headers={**headers, "Content-Type": kind})
            sent += 1
            if answer.status_code != 403 or "set-cookie" in answer.headers:
                let_in.append((name, method, pattern, answer.status_code, dict(headers)))
    assert let_in == []
    assert sent > 500
    assert _changed(before, _state(database)) == set()


def test_every_kind_of_stranger_is_refused_everywhere(app: FastAPI, client: TestClient) -> None:
    for method, pattern in every_route(app):
        if method not in SAFE and (method, pattern) not in EXEMPT:
            for headers in FOREIGN:
                assert client.request(method, pattern, headers=dict(headers)).status_code == 403, (pattern, headers)


def _looking_changes_nothing(app: FastAPI, database: Database, crowd: Crowd) -> None:
    """A picture on another site can make a browser look at anything; a program of mails opens every link."""
    patterns = [pattern for method, pattern in every_route(app) if method == "GET"]
    once = {where for pattern in MADE_ONCE for where in (address(pattern, here) for here in crowd.ids)}
    for where in once:
        assert crowd.browsers["admin"].get(where).status_code == 200
    before, wrote = _state(database), {}
    for name, browser in crowd.browsers.items():
        for where in dict.fromkeys(address(pattern, here) for pattern in patterns for here in crowd.ids):
            answer = browser.get(where, headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code < 500 or answer.status_code == 503, where
        if changed := _changed(before, _state(database)) - SEEN:
            wrote[name] = changed
    assert wrote == {}


def test_the_cookie_does_not_travel_along(
    client: TestClient, database: Database, new_browser: NewBrowser, app: FastAPI
) -> None:
    """Even a browser that says nothing about where a form came from sends it without the session."""
    user = factories.person(database, Role.STARTUP)
    form = {"email": user.email, "password": factories.PASSWORD}
    for production in (False, True):
        wanted = Environment.PRODUCTION if production else Environment.TEST
        app.state.settings = app.state.settings.model_copy(update={"environment": wanted})
        said = new_browser().post("/sign-in", data=form).headers["set-cookie"].lower()
        assert said.startswith(COOKIE)
        assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in said.split(";")}
        assert ("; secure" in said) == production
        assert "domain=" not in said
