"""The team half of the workbench: proposals, what is tried out, repair, sheet and files, for every role, no scripts."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import QueuePool

from backend.core import clock
from backend.core.db import Database
from backend.teams import solving
from matching.routing import plan as routing
from tests.integration.teams import team_firms
from tests.integration.teams.team_firms import FIRMS, Place, enter, field, links, plain
from tests.watching import watching


@pytest.fixture
def place(database: Database) -> Place:
    return team_firms.open_place(database)


def test_proposals_stand_side_by_side(coordinator: TestClient, place: Place) -> None:
    page = coordinator.get(place.chain)
    assert page.status_code == 200
    words = plain(page.text)
    assert "有限会社きり板" in words
    assert "★ いちばん有利" in words
    assert "10回に8回はこの日まで" in words
    assert "幹事は" in words
    assert page.text.count('<li class="plan"') >= 2
    assert page.text.count('aria-current="true"') >= 1


def test_no_price_stands_anywhere(coordinator: TestClient, place: Place) -> None:
    data = json.loads(coordinator.get(f"{place.chain}/team.json").text)
    assert not {"cost", "price", "misfit"} & set(data)
    assert "コスト" not in plain(coordinator.get(place.chain).text)


@pytest.mark.parametrize("role", ["client", "startup", "shop", "outsider"])
def test_others_see_teams_but_nothing_of_the_coordinators(
    role: str, place: Place, request: pytest.FixtureRequest
) -> None:
    person: TestClient = request.getfixturevalue(role)
    page = person.get(place.chain)
    assert page.status_code == 200
    words = plain(page.text)
    assert "有限会社まげ板金" in words
    for hidden in ("資本金2,000万円", "12人", "この案に決めて", "はじめての受け渡し", "空き40h", "電話で確かめること"):
        assert hidden not in words
    assert "コーディネーターが確かめます" in words


def test_places_and_calendars_that_are_not_public_are_not_drawn(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    place = team_firms.open_place(database, hidden=("position", "capacity"))
    assert "空き40h" in plain(coordinator.get(place.chain).text)
    page = client.get(place.chain).text
    assert 'class="f-free"' not in page
    assert " km</span>" not in page
    assert client.get(f"/api/v1/requests/{place.token}/teams").json()["teams"][0]["km"] is None


def test_a_firm_that_is_not_listed_is_in_no_strangers_team(
    client: TestClient, coordinator: TestClient, database: Database
) -> None:
    place = team_firms.open_place(database)
    enter(database, replace(FIRMS[3], name="株式会社ひみつアルマイト", listed=False), 40.0)
    assert "ひみつアルマイト" in coordinator.get(place.chain).text
    assert "ひみつアルマイト" not in client.get(place.chain).text


def test_another_team_is_looked_at_by_its_address(coordinator: TestClient, place: Place) -> None:
    page = coordinator.get(place.chain).text
    other = next(link for link in links(page, "team=") if "/chain?" in link and "sheet" not in link)
    shown = coordinator.get(other).text
    assert field(shown, "team") == parse_qs(urlsplit(other).query)["team"][0]
    assert field(shown, "team") != field(page, "team")


def test_dropping_a_firm_changes_only_its_steps(coordinator: TestClient, place: Place) -> None:
    page = coordinator.get(place.chain).text
    before = dict(pair.split(".") for pair in field(page, "team").split("~"))
    drop = next(link for link in links(page, "out=") if parse_qs(urlsplit(link).query)["out"][0] == before["s4"])
    repaired = coordinator.get(drop).text
    after = dict(pair.split(".") for pair in field(repaired, "team").split("~"))
    assert {step for step in before if before[step] != after[step]} == {"s4"}
    words = plain(repaired)
    assert "変えるのは、変えなければならない所だけです。" in words
    assert "を外した" in words
    assert "道のり" in words
    back = next(link for link in links(repaired, place.chain) if "out=" not in link and "team=" not in link)
    assert field(coordinator.get(back).text, "team") == field(page, "team")


def test_a_step_is_fixed_to_a_firm(coordinator: TestClient, place: Place) -> None:
    wanted = place.firms["合同会社かげ染め"]
    page = coordinator.get(f"{place.chain}?fix=s4.{wanted}").text
    assert f"s4.{wanted}" in field(page, "team")
    assert "合同会社かげ染めに決めた" in plain(page)
    wrong = coordinator.get(f"{place.chain}?fix=s1.{wanted}")
    assert "候補にありません" in plain(wrong.text)


def test_a_date_that_cannot_be_met_says_the_cheapest_way_out(coordinator: TestClient, database: Database) -> None:
    place = team_firms.open_place(database, hours=5.0)
    words = coordinator.get(f"{place.chain}?due={_soon()}").text
    assert "納期に間に合いません" in plain(words)
    out = next(link for link in links(words, "due="))
    assert '<li class="plan"' in coordinator.get(out).text


def _soon() -> str:
    return (clock.today() + timedelta(7)).isoformat()


def test_nobody_left_for_a_step_is_said(coordinator: TestClient, place: Place) -> None:
    out = "&".join(f"out={place.firms[name]}" for name in ("株式会社くろアルマイト", "合同会社かげ染め"))
    words = plain(coordinator.get(f"{place.chain}?{out}").text)
    assert "頼める会社が、ほかに見つかりません" in words
    assert "外した会社や決めた会社を戻すと" in words


def test_an_empty_register_says_so(coordinator: TestClient, database: Database) -> None:
    token = team_firms.ask(database)
    page = coordinator.get(f"/requests/{token}/chain")
    assert page.status_code == 200
    assert "頼める会社が登録にありません" in plain(page.text)
    sheet = coordinator.get(f"/requests/{token}/chain/sheet")
    assert (sheet.status_code, sheet.headers["location"]) == (303, f"/requests/{token}/chain#teams")


@pytest.mark.parametrize("query", ["due=x", "team=zzz", "out=%00", "fix=s9.nobody", "was=s1.x", "order=x", "turn=99"])
def test_odd_addresses_get_a_page(client: TestClient, place: Place, query: str) -> None:
    assert client.get(f"{place.chain}?{query}").status_code == 200
    assert client.get(f"{place.chain}/sheet?{query}").status_code == 200


def test_the_law_of_each_order(coordinator: TestClient, place: Place) -> None:
    leads = place.firms["有限会社まげ板金"]
    fixed = f"fix=s1.{place.firms['有限会社きり板']}&fix=s2.{leads}&fix=s3.{leads}"
    words = plain(coordinator.get(f"{place.chain}?{fixed}&capital=1001&people=3").text)
    assert "取適法の対象になりそうです。" in words
    assert (
        "委託事業者 有限会社まげ板金(資本金2,000万円、12人) → 中小受託事業者 有限会社きり板(資本金300万円、1人)。"
        in words
    )
    assert "一人の事業所です(フリーランス法)" in words
    assert "株式会社くろアルマイトの資本金はいくらですか。" in words
    assert "4条明示" in words
    assert "下請" not in words


@pytest.mark.parametrize("order", ["star", "chain", "joint"])
def test_orders_can_be_placed_three_ways(coordinator: TestClient, place: Place, order: str) -> None:
    page = coordinator.get(f"{place.chain}?order={order}").text
    assert page.count("注文する人:") == len(set(field(page, "team").split("~"))) - _shared_steps(page)
    assert ("共同受注の会社" in plain(page)) is True


def _shared_steps(page: str) -> int:
    firms = [pair.split(".")[1] for pair in field(page, "team").split("~")]
    return len(firms) - len(set(firms))


@pytest.mark.parametrize("role", ["client", "startup", "coordinator"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_sheet_fits_the_shown_team(role: str, lang: str, place: Place, request: pytest.FixtureRequest) -> None:
    person: TestClient = request.getfixturevalue(role)
    page = person.get(f"{place.chain}/sheet?lang={lang}")
    assert page.status_code == 200
    assert ("チーム提案書" if lang == "ja" else "Team proposal") in page.text
    assert "有限会社まげ板金" in page.text
    assert "資本金" not in page.text


def test_the_workbook_holds_texts_never_formulas(coordinator: TestClient, database: Database) -> None:
    place = team_firms.open_place(database)
    evil = enter(database, replace(FIRMS[3], name="=HYPERLINK(1)くろ"), 40.0)
    sent = coordinator.get(f"{place.chain}/team.xlsx?fix=s4.{evil}")
    assert sent.headers["Content-Disposition"].endswith('.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    rows = book.get_sheet_by_name("工程").to_python()
    assert any("=HYPERLINK(1)くろ" in row for row in rows)
    assert b"<f>" not in sent.content
    assert [str(row[1]) for row in rows[1:]] == ["レーザー切断", "曲げ加工", "溶接", "黒アルマイト"]


def test_files_are_for_staff(client: TestClient, startup: TestClient, place: Place) -> None:
    for name in ("team.json", "team.xlsx"):
        assert client.get(f"{place.chain}/{name}").headers["location"].startswith("/sign-in?next=")
        assert startup.get(f"{place.chain}/{name}").status_code == 404


def test_programs_get_the_same_teams(coordinator: TestClient, place: Place) -> None:
    api = f"/api/v1/requests/{place.token}/teams"
    got = coordinator.get(api).json()
    assert got["teams"][0]["steps"][0]["process"] == "レーザー切断"
    assert got["why_none"] is None
    first = {step["step_id"]: step["firm_id"] for step in got["teams"][0]["steps"]}
    tried = coordinator.post(api, json={"without": [first["s4"]], "order": "chain"}).json()
    assert all(step["firm_id"] != first["s4"] for team in tried["teams"] for step in team["steps"])
    assert coordinator.post(api, json={"due": _soon(), "turn_km": 3}).status_code == 422
    assert coordinator.post(api, json={"unknown": 1}).status_code == 422
    assert coordinator.get("/api/v1/requests/nothing/teams").status_code == 404


@pytest.mark.parametrize("page", ["/requests/{token}/chain/sheet", "/api/v1/requests/{token}/teams"])
def test_teams_are_solved_without_a_transaction(
    page: str, coordinator: TestClient, place: Place, database: Database
) -> None:
    pool, held = database.engine.pool, list[int]()
    assert isinstance(pool, QueuePool)
    with watching(solving.solve.__code__, lambda: held.append(pool.checkedout())):
        assert coordinator.get(page.format(token=place.token)).status_code == 200
    assert held == [0]


def test_a_route_is_planned_once(coordinator: TestClient, place: Place) -> None:
    routing.plan.cache_clear()
    assert coordinator.get(place.chain).status_code == 200
    assert routing.plan.cache_info().misses == 1
