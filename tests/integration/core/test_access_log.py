"""What the log says of an answer: who, what and how it went, never the key by which somebody came in."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core.addresses import masked
from tests.integration.routes import address, every_route
from tests.integration.test_private_answers import KEYS

SECRET = "a-key-that-nobody-may-read"


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_no_address_that_is_a_key_is_written_down(app: FastAPI) -> None:
    keys = {key.strip("{}"): SECRET for key in KEYS}
    opened = [pattern for _method, pattern in every_route(app) if any(f"{{{key}}}" in pattern for key in keys)]
    assert len(opened) > 30
    for pattern in opened:
        assert SECRET not in masked(address(pattern, keys)), pattern
        assert SECRET not in masked(f"/{address(pattern, keys)}"), pattern


def test_what_is_no_key_is_written_down_on_one_line() -> None:
    assert masked("/firms/f1\nPOST /admin") == "/firms/f1%0APOST%20/admin"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (f"/requests/{SECRET}", 'testclient "GET /requests/[key]" 404'),
        (f"/sign-in/link/{SECRET}", 'testclient "GET /sign-in/[key]" 200'),
        (f"/sign-in?code={SECRET}&state={SECRET}", 'testclient "GET /sign-in" 200'),
    ],
)
def test_the_line_of_an_answer(client: TestClient, caplog: pytest.LogCaptureFixture, path: str, line: str) -> None:
    with caplog.at_level(logging.INFO, "backend.core.addresses"):
        client.get(path)
    said = [record.getMessage() for record in caplog.records if record.name == "backend.core.addresses"]
    assert said == [line]


def _break() -> None:
    raise ZeroDivisionError


def test_a_mistake_of_ours_names_no_key(app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    app.get("/requests/{token}/broken")(_break)
    assert client.get(f"/requests/{SECRET}/broken").status_code == 500
    assert "GET /requests/[key] failed" in caplog.text
    assert SECRET not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("backend"))


def test_the_server_keeps_no_log_of_its_own(tmp_path: Path) -> None:
    """Its line for each answer would hold the whole address; ours is there, and says [key]."""
    port = _free_port()
    environment = {**os.environ, "NAKAMAWA_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "backend", "serve", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as served:
        _ask(f"http://127.0.0.1:{port}/requests/{SECRET}")
        served.send_signal(signal.SIGINT)
        _out, said = served.communicate(timeout=120)
    assert "GET /requests/[key]" in said
    assert SECRET not in said


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _ask(address: str) -> None:
    """Once the server is there."""
    for _more in range(1200):
        try:
            httpx2.get(address)
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)
