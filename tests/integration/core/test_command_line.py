"""The commands on the database: what they do, and one clear line with exit 2 for bad input."""

import hashlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import func, select

from backend import cli
from backend.core import audit, clock
from backend.core.db import Database
from backend.firms.models import Firm

FIRM = {"id": "f1", "name": "有限会社ためし", "ward": "墨田区", "text": "アルミの切削", "processes": ["フライス加工"]}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def nakamawa(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`nakamawa("check")` gives exit status, standard output and standard error of the command."""
    for name, value in {
        "ENVIRONMENT": "test",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "ENCODER": "hashing",
        "DATABASE_WAIT_SECONDS": "0.3",
    }.items():
        monkeypatch.setenv(f"NAKAMAWA_{name}", value)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nakamawa", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    file = tmp_path / "firms.jsonl"
    file.write_text(json.dumps(FIRM, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _is_one_line(text: str) -> bool:
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Firm)).one()


def test_import_index_and_check(nakamawa: Run, firms: Path, database: Database) -> None:
    assert nakamawa("import-firms", firms)[:2] == (0, "\n1 new, 0 changed, 0 as they were\n")
    assert _count(database) == 1
    assert "run `nakamawa reindex`" in nakamawa("check")[2]
    assert nakamawa("reindex")[0] == 0
    assert nakamawa("check")[0] == 0


def test_importing_again_changes_nothing(nakamawa: Run, firms: Path) -> None:
    nakamawa("import-firms", firms)
    assert "0 new, 0 changed, 1 as they were" in nakamawa("import-firms", firms)[1]


def test_a_faulty_file_is_refused_as_a_whole(nakamawa: Run, firms: Path, database: Database) -> None:
    with firms.open("a", encoding="utf-8") as file:
        file.write(json.dumps(FIRM | {"id": "f2", "name": ""}) + "\n{broken\n")
    status, out, err = nakamawa("import-firms", firms)
    assert status == 2
    assert _is_one_line(err)
    assert "(and 1 more)" in err
    assert f"{firms}:3:" in out
    assert _count(database) == 0


def test_check_finds_a_firm_the_index_does_not_know(nakamawa: Run, firms: Path) -> None:
    nakamawa("reindex")
    nakamawa("import-firms", firms)
    assert "1 firms missing" in nakamawa("check")[2]


def test_check_finds_a_broken_audit_trail(nakamawa: Run, database: Database) -> None:
    with database.writing() as session:
        session.add(audit.AuditEvent(at=clock.now(), action="forged", subject="x", digest="0"))
    status, _out, err = nakamawa("check")
    assert status == 2
    assert "audit trail: event 1" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import-firms", "no-such-file.jsonl"), "no such file"),
        (("import-firms", "pyproject.toml"), "JSONL"),
        (("no-such-command",), "No such command"),
        (("import-firms",), "file"),
        (("rank", "--firms", "nowhere.jsonl", "--requests", "nowhere.jsonl", "--out", "x"), "nowhere.jsonl"),
    ],
)
def test_bad_input(nakamawa: Run, arguments: tuple[str, ...], said: str) -> None:
    status, _out, err = nakamawa(*arguments)
    assert status == 2
    assert _is_one_line(err)
    assert said in err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SESSION_DAYS", "many", "NAKAMAWA_SESSION_DAYS"),
        ("DATABASE_URL", "nonsense", "NAKAMAWA_DATABASE_URL"),
        ("DATABASE_URL", "mysql://somebody@somewhere/db", "NAKAMAWA_DATABASE_URL"),
        ("ALLOWED_HOSTS", "match.example.jp", "allowed_hosts"),
        ("ENVIRONMENT", "production", "NAKAMAWA_SECRET_KEY"),
        ("ENCODER", "/no/such/folder", "language model"),
    ],
)
def test_bad_settings(nakamawa: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(f"NAKAMAWA_{name}", value)
    status, _out, err = nakamawa("reindex")
    assert status == 2
    assert _is_one_line(err)
    assert said in err


def test_a_database_without_tables_is_named(
    nakamawa: Run, monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    monkeypatch.setenv("NAKAMAWA_DATABASE_URL", empty_database_url)
    assert "run `nakamawa migrate`" in nakamawa("check")[2]
    assert nakamawa("migrate")[0] == 0
    assert "nakamawa reindex" in nakamawa("check")[2]


def test_backup_and_restore(nakamawa: Run, firms: Path, tmp_path: Path, database: Database, database_kind: str) -> None:
    copy = tmp_path / "copy.db"
    if database_kind == "postgres":
        assert "pg_dump" in nakamawa("backup", copy)[2]
        return
    assert nakamawa("backup", copy)[0] == 0
    nakamawa("import-firms", firms)
    assert nakamawa("backup", copy)[0] == 2
    status, out, _err = nakamawa("restore", copy)
    assert status == 0
    assert _count(database) == 0
    kept = Path(out.rpartition(" kept as ")[2].strip())
    with sqlite3.connect(kept) as former:
        assert former.execute("SELECT count(*) FROM firms").fetchone() == (1,)
    former.close()


def _keep(folder: Path, name: str, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    place = folder / "files" / digest[:2] / digest[2:4] if name == "files" else folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / digest).write_bytes(content)
    return place / digest


def test_drawings_and_pictures_go_along(nakamawa: Run, tmp_path: Path, database: Database, database_kind: str) -> None:
    if database_kind == "postgres":
        assert "copy the folders files and pictures" in nakamawa("backup", tmp_path / "copy.db")[2]
        return
    drawing, picture = _keep(tmp_path, "files", b"%PDF-1.7 drawing"), _keep(tmp_path, "pictures", b"\x89PNG")
    # What is half received, somebody's own file and a way out of the folder are not contents.
    (tmp_path / "files" / "incoming").mkdir()
    (tmp_path / "files" / "incoming" / "0a1b").write_bytes(b"half")
    (tmp_path / "files" / ("f" * 64)).symlink_to("/etc/hostname")
    copy = tmp_path / "away" / "copy.db"
    copy.parent.mkdir()
    status, out, _err = nakamawa("backup", copy)
    assert (status, "with 2 drawings and pictures" in out) == (0, True)
    beside = copy.with_name("copy.db.files")
    assert sorted(path.name for path in beside.rglob("*") if path.is_file()) == sorted([drawing.name, picture.name])
    for path in (drawing, picture):
        path.unlink()
    assert nakamawa("restore", copy)[0] == 0
    assert (drawing.read_bytes(), picture.read_bytes()) == (b"%PDF-1.7 drawing", b"\x89PNG")
    assert "with 0 drawings" in nakamawa("restore", copy)[1]


def test_a_damaged_drawing_is_named_and_nothing_else_is_lost(
    nakamawa: Run, tmp_path: Path, database: Database, database_kind: str
) -> None:
    if database_kind == "postgres":
        return
    good, bad = _keep(tmp_path, "files", b"good"), _keep(tmp_path, "files", b"bad")
    bad.write_bytes(b"no longer")
    copy = tmp_path / "copy.db"
    status, _out, err = nakamawa("backup", copy)
    assert (status, bad.name in err, _is_one_line(err)) == (2, True, True)
    assert copy.is_file()
    found = [path.name for path in copy.with_name("copy.db.files").rglob("*") if path.is_file()]
    assert found == [good.name]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00 but then nothing"])
def test_only_a_backup_is_restored(nakamawa: Run, tmp_path: Path, content: bytes, database: Database) -> None:
    file = tmp_path / "wrong.db"
    file.write_bytes(content)
    status, _out, err = nakamawa("restore", file)
    assert status == 2
    assert _is_one_line(err)
    assert _count(database) == 0


HALF = r'{"id": "a", "name": "\ud800", "ward": "墨田区", "text": "x", "processes": []}'
LONG = '{"id": "a", "name": "b", "lot_max": ' + "9" * 5000 + "}"
BIG = '{"id": "a", "name": "b", "text": "x", "ward": "墨田区", "processes": [], "lot_max": ' + "9" * 400 + "}"
DAY = '{"id": "r", "text": "来月末まで", "today": "9999-12-31"}'


@pytest.mark.parametrize("line", [HALF, LONG, BIG, DAY, "[" * 100_000, "5", "\x00", '{"id": NaN}'])
@pytest.mark.parametrize("command", ["import-firms", "compose", "rank"])
def test_odd_content_is_one_line(nakamawa: Run, firms: Path, tmp_path: Path, command: str, line: str) -> None:
    odd = tmp_path / "odd.jsonl"
    odd.write_text(f"{line}\n", encoding="utf-8")
    asked = ("--firms", firms, "--requests", odd, "--out", tmp_path / "out") if command == "rank" else (odd,)
    status, _out, err = nakamawa(command, *asked)
    assert status == 2
    assert _is_one_line(err)


def test_a_backup_that_cannot_be_written(nakamawa: Run, tmp_path: Path) -> None:
    status, _out, err = nakamawa("backup", tmp_path / "no-folder" / "copy.db")
    assert status == 2
    assert _is_one_line(err)


def test_a_port_in_use_is_named(nakamawa: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, err = nakamawa("serve", "--port", port)
    assert (status, out) == (2, "")
    assert _is_one_line(err)
    assert str(port) in err
    assert "--port" in err


@pytest.mark.parametrize("options", [("--port", "99999"), ("--port", "many"), ("--host", "no.such.host.invalid")])
def test_an_address_that_cannot_be(nakamawa: Run, options: tuple[str, str]) -> None:
    status, _out, err = nakamawa("serve", *options)
    assert status == 2
    assert _is_one_line(err)
    assert options[0] in err


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_interrupted_while_it_loads_it_ends_without_a_word(database_kind: str, seconds: float, tmp_path: Path) -> None:
    if database_kind != "sqlite":
        return  # Loading knows no database yet.
    command = [sys.executable, "-m", "backend", "serve", "--port", "0"]
    environment = {**os.environ, "NAKAMAWA_DATA_DIR": str(tmp_path), "NAKAMAWA_ENCODER": "hashing"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as started:
        time.sleep(seconds)
        started.send_signal(signal.SIGINT)
        _out, err = started.communicate(timeout=120)
    assert "Traceback" not in err
    assert started.returncode in {-signal.SIGINT, 130, 0}
