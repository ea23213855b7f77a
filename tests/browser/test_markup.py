"""Hostile markup in every text, looked at with a real browser: nothing runs, and the policy has nothing to stop.

The pages are those of the application in tests/integration/test_stored_markup.py; there every payload is checked.
"""

from collections.abc import Iterator, Mapping
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from backend.accounts.models import Role
from backend.app import create_app
from backend.core.db import Database
from backend.core.settings import Settings
from tests import factories, hostile
from tests.browser.site import _free_port, _wait_until
from tests.integration.routes import address, every_route
from tests.integration.test_access import hidden_firm, ids
from tests.integration.test_form_fuzz import place

__all__ = ["hidden_firm", "ids", "place"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLE = hostile.payloads()[::9]
# What a browser would download instead of showing it.
FILES = (".csv", ".xlsx", ".json", "{kind}", "/api/", "{picture_id}", "{version_id}", "/points", "/healthz")


@pytest.fixture
def url(database: Database, place: Mapping[str, str], settings: Settings) -> Iterator[str]:
    """The site with every text poisoned, served to a browser."""
    hostile.poison(database, SAMPLE)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=_free_port(), log_level="error"))
    thread = Thread(target=server.run, name="hostile")
    thread.start()
    _wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.config.port}"
    server.should_exit = True
    thread.join()


def _listen(page: Page, said: list[str]) -> None:
    """Everything that runs, and everything the content policy had to stop."""
    page.expose_function("xss", lambda *_values: said.append("a payload ran"))
    page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: said.append(f"error {error}"))
    page.on("console", lambda entry: said.append(entry.text) if "Content Security Policy" in entry.text else None)
    page.on("request", lambda asked: said.append(asked.url) if "xss.example" in asked.url else None)


def test_no_payload_runs(
    browser: Browser, app: FastAPI, url: str, database: Database, settings: Settings, place: Mapping[str, str]
) -> None:
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
    name, value = factories.session_cookie(database, settings, factories.person(database, Role.ADMIN))
    context.add_cookies([{"name": name, "value": value, "url": url}])
    page, seen = context.new_page(), 0
    said: list[str] = []
    _listen(page, said)
    for method, pattern in every_route(app):
        if method == "GET" and not any(part in pattern for part in FILES):
            answer = page.goto(address(pattern, place), wait_until="load")
            seen += answer is not None and "xss" in page.content()
            assert said == [], pattern
    context.close()
    assert seen > 20
