"""Rules about the source that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.repo.source import ROOT, files, name

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

python_files = pytest.mark.parametrize("path", files(".py"), ids=name)


def _calls(tree: ast.AST, attribute: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]


def _is_below(path: Path, folder: str) -> bool:
    return path.is_relative_to(ROOT / folder)


@python_files
def test_nobody_commits_outside_core(path: Path) -> None:
    lines = _calls(ast.parse(path.read_text()), "commit")
    assert not lines or path == ROOT / "backend/core/db.py", f"commit() in lines {lines}"


@python_files
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    if not _is_below(path, "backend") or path == ROOT / "backend/core/clock.py":
        return
    tree = ast.parse(path.read_text())
    called = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    forbidden = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
    assert not forbidden & set(called)


@python_files
def test_settings_are_read_only_in_the_composition_roots(path: Path) -> None:
    if not _is_below(path, "backend") or path.name in {"app.py", "cli.py"}:
        return
    tree = ast.parse(path.read_text())
    called = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "Settings" not in called
    assert "os.environ" not in path.read_text()


@python_files
def test_no_mocks_of_our_own_code(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text()))
    imported = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [line for line in imported if "mock" in line]


@pytest.mark.parametrize("path", files(".py", ".html", ".css", ".js"), ids=name)
def test_files_are_short(path: Path) -> None:
    if _is_below(path, "backend/core/migrations/versions"):
        return
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [path for path in files() if path.suffix in TEXT], ids=name)
def test_names_no_machine_and_no_registry(path: Path) -> None:
    text = path.read_text(errors="ignore")
    assert not FOREIGN.search(text), FOREIGN.search(text)


@pytest.mark.parametrize("path", files(".py", ".html", ".js", ".css"), ids=name)
def test_nothing_is_left_unfinished(path: Path) -> None:
    assert not UNFINISHED.search(path.read_text())


@pytest.mark.parametrize("hidden", ["static/vendor/htmx.min.js", "var/nakamawa.db", "node_modules/x", ".venv/x"])
def test_what_is_installed_or_made_is_not_committed(hidden: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", hidden], cwd=ROOT, check=False).returncode == 0


def test_imports_go_downwards_only() -> None:
    checked = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-logo"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout
