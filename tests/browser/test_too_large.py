"""A form that is too large is answered with a page, and not with a lost connection: a real browser, a real server."""

from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, expect
from sqlmodel import select

from backend.app import create_app
from backend.core.db import Database
from backend.core.settings import Settings
from backend.files.models import Document
from backend.introductions.states import CaseState
from tests import cases
from tests.browser.site import _free_port, _wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FILL = "([selector, size]) => { document.querySelector(selector).value = 'あ'.repeat(size) }"
ATTACH = """([selector, size]) => {
  const chosen = new DataTransfer();
  chosen.items.add(new File([new Uint8Array(size)], "大きい図面.pdf", {type: "application/pdf"}));
  const input = document.querySelector(selector);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", {bubbles: true}));
}"""


@pytest.fixture
def url(settings: Settings, database: Database) -> Iterator[str]:
    """A site that takes one megabyte, and two with files."""
    narrow = settings.model_copy(update={"max_body_mb": 1, "max_upload_mb": 2})
    server = uvicorn.Server(uvicorn.Config(create_app(narrow), port=_free_port(), log_level="error"))
    thread = Thread(target=server.run, name="narrow")
    thread.start()
    _wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.config.port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_says_what_to_do(browser: Browser, url: str, database: Database, scripts: bool) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    context = browser.new_context(base_url=url, locale="ja-JP", java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/")
    page.evaluate(FILL, ["textarea[name=text]", 1_500_000])
    page.locator("form:has(textarea[name=text])").evaluate("form => form.submit()")
    expect(page.get_by_role("heading", level=1)).to_contain_text("一度に送れるのは1 MBまで", timeout=60_000)
    page.goto(f"/requests/{made.token}/progress")
    page.locator("form:has(input[type=file]) textarea, form:has(input[type=file]) input[name=note]").first.fill("裏面")
    page.evaluate(ATTACH, ["input[type=file]", 5_000_000])
    page.locator("form:has(input[type=file]) button[type=submit]").first.click()
    expect(page.get_by_text("一度に送れるのは2 MBまで").last).to_be_visible(timeout=60_000)
    if scripts:
        # What was typed and chosen stands where it stood.
        note = page.locator("form:has(input[type=file]) [name=note]").first
        expect(note).to_have_value("裏面")
    context.close()
    with database.reading() as session:
        assert session.exec(select(Document)).all() == []
