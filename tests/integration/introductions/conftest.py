"""People of a case with a browser each."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts.models import User
from backend.core.db import Database
from backend.core.settings import Settings
from tests import factories

Browsing = Callable[[User], TestClient]


@pytest.fixture
def browser_of(app: FastAPI, database: Database, settings: Settings) -> Browsing:
    """A browser in which this person is signed in."""

    def enter(user: User) -> TestClient:
        browser = factories.browser(app)
        browser.cookies.set(*factories.session_cookie(database, settings, user))
        return browser

    return enter
