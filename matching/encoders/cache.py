"""A cache of embeddings on disk: shops share phrases, and a phrase is embedded once for all of them."""

import hashlib
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np

from matching.encoders.base import Encoder, Progress, Vectors

T = TypeVar("T")
logger = logging.getLogger(__name__)

# Phrases embedded between two writes: so few that a build may end between them, and loses hardly any work.
CHUNK = 128
# SQLite allows 32,766 placeholders in one statement; staying far below costs nothing.
KEYS_PER_READ = 500
WAIT_SECONDS = 2.0
REMEMBERED_QUERIES = 256


class CachedEncoder:
    """An encoder that embeds each distinct passage once and keeps the vector in an SQLite file.

    The key is the BLAKE2b hash of the phrase, the file is named after the model's fingerprint: vectors of
    two models never meet. A cache that cannot be written slows the next start and breaks nothing. The
    last queries are remembered in memory, because a person who types asks the same thing several times; those that
    are new are embedded together.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._queries: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:16]}.sqlite3"

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return self._encoder.encode_queries(texts)
        with self._lock:
            known = {text: self._queries[text] for text in texts if text in self._queries}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(missing, self._encoder.encode_queries(missing), strict=True)) if missing else {}
        self._remember(known)
        return np.stack([known[text] for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if not texts:
            return self._encoder.encode_passages(texts)
        place = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        # One array for all: tens of thousands of small ones would leave the memory of the process in shreds.
        vectors = np.zeros((len(place), self.dimensions), dtype=np.float32)
        missing = sorted(place.keys() - self._read(place, vectors), key=lambda text: (len(text), text))
        done = len(place) - len(missing)
        for chunk in _chunks(missing, CHUNK):
            fresh = self._encoder.encode_passages(chunk)
            vectors[[place[text] for text in chunk]] = fresh
            self._write(chunk, fresh)
            done += len(chunk)
            if progress is not None:
                progress(done, len(place))
        return vectors if len(place) == len(texts) else vectors[[place[text] for text in texts]]

    def _remember(self, asked: Mapping[str, Vectors]) -> None:
        with self._lock:
            for text, vector in asked.items():
                # A copy, since a row would keep its whole batch.
                self._queries[text] = vector.copy()
                self._queries.move_to_end(text)
            while len(self._queries) > REMEMBERED_QUERIES:
                self._queries.popitem(last=False)

    def _read(self, place: dict[str, int], vectors: Vectors) -> set[str]:
        """Fill the rows of `vectors` whose phrases are on disk; returns these phrases."""
        by_key = {_key(text): text for text in place}
        known: set[str] = set()

        def collect(connection: sqlite3.Connection) -> None:
            for keys in _chunks(list(by_key), KEYS_PER_READ):
                marks = ",".join("?" * len(keys))
                rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys)  # noqa: S608
                whole = [(by_key[key], blob) for key, blob in rows if len(blob) == vectors.itemsize * self.dimensions]
                for text, blob in whole:
                    vectors[place[text]] = np.frombuffer(blob, dtype=np.float32)
                known.update(text for text, _ in whole)

        self._try("read", collect)
        return known

    def _write(self, texts: Sequence[str], vectors: Vectors) -> None:
        rows = [(_key(text), np.ascontiguousarray(v).tobytes()) for text, v in zip(texts, vectors, strict=True)]

        def store(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

        self._try("written", store)

    def _try(self, what: str, action: Callable[[sqlite3.Connection], None]) -> None:
        """Run `action`; a full disk, a locked or a damaged file costs time and nothing else."""
        try:
            with closing(sqlite3.connect(self._path, timeout=WAIT_SECONDS)) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
                action(connection)
        except sqlite3.DatabaseError as error:
            logger.warning("The embedding cache %s was not %s: %s", self._path, what, error)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _chunks(items: list[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
