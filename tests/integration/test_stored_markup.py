"""Markup that somebody stored or sent is shown as text: no page gains a tag, a handler or a script by it.

Every text of every table holds more than five hundred payloads, and every page is looked at by every role: a new table
or a new page is part of it without a word here. What the database holds is the same on both kinds, so one is enough.
"""

from collections.abc import Iterator, Mapping

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core import audit
from backend.core.db import Database
from tests import hostile
from tests.integration import markup
from tests.integration.routes import address, every_route, is_file
from tests.integration.test_access import hidden_firm, ids
from tests.integration.test_form_fuzz import place

__all__ = ["hidden_firm", "ids", "place"]

TEXTS = hostile.payloads()
HOSTILE = audit.action("hostile", "<b>xss</b>")
ROLES = ("client", "shop", "admin")
# What pages read from their addresses.
NAMES = ("q", "next", "action", "subject", "actor", "day", "kind", "ward", "process", "step", "edit", "add", "team")
# Forms that would end the visit.
LEAVING = ("/sign-out", "/admin/users/")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def poisoned(database: Database, place: Mapping[str, str]) -> Mapping[str, str]:
    """The ids of every page, in a database whose every text is hostile."""
    columns = hostile.poison(database, TEXTS)
    with database.writing() as session:
        audit.record(session, HOSTILE, "user:<xss>", name="".join(TEXTS))
    assert len(columns) > 40
    return place


def _pages(app: FastAPI, person: TestClient, ids: Mapping[str, str], query: str = "") -> Iterator[tuple[str, str]]:
    """Pattern and text of every HTML page that this person is shown."""
    for method, pattern in every_route(app):
        if method == "GET" and not pattern.startswith("/api/") and not is_file(pattern):
            answer = person.get(address(pattern, ids) + query)
            assert answer.status_code < 500 or answer.status_code == 503, pattern
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            if "html" in answer.headers.get("content-type", ""):
                yield pattern, answer.text


def test_there_are_enough() -> None:
    assert len(TEXTS) >= 500
    assert len(hostile.strange("".join(TEXTS))) > 300


def test_nothing_stored_becomes_markup(
    poisoned: Mapping[str, str], app: FastAPI, request: pytest.FixtureRequest
) -> None:
    faults, holding = {}, set()
    for role in ROLES:
        for pattern, text in _pages(app, request.getfixturevalue(role), poisoned):
            holding |= {pattern} if "xss()" in text else set()
            if found := hostile.strange(text):
                faults[role, pattern] = found[:3]
    assert faults == {}
    assert len(holding) > 20


def test_nothing_sent_becomes_markup(place: Mapping[str, str], app: FastAPI, admin: TestClient) -> None:
    """Nor by a form: each is sent with all payloads in every field, and what is refused stands in it again, as text."""
    faults, refused, shown = {}, 0, []
    query = "?" + "&".join(hostile.quoted(name, TEXTS, 300) for name in NAMES)
    for pattern, text in _pages(app, admin, place, query):
        shown += markup.forms(text, "/")
        if found := hostile.strange(text):
            faults[pattern] = found[:3]
    for form in {form.action: form for form in shown if not form.action.startswith(LEAVING)}.values():
        answer = admin.post(form.action, data=dict.fromkeys((name for name, _value in form.fields), "".join(TEXTS)))
        assert answer.status_code < 500, form.action
        refused += answer.status_code == 422
        if found := hostile.strange(answer.text):
            faults[form.action] = found[:3]
    assert faults == {}
    assert refused > 4
