"""Signing in and out, and the content policy, at both widths and in both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IsFine = Callable[[Page], None]
TITLES = {"ja": "ログイン | ナカマワ", "en": "Sign in | Nakamawa"}
REFUSED = {"ja": "メールアドレスかパスワードがちがいます。", "en": "The e-mail address or the password is not right."}


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_wrong_password_is_told_beside_the_form(open_page: Open, is_fine: IsFine, width: int, lang: str) -> None:
    page = open_page(width=width, lang=lang)
    page.goto("/account")
    expect(page).to_have_title(TITLES[lang])
    is_fine(page)
    page.fill("#email", "nobody@example.jp")
    page.fill("#password", "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_text(REFUSED[lang])).to_be_visible()
    is_fine(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_coordinator_looks_at_her_devices(open_page: Open, is_fine: IsFine, scripts: bool) -> None:
    page = open_page(width=360, scripts=scripts, staff=True)
    page.goto("/account")
    expect(page.get_by_text("いま使っている機器")).to_be_visible()
    if scripts:
        is_fine(page)


def test_nothing_on_the_pages_breaks_the_content_policy(open_page: Open) -> None:
    page = open_page(staff=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for address in ("/", "/firms", "/firms/import", "/requests", "/account", "/guide"):
        page.goto(address, wait_until="networkidle")
    assert said == []
