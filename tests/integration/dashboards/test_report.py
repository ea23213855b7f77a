"""The ward's report: counted from cases that were walked through, for those who may read them, in three forms."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
import python_calamine
from fastapi.testclient import TestClient
from sqlmodel import col, select

from backend.core import clock
from backend.core.db import Database
from backend.dashboards import period, report_view
from backend.dashboards.report import report
from backend.firms.rules import Answer
from backend.introductions import queries, service
from backend.introductions.models import Case
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Report
from backend.introductions.states import CaseState, Channel, ClientKind, ClientPlace, Party
from tests import cases


@pytest.fixture
def made(database: Database) -> cases.Made:
    """Three cases: one delivered with an amount, one lost, one new."""
    first = cases.open_case(database, steps=2)
    cases.bring_to(database, first, CaseState.INTRODUCED)
    desk = first.by(Party.COORDINATOR)
    with database.writing() as session:
        place, kind = ClientPlace.ABROAD, ClientKind.STARTUP
        service.describe(session, desk, first.case_id, title="カバー", kind=kind, place=place, channel=Channel.WEB)
        for offer in [o for o in queries.offers_of(session, first.case_id) if o.introduced_at]:
            told = Report(delivered=Answer.YES, amount_yen=90_000)
            outcomes.report(session, first.by(Party.CLIENT), offer.id, told)
    second = cases.open_case(database)
    with database.writing() as session:
        service.move(session, second.by(Party.COORDINATOR), second.case_id, "lose", reason="price")
    cases.open_case(database)
    return first


def test_the_figures(database: Database, made: cases.Made) -> None:
    with database.reading() as session:
        counted = report(session, made.people.coordinator, period.month_of(clock.today()), None)
    total = counted.total
    assert (total.consultations, total.offers, total.introductions, total.orders) == (3, 4, 2, 2)
    assert (total.amount_yen, total.abroad, total.outside, total.startups) == (180_000, 2, 2, 1)
    assert counted.funnel == (("consultations", 3), ("asked", 1), ("introduced", 1), ("ordered", 1))
    assert counted.lost == (("price", 1),)
    assert (counted.asked_firms, counted.introduced_firms, counted.participating_firms) == (2, 1, 1)
    assert (counted.startup_products, counted.joint_projects) == (1, 0)
    assert counted.unanswered == 1
    assert sum(line.consultations for _month, line in counted.by_month) == 3
    assert sum(line.consultations for _ward, line in counted.by_ward) == 3


def test_nothing_of_other_wards_is_counted(database: Database, made: cases.Made) -> None:
    with database.reading() as session:
        counted = report(session, made.people.other_client, period.month_of(clock.today()), None)
    assert (counted.total.consultations, counted.total.offers, counted.total.orders) == (0, 0, 0)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_and_the_tables(coordinator: TestClient, made: cases.Made, lang: str) -> None:
    assert made.case_id
    page = coordinator.get(f"/reports?period=year&lang={lang}")
    assert page.status_code == 200
    assert "180,000" in page.text
    rows = list(csv.reader(StringIO(coordinator.get("/reports/report.csv?period=year").text.lstrip("\ufeff"))))
    assert rows[1][1:6] == ["3", "4", "2", "2", "180000"]
    book = coordinator.get("/reports/report.xlsx?period=year")
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0)
    assert sheet.to_python()[1][1:6] == [3, 4, 2, 2, 180_000]


def test_each_unit_has_its_name_and_a_duration_is_said_as_on_the_desk(
    coordinator: TestClient, database: Database, made: cases.Made
) -> None:
    with database.writing() as session:
        case = cases.case_of(session, made)
        case.answered_at = case.created_at + timedelta(hours=17, minutes=5)
        session.add(case)
        other = session.exec(select(Case).where(Case.id != made.case_id, col(Case.answered_at).is_not(None))).one()
        other.answered_at = None
        session.add(other)
    page = coordinator.get("/reports?period=year").text
    summed = re.findall(r'<dd class="num">([^<]+)</dd><dt>([^<]+)</dt>', page)
    assert summed == [("3", "相談"), ("4", "打診(のべ)"), ("2", "紹介(のべ)"), ("2", "成約(のべ)")]
    steps = re.findall(r'class="funnel-row"><span>([^<]+)</span>.*?<b>(\d+)</b>', page)
    assert steps == [("相談", "3"), ("打診した案件", "1"), ("紹介した案件", "1"), ("成約した案件", "1")]
    with database.reading() as session:
        counted = report(session, made.people.coordinator, period.fiscal_year_of(clock.today()), None)
    assert dict(report_view.facts(counted))["最初の返事まで(真ん中の値)"] == "17時間"
    assert "17時間" in page
    desk = coordinator.get("/desk").text
    assert "の流れ(案件の数)" in desk
    assert "17時間" in desk


def test_an_empty_time_says_what_to_do(coordinator: TestClient) -> None:
    assert "まだ相談がありません" in coordinator.get("/reports").text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=2026-11-10&last=2026-11-01", "あとにしてください"),
        ("first=きのう&last=2026-11-01", "のように書いてください"),
        ("first=2001-01-01&last=2026-11-01", "5年まで"),
        ("first=0001-01-01&last=0001-01-31", "2000年以降"),
        ("first=2026-11-01&last=", "両方書いて"),
        ("first=9999-12-01&last=9999-12-31", "3年先まで"),
    ],
)
def test_a_time_that_cannot_be_keeps_what_was_typed(coordinator: TestClient, query: str, sentence: str) -> None:
    page = coordinator.get(f"/reports?{query}")
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{query.split("&", maxsplit=1)[0].removeprefix("first=")}"' in page.text
    assert coordinator.get(f"/reports/report.csv?{query}").status_code == 422
    assert coordinator.get("/reports/report.exe").status_code == 404
