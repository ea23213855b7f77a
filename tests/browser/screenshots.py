"""`python -m tests.browser.screenshots FOLDER`: the pictures of the README, taken from the running demo."""

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
MARGIN = 40
# A picture shows what a reader needs to see of a page, not all of a long one.
HIGHEST = {WIDE[0]: 1200, PHONE[0]: 1400}
# These are told of in full beside their picture.
HIGHER = {"start": 1500, "case": 1500}


def take(folder: Path) -> None:
    """Write the pictures of a stranger, a founder, a coordinator and a workshop into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serve(Path(data), demo=True) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        address = _stranger(_page(browser, site, WIDE), folder)
        staff = _signed_in(browser, site, WIDE, "coordinator")
        _coordinator(staff, folder, address)
        phone = _page(browser, site, PHONE)
        phone.goto(_capacity_link(staff))
        _picture(phone, folder, "capacity")
        _ask(phone)
        phone.screenshot(path=folder / "start-360-ja.png")
        _founder(_signed_in(browser, site, WIDE, "startup"), folder)
        _workshop(_signed_in(browser, site, PHONE, "workshop"), folder)
        browser.close()


def _page(browser: Browser, site: Site, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="ja-JP", base_url=site.url, reduced_motion="reduce"
    )
    return context.new_page()


def _signed_in(browser: Browser, site: Site, size: tuple[int, int], role: str) -> Page:
    """One of the people of the demo."""
    page = _page(browser, site, size)
    page.goto("/sign-in")
    page.locator(f"form:has([name=role][value={role}]) button").click()
    page.wait_for_load_state()
    return page


def _picture(page: Page, folder: Path, name: str, start: str = "") -> None:
    """The page from its top or from an element, down to where the picture would be too long."""
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else WIDE[0]
    box = page.locator(start).first.bounding_box() if start else None
    top = max(0, box["y"] - MARGIN) if box else 0
    height = min(page.evaluate("document.documentElement.scrollHeight") - top, HIGHER.get(name, HIGHEST[width]))
    clip = {"x": 0, "y": top, "width": width, "height": height}
    page.screenshot(path=folder / f"{name}-{width}-ja.png", full_page=True, clip=clip)  # type: ignore[arg-type]


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
    _picture(page, folder, "start")
    page.get_by_role("button", name="この内容で相談する").click()
    page.wait_for_url("**/requests/*")
    address = page.url
    _picture(page, folder, "request")
    page.locator("#fitting .card a").first.click()
    page.wait_for_url("**/firms/*")
    page.screenshot(path=folder / "firm-1280-ja.png")
    page.goto("/firms")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / "directory-1280-ja.png")
    return address


def _coordinator(page: Page, folder: Path, address: str) -> None:
    for name, path in (("desk", "/desk"), ("board", "/board"), ("report", "/reports?period=year")):
        page.goto(path)
        _picture(page, folder, name)
    page.goto("/cases?state=answered")
    page.locator(".t a[href^='/cases/']").first.click()
    page.wait_for_url("**/cases/*")
    _picture(page, folder, "case")
    page.goto(f"{address}/candidates")
    page.screenshot(path=folder / "comparison-1280-ja.png")
    page.goto(f"{address}/chain")
    _picture(page, folder, "workbench", "#teams-title")


def _founder(page: Page, folder: Path) -> None:
    """The way of a request in which workshops are to be chosen."""
    page.goto("/my-requests")
    page.locator("main a[href$='/progress']").nth(1).click()
    page.wait_for_url("**/progress")
    _picture(page, folder, "progress")


def _workshop(page: Page, folder: Path) -> None:
    page.goto("/offers")
    page.locator("a.btn-main[href^='/offers/']").last.click()
    page.wait_for_url("**/offers/*")
    _picture(page, folder, "offer")


if __name__ == "__main__":
    take(Path(sys.argv[1]))
