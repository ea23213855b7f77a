"""The register: a file is looked at, taken over, and its firms are found in the directory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_file_becomes_firms(
    open_page: Open, is_fine: Callable[[Page], None], tmp_path: Path, width: int, lang: str
) -> None:
    name = f"架空製作所{factories.unique()}{lang}{width}"
    file = tmp_path / "firms.csv"
    file.write_text(f"会社名,区\n{name},大田区\n", encoding="utf-8-sig")
    page = open_page(width=width, lang=lang, staff=True)
    page.goto("/firms/import")
    is_fine(page)
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").first.click()
    confirm = page.locator("form[action$='/confirm'] button")
    expect(confirm).to_be_visible()
    is_fine(page)
    confirm.click()
    expect(page.locator("#state a[href='/firms']")).to_be_visible()
    is_fine(page)
    page.goto(f"/firms?q={name}")
    is_fine(page)
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    is_fine(page)
