"""The worker as a process: killed at random it loses nothing, asked to stop it ends well."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.accounts.letters import INVITATION_ACCEPTED
from backend.core.db import Database
from backend.core.mail import Mail, send_mail
from bench.storm import storm

# `python -m bench.worker` kills five hundred.
KILLS = 15


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_and_nothing_said_twice_differently(database_url: str, tmp_path: Path) -> None:
    outcome = storm(database_url, tmp_path, kills=KILLS)
    assert outcome.is_sound, outcome
    assert (outcome.kills, outcome.arrived) == (KILLS, outcome.owed)


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> list[str]:
    return [sys.executable, "-c", "from backend.cli import main; main()", "worker"]


def _environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NAKAMAWA_")}
    return kept | {"NAKAMAWA_DATA_DIR": str(tmp_path), "NAKAMAWA_DATABASE_URL": database_url}


def _send(database: Database) -> str:
    context = {"name": "太郎", "organisation": "精機", "path": "/"}
    with database.writing() as session:
        mail = send_mail(session, INVITATION_ACCEPTED, "a@example.jp", "ja", context, "k")
    assert mail is not None
    return mail.id


def _is_kept(database: Database, mail_id: str) -> bool:
    with database.reading() as session:
        mail = session.get(Mail, mail_id)
        return mail is not None and mail.kept_at is not None


@pytest.mark.slow
def test_once_does_what_is_due_and_ends(
    database: Database, database_url: str, tmp_path: Path, command: list[str]
) -> None:
    mail_id = _send(database)
    environment = _environment(database_url, tmp_path)
    done = subprocess.run([*command, "--once"], env=environment, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert _is_kept(database, mail_id)


@pytest.mark.slow
def test_stops_cleanly_when_asked(database: Database, database_url: str, tmp_path: Path, command: list[str]) -> None:
    process = subprocess.Popen(command, env=_environment(database_url, tmp_path), stderr=subprocess.PIPE)
    mail_id = _send(database)
    until = time.monotonic() + 120
    while not _is_kept(database, mail_id) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, b"")
    assert _is_kept(database, mail_id)
