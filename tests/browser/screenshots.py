"""`python -m tests.browser.screenshots FOLDER`: the pictures of the README, taken from the running site."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import chromium
from tests.browser.site import Site, serve

TEXT = (
    "配膳ロボットの首を10個つくりたいです。アルミの板の曲げ加工と溶接。大きさは24×16×9センチくらい、"
    "公差は±0.3。再来月末までに手元にほしい。"
)
WIDE, PHONE = (1280, 1000), (360, 780)


def take(folder: Path) -> None:
    """Write start, request, directory, firm page and comparison into the folder, and the start page of a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serve(Path(data)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        address = _stranger(_page(browser, site, WIDE), folder)
        staff = _page(browser, site, WIDE)
        name, value = site.coordinator
        staff.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        staff.goto(f"{address}/candidates")
        staff.screenshot(path=folder / "comparison-1280-ja.png")
        staff.goto(f"{address}/chain")
        staff.wait_for_load_state("networkidle")
        staff.screenshot(path=folder / "workbench-1280-ja.png", full_page=True)
        link = _capacity_link(staff)
        phone = _page(browser, site, PHONE)
        phone.goto(link)
        phone.screenshot(path=folder / "capacity-360-ja.png", full_page=True)
        _ask(phone)
        phone.screenshot(path=folder / "start-360-ja.png")
        browser.close()


def _page(browser: Browser, site: Site, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="ja-JP", base_url=site.url, reduced_motion="reduce"
    )
    return context.new_page()


def _ask(page: Page) -> None:
    page.goto("/")
    page.get_by_role("textbox").fill(TEXT)
    page.locator("#fitting .card").first.wait_for()
    page.locator("#q").click()


def _capacity_link(staff: Page) -> str:
    """The address with which a workshop tells its free hours, as the desk hands it out."""
    staff.goto("/capacity?page=3")
    staff.locator(".ages a").first.click()
    return staff.locator("a[href^='/c/']").first.get_attribute("href") or ""


def _stranger(page: Page, folder: Path) -> str:
    """What everybody sees; gives the address of the request that was made on the way."""
    _ask(page)
    page.screenshot(path=folder / "start-1280-ja.png", full_page=True)
    page.get_by_role("button", name="この内容で相談する").click()
    page.wait_for_url("**/requests/*")
    address = page.url
    page.screenshot(path=folder / "request-1280-ja.png", full_page=True)
    page.locator("#fitting .card a").first.click()
    page.wait_for_url("**/firms/*")
    page.screenshot(path=folder / "firm-1280-ja.png")
    page.goto("/firms")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "directory-1280-ja.png")
    return address


if __name__ == "__main__":
    take(Path(sys.argv[1]))
