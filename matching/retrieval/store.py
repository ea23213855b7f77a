"""The index on disk: one folder a state, and one small file that says which state is the current one."""

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from matching.encoders.base import Vectors
from matching.indexes.base import IndexUnusable
from matching.lexical import LexicalIndex

# Raised whenever the files, the passages or the tokens change their meaning.
FORMAT = 1
CURRENT = "CURRENT"
META, VECTORS, WORDS = "index.json", "vectors.npy", "words.npz"


@dataclass(frozen=True, slots=True)
class StoredFirm:
    id: str
    slot: int
    digest: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """Vectors have shape (len(phrases), dimensions)."""

    firms: Sequence[StoredFirm]
    phrases: Sequence[str]
    vectors: Vectors
    lexical: LexicalIndex


def write(folder: Path, fingerprint: str, stored: StoredIndex) -> None:
    """Write a new state beside the old one, point to it in one step, and clear the old away."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / f"state-{uuid.uuid4().hex[:12]}"
    try:
        state.mkdir()
        _write_state(state, fingerprint, stored)
        pointer = folder / f"{CURRENT}.new"
        pointer.write_text(state.name, encoding="utf-8")
        pointer.replace(folder / CURRENT)
    except OSError:
        shutil.rmtree(state, ignore_errors=True)
        raise
    for old in folder.glob("state-*"):
        if old != state:
            shutil.rmtree(old, ignore_errors=True)


def read(folder: Path, fingerprint: str, dimensions: int) -> StoredIndex:
    """The current state of `folder`; `IndexUnusable` says why there is none to use."""
    try:
        state = folder / (folder / CURRENT).read_text(encoding="utf-8").strip()
        meta = json.loads((state / META).read_text(encoding="utf-8"))
        _check(meta, fingerprint)
        stored = _read_state(state, meta)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(f"The stored index cannot be read: {error}") from error
    if stored.vectors.shape != (len(stored.phrases), dimensions):
        raise IndexUnusable("The stored vectors and their phrases do not belong together")
    return stored


def _write_state(state: Path, fingerprint: str, stored: StoredIndex) -> None:
    place = {phrase: row for row, phrase in enumerate(stored.phrases)}
    firms = [asdict(firm) | {"phrases": [place[phrase] for phrase in firm.phrases]} for firm in stored.firms]
    meta = {"format": FORMAT, "fingerprint": fingerprint, "firms": firms, "phrases": list(stored.phrases)}
    (state / META).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    np.save(state / VECTORS, stored.vectors)
    stored.lexical.save(state / WORDS)


def _check(meta: dict[str, object], fingerprint: str) -> None:
    if meta["format"] != FORMAT:
        raise IndexUnusable(f"The stored index has format {meta['format']}, not {FORMAT}")
    if meta["fingerprint"] != fingerprint:
        raise IndexUnusable(f"The stored index was made by {meta['fingerprint']}, not by {fingerprint}")


def _read_state(state: Path, meta: dict[str, list[dict[str, list[int]]]]) -> StoredIndex:
    phrases = [str(phrase) for phrase in meta["phrases"]]
    firms = [
        StoredFirm(str(f["id"]), int(str(f["slot"])), str(f["digest"]), tuple(phrases[p] for p in f["phrases"]))
        for f in meta["firms"]
    ]
    vectors = np.load(state / VECTORS, allow_pickle=False)
    return StoredIndex(firms, phrases, vectors, LexicalIndex.load(state / WORDS))
