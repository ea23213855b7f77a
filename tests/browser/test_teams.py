"""From a founder's sentence to a printed team proposal, and a team that loses a firm."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "配膳ロボットの首を10個。A5052の板を曲げて溶接、全体を黒アルマイト。大きさは240×160×90。再来月末まで。"
WORDS = {
    "ja": {
        "send": "この内容で相談する",
        "sheet": "チーム提案書を印刷する",
        "title": "チーム提案書",
        "drop": "組み直す",
    },
    "en": {
        "send": "Send this request",
        "sheet": "Print the team proposal",
        "title": "Team proposal",
        "drop": "Leave this",
    },
}
sizes = pytest.mark.parametrize("width", [1280, 360])
IsFine = Callable[[Page], None]


def _ask(page: Page, lang: str = "ja") -> None:
    """One press: send what was typed."""
    page.goto("/")
    page.locator("#want").fill(TEXT)
    page.get_by_role("button", name=WORDS[lang]["send"]).click()
    page.wait_for_url("**/requests/*")


@sizes
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_sentence_becomes_a_sheet_in_six_clicks(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    """Send, open the chain, look at another team, back to paper: four clicks and the print button."""
    words, page = WORDS[lang], open_page(width=width, lang=lang, staff=True)
    _ask(page, lang)
    page.locator('a[href$="/chain"]').first.click()
    expect(page.locator(".plan[aria-current] h3")).to_be_visible()
    is_fine(page)
    page.locator(".plan:not([aria-current]) .end a").first.click()
    expect(page.locator("#teams-title")).to_be_visible()
    page.wait_for_url("**/chain?*")
    is_fine(page)
    page.get_by_role("link", name=words["sheet"]).click()
    expect(page.locator(".sheet h2")).to_have_text(words["title"])
    expect(page.locator("[data-print]")).to_be_visible()
    is_fine(page)


def test_the_sheet_is_one_page_of_paper(open_page: Open) -> None:
    page = open_page(staff=True)
    _ask(page)
    page.goto(f"{page.url}/chain/sheet")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert b"/Count 1" in printed


@sizes
def test_a_firm_is_dropped_and_the_team_repaired(open_page: Open, is_fine: IsFine, width: int) -> None:
    page = open_page(width=width, staff=True)
    _ask(page)
    page.goto(f"{page.url}/chain")
    firm = page.locator(".leg .name b").first.inner_text()
    page.locator(".leg a.btn").first.click()
    expect(page.locator("#teams .note-tint").first).to_contain_text("変えるのは、変えなければならない所だけです。")
    expect(page.locator(".plan[aria-current] .who")).not_to_contain_text(firm)
    page.locator("summary", has_text="条件を変えて組み直す").click()
    is_fine(page)
    page.go_back()
    expect(page.locator(".leg .name b").first).to_have_text(firm)


def test_a_team_is_decided_without_scripts(open_page: Open) -> None:
    page = open_page(staff=True, scripts=False)
    _ask(page)
    page.goto(f"{page.url}/chain")
    page.locator(".leg a.btn").first.click()
    expect(page.locator("#teams .note-tint").first).to_contain_text("変えるのは、変えなければならない所だけです。")
    page.locator(".try summary").click()
    page.get_by_label("しばらく頼んでいない会社を優先する重み").select_option("10")
    page.get_by_role("button", name="この条件で組み直す").click()
    page.get_by_role("link", name="となりの工程へ順に注文").click()
    expect(page.locator("#legs .tabs [aria-current]")).to_have_text("となりの工程へ順に注文")
    page.get_by_role("button", name="この案に決めて、各社の時間を予約する").click()
    expect(page.locator("#teams")).to_contain_text("この案に決まっています。")
    page.get_by_role("button", name="決定を取り消す").click()
    expect(page.locator("#teams")).to_contain_text("取り消した案")
    page.get_by_role("button", name="取り消しをやめて、この案に戻す").click()
    expect(page.locator("#teams")).to_contain_text("この案に決まっています。")
