"""A cache of embeddings on disk: shops share phrases, and a phrase is embedded once for all of them."""

import hashlib
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np

from matching.encoders.base import Encoder, Progress, Vectors

T = TypeVar("T")
logger = logging.getLogger(__name__)

# Phrases embedded between two writes: small enough that an interrupted build loses a few seconds of work.
CHUNK = 512
# SQLite allows 32,766 placeholders in one statement; staying far below costs nothing.
KEYS_PER_READ = 500
WAIT_SECONDS = 2.0
REMEMBERED_QUERIES = 256


class CachedEncoder:
    """An encoder that embeds each distinct passage once and keeps the vector in an SQLite file.

    The key is the BLAKE2b hash of the phrase, the file is named after the model's fingerprint: vectors of
    two models never meet. A cache that cannot be written slows the next start and breaks nothing. The
    last queries are remembered in memory, because a person who types asks the same thing several times.
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
        return np.vstack([self._query(text) for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if not texts:
            return self._encoder.encode_passages(texts)
        distinct = list(dict.fromkeys(texts))
        known = self._read(distinct)
        missing = [text for text in distinct if text not in known]
        done = len(known)
        for chunk in _chunks(sorted(missing, key=len), CHUNK):
            fresh = dict(zip(chunk, self._encoder.encode_passages(chunk), strict=True))
            self._write(fresh)
            known.update(fresh)
            done += len(chunk)
            if progress is not None:
                progress(done, len(distinct))
        return np.vstack([known[text] for text in texts])

    def _query(self, text: str) -> Vectors:
        with self._lock:
            if text in self._queries:
                self._queries.move_to_end(text)
                return self._queries[text]
        vector = self._encoder.encode_queries([text])
        with self._lock:
            self._queries[text] = vector
            if len(self._queries) > REMEMBERED_QUERIES:
                self._queries.popitem(last=False)
        return vector

    def _read(self, texts: Sequence[str]) -> dict[str, Vectors]:
        by_key = {_key(text): text for text in texts}
        known: dict[str, Vectors] = {}

        def collect(connection: sqlite3.Connection) -> None:
            for keys in _chunks(list(by_key), KEYS_PER_READ):
                marks = ",".join("?" * len(keys))
                rows = connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys)  # noqa: S608
                known.update((by_key[key], np.frombuffer(blob, dtype=np.float32)) for key, blob in rows)

        self._try("read", collect)
        return known

    def _write(self, vectors: dict[str, Vectors]) -> None:
        rows = [(_key(text), np.ascontiguousarray(vector).tobytes()) for text, vector in vectors.items()]

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
