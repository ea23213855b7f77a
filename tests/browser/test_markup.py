"""Hostile markup in every text, looked at with a real browser: nothing runs, and the policy has nothing to stop.

The pages are those of the application in tests/integration/test_stored_markup.py; there every payload is checked.
"""

from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from backend.accounts.dependencies import COOKIE
from backend.app import create_app
from backend.core.db import Database
from backend.core.settings import Settings
from tests import hostile
from tests.browser.site import _free_port, _wait_until
from tests.integration.crowd import Crowd, crowd, hidden_firm, ids, place
from tests.integration.routes import address, every_route

__all__ = ["crowd", "hidden_firm", "ids", "place"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLE = hostile.payloads()[::9]
# What a browser would download instead of showing it.
FILES = (".csv", ".xlsx", ".json", "{kind}", "/api/", "{picture_id}", "{version_id}", "/points", "/healthz")
# Each page is looked at by the first of these who may.
READERS = ("workshop", "startup", "coordinator", "admin", "stranger")


@pytest.fixture
def url(database: Database, crowd: Crowd, settings: Settings) -> Iterator[str]:
    """The site with every text poisoned, served to a browser."""
    hostile.poison(database, SAMPLE)
    hostile.poison_plans(settings.data_dir, "".join(SAMPLE))
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


def test_no_payload_runs(browser: Browser, app: FastAPI, url: str, crowd: Crowd) -> None:
    patterns = [p for method, p in every_route(app) if method == "GET" and not any(part in p for part in FILES)]
    addresses = dict.fromkeys(address(pattern, here) for pattern in patterns for here in crowd.ids)
    shown: set[str] = set()
    holding = 0
    for name in READERS:
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
        if cookie := crowd.browsers[name].cookies.get(COOKIE):
            context.add_cookies([{"name": COOKIE, "value": cookie, "url": url}])
        page = context.new_page()
        said: list[str] = []
        _listen(page, said)
        for where in addresses:
            if where not in shown:
                answer = page.goto(where, wait_until="load")
                led_away = "/sign-in?" in page.url
                shown |= {where} if answer is not None and answer.status == 200 and not led_away else set()
                holding += "xss" in page.content()
                assert said == [], (name, where)
        context.close()
    assert holding > 60
