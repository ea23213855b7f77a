"""Every failure is one clear sentence, for people and for programs."""

import errno
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import text

from backend.core.db import Database, WriteSession
from backend.core.errors import Invalid, Refused


class Box(BaseModel):
    size: int


@pytest.fixture
def broken(app: FastAPI, client: TestClient) -> TestClient:
    """The application with a few doors that always fail."""
    app.get("/broken")(lambda: 1 // 0)
    app.get("/refused")(_refuse)
    app.get("/full")(_run_out_of_space)
    app.post("/write")(_write)
    app.post("/api/v1/box")(_take)
    app.post("/invalid")(_find_fault)
    return client


def _refuse() -> None:
    raise Refused("もう締め切りました。")


def _run_out_of_space() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _find_fault() -> None:
    raise Invalid("直してください。", {"size": "大きすぎます。"})


def _write(session: WriteSession) -> str:
    session.connection().execute(text("DELETE FROM login_failures"))
    return "done"


def _take(box: Box) -> Box:
    return box


def test_unknown_page(client: TestClient) -> None:
    page = client.get("/no-such-page")
    assert page.status_code == 404
    assert "見つかりませんでした" in page.text
    assert "<title>" in page.text


def test_unknown_page_in_english(client: TestClient) -> None:
    page = client.get("/no-such-page", headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert "could not find" in page.text


def test_program_gets_json(client: TestClient) -> None:
    assert client.get("/api/v1/no-such-thing").json() == {
        "message": "お探しのページは見つかりませんでした。",
        "fields": {},
    }
    assert client.get("/no-such-page", headers={"Accept": "application/json"}).json()["message"]


def test_wrong_method(client: TestClient) -> None:
    page = client.delete("/sign-in")
    assert page.status_code == 405
    assert "Allow" in page.headers


def test_a_mistake_of_ours_shows_no_traceback(broken: TestClient) -> None:
    page = broken.get("/broken", headers={"Accept-Language": "en"})
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "ZeroDivisionError" not in page.text


def test_refusal(broken: TestClient) -> None:
    page = broken.get("/refused")
    assert page.status_code == 409
    assert "もう締め切りました。" in page.text


def test_invalid_input_names_the_field(broken: TestClient) -> None:
    page = broken.post("/invalid", headers={"Accept": "application/json"})
    assert page.status_code == 422
    assert page.json() == {"message": "直してください。", "fields": {"size": "大きすぎます。"}}


def test_full_disk(broken: TestClient) -> None:
    page = broken.get("/full")
    assert page.status_code == 503
    assert "保存する場所がいっぱい" in page.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{broken", ("JSON として読み取れませんでした。書き方を確かめてください。", {})),
        ("{}", ("入力内容に直すところがあります。", {"size": "入力してください。"})),
        ('{"size": "big"}', ("入力内容に直すところがあります。", {"size": "数字で入力してください。"})),
    ],
)
def test_malformed_json(broken: TestClient, body: str, expected: tuple[str, dict[str, str]]) -> None:
    answer = broken.post("/api/v1/box", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json() == {"message": expected[0], "fields": expected[1]}


@pytest.fixture
def locked(database: Database) -> Iterator[None]:
    """Somebody else holds the database for the time of the test."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE login_failures IN ACCESS EXCLUSIVE MODE"))
        yield


def test_locked_database(locked: None, broken: TestClient) -> None:
    page = broken.post("/write")
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "混み合っています" in page.text
