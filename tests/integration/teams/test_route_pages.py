"""The route half of the workbench: who sees it, every press, undoing, and the way back after a refusal. No scripts."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.core.db import Database
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.teams import service

TEXT = "A5052の板を曲げて溶接し、黒アルマイト。10個。大きさは240×160×90、公差±0.05。検査成績書もほしい。"


@pytest.fixture
def token(database: Database) -> str:
    """A request of several operations."""
    with database.writing() as session:
        return requests.send(session, Wording(TEXT)).token


@pytest.fixture
def chain(token: str) -> str:
    return f"/requests/{token}/chain"


def names(answer: Response) -> list[str]:
    """The steps of the chain picture in their order."""
    return [
        unescape(found).strip() for found in re.findall(r'<span class="bal">\d+</span><div>\s*<h3>([^<]*)', answer.text)
    ]


def version(answer: Response) -> str:
    found = re.search(r'name="version" value="(\d+)"', answer.text)
    return found.group(1) if found else ""


def press(person: TestClient, chain: str, do: str, **fields: str) -> Response:
    """The page after a press, as a browser without scripts shows it."""
    sent = person.post(chain, data={"do": do, "version": version(person.get(chain)), **fields})
    assert sent.status_code == 303, sent.text
    return person.get(sent.headers["Location"])


PLANNED = ["レーザー切断", "曲げ加工", "溶接", "黒アルマイト", "測定"]


def test_the_planned_route_is_shown_with_hours_reasons_and_checks(coordinator: TestClient, chain: str) -> None:
    page = coordinator.get(chain)
    assert page.status_code == 200
    assert names(page) == PLANNED
    assert "曲げる前に板を切り出す" in page.text
    assert "溶接のあとに黒アルマイト。順序は合っています。" in page.text
    assert "±0.05 は仕上げ後の寸法か" in page.text
    assert "240 × 160 × 90 mm" in page.text
    assert "合わせて" in page.text


@pytest.mark.parametrize("role", ["client", "startup", "shop", "outsider"])
def test_whoever_has_the_address_looks_but_does_not_edit(role: str, chain: str, request: pytest.FixtureRequest) -> None:
    person: TestClient = request.getfixturevalue(role)
    page = person.get(f"{chain}?edit=s1&add=s1")
    assert names(page) == PLANNED
    assert 'name="do"' not in page.text
    refused = person.post(chain, data={"do": "remove:s1"})
    assert refused.status_code == (303 if role == "client" else 404)
    assert names(person.get(chain)) == PLANNED


def test_an_unknown_request_is_not_found(coordinator: TestClient) -> None:
    assert coordinator.get("/requests/unknown/chain").status_code == 404
    assert coordinator.post("/requests/unknown/chain", data={"do": "undo"}).status_code == 404


def test_steps_move_and_moves_are_undone_and_done_again(coordinator: TestClient, chain: str) -> None:
    assert names(press(coordinator, chain, "earlier:s3")) == [
        "レーザー切断",
        "溶接",
        "曲げ加工",
        "黒アルマイト",
        "測定",
    ]
    assert names(press(coordinator, chain, "later:s4"))[-1] == "黒アルマイト"
    page = press(coordinator, chain, "undo")
    assert names(page) == ["レーザー切断", "溶接", "曲げ加工", "黒アルマイト", "測定"]
    page = press(coordinator, chain, "undo")
    assert names(page) == PLANNED
    assert 'value="undo"' not in page.text
    page = press(coordinator, chain, "redo")
    page = press(coordinator, chain, "redo")
    assert names(page)[-1] == "黒アルマイト"
    assert 'value="redo"' not in page.text


def test_an_edit_after_an_undo_ends_the_way_forward(coordinator: TestClient, chain: str) -> None:
    press(coordinator, chain, "earlier:s3")
    press(coordinator, chain, "undo")
    page = press(coordinator, chain, "remove:s5")
    assert names(page) == PLANNED[:-1]
    assert 'value="redo"' not in page.text
    assert names(press(coordinator, chain, "undo")) == PLANNED


def test_going_back_to_the_planned_route_can_be_undone(coordinator: TestClient, chain: str) -> None:
    press(coordinator, chain, "remove:s5")
    page = press(coordinator, chain, "reset")
    assert names(page) == PLANNED
    assert "依頼文から考えた道順です" in page.text
    assert names(press(coordinator, chain, "undo")) == PLANNED[:-1]


def test_a_step_is_found_and_added(coordinator: TestClient, chain: str) -> None:
    page = coordinator.get(f"{chain}?add=s3&q=応力")
    assert "add:stress_relief:s3" in page.text
    page = press(coordinator, chain, "add:stress_relief:s3")
    assert names(page)[3] == "応力除去焼鈍"
    assert "コーディネーターが足した工程" in page.text
    assert "add:stress_relief" not in page.text


def test_nothing_found_says_so(coordinator: TestClient, chain: str) -> None:
    page = coordinator.get(f"{chain}?add=s3&q=qqqqqq")
    assert "に近い工程が見つかりません" in page.text


def test_a_missing_step_is_offered_and_added(coordinator: TestClient, chain: str) -> None:
    assert "応力除去焼鈍を足す" in coordinator.get(chain).text
    assert "溶接のあとにひずみを抜いてから仕上げます。" in press(coordinator, chain, "add:stress_relief:s3").text


def test_a_step_is_split_and_joined_again(coordinator: TestClient, chain: str) -> None:
    assert names(press(coordinator, chain, "split:s3")) == [*PLANNED[:3], *PLANNED[2:]]
    assert names(press(coordinator, chain, "together:s3:s6")) == PLANNED


def test_steps_of_one_firm_are_offered_as_one(coordinator: TestClient, chain: str) -> None:
    assert "together:s1:s2" in coordinator.get(chain).text
    assert names(press(coordinator, chain, "together:s1:s2"))[0] == "板金加工"


def test_another_way_takes_the_place_of_a_step(coordinator: TestClient, chain: str) -> None:
    assert "otherwise:s3:brazing" in coordinator.get(f"{chain}?edit=s3").text
    page = press(coordinator, chain, "otherwise:s3:brazing")
    assert names(page)[2] == "ろう付け"


FORM = {"title": "輪を削り出す", "likely": "１４", "low": "8", "high": "20h", "after-s2": "1"}
WISHES = {"material": "SUS304", "size": "200×100", "tolerance": "±0.02", "certification": "JIS Q 9100"}


def test_the_form_of_a_step_keeps_hours_wishes_and_name(
    coordinator: TestClient, chain: str, token: str, database: Database
) -> None:
    page = press(coordinator, chain, "save:s3", **FORM, **WISHES)
    assert "輪を削り出す" in page.text
    assert "14h" in page.text
    with database.reading() as session:
        route = service.work_on(session, None, token).route
    step = route.steps[2]
    assert (step.hours.likely, step.hours.low, step.hours.high) == (14, 8, 20)
    assert step.need.material is not None
    assert step.need.material.value == "SUS304"
    assert step.need.size_mm is not None
    assert step.need.size_mm.value == (200, 100)
    assert step.need.tolerance_mm is not None
    assert step.need.tolerance_mm.value == 0.02
    assert step.need.certifications is not None
    assert step.need.certifications.value == ("JIS Q 9100",)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("likely", "たくさん", "時間を 0.1 から 2000 までの数字で"),
        ("low", "-3", "時間を 0.1 から 2000 までの数字で"),
        ("high", "9" * 50, "時間を 0.1 から 2000 までの数字で"),
        ("likely", "40", "早くてから長くてまでの間に"),
        ("title", "あ" * 81, "80字までで"),
        ("material", "あ" * 81, "80字までで"),
        ("size", "大きい", "読み取れませんでした"),
        ("tolerance", "ゆるめ", "読み取れませんでした"),
    ],
)
def test_a_field_that_cannot_be_right_is_said_and_kept(
    coordinator: TestClient, chain: str, field: str, value: str, sentence: str
) -> None:
    answer = coordinator.post(chain, data={"do": "save:s3", "version": "0", **FORM, **WISHES, field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert value in answer.text
    assert "輪を削り出す" in answer.text or field == "title"
    assert "依頼文から考えた道順です" in answer.text


def test_parallel_parts_and_their_order(coordinator: TestClient, chain: str) -> None:
    page = press(coordinator, chain, "save:s2", title="", likely="8", low="4", high="12")
    assert "ほかと並行して始められる" in page.text
    refused = coordinator.post(chain, data={"do": "save:s2", "likely": "8", "low": "4", "high": "12", "after-s5": "1"})
    assert refused.status_code == 422
    assert "輪になって" in refused.text


@pytest.mark.parametrize(
    "do",
    [
        "",
        "explode:s1",
        "remove",
        "remove:s99",
        "add:unknown:s1",
        "earlier:s1",
        "later:s5",
        "undo",
        "redo",
        "otherwise:s1:assembly",
        "otherwise:s99:brazing",
        "split:",
        "together:s1:s5",
        "save:s99",
    ],
)
def test_a_press_that_cannot_be_is_refused_with_a_sentence(coordinator: TestClient, chain: str, do: str) -> None:
    answer = coordinator.post(chain, data={"do": do})
    assert answer.status_code == 422, do
    assert 'role="alert"' in answer.text
    assert names(answer) == PLANNED


def test_two_people_do_not_overwrite_each_other(coordinator: TestClient, admin: TestClient, chain: str) -> None:
    press(admin, chain, "remove:s5")
    answer = coordinator.post(chain, data={"do": "remove:s4", "version": "0"})
    assert answer.status_code == 422
    assert "別の人が変えました" in answer.text
    assert names(answer) == PLANNED[:-1]


def test_the_last_step_stays(coordinator: TestClient, chain: str) -> None:
    for key in ("s5", "s4", "s3", "s2"):
        press(coordinator, chain, f"remove:{key}")
    answer = coordinator.post(chain, data={"do": "remove:s1"})
    assert "最後の工程は消せません" in answer.text


def test_a_text_without_operations_can_be_given_steps(coordinator: TestClient, database: Database) -> None:
    with database.writing() as session:
        token = requests.send(session, Wording("こんにちは")).token
    chain = f"/requests/{token}/chain"
    assert "工程がまだ読み取れません" in coordinator.get(chain).text
    assert names(press(coordinator, chain, "add:bending:")) == ["曲げ加工"]


def test_hardening_a_steel_that_does_not_harden_is_told_why(coordinator: TestClient, database: Database) -> None:
    with database.writing() as session:
        token = requests.send(session, Wording("SUS304の軸を旋盤で削って焼入れする。10本。")).token
    page = coordinator.get(f"/requests/{token}/chain")
    assert "SUS304は焼入れをしても硬くなりません" in page.text
    english = coordinator.get(f"/requests/{token}/chain?lang=en")
    assert "SUS304 does not harden" in english.text
