"""GET /requests for staff, and the pages that explain the house."""

import pytest
from fastapi.testclient import TestClient


def test_lists_the_newest_first(client: TestClient, coordinator: TestClient) -> None:
    for text in ("最初の箱", "二番目の軸"):
        client.post("/requests", data={"text": text})
    page = coordinator.get("/requests").text
    assert page.index("二番目の軸") < page.index("最初の箱")


def test_finds_by_words(client: TestClient, coordinator: TestClient) -> None:
    for text in ("真鍮の歯車", "アルミの箱"):
        client.post("/requests", data={"text": text})
    page = coordinator.get("/requests", params={"q": "歯車"}).text
    assert "真鍮の歯車" in page
    assert "アルミの箱" not in page
    assert "「100%」をふくむ相談はありません" in coordinator.get("/requests", params={"q": "100%"}).text


def test_turns_pages(client: TestClient, coordinator: TestClient) -> None:
    for number in range(21):
        client.post("/requests", data={"text": f"部品{number:02}"})
    assert "部品00" not in coordinator.get("/requests").text
    assert "部品00" in coordinator.get("/requests?page=2").text
    assert coordinator.get("/requests?page=0").status_code == 422


def test_an_empty_list_says_what_to_do(coordinator: TestClient) -> None:
    assert "相談を書き込む" in coordinator.get("/requests").text


@pytest.mark.parametrize("path", ["/guide", "/privacy", "/accessibility"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_explains_the_house(client: TestClient, path: str, lang: str) -> None:
    page = client.get(path, params={"lang": lang})
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
