"""The files of this repository, as git has them."""

import ast
import subprocess
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Every file that is committed or about to be, with one of these endings."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / line for line in listed.splitlines())
    return tuple(path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes))


@cache
def tree(path: Path) -> ast.Module:
    """A Python file, read once for all rules."""
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    """How a message should call the file."""
    return str(path.relative_to(ROOT))
