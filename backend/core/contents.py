"""Drawings and pictures beside a copy of the database, and back. Each lies under its own digest and never changes.

What is copied before the database and once more after it holds everything that the copy of the database names: nothing
that is younger than an hour is ever deleted.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDERS = ("files", "pictures")
DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024


@dataclass
class Copied:
    """How many contents were copied, and which are no longer what their name says."""

    count: int = 0
    damaged: list[Path] = field(default_factory=list)


def folder_of(copy: Path) -> Path:
    """Where the contents lie that belong to a copy of the database."""
    return copy.with_name(f"{copy.name}.files")


def copy_new(source: Path, target: Path) -> Copied:
    """Copy every content of one folder into another that does not hold it yet. A damaged one is named, not copied."""
    done = Copied()
    for path in _contents(source):
        there = target / path.relative_to(source)
        try:
            if there.is_file() and there.stat().st_size == path.stat().st_size:
                continue
            right = _copy(path, there)
        except FileNotFoundError:
            # Taken away while we looked: nothing names it any more.
            continue
        done.count += right
        done.damaged += [] if right else [path]
    return done


def _contents(folder: Path) -> Iterator[Path]:
    """What is still being received has no such name, and no link is followed out of the folder."""
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if DIGEST.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                yield path


def _copy(source: Path, target: Path) -> bool:
    """Whether the content is what its name says; only then it is kept."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.part")
    try:
        if _digest_of_copy(source, fresh) != target.name:
            return False
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return True


def _digest_of_copy(source: Path, fresh: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as old, fresh.open("wb") as new:
        while chunk := old.read(CHUNK):
            digest.update(chunk)
            new.write(chunk)
        new.flush()
        os.fsync(new.fileno())
    return digest.hexdigest()
