"""From an idea to a workshop: start page, live answer, correction, request, firm page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = {
    "ja": {
        "text": "アルミの箱を10個、角を丸くして黒くしたい。来月末まで",
        "read": "読み取り",
        "send": "この内容で相談する",
        "next": "つぎに起きること",
        "quantity": "20個",
        "look": "読み取りを見る",
    },
    "en": {
        "text": "10 boxes of aluminium sheet, bent and welded, by the end of next month",
        "read": "What we understood",
        "send": "Send this request",
        "next": "What happens next",
        "quantity": "20 pcs",
        "look": "Show what was understood",
    },
}
sizes = pytest.mark.parametrize("width", [1280, 360])
languages = pytest.mark.parametrize("lang", ["ja", "en"])
IsFine = Callable[[Page], None]


@sizes
@languages
def test_an_idea_finds_its_workshop(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    words, page = WORDS[lang], open_page(width=width, lang=lang)
    page.goto("/")
    is_fine(page)
    page.get_by_role("textbox").fill(words["text"])
    expect(page.get_by_role("heading", name=words["read"])).to_be_visible()
    expect(page.locator("[data-aspect=quantity] .val")).to_contain_text("10")
    expect(page.locator("#fitting .card").first).to_be_visible()
    is_fine(page)
    page.locator("[data-aspect=quantity] summary").click()
    page.locator("#v-quantity").fill("20")
    is_fine(page)
    page.locator("[data-aspect=quantity] .fix-form button").first.click()
    expect(page.locator("[data-aspect=quantity] .val")).to_have_text(words["quantity"])
    expect(page.locator("[data-aspect=quantity] summary")).to_be_focused()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", name=words["next"])).to_be_visible()
    expect(page.locator("[data-aspect=quantity] .val")).to_have_text(words["quantity"])
    is_fine(page)
    card = page.locator("#fitting .card a").first
    name = card.inner_text()
    card.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    is_fine(page)


def test_an_idea_finds_its_workshop_without_scripts(open_page: Open) -> None:
    words, page = WORDS["ja"], open_page(scripts=False)
    page.goto("/")
    page.get_by_role("textbox", name="つくりたいもの").fill(words["text"])
    page.get_by_role("button", name=words["look"]).click()
    expect(page.locator("[data-aspect=quantity] .val")).to_have_text("10個")
    page.locator("[data-aspect=quantity] summary").click()
    page.locator("#v-quantity").fill("20")
    page.locator("#v-quantity").press("Enter")
    expect(page.locator("[data-aspect=quantity] .val")).to_have_text("20個")
    page.locator("#missing button").first.click()
    expect(page.locator("#want")).to_have_value(words["text"])
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", name=words["next"])).to_be_visible()
    page.get_by_label("お名前").fill("豆田")
    page.get_by_label("メールアドレス").fill("mame@example.jp")
    page.get_by_role("button", name="連絡先を伝える").click()
    expect(page.locator("#contact")).to_contain_text("mame@example.jp")
    card = page.locator("#fitting .card a").first
    name = card.inner_text()
    card.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_what_was_typed_is_still_there_after_closing_the_page(open_page: Open) -> None:
    page = open_page()
    page.goto("/")
    page.get_by_role("textbox").fill(WORDS["ja"]["text"])
    expect(page.locator("[data-aspect=quantity] .val")).to_have_text("10個")
    page.goto("/guide")
    page.goto("/")
    expect(page.locator("#want")).to_have_value(WORDS["ja"]["text"])


def test_the_keyboard_alone_sends_a_request(open_page: Open) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("#want").focus()
    page.keyboard.type("真鍮の歯車を50個")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=WORDS["ja"]["send"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=WORDS["ja"]["next"])).to_be_visible()


@sizes
def test_the_coordinator_compares(open_page: Open, is_fine: IsFine, width: int) -> None:
    page = open_page(width=width, staff=True)
    page.goto("/")
    page.get_by_role("textbox").fill("A5052の板を曲げて、黒アルマイト。10個。大きさは240×160×90。来月末まで。")
    page.get_by_role("button", name=WORDS["ja"]["send"]).click()
    page.get_by_role("link", name="工場をくらべる").click()
    expect(page.locator(".mx tbody").first).to_be_visible()
    is_fine(page)
    page.locator(".tabs a").nth(1).click()
    expect(page.locator(".tabs a").nth(1)).to_have_attribute("aria-current", "true")
    page.goto("/requests")
    is_fine(page)
    for path in ("/guide", "/privacy", "/accessibility"):
        page.goto(path)
        is_fine(page)
