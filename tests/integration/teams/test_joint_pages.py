"""The joint plan: choosing, progress, result, workbook; each role, a stranger, nonsense, twice. No scripts."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlmodel import select

from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms import service as firms_service
from backend.firms.drafts import CapacityDraft, TechniqueDraft
from backend.introductions.queries import settled_requests
from backend.introductions.states import CaseState
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.teams import joint_queries, plans
from backend.teams.joint_result import Run, RunState
from backend.teams.joint_runs import JointDesk
from backend.teams.plans import Decision
from matching.composition.daily import Work
from tests import cases
from tests.conftest import SignInAs
from tests.integration.matches.firms import BENDING
from tests.integration.teams.planning import begun, finished, planned

TEXT = "SUS304の板を曲げて溶接した箱を{n}個。大きさは240×160×90。{day}まで"
PLATING = replace(
    BENDING,
    name="株式会社さくらめっき",
    own_words="小物のニッケルめっき。",
    techniques=(TechniqueDraft("ニッケルめっき"),),
    equipment=(),
    can_lead="no",
)


def due(days: int) -> str:
    day = clock.today() + timedelta(days)
    return f"{day.month}月{day.day}日"


def ask(database: Database, days: int, count: int = 10) -> str:
    with database.writing() as session:
        return requests.send(session, Wording(TEXT.format(n=count, day=due(days)))).token


@pytest.fixture
def firm(database: Database) -> str:
    """One workshop that bends and welds, ten hours a week."""
    monday = clock.today() - timedelta(clock.today().weekday())
    weeks = tuple(CapacityDraft(monday + timedelta(weeks=n), 10.0) for n in range(6))
    with database.writing() as session:
        return firms_service.create_firm(session, None, replace(BENDING, capacity=weeks)).id


@pytest.fixture
def tokens(database: Database, firm: str) -> tuple[str, ...]:
    """Six requests for the same hours, all wanted within three weeks."""
    return tuple(ask(database, 20) for _ in range(6))


def said(text: str) -> str:
    found = re.search(r'<p class="big">([^<]*)', text)
    return unescape(found.group(1)) if found else ""


def test_the_newest_open_requests_are_ticked(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    page = coordinator.get("/joint-plan")
    assert page.status_code == 200
    assert page.text.count("checked") == 6
    assert all(token in page.text for token in tokens)


def test_nothing_to_plan_says_what_to_do(coordinator: TestClient) -> None:
    assert "計画を待つ相談はありません" in coordinator.get("/joint-plan").text


def test_a_plan_says_who_is_on_time_and_what_is_missing(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    address = planned(coordinator, *tokens)
    text = coordinator.get(address).text
    on_time = re.match(r"6件のうち(\d)件が、納期に間に合います。", said(text))
    assert on_time
    assert 1 <= int(on_time.group(1)) <= 5
    assert "足りないのは" in text
    assert re.search(r"時間が、.*の週.*、地域であと[\d.,]+時間足りません。", text)
    assert "有限会社とんぼ板金" in text
    assert text.count("日遅れる") + text.count("空きがない") == 6 - int(on_time.group(1))
    assert '<svg width="' in text
    assert "この工程に使う" in text
    assert "前につくった計画" in coordinator.get("/joint-plan").text


def test_a_plan_speaks_english(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    address = planned(coordinator, *tokens)
    text = coordinator.get(f"{address}?lang=en").text
    assert "of 6 requests can be delivered on time." in said(text)
    assert re.search(r"the region lacks another [\d.]+ hours", text)
    assert not re.search(r"[ぁ-ん]", said(text))


def test_without_scripts_the_page_leads_on(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    address = begun(coordinator, *tokens)
    page = coordinator.get(address)
    assert f'href="{address}"' in page.text or said(page.text)
    assert said(finished(coordinator, address).text)
    block = coordinator.get(address, headers={"HX-Request": "true"})
    assert "<html" not in block.text
    assert "HX-Request" in block.headers["Vary"]


def test_beginning_twice_is_one_plan(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    first = begun(coordinator, *tokens)
    second = begun(coordinator, *tokens)
    assert second == first or said(finished(coordinator, first).text)
    assert said(finished(coordinator, second).text)


def test_the_workbook_holds_cases_steps_and_hours(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    sent = coordinator.get(f"{planned(coordinator, *tokens)}/plan.xlsx")
    assert sent.status_code == 200
    assert "attachment" in sent.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(sent.content))
    assert book.sheet_names == ["まとめ", "案件", "工程", "週ごとの時間"]
    cases = book.get_sheet_by_name("案件").to_python()
    assert len(cases) == 7
    steps = book.get_sheet_by_name("工程").to_python()
    assert {row[2] for row in steps[1:]} == {"有限会社とんぼ板金"}


def test_hours_of_a_decided_team_are_not_given_again(
    coordinator: TestClient, database: Database, tokens: tuple[str, ...], firm: str
) -> None:
    before = said(coordinator.get(planned(coordinator, *tokens)).text)
    days = [clock.today() + timedelta(n) for n in range(1, 8)]
    work = Work("s1", firm, tuple((day, 0.5) for day in days if day.weekday() < 5 and day.month != 1)[:3])
    with database.writing() as session:
        kept = requests.open_request(session, tokens[0])
        actor = session.exec(select(User)).first()
        assert actor
        plans.decide(session, actor, kept.id or 0, Decision({"s1": firm}, firm, [work]))
    assert tokens[0] not in coordinator.get("/joint-plan").text
    after = said(coordinator.get(planned(coordinator, *tokens)).text)
    assert before.startswith("6件")
    assert after.startswith("5件")


def test_a_process_nobody_does_is_named(coordinator: TestClient, database: Database) -> None:
    with database.writing() as session:
        firms_service.create_firm(session, None, PLATING)
        token = requests.send(session, Wording("真鍮の歯車を50個、歯切りとニッケルめっき。")).token
    text = coordinator.get(planned(coordinator, token)).text
    assert "歯切り" in text
    assert re.search(r"頼める会社がない工程|頼める会社が台帳にありません", text)


def test_only_cases_before_the_introduction_wait_for_a_team(coordinator: TestClient, database: Database) -> None:
    asked, over, introduced = (cases.open_case(database) for _ in range(3))
    cases.bring_to(database, asked, CaseState.ASKING)
    cases.bring_to(database, over, CaseState.WITHDRAWN)
    cases.bring_to(database, introduced, CaseState.INTRODUCED)
    page = coordinator.get("/joint-plan").text
    assert asked.token in page
    assert over.token not in page
    assert introduced.token not in page
    refused = coordinator.post("/joint-plan", data={"request": [over.token]})
    assert refused.status_code == 422


def test_what_has_no_day_or_lacks_an_operation_is_not_on_time(
    coordinator: TestClient, database: Database, firm: str
) -> None:
    with database.writing() as session:
        undated = requests.send(session, Wording("SUS304の板を曲げて溶接した箱を10個。")).token
        text = f"SUS304の板を曲げて、ニッケルめっきをした箱を10個。{due(40)}まで"
        lacking = requests.send(session, Wording(text)).token
    text = coordinator.get(planned(coordinator, ask(database, 40), undated, lacking)).text
    assert said(text) == "納期のある2件のうち1件が、納期に間に合います。"
    assert "納期のない1件は、空き時間に入ります。" in text
    assert "には、頼める会社がない工程があります。" in text
    assert "頼める会社がない工程がある" in text
    assert "納期のある2件のうち1件が" in coordinator.get("/joint-plan").text


def test_nobody_on_file_is_said_plainly(coordinator: TestClient, database: Database) -> None:
    token = ask(database, 20)
    text = coordinator.get(planned(coordinator, token)).text
    assert said(text) == "1件のうち0件が、納期に間に合います。"
    assert "頼める会社が台帳にありません" in text


@pytest.mark.parametrize("chosen", [[], ["none"], ["' OR 1=1"], ["a" * 5000]])
def test_choosing_nothing_that_is_there_is_one_sentence(
    coordinator: TestClient, tokens: tuple[str, ...], chosen: list[str]
) -> None:
    answer = coordinator.post("/joint-plan", data={"request": chosen})
    assert answer.status_code == 422
    assert "1件以上選んでください" in answer.text
    assert tokens[0] in answer.text


def test_too_many_are_refused_and_stay_ticked(coordinator: TestClient, database: Database) -> None:
    tokens = [ask(database, 20) for _ in range(61)]
    answer = coordinator.post("/joint-plan", data={"request": tokens})
    assert answer.status_code == 422
    assert "60件まで" in answer.text
    assert answer.text.count("checked") == 61


@pytest.mark.parametrize("run_id", ["none", "..%2fdatabase", "0" * 32, "あ"])
def test_a_plan_that_is_not_there_is_not_found(coordinator: TestClient, run_id: str) -> None:
    assert coordinator.get(f"/joint-plan/{run_id}").status_code == 404
    assert coordinator.get(f"/joint-plan/{run_id}/plan.xlsx").status_code == 404


def desk(app: FastAPI, settings: Settings, database: Database) -> JointDesk:
    return JointDesk(database, app.state.matches, settings.data_dir, app.state.settled_requests)


def test_a_plan_that_was_cut_off_says_so_and_hinders_nobody(
    coordinator: TestClient, app: FastAPI, settings: Settings, database: Database, tokens: tuple[str, ...]
) -> None:
    now = clock.now()
    run = Run(id="0" * 32, made_by="坂井", made_at=now, updated_at=now, tokens=list(tokens), total=6)
    with time_machine.travel(datetime.now(tz=now.tzinfo) - timedelta(minutes=5)):
        desk(app, settings, database).keep(run)
    assert "途中で止まったようです" in coordinator.get(f"/joint-plan/{run.id}").text
    assert coordinator.get(f"/joint-plan/{run.id}/plan.xlsx").status_code == 404
    assert planned(coordinator, *tokens) != f"/joint-plan/{run.id}"


def test_a_plan_that_failed_says_why(
    coordinator: TestClient, app: FastAPI, settings: Settings, database: Database
) -> None:
    now = clock.now()
    run = Run(
        id="1" * 32,
        state=RunState.FAILED,
        made_by="坂井",
        made_at=now,
        updated_at=now,
        tokens=[],
        sentence="まだです。",
    )
    desk(app, settings, database).keep(run)
    assert "まだです。" in coordinator.get(f"/joint-plan/{run.id}").text
    assert "途中で止まった計画" in coordinator.get("/joint-plan").text


@pytest.mark.parametrize("role", [Role.STARTUP, Role.WORKSHOP])
def test_others_find_no_plan(sign_in_as: SignInAs, coordinator: TestClient, database: Database, role: Role) -> None:
    address = planned(coordinator, ask(database, 20))
    person = sign_in_as(role)
    for path in ("/joint-plan", address, f"{address}/plan.xlsx"):
        assert person.get(path).status_code == 404
    assert person.post("/joint-plan", data={"request": ["x"]}).status_code == 404


def test_a_stranger_is_shown_the_way_in_and_an_admin_may_enter(client: TestClient, admin: TestClient) -> None:
    assert client.get("/joint-plan").headers["Location"].startswith("/sign-in")
    assert admin.get("/joint-plan").status_code == 200
    assert admin.request("DELETE", "/joint-plan").status_code == 405


def test_the_list_of_requests_leads_here(coordinator: TestClient, tokens: tuple[str, ...]) -> None:
    assert 'href="/joint-plan"' in coordinator.get("/requests").text


def test_nobody_reads_open_requests_but_staff(startup: TestClient, database: Database, tokens: tuple[str, ...]) -> None:
    with database.reading() as session:
        person = session.exec(select(User).where(User.role == Role.STARTUP)).one()
        assert list(joint_queries.open_requests(session, person, settled_requests(), 10)) == []
        assert list(joint_queries.chosen_requests(session, None, settled_requests(), tokens)) == []
