"""The board and the list of cases: what they show, moving cards, searching, keeping searches, and what it costs."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.accounts.models import Role
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.introductions import queries
from backend.introductions.models import Case
from backend.introductions.states import CaseState
from tests import cases, factories
from tests.cases import Made
from tests.integration.introductions.desk import browser, counted, give_ward, of_ward

MOST_QUESTIONS = 8


@pytest.fixture
def made(database: Database) -> Made:
    return cases.open_case(database)


@pytest.fixture
def desk(app: FastAPI, database: Database, settings: Settings, made: Made) -> TestClient:
    return browser(app, database, settings, made.people.coordinator)


def case_now(database: Database, made: Made) -> Case:
    with database.reading() as session:
        return cases.case_of(session, made)


def call(database: Database, made: Made, title: str) -> None:
    """Give the case a name of its own."""
    with database.writing() as session:
        case = cases.case_of(session, made)
        case.title = title
        session.add(case)


def test_cards_move_where_the_table_allows(desk: TestClient, database: Database, made: Made) -> None:
    assert f'id="case-{made.case_id}"' in desk.get("/board").text
    seen = str(case_now(database, made).version)
    fields = {"case_id": str(made.case_id), "to": "shortlisting", "seen": seen, "query": "whose=nobody"}
    for _ in range(2):
        moved = desk.post("/board/move", data=fields)
        assert (moved.status_code, moved.headers["Location"]) == (303, f"/board?whose=nobody#case-{made.case_id}")
    assert case_now(database, made).state is CaseState.SHORTLISTING
    assert case_now(database, made).version == int(seen) + 1


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("asking", "打診する工場を、案件のページで選んでください"),
        ("lost", "理由が要ります"),
        ("delivered", "動かせません"),
        ("closed", "動かせません"),
    ],
)
def test_a_refused_move_says_why(desk: TestClient, database: Database, made: Made, target: str, sentence: str) -> None:
    refused = desk.post("/board/move", data={"case_id": str(made.case_id), "to": target})
    assert refused.status_code == 409
    assert sentence in refused.text
    assert case_now(database, made).state is CaseState.RECEIVED


def test_an_old_board_moves_nothing(desk: TestClient, database: Database, made: Made) -> None:
    old = {"case_id": str(made.case_id), "to": "clarifying", "seen": "0"}
    refused = desk.post("/board/move", data=old)
    assert refused.status_code == 409
    assert "開いているあいだに" in refused.text
    assert desk.post("/board/move", data={"case_id": str(made.case_id), "to": "nowhere"}).status_code == 404
    assert desk.post("/board/move", data={"case_id": "x"}).status_code == 404


def test_agreed_cards_are_introduced(desk: TestClient, database: Database, made: Made) -> None:
    cases.bring_to(database, made, CaseState.AGREED)
    assert desk.post("/board/move", data={"case_id": str(made.case_id), "to": "introduced"}).status_code == 303
    assert case_now(database, made).state is CaseState.INTRODUCED


def test_other_wards_and_strangers(app: FastAPI, database: Database, settings: Settings, made: Made) -> None:
    give_ward(database, made, "大田区")
    call(database, made, "ひみつのカバー")
    people, before = made.people, case_now(database, made).version
    other = browser(app, database, settings, of_ward(database, "墨田区"))
    pages = ("/board", "/cases", "/cases?q=ひみつ", "/cases?ward=大田区", "/cases/cases.csv", "/board?ward=大田区")
    for page in pages:
        answer = other.get(page)
        assert answer.status_code == 200
        assert "ひみつのカバー" not in answer.text
    assert "ひみつのカバー" in browser(app, database, settings, of_ward(database, "大田区")).get("/cases").text
    move = {"case_id": str(made.case_id), "to": "clarifying"}
    assert other.post("/board/move", data=move).status_code == 404
    for person in (people.client, people.shops[0]):
        visitor = browser(app, database, settings, person)
        assert {visitor.get(page).status_code for page in pages} == {404}
        assert visitor.post("/board/move", data=move).status_code == 404
    assert case_now(database, made).version == before


def test_searching_the_list(desk: TestClient, database: Database, made: Made) -> None:
    other = cases.open_case(database)
    call(database, made, "100%の_ランプ ABC")
    call(database, other, "べつの仕事")
    cases.bring_to(database, other, CaseState.ASKING)
    with database.reading() as session:
        number = queries.request_of(session, cases.case_of(session, other)).number
        firms = queries.firms_by_id(session, other.firm_ids)
    asked = firms[other.firm_ids[0]].name

    titles = {"ランプ": "100%の_ランプ ABC", "べつの仕事": "べつの仕事"}

    def found(query: str) -> set[str]:
        page = desk.get(f"/cases?{query}")
        assert page.status_code == 200
        return {name for name, title in titles.items() if title in page.text}

    assert found("") == {"ランプ", "べつの仕事"}
    assert found("q=%E3%83%A9%E3%83%B3%E3%83%97") == {"ランプ"}
    assert found("q=abc+%E3%83%A9%E3%83%B3%E3%83%97") == {"ランプ"}
    # The signs of LIKE are letters like any others.
    assert found("q=100%25") == {"ランプ"}
    assert found("q=_%E3%83%A9") == {"ランプ"}
    assert found(f"q={number}") == {"べつの仕事"}
    assert found(f"q={asked}") == {"べつの仕事"}
    assert found("state=received") == {"ランプ"}
    assert found("state=running") == {"ランプ", "べつの仕事"}
    assert found("state=ended") == set()
    assert found("whose=nobody&q=zzz") == set()
    assert "この条件の案件はありません" in desk.get("/cases?q=zzz").text
    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        assert found("due=over") == {"ランプ", "べつの仕事"}
    assert found("due=over") == set()
    # What is no filter of ours is left out, and a page past the end is the last one.
    assert found("state=x&whose=x&due=x&page=99") == {"ランプ", "べつの仕事"}


def test_spreadsheets_hold_texts_only(desk: TestClient, database: Database, made: Made) -> None:
    call(database, made, "=1+1")
    rows = list(csv.reader(io.StringIO(desk.get("/cases/cases.csv").content.decode("utf-8-sig"))))
    assert rows[1][1] == "'=1+1"
    assert len({len(row) for row in rows}) == 1
    book = desk.get("/cases/cases.xlsx")
    assert book.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert book.content[:2] == b"PK"
    assert desk.get("/cases/cases.pdf").status_code == 404


def test_searches_are_kept_and_forgotten(
    app: FastAPI, desk: TestClient, database: Database, settings: Settings
) -> None:
    wanted = {"page": "cases", "name": "急ぎ", "query": "due=over&state=asking&evil=1"}
    for _ in range(2):
        assert desk.post("/cases/filters", data=wanted).headers["Location"] == "/cases?state=asking&due=over"
    page = desk.get("/cases").text
    assert page.count(">急ぎ</a>") == 1
    assert "/cases?state=asking&amp;due=over" in page
    assert "急ぎ" not in desk.get("/board").text
    place = page.split("/cases/filters/")[1].split("/remove")[0]
    other = browser(app, database, settings, factories.person(database, Role.COORDINATOR))
    assert "急ぎ" not in other.get("/cases").text
    assert other.post(f"/cases/filters/{place}/remove").status_code == 303
    assert "急ぎ" in desk.get("/cases").text
    for _ in range(2):
        assert desk.post(f"/cases/filters/{place}/remove", data={"page": "cases"}).status_code == 303
    assert "急ぎ" not in desk.get("/cases").text
    assert desk.post("/cases/filters", data={"page": "cases", "name": " "}).status_code == 422
    assert desk.post("/cases/filters", data={"page": "elsewhere", "name": "x"}).status_code == 404


@pytest.mark.parametrize("page", ["/board", "/cases", "/cases?q=%E6%A4%9C%E6%9F%BB"])
def test_it_asks_as_often_for_many_cases_as_for_few(
    app: FastAPI, desk: TestClient, database: Database, page: str
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            cases.open_case(database, shops=1)
        with counted(app) as said:
            assert desk.get(page).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= MOST_QUESTIONS
