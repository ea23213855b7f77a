"""The files of this repository, as git has them."""

import subprocess
from functools import lru_cache
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


def name(path: Path) -> str:
    """How a message should call the file."""
    return str(path.relative_to(ROOT))
