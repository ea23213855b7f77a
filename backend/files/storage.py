"""Where content lies: under the digest of itself, outside everything that is served, never under a given name.

Two uploads of the same content are one file. It goes when no version names it any more: `let_go` looks under the same
lock under which `place` puts it there, and leaves alone what was put there a moment ago by somebody whose row is not
yet written.
"""

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from backend.core import clock
from backend.core.model import new_id
from backend.files.faults import FaultCode, Unfit

CHUNK = 1024 * 1024
# A form is answered long before that; content younger than this may belong to a transaction that is still open.
IN_HAND = timedelta(hours=1)


@dataclass(frozen=True)
class Store:
    """The folder of the files."""

    folder: Path

    def path(self, digest: str) -> Path:
        """Where the content with this digest lies."""
        return self.folder / digest[:2] / digest[2:4] / digest

    def waiting(self) -> Path:
        """A fresh place for something that is being received or made."""
        place = self.folder / "incoming"
        place.mkdir(parents=True, exist_ok=True)
        return place / new_id()


def store_of(data_dir: Path) -> Store:
    return Store(data_dir / "files")


def receive(store: Store, stream: BinaryIO, most_bytes: int) -> Path:
    """Write a stream into a waiting file, as far as the limit. The caller lets it go again. Raises Unfit."""
    waiting = store.waiting()
    try:
        with waiting.open("xb") as file:
            _copy(stream, file, most_bytes)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    return waiting


def _copy(stream: BinaryIO, file: BinaryIO, most_bytes: int) -> None:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise Unfit(FaultCode.TOO_LARGE, str(most_bytes // CHUNK))
        file.write(chunk)


def place(store: Store, waiting: Path, size: int) -> str:
    """Put the first `size` bytes of a waiting file where their digest says; gives the digest."""
    os.truncate(waiting, size)
    with waiting.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    target = store.path(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _turn(store):
        if target.is_file() and target.stat().st_size == size:
            waiting.unlink()
        else:
            waiting.replace(target)
            _settle(target.parent)
        touched = clock.now().timestamp()
        os.utime(target, (touched, touched))
    return digest


def let_go(store: Store, digest: str, is_named: Callable[[str], bool]) -> bool:
    """Delete content that no version names; False when it stays."""
    target = store.path(digest)
    with _turn(store):
        if not target.is_file() or is_named(digest) or _is_in_hand(target):
            return False
        target.unlink()
    return True


def contents(store: Store) -> Iterator[str]:
    """The digests of all that is there."""
    for path in store.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        yield path.name


def clear_waiting(store: Store) -> None:
    """What a program that was killed left half received."""
    for path in store.folder.glob("incoming/*"):
        if not _is_in_hand(path):
            path.unlink(missing_ok=True)


def opened(store: Store, digest: str) -> BinaryIO:
    """The content, to be read. A file that is missing is trouble of the storage, not a wrong address."""
    try:
        return store.path(digest).open("rb")
    except FileNotFoundError as error:
        raise OSError(errno.EIO, "the content of a version is missing", digest) from error


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """An open file piece by piece; it is closed at the end, and when nobody listens any more."""
    with file:
        while chunk := file.read(CHUNK // 16):
            yield chunk


def _is_in_hand(path: Path) -> bool:
    return clock.now().timestamp() - path.stat().st_mtime < IN_HAND.total_seconds()


@contextmanager
def _turn(store: Store) -> Iterator[None]:
    """One after the other, over all programs on this machine; a program that dies loses its turn by itself."""
    with (store.folder / "lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _settle(folder: Path) -> None:
    """A new name is safe from a power cut when its folder is written down as well."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
