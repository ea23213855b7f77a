"""The weekly answer in a real browser: on a slow phone in ten seconds, without scripts, in both languages, on paper."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser.conftest import LOCALES, Open
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IsFine = Callable[[Page], None]

# A cheap phone on a slow mobile network: 150 ms to the server and back, 1.6 Mbit/s, a quarter of this processor.
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER_PROCESSOR = 4
SECONDS_TO_ANSWER = 10.0
PAINT_MS = 1500
VISITS = 3
# What a bare line of text takes to be painted on the same phone while the machine does nothing else.
BARE, BARE_MS = "/healthz", 420
MOST_BYTES = 150_000

TITLE = {"ja": "空きを教えてください", "en": "Please tell us your free hours"}
SEND = {"ja": "この内容で送る", "en": "Send this"}
THANKS = {"ja": "受け取りました", "en": "Received"}


@pytest.fixture
def link(open_page: Open) -> str:
    """The link of a firm that has free hours on file, as a coordinator finds it."""
    page = open_page(staff=True)
    page.goto("/capacity?page=3")
    page.locator(".ages a").first.click()
    address = page.locator("a[href^='/c/']").get_attribute("href")
    assert address is not None
    return address


@pytest.fixture
def new_phone(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    """Gives a page on another slow phone, which has seen nothing of the site yet."""
    contexts: list[BrowserContext] = []

    def enter() -> Page:
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            device_scale_factor=3,
            is_mobile=True,
            has_touch=True,
            locale=LOCALES["ja"],
            base_url=site.url,
        )
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Visit:
    """What one visit took: until something was seen, from the network, and until the thanks were read."""

    painted_ms: float
    loaded_bytes: float
    seconds: float

    @property
    def is_fast(self) -> bool:
        return self.painted_ms <= PAINT_MS and self.seconds <= SECONDS_TO_ANSWER


def _visit(phone: Page, link: str) -> Visit:
    """One tap and one send on a slow phone."""
    session = _slowed(phone)
    loaded: list[float] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    start = time.monotonic()
    painted = _painted_ms(phone, link)
    phone.locator(".week").nth(2).get_by_label("×").tap()
    phone.get_by_role("button", name=SEND["ja"]).tap()
    expect(phone.get_by_role("heading", name=THANKS["ja"])).to_be_visible()
    return Visit(painted, sum(loaded), time.monotonic() - start)


def _slowed(phone: Page) -> CDPSession:
    """The network and the processor of a cheap phone."""
    session = phone.context.new_cdp_session(phone)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    return session


def _painted_ms(phone: Page, address: str) -> float:
    """When something was first seen. A page may be loaded before it is painted."""
    phone.goto(address)
    painted = phone.wait_for_function("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    return float(painted.json_value())


def _slowness(phone: Page) -> float:
    """How many times longer than on an idle machine a bare line of text takes to be painted right now; at least 1."""
    _slowed(phone)
    return max(1.0, _painted_ms(phone, BARE) / BARE_MS)


def test_answered_on_a_slow_phone_with_one_tap_and_one_send(new_phone: Callable[[], Page], link: str) -> None:
    visits: list[Visit] = []
    # The page costs what its quickest visit took: whatever else the machine does only ever makes a visit slower.
    while len(visits) < VISITS and not any(visit.is_fast for visit in visits):
        phone = new_phone()
        visits.append(_visit(phone, link))
        assert 0 < visits[-1].loaded_bytes <= MOST_BYTES
        expect(phone.get_by_text("まで", exact=False).first).to_be_visible()
    quickest = min(visit.painted_ms for visit in visits)
    # On a machine that is busy with other tests everything is painted later; then the bare page is the measure.
    assert quickest <= PAINT_MS or quickest <= PAINT_MS * _slowness(new_phone()), visits
    assert min(visit.seconds for visit in visits) <= SECONDS_TO_ANSWER, visits


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_way_of_an_answer(open_page: Open, is_fine: IsFine, link: str, width: int, lang: str) -> None:
    page = open_page(width=width, lang=lang)
    page.goto(link)
    expect(page.get_by_role("heading", level=1, name=TITLE[lang])).to_be_visible()
    is_fine(page)
    targets = page.locator(".seg label, .btn").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(targets) >= 44
    page.get_by_role("button", name=SEND[lang]).click()
    expect(page.get_by_role("heading", level=1, name=THANKS[lang])).to_be_visible()
    is_fine(page)
    page.locator("form[action$='/undo'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    is_fine(page)
    page.goto("/c/forged")
    is_fine(page)


def test_without_scripts_and_by_keyboard(open_page: Open, link: str) -> None:
    page = open_page(width=360, scripts=False)
    page.goto(link)
    mark = page.locator(".week").first.get_by_label("△")
    mark.focus()
    page.keyboard.press("Space")
    expect(mark).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("ありがとうございます")).to_be_visible()


def test_a_link_that_ended_offers_a_fresh_one(open_page: Open) -> None:
    page = open_page(width=360, scripts=False)
    page.goto("/c/forged")
    page.fill("#who", "shop@example.jp")
    page.locator("main button").click()
    expect(page.get_by_text("登録があれば")).to_be_visible()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_desk_the_firm_and_the_sheet(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    page = open_page(width=width, lang=lang, staff=True)
    page.goto("/capacity")
    is_fine(page)
    page.locator(".ages a").first.click()
    is_fine(page)
    page.locator("a[href$='/sheet']").click()
    is_fine(page)


def test_an_answer_on_paper_is_typed_within_ten_seconds(open_page: Open) -> None:
    page = open_page(staff=True)
    page.goto("/capacity?page=2")
    name = page.locator(".ages a").first.inner_text()
    page.locator(".ages a").first.click()
    page.locator("a[href$='/sheet']").click()
    code = page.locator(".code").inner_text()
    page.goto("/capacity")
    expect(page.locator("#code")).to_be_focused()
    start = time.monotonic()
    page.keyboard.type(code, delay=120)
    page.keyboard.press("Tab")
    page.keyboard.type("22341122", delay=120)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(name)
    assert time.monotonic() - start <= SECONDS_TO_ANSWER


def test_the_sheet_is_one_page(open_page: Open) -> None:
    page = open_page(staff=True)
    page.goto("/capacity")
    page.locator(".ages a").first.click()
    page.locator("a[href$='/sheet']").click()
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1
