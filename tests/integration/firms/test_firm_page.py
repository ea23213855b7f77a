"""The page of a firm: each role sees what it may, for people and for programs alike."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from fastapi.testclient import TestClient

from backend.firms.drafts import FirmDraft
from tests.integration.firms.conftest import FULL, MakeFirm

PUBLIC = [
    "みほんせいき",
    "アルミの小物を1個から。",
    "マシニング加工",
    "A5052",
    "V33i",
    "650 × 450 × 350",
    "ISO9001",
    "±0.02",
]
NOT_FOR_STRANGERS = ["7000012050002", "大森南", "10,000,000", "60代", "後継ぎを探している"]


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with time_machine.travel("2026-12-01T09:00:00+09:00", tick=True):
        yield


@pytest.mark.parametrize("word", PUBLIC)
def test_a_stranger_sees_what_is_public(client: TestClient, firm_id: str, word: str) -> None:
    assert word in client.get(f"/firms/{firm_id}").text


@pytest.mark.parametrize("role", ["client", "startup", "outsider"])
def test_nobody_outside_sees_the_rest(request: pytest.FixtureRequest, firm_id: str, role: str) -> None:
    browser: TestClient = request.getfixturevalue(role)
    page = browser.get(f"/firms/{firm_id}").text
    answer = browser.get(f"/api/v1/firms/{firm_id}").text
    for word in NOT_FOR_STRANGERS:
        assert word not in page
        assert word not in answer
    assert "20h" not in page


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_staff_see_everything(request: pytest.FixtureRequest, firm_id: str, role: str) -> None:
    browser: TestClient = request.getfixturevalue(role)
    page = browser.get(f"/firms/{firm_id}").text
    for word in [*PUBLIC, *NOT_FOR_STRANGERS, "20h"]:
        assert word in page


def test_the_firm_itself_sees_its_own_but_not_what_is_about_its_head(owner: TestClient, firm_id: str) -> None:
    page = owner.get(f"/firms/{firm_id}").text
    assert "7000012050002" in page
    assert "20h" in page
    assert "60代" not in page
    assert "後継ぎを探している" not in page


@pytest.mark.parametrize("address", ["nobody", "x" * 64, "%00", "..%2f..%2fetc"])
def test_an_unknown_firm_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(f"/firms/{address}").status_code == 404


def test_programs_get_the_allowed_fields_and_no_others(client: TestClient, firm_id: str) -> None:
    answer = client.get(f"/api/v1/firms/{firm_id}").json()
    assert answer["name"] == "株式会社見本精機"
    assert answer["equipment"][0]["envelope_mm"] == [650, 450, 350]
    assert answer["capacity"][0] == {"week_start": "2026-12-07", "mark": "plenty", "hours_free": None}
    for field in ("corporate_number", "address", "capital_yen", "can_lead", "revision"):
        assert answer[field] is None
    for field in ("audiences", "succession_state", "search_text", "code"):
        assert field not in answer


def test_an_unknown_firm_is_a_clear_refusal_for_programs(client: TestClient) -> None:
    answer = client.get("/api/v1/firms/nobody")
    assert answer.status_code == 404
    assert answer.json()["message"]


def test_an_expired_certificate_says_so(client: TestClient, firm_id: str) -> None:
    with time_machine.travel("2028-04-01T09:00:00+09:00"):
        assert "期限切れ" in client.get(f"/firms/{firm_id}").text


def test_an_empty_firm_has_a_page_too(client: TestClient, make_firm: MakeFirm) -> None:
    firm_id = make_firm(FirmDraft(name="名前だけ"))
    assert client.get(f"/firms/{firm_id}").status_code == 200


def test_what_the_firm_wrote_is_text_not_markup(client: TestClient, make_firm: MakeFirm) -> None:
    firm_id = make_firm(replace(FULL, own_words="<script>alert(1)</script>", name="<b>太字</b>"))
    for page in (client.get(f"/firms/{firm_id}").text, client.get("/firms").text):
        assert "<script>alert(1)" not in page
        assert "<b>太字" not in page


def test_other_methods_are_refused(client: TestClient, firm_id: str) -> None:
    assert client.post(f"/firms/{firm_id}").status_code == 405
    assert client.delete(f"/api/v1/firms/{firm_id}").status_code == 405
