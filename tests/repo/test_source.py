"""Rules about the source that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repo.source import ROOT, files, name, tree

LONGEST_FILE = 400
# Written in pieces, so that this file does not contain what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            r"py" + r"pi\.org",
            r"python" + r"hosted",
            r"registry\." + r"npmjs",
            r"deb\." + r"debian",
            r"/wor" + r"k/",
            r"/op" + r"t/",
            r"/ho" + r"me/\w",
            r"/roo" + r"t/",
        )
    )
)
UNFINISHED = re.compile("TO" + "DO|FIX" + r"ME|\bXX" + "X|NotImplemented" + "Error")
TEXT = {".py", ".md", ".html", ".css", ".js", ".toml", ".yaml", ".yml", ".json", ".sh", ".txt", ".lock", ".po", ""}

CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}


def _calls(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the words of everything that is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def _backend(but: set[str]) -> list[Path]:
    return [path for path in files(".py") if path.is_relative_to(ROOT / "backend") and name(path) not in but]


def test_nobody_commits_outside_core() -> None:
    called = [(name(p), line, what) for p in files(".py") for line, what in _calls(p) if what.endswith(".commit")]
    assert {where for where, _line, _what in called} == {"backend/core/db.py"}, called


def test_only_the_clock_reads_the_clock() -> None:
    others = _backend(but={"backend/core/clock.py"})
    assert [(name(path), line) for path in others for line, what in _calls(path) if what in CLOCKS] == []


def test_settings_are_read_only_in_the_composition_roots() -> None:
    others = _backend(but={"backend/app.py", "backend/cli.py"})
    assert [(name(path), line) for path in others for line, what in _calls(path) if what == "Settings"] == []
    assert [name(path) for path in others if "os.environ" in path.read_text()] == []


def test_no_mocks_of_our_own_code() -> None:
    imports = ast.Import | ast.ImportFrom
    imported = [(p, ast.unparse(node)) for p in files(".py") for node in ast.walk(tree(p)) if isinstance(node, imports)]
    assert [(name(path), line) for path, line in imported if "mock" in line] == []


def test_files_are_short() -> None:
    versions = ROOT / "backend/core/migrations/versions"
    counted = [path for path in files(".py", ".html", ".css", ".js") if not path.is_relative_to(versions)]
    assert [name(path) for path in counted if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_names_no_machine_and_no_registry() -> None:
    texts = [(path, path.read_text(errors="ignore")) for path in files() if path.suffix in TEXT]
    assert [(name(path), found[0]) for path, text in texts if (found := FOREIGN.search(text))] == []


def test_nothing_is_left_unfinished() -> None:
    texts = [(path, path.read_text()) for path in files(".py", ".html", ".js", ".css")]
    assert [(name(path), found[0]) for path, text in texts if (found := UNFINISHED.search(text))] == []


@pytest.mark.parametrize("hidden", ["static/vendor/htmx.min.js", "var/nakamawa.db", "node_modules/x", ".venv/x"])
def test_what_is_installed_or_made_is_not_committed(hidden: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", hidden], cwd=ROOT, check=False).returncode == 0


def test_imports_go_downwards_only() -> None:
    checked = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-logo"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
