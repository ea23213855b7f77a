"""The language of a page: asked for, remembered, or preferred by the browser."""

from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient

from backend.core.i18n import gettext, ngettext, use_language
from backend.core.templating import show_date, show_time


def test_japanese_first(client: TestClient) -> None:
    page = client.get("/sign-in")
    assert '<html lang="ja">' in page.text
    assert page.headers["Content-Language"] == "ja"
    assert {"Accept-Language", "Cookie", "HX-Request"} <= {part.strip() for part in page.headers["Vary"].split(",")}


@pytest.mark.parametrize(
    ("header", "lang"), [("en", "en"), ("en-US,ja;q=0.5", "en"), ("fr,ja;q=0.5", "ja"), ("fr", "ja"), ("x;;,", "ja")]
)
def test_browser_preference(client: TestClient, header: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in client.get("/sign-in", headers={"Accept-Language": header}).text


def test_a_choice_is_remembered(client: TestClient) -> None:
    assert '<html lang="en">' in client.get("/sign-in?lang=en").text
    assert '<html lang="en">' in client.get("/sign-in").text
    assert '<html lang="ja">' in client.get("/sign-in?lang=ja").text


def test_an_unknown_language_changes_nothing(client: TestClient) -> None:
    page = client.get("/sign-in?lang=xx")
    assert '<html lang="ja">' in page.text
    assert "set-cookie" not in page.headers


def test_values_are_filled_in() -> None:
    use_language("en")
    assert gettext("%(n)s 文字までにしてください。", n=3) == "Please use at most 3 characters."
    use_language("unknown")
    assert gettext("%(n)s 文字までにしてください。", n=3) == "3 文字までにしてください。"
    assert ngettext("%(n)s社", "%(n)s社", 2) == "2社"
    use_language("en")
    assert ngettext("未訳の %(n)s つ", "未訳の %(n)s つ", 1) == "未訳の 1 つ"


def test_dates_in_words() -> None:
    assert show_date(date(2027, 1, 15)) == "2027年1月15日(金)"
    assert show_time(datetime(2027, 1, 14, 15, 30, tzinfo=UTC)) == "2027年1月15日(金) 00:30"
    use_language("en")
    assert show_date(date(2027, 1, 15)) == "15 January 2027 (Fri)"
