"""Many requests planned at once: choosing, waiting, the plan, with and without scripts, large and small."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = {
    "ja": {"go": "割り当てを計算する", "head": "案件ごとの割り当て", "table": "表で見る"},
    "en": {"go": "Work out the plan", "head": "The plan, case by case", "table": "Show as a table"},
}
ASKED = (
    "A5052の板を曲げて溶接した箱を10個。大きさは240×160×90。",
    "S45Cのシャフトを旋盤で削り、焼入れと研磨。20本。",
    "SUS304の板金の筐体、曲げと溶接、粉体塗装。5個。",
)
SECONDS = 90
IsFine = Callable[[Page], None]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_open_requests_are_planned_together(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    words, page = WORDS[lang], open_page(width=width, lang=lang, staff=True)
    for text in ASKED:
        page.request.post("/requests", form={"text": text})
    page.goto("/joint-plan")
    is_fine(page)
    page.get_by_role("button", name=words["go"]).click()
    expect(page.get_by_role("heading", name=words["head"])).to_be_visible(timeout=SECONDS * 1000)
    is_fine(page)
    page.locator(".load summary").first.click()
    expect(page.locator(".load table").first).to_be_visible()
    is_fine(page)
    with page.expect_download() as sent:
        page.locator("a[href$='plan.xlsx']").click()
    assert sent.value.suggested_filename.endswith(".xlsx")


def test_without_scripts_the_page_is_asked_again(open_page: Open) -> None:
    page = open_page(scripts=False, staff=True)
    page.request.post("/requests", form={"text": ASKED[0]})
    page.goto("/joint-plan")
    page.get_by_role("button", name=WORDS["ja"]["go"]).click()
    plan = page.get_by_role("heading", name=WORDS["ja"]["head"])
    again = page.get_by_role("link", name="いまの様子を見る")
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        expect(plan.or_(again)).to_be_visible()
        if not again.is_visible():
            break
        page.wait_for_timeout(500)
        again.click()
    expect(plan).to_be_visible()
