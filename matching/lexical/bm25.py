"""BM25 that can change: documents come and go one at a time, and every score is exact at once."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from sys import intern
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from matching.lexical.tokens import lexical_tokens

Scores = npt.NDArray[np.float32]


@dataclass(slots=True)
class Posting:
    """The slots whose document holds one token, and how often it stands in each."""

    slots: "array[int]" = field(default_factory=lambda: array("i"))
    counts: "array[int]" = field(default_factory=lambda: array("i"))


class LexicalIndex:
    """Okapi BM25 with Lucene's idf (never negative), over slots that the caller numbers from 0.

    score(q, d) = Σ over distinct tokens t of q: ln(1 + (N − n + .5) / (n + .5)) · f / (f + k1 (1 − b + b |d| / avg))
    where N documents are held, n of them with t, f counts t in d, |d| is d's length in tokens and avg its
    mean (Robertson and Zaragoza, 2009; idf as in Lucene). A repeated query token counts once: people who
    explain repeat themselves.

    `put` and `remove` take time in proportion to one document, never to the collection, and leave exactly
    the scores that a fresh index of the same documents would give. A test holds them to bm25s.
    """

    def __init__(self, k1: float = 1.2, b: float = 0.75) -> None:
        self._k1, self._b = k1, b
        self._postings: dict[str, Posting] = {}
        self._documents: dict[int, tuple[str, ...]] = {}
        self._lengths = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._documents)

    def put(self, slot: int, text: str) -> None:
        """Hold `text` in `slot`, instead of what stood there."""
        self.remove(slot)
        # Interned, a token costs one pointer a document instead of a string of its own.
        counts = Counter(map(intern, lexical_tokens(text)))
        for token, count in counts.items():
            posting = self._postings.setdefault(token, Posting())
            posting.slots.append(slot)
            posting.counts.append(count)
        self._documents[slot] = tuple(counts)
        self._set_length(slot, counts.total())

    def remove(self, slot: int) -> None:
        """Forget what stands in `slot`; nothing happens when it is empty."""
        for token in self._documents.pop(slot, ()):
            posting = self._postings[token]
            place = posting.slots.index(slot)
            posting.slots.pop(place)
            posting.counts.pop(place)
            if not posting.slots:
                del self._postings[token]
        if slot < len(self._lengths):
            self._lengths[slot] = 0.0

    def scores(self, text: str, slots: int) -> Scores:
        """BM25 of `text` against the slots 0 … `slots` − 1, as float32; 0 for an empty slot."""
        scores = np.zeros(slots, dtype=np.float32)
        norms = self._norms()
        for token in dict.fromkeys(lexical_tokens(text)):
            posting = self._postings.get(token)
            if posting is not None:
                held = np.frombuffer(posting.slots, dtype=np.int32)
                counts = np.frombuffer(posting.counts, dtype=np.int32)
                scores[held] += self._idf(len(held)) * counts / (counts + norms[held])
        return scores

    def save(self, path: Path) -> None:
        """Write the index to one .npz file."""
        sizes = [len(posting.slots) for posting in self._postings.values()]
        np.savez(
            path,
            tokens=np.frombuffer("\n".join(self._postings).encode(), dtype=np.uint8),
            bounds=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            slots=_joined([posting.slots for posting in self._postings.values()]),
            counts=_joined([posting.counts for posting in self._postings.values()]),
            lengths=self._lengths,
            empty=np.array([s for s, tokens in self._documents.items() if not tokens], dtype=np.int32),
        )

    @classmethod
    def load(cls, path: Path) -> "LexicalIndex":
        """Read what `save` wrote; scores are the same to the last bit. ValueError when the file is damaged."""
        index = cls()
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                index._restore({name: stored[name] for name in stored.files})
        except (BadZipFile, KeyError) as error:
            raise ValueError(f"{path.name} is damaged: {error}") from error
        return index

    def _restore(self, stored: dict[str, npt.NDArray[np.generic]]) -> None:
        names = stored["tokens"].tobytes().decode().split("\n") if len(stored["bounds"]) > 1 else []
        held: dict[int, list[str]] = {int(slot): [] for slot in stored["empty"]}
        for token, (start, end) in zip(names, pairwise(stored["bounds"].tolist()), strict=True):
            slots = array("i", stored["slots"][start:end].tobytes())
            self._postings[token] = Posting(slots, array("i", stored["counts"][start:end].tobytes()))
            for slot in slots:
                held.setdefault(slot, []).append(token)
        self._documents = {slot: tuple(tokens) for slot, tokens in held.items()}
        self._lengths = np.asarray(stored["lengths"], dtype=np.float32)

    def _norms(self) -> Scores:
        average = float(self._lengths.sum()) / max(len(self._documents), 1)
        return self._k1 * (1 - self._b + self._b * self._lengths / max(average, 1e-9))

    def _idf(self, holders: int) -> float:
        return float(np.log1p((len(self._documents) - holders + 0.5) / (holders + 0.5)))

    def _set_length(self, slot: int, length: int) -> None:
        if slot >= len(self._lengths):
            grown = np.zeros(max(2 * len(self._lengths), slot + 1), dtype=np.float32)
            grown[: len(self._lengths)] = self._lengths
            self._lengths = grown
        self._lengths[slot] = length


def _joined(parts: list["array[int]"]) -> npt.NDArray[np.int32]:
    return np.frombuffer(b"".join(part.tobytes() for part in parts), dtype=np.int32)
