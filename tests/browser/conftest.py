"""A real Chromium against a real server: one site for all tests, a fresh browser profile for each."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site, serve

LOCALES = {"ja": "ja-JP", "en": "en-GB"}
HEIGHT = 900

Open = Callable[..., Page]

# How long a page may take to show what is expected, in milliseconds. A limit of speed has a test of its own; this one
# only ends a test that fails, so that it also holds on a machine with much else to do.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> dict[str, Any]:
    """How to start the browser: the system's Chromium if there is one, else Playwright's own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return {"args": ["--no-sandbox"]} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return chromium()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running site."""
    with serve(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """`open_page(width=360, lang="en", scripts=False, staff=True)`: a page of a new browser profile."""
    contexts = []

    def enter(*, width: int = 1280, lang: str = "ja", scripts: bool = True, staff: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale=LOCALES[lang],
            java_script_enabled=scripts,
            base_url=site.url,
        )
        contexts.append(context)
        if staff:
            name, value = site.coordinator
            context.add_cookies([{"name": name, "value": value, "url": site.url}])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def is_fine() -> Callable[[Page], None]:
    """Checks the page as it stands: nothing for axe to find, nothing wider than the screen."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    return check
