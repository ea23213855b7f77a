"""The directory: narrowing it, its map, its interface for programs, and what it must not betray."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient

from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms import queries
from backend.firms.drafts import CapacityDraft, FirmDraft, TechniqueDraft
from backend.worker import Worker
from tests.integration.firms.conftest import FULL, MakeFirm

OTHER = FirmDraft(name="合同会社めっき堂", ward="墨田区", techniques=(TechniqueDraft("亜鉛めっき"),), materials=("鉄",))


def names(browser: TestClient, query: str = "") -> list[str]:
    return [item["name"] for item in browser.get(f"/api/v1/firms?{query}").json()["items"]]


@pytest.fixture
def two(make_firm: MakeFirm) -> None:
    make_firm()
    make_firm(OTHER)


@pytest.mark.usefixtures("two")
def test_a_stranger_finds_every_listed_firm(client: TestClient) -> None:
    page = client.get("/firms")
    assert page.status_code == 200
    assert "株式会社見本精機" in page.text
    assert "合同会社めっき堂" in page.text
    assert sorted(names(client)) == ["合同会社めっき堂", "株式会社見本精機"]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "query",
    [
        "q=アルミ",
        "q=ａ５０５２",
        "q=v33i マシニング",
        "process=マシニング加工",
        "material=sus304",
        "ward=大田区",
        "certificate=iso9001",
        "free=2026-12-07",
        "process=マシニング加工&process=溶接&ward=大田区",
    ],
)
def test_each_condition_narrows_to_the_one_firm(client: TestClient, query: str) -> None:
    assert names(client, query) == ["株式会社見本精機"]
    assert "合同会社めっき堂" not in client.get(f"/firms?{query}").text


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("query", ["q=何もない", "process=溶接", "free=2026-12-14", "ward=大田区&material=鉄"])
def test_nothing_found_says_what_to_do_next(client: TestClient, query: str) -> None:
    assert names(client, query) == []
    assert "条件を1つはずす" in client.get(f"/firms?{query}").text


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("query", ["q=%", "q=_", "q=' OR 1=1", "q=" + "あ" * 200, "page=99999", "ward=%00"])
def test_odd_words_are_only_words(client: TestClient, query: str) -> None:
    assert client.get(f"/firms?{query}").status_code == 200


@pytest.mark.parametrize("query", ["q=" + "あ" * 201, "page=0", "page=x"])
def test_what_is_malformed_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/firms?{query}").status_code == 422


def test_weeks_that_are_over_are_not_offered_as_conditions(client: TestClient, make_firm: MakeFirm) -> None:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    weeks = [monday + timedelta(weeks=n) for n in (-2, -1, 0, 1)]
    make_firm(replace(FULL, capacity=tuple(CapacityDraft(week, 20.0) for week in weeks)))
    offered = [f'name="free" value="{week}"' in client.get("/firms").text for week in weeks]
    assert offered == [False, False, True, True]
    # One that was chosen before can still be taken back.
    assert f'name="free" value="{weeks[0]}"' in client.get(f"/firms?free={weeks[0]}").text


def test_what_is_not_public_cannot_be_searched_for(client: TestClient, make_firm: MakeFirm) -> None:
    hidden = {
        "materials": "coordinator",
        "own_words": "after_consent",
        "techniques": "coordinator",
        "capacity": "coordinator",
    }
    make_firm(replace(FULL, audiences=hidden))
    for query in ("q=アルミ", "q=a5052", "material=a5052", "process=マシニング加工", "free=2026-12-07", "q=大森南"):
        assert names(client, query) == []
    assert "A5052" not in client.get("/firms").text


def test_staff_find_by_what_is_hidden_from_others(coordinator: TestClient, make_firm: MakeFirm) -> None:
    make_firm(replace(FULL, audiences={"materials": "coordinator"}))
    assert names(coordinator, "material=a5052") == ["株式会社見本精機"]
    assert names(coordinator, "q=T-1") == ["株式会社見本精機"]
    assert names(coordinator, "q=7000012050002") == ["株式会社見本精機"]


def test_an_unlisted_firm_is_for_staff_and_itself(
    client: TestClient, coordinator: TestClient, make_firm: MakeFirm
) -> None:
    firm_id = make_firm(replace(FULL, listed=False))
    assert names(client) == []
    assert client.get(f"/firms/{firm_id}").status_code == 404
    assert client.get("/firms/points").json() == []
    assert names(coordinator) == ["株式会社見本精機"]


@pytest.mark.usefixtures("two")
def test_the_map_has_the_public_positions(client: TestClient, make_firm: MakeFirm) -> None:
    make_firm(FirmDraft(name="位置は秘密", address="東京都北区赤羽", audiences={"position": "coordinator"}))
    assert [point["name"] for point in client.get("/firms/points").json()] == ["株式会社見本精機"]


@pytest.mark.usefixtures("two")
def test_a_map_that_cannot_show_all_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "地図に載せるのは" not in client.get("/firms").text
    monkeypatch.setattr(queries, "MOST_ON_MAP", 1)
    assert "1社までです(見つかったのは2社)" in client.get("/firms").text


@pytest.mark.usefixtures("two")
def test_a_week_that_is_over_is_no_condition(client: TestClient, database: Database, settings: Settings) -> None:
    week = "free=2026-12-07"
    for day, found in (("2026-12-10", 1), ("2026-12-14", 0)):
        with time_machine.travel(f"{day} 12:00+09:00", tick=False):
            Worker(database, settings).run_once()
        assert len(names(client, week)) == found
    assert "12/7の週" not in client.get("/firms").text


@pytest.mark.usefixtures("two")
def test_htmx_gets_the_results_alone(client: TestClient) -> None:
    part = client.get("/firms?q=アルミ", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert 'id="results"' in part.text
    assert part.headers["Vary"].startswith("HX-Request")


@pytest.mark.usefixtures("two")
def test_the_directory_speaks_english(client: TestClient) -> None:
    page = client.get("/firms?lang=en")
    assert "Search by words" in page.text
    assert "言葉でさがす" not in page.text
    assert "Week of 7 Dec" in page.text
    assert 'value="大田区"' in page.text
    for word in ("大田区", "墨田区", "鉄", "亜鉛めっき"):
        assert f">{word}" not in page.text
        assert f"\n          {word} " not in page.text


def test_posting_to_the_directory_is_not_possible(client: TestClient) -> None:
    assert client.post("/firms").status_code == 405


def test_long_lists_come_in_pages(client: TestClient, make_firm: MakeFirm) -> None:
    for number in range(23):
        make_firm(FirmDraft(name=f"工場{number}"))
    first = client.get("/api/v1/firms").json()
    second = client.get("/api/v1/firms", params={"cursor": first["next"]}).json()
    assert (first["total"], second["next"], len(first["items"]), len(second["items"])) == (23, None, 20, 3)
    assert "?page=2" in client.get("/firms").text
