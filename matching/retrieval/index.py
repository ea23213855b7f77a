"""The search index over firms: built, changed one firm at a time, asked, and kept on disk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from threading import RLock

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Encoder, Progress, Vectors
from matching.lexical import LexicalIndex
from matching.retrieval import store
from matching.retrieval.fusion import Scores, by_maximum, min_max
from matching.retrieval.passages import digest, lexical_text, passages
from matching.retrieval.phrases import PhraseTable
from matching.types import FirmProfile

# Share of the best passage in a firm's nearness; the rest is the mean over its passages.
BEST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class RetrievalSignals:
    """How near each firm's words are to a text. Arrays of float32 in 0 … 1, aligned with `firm_ids`.

    `dense` is nearness in meaning, stretched so that the nearest firm of the whole index has 1 and the
    farthest 0; `lexical` is BM25 divided by the best firm's. Both are 0 everywhere for an empty text.
    """

    firm_ids: tuple[str, ...]
    dense: Scores
    lexical: Scores


@dataclass(frozen=True, slots=True)
class Changes:
    """What `sync` did, as numbers of firms."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """One firm in the index. `slot` is its place in the keyword index."""

    slot: int
    digest: str
    phrases: tuple[str, ...]
    rows: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _View:
    """All firms laid out for one scan: `rows[bounds[i]:bounds[i + 1]]` are the phrases of firm i."""

    firm_ids: tuple[str, ...]
    slots: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]


class RetrievalIndex:
    """Dense and lexical search over firm profiles. Safe to ask and to change from several threads.

    A firm is several short passages (`passages.py`); each distinct passage is embedded once and shared.
    A change costs the encoding of the firm's new phrases and touches nobody else, so that the next
    question sees it. Ask the application to `save` now and then; `load` refuses another model's files.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._phrases = PhraseTable(encoder.dimensions)
        self._lexical = LexicalIndex()
        self._entries: dict[str, _Entry] = {}
        self._free_slots: list[int] = []
        self._view: _View | None = None
        # One writer at a time, because a phrase may be freed while another firm counts on it; readers only
        # wait for the short stretches under `_lock`, never for an embedding.
        self._writing = RLock()
        self._lock = RLock()

    @classmethod
    def build(
        cls, firms: Iterable[FirmProfile], encoder: Encoder, progress: Progress | None = None
    ) -> "RetrievalIndex":
        """An index of `firms`. `progress(done, total)` counts phrases."""
        index = cls(encoder)
        index.sync(firms, progress)
        return index

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> "RetrievalIndex":
        """What `save` wrote; `IndexUnusable` when it is missing, damaged or another model's."""
        stored = store.read(folder, encoder.fingerprint, encoder.dimensions)
        index = cls(encoder)
        vectors = dict(zip(stored.phrases, stored.vectors, strict=True))
        index._phrases.reserve(len(vectors))
        for firm in stored.firms:
            rows = index._phrases.hold(firm.phrases, vectors)
            index._entries[firm.id] = _Entry(firm.slot, firm.digest, firm.phrases, rows)
        index._lexical = stored.lexical
        taken = {firm.slot for firm in stored.firms}
        index._free_slots = [slot for slot in range(max(taken, default=-1)) if slot not in taken]
        return index

    def save(self, folder: Path) -> None:
        """Write the index into `folder` so that a reader finds the old state or the new one, never a mixture."""
        with self._lock:
            firms = [store.StoredFirm(id_, e.slot, e.digest, e.phrases) for id_, e in self._entries.items()]
            rows = self._phrases.rows
            vectors = self._phrases.vectors[list(rows.values())]
            stored = store.StoredIndex(firms, list(rows), vectors, self._lexical)
            store.write(folder, self._encoder.fingerprint, stored)

    @property
    def firm_ids(self) -> tuple[str, ...]:
        return self._laid_out().firm_ids

    @property
    def fingerprint(self) -> str:
        """The model whose vectors are held."""
        return self._encoder.fingerprint

    @property
    def digests(self) -> Mapping[str, str]:
        """Firm id -> digest of what was indexed, to be compared with `digest(firm)`."""
        return {id_: entry.digest for id_, entry in self._entries.items()}

    def vectors(self) -> Vectors:
        """A copy of the distinct phrases' vectors, shape (phrases, dimensions), in no particular order."""
        with self._lock:
            return self._phrases.vectors[list(self._phrases.rows.values())]

    def sync(self, firms: Iterable[FirmProfile], progress: Progress | None = None) -> Changes:
        """Make the index hold exactly `firms`; only what changed since is read and embedded again."""
        wanted = {firm.id: firm for firm in firms}
        with self._writing:
            return self._replace_all(wanted, progress)

    def _replace_all(self, wanted: Mapping[str, FirmProfile], progress: Progress | None) -> Changes:
        changed = [firm for firm in wanted.values() if not self._holds(firm)]
        added = sum(firm.id not in self._entries for firm in changed)
        gone = self._entries.keys() - wanted.keys()
        fresh = self._encode([phrase for firm in changed for phrase in passages(firm)], progress)
        with self._lock:
            self._phrases.reserve(len(fresh))
        fresh |= self._held(phrase for firm in changed for phrase in passages(firm))
        for firm_id in gone:
            self.remove(firm_id)
        for firm in changed:
            self._put(firm, fresh)
        return Changes(added, len(changed) - added, len(gone))

    def upsert(self, firm: FirmProfile) -> None:
        """Hold `firm` as it is now. The next question sees it."""
        with self._writing:
            if not self._holds(firm):
                self._put(firm, self._encode(passages(firm)))

    def remove(self, firm_id: str) -> None:
        """Forget a firm; nothing happens when it is not held."""
        with self._writing, self._lock:
            entry = self._entries.pop(firm_id, None)
            if entry is not None:
                self._phrases.release(entry.phrases)
                self._lexical.remove(entry.slot)
                self._free_slots.append(entry.slot)
                self._view = None

    def expect(self, texts: Sequence[str]) -> None:
        """Encode questions that will be asked soon, all at once: an encoder that remembers them answers sooner then."""
        self._encoder.encode_queries(list(filter(None, map(_plain, texts))))

    def signals(self, text: str, firm_ids: Sequence[str] | None = None) -> RetrievalSignals:
        """Both signals of every firm, or of `firm_ids` in their order (KeyError when one is not held).

        A firm's signal does not depend on which other firms were asked for.
        """
        plain = _plain(text)
        view = self._laid_out()
        if not plain or not view.firm_ids:
            nothing = np.zeros(len(view.firm_ids), dtype=np.float32)
            return _selected(RetrievalSignals(view.firm_ids, nothing, nothing.copy()), firm_ids)
        query = self._encoder.encode_queries([plain])[0]
        with self._lock:
            view = self._laid_out()
            dense = self._pooled(view, query)
            lexical = self._lexical.scores(plain, int(view.slots.max()) + 1)[view.slots]
        return _selected(RetrievalSignals(view.firm_ids, min_max(dense), by_maximum(lexical)), firm_ids)

    def _pooled(self, view: _View, query: Vectors) -> Scores:
        """Nearness of each firm: its best passage, and a share of its mean, so that one lucky line is not all."""
        near = (self._phrases.vectors @ query)[view.rows]
        best = np.maximum.reduceat(near, view.bounds[:-1])
        mean = np.add.reduceat(near, view.bounds[:-1]) / np.diff(view.bounds)
        return np.asarray(BEST_SHARE * best + (1 - BEST_SHARE) * mean, dtype=np.float32)

    def _holds(self, firm: FirmProfile) -> bool:
        entry = self._entries.get(firm.id)
        return entry is not None and entry.digest == digest(firm)

    def _encode(self, phrases: Sequence[str], progress: Progress | None = None) -> dict[str, Vectors]:
        """Vectors of the phrases that are not held yet. Slow, so it stands outside the lock."""
        missing = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self._phrases.rows]
        vectors = self._encoder.encode_passages(missing, progress)
        return dict(zip(missing, vectors, strict=True))

    def _held(self, phrases: Iterable[str]) -> dict[str, Vectors]:
        """Copies of vectors already held: while firms change, the last that says a phrase may leave before the next."""
        rows = self._phrases.rows
        return {phrase: self._phrases.vectors[rows[phrase]].copy() for phrase in phrases if phrase in rows}

    def _put(self, firm: FirmProfile, fresh: Mapping[str, Vectors]) -> None:
        # Firms share phrases: one string for all of them.
        phrases = tuple(map(intern, passages(firm)))
        with self._lock:
            # The new phrases are held before the old are released, so that shared ones stay.
            rows = self._phrases.hold(phrases, fresh)
            self.remove(firm.id)
            slot = self._free_slots.pop() if self._free_slots else len(self._entries)
            self._lexical.put(slot, lexical_text(firm))
            self._entries[firm.id] = _Entry(slot, digest(firm), phrases, rows)
            self._view = None

    def _laid_out(self) -> _View:
        with self._lock:
            if self._view is None:
                entries = self._entries.values()
                bounds = np.cumsum([0, *(len(entry.rows) for entry in entries)])
                slots = np.array([entry.slot for entry in entries], dtype=np.int32)
                rows = np.concatenate([np.empty(0, dtype=np.int32), *(entry.rows for entry in entries)])
                self._view = _View(tuple(self._entries), slots, rows, bounds)
            return self._view


def _plain(text: str) -> str:
    """What is encoded of a question."""
    return text.encode(errors="replace").decode().strip()


def _selected(signals: RetrievalSignals, firm_ids: Sequence[str] | None) -> RetrievalSignals:
    if firm_ids is None:
        return signals
    place = {firm_id: row for row, firm_id in enumerate(signals.firm_ids)}
    rows = [place[firm_id] for firm_id in firm_ids]
    return RetrievalSignals(tuple(firm_ids), signals.dense[rows], signals.lexical[rows])
