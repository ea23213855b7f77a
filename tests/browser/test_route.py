"""The route half of the workbench in a browser: from a sentence to the chain, every edit, undoing, no scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = (
    "配膳ロボットの首を10個。A5052の板を曲げて溶接、黒アルマイト。大きさは240×160×90、公差±0.05。検査成績書もほしい。"
)
WORDS = {
    "ja": {
        "text": TEXT,
        "send": "この内容で相談する",
        "compose": "仲間まわしを組む",
        "welding": "溶接",
        "relief": "応力除去焼鈍",
        "save": "この内容にする",
        "undo": "元に戻す",
        "wrong": "時間を 0.1 から 2000 までの数字で",
        "search": "応力",
    },
    "en": {
        "text": "10 brackets of A5052 sheet, bent, welded, black anodised, tolerance ±0.05 mm, inspection report",
        "send": "Send this request",
        "compose": "Put a team together",
        "welding": "welding",
        "relief": "stress-relief",
        "save": "Use this",
        "undo": "Undo",
        "wrong": "as a number from 0.1 to 2000",
        "search": "stress",
    },
}
sizes = pytest.mark.parametrize("width", [1280, 360])
languages = pytest.mark.parametrize("lang", ["ja", "en"])
IsFine = Callable[[Page], None]


def to_the_chain(page: Page, lang: str) -> None:
    """From the founder's sentence to the workbench: two clicks."""
    words = WORDS[lang]
    page.goto("/")
    page.locator("#want").fill(words["text"])
    expect(page.locator("#fitting .card").first).to_be_visible()
    page.get_by_role("button", name=words["send"]).click()
    expect(page.locator(".chain-picture .step").first).to_be_visible()
    page.get_by_role("link", name=words["compose"]).click()
    expect(page.locator("#route .step").first).to_be_visible()


def names(page: Page) -> list[str]:
    return [name.split("\n")[0].strip() for name in page.locator("#route .step h3").all_inner_texts()]


@sizes
@languages
def test_a_step_moves_and_the_move_is_undone(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    page = open_page(width=width, lang=lang, staff=True)
    to_the_chain(page, lang)
    is_fine(page)
    before = names(page)
    page.locator("#later-s1").click()
    expect(page.locator("#route .step h3").nth(1)).to_contain_text(before[0].split(" ")[0], ignore_case=True)
    expect(page.locator("#later-s1")).to_be_focused()
    page.locator("#undo").click()
    expect(page.locator("#route .step h3").first).to_contain_text(before[0].split(" ")[0], ignore_case=True)
    expect(page.locator("#undo")).to_have_count(0)
    assert names(page) == before


@sizes
@languages
def test_a_step_is_changed_and_another_added(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    words, page = WORDS[lang], open_page(width=width, lang=lang, staff=True)
    to_the_chain(page, lang)
    before = names(page)
    page.locator("#edit-s3").click()
    form = page.locator("#edit-step")
    expect(form).to_be_visible()
    is_fine(page)
    form.locator("#likely").fill("x")
    form.locator("button.btn-main").click()
    expect(page.locator("#likely-error")).to_contain_text(words["wrong"])
    is_fine(page)
    page.locator("#likely").fill("12")
    page.locator("#title").fill("輪と板")
    page.locator("#edit-step button.btn-main").click()
    expect(page.locator("#route .step").nth(2)).to_contain_text("輪と板")
    page.locator("#open-add").click()
    page.locator("#q").fill(words["search"])
    choice = page.locator("#choices button").filter(has_text=words["relief"]).first
    expect(choice).to_be_visible()
    is_fine(page)
    choice.click()
    expect(page.locator("#route .step")).to_have_count(len(before) + 1)
    is_fine(page)


def test_the_keyboard_alone_moves_a_step(open_page: Open) -> None:
    page = open_page(staff=True)
    to_the_chain(page, "ja")
    before = names(page)
    page.locator("#earlier-s3").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#route .step h3").nth(1)).to_contain_text("溶接")
    assert names(page) != before
    page.locator("#undo").focus()
    page.keyboard.press("Space")
    expect(page.locator("#route .step h3").nth(2)).to_contain_text("溶接")


def test_without_scripts_every_press_works(open_page: Open) -> None:
    page = open_page(scripts=False, staff=True)
    page.goto("/")
    page.locator("#want").fill(TEXT)
    page.get_by_role("button", name="読み取りを見る").click()
    page.get_by_role("button", name="この内容で相談する").click()
    page.get_by_role("link", name="仲間まわしを組む").click()
    expect(page.get_by_role("button", name="応力除去焼鈍を足す")).to_be_visible()
    count = page.locator("#route .step").count()
    page.get_by_role("button", name="応力除去焼鈍を足す").click()
    expect(page.locator("#route .step")).to_have_count(count + 1)
    page.locator("button[value='together:s1:s2']").click()
    expect(page.locator("#route .step h3").first).to_contain_text("板金加工")
    page.locator("#edit-s3").click()
    page.locator("button[value='otherwise:s3:bonding']").click()
    expect(page.locator("#route")).to_contain_text("接着")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("#route .step h3").filter(has_text="溶接")).to_have_count(1)
    page.get_by_role("button", name="読み取りの道順に戻す").click()
    expect(page.locator("#route .step")).to_have_count(count)


def test_a_founder_sees_the_route_without_the_tools(open_page: Open, is_fine: IsFine) -> None:
    page = open_page()
    page.goto("/")
    page.locator("#want").fill(TEXT)
    expect(page.locator("#fitting .card").first).to_be_visible()
    page.get_by_role("button", name="この内容で相談する").click()
    page.get_by_role("link", name="道順とチームを見る").click()
    expect(page.locator("#route .step").first).to_be_visible()
    expect(page.locator("#route button")).to_have_count(0)
    is_fine(page)
