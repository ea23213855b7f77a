"""The distinct phrases of all firms with their vectors: shared by firms, kept once, freed with the last one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matching.encoders.base import Vectors

Rows = npt.NDArray[np.int32]


@dataclass(slots=True)
class PhraseTable:
    """Phrase -> row of `vectors`, with a count of the firms that say it. Freed rows are used again."""

    dimensions: int
    rows: dict[str, int] = field(default_factory=dict)
    users: Counter[str] = field(default_factory=Counter)
    free: list[int] = field(default_factory=list)
    vectors: Vectors = field(init=False)

    def __post_init__(self) -> None:
        self.vectors = np.zeros((0, self.dimensions), dtype=np.float32)

    def reserve(self, more: int) -> None:
        """Make room for so many further phrases at once: growing by and by copies all vectors each time."""
        missing = more - len(self.free)
        if missing > 0:
            self._grow(missing)

    def hold(self, phrases: Iterable[str], fresh: Mapping[str, Vectors]) -> Rows:
        """Rows of `phrases`, one more user each; a phrase not held yet takes its vector from `fresh`."""
        rows = []
        for phrase in phrases:
            if phrase not in self.rows:
                self._place(phrase, fresh[phrase])
            self.users[phrase] += 1
            rows.append(self.rows[phrase])
        return np.array(rows, dtype=np.int32)

    def release(self, phrases: Iterable[str]) -> None:
        for phrase in phrases:
            self.users[phrase] -= 1
            if self.users[phrase] == 0:
                del self.users[phrase]
                self.free.append(self.rows.pop(phrase))

    def _place(self, phrase: str, vector: Vectors) -> None:
        if not self.free:
            self._grow(max(1024, len(self.vectors) // 4))
        row = self.free.pop()
        self.vectors[row] = vector
        self.rows[phrase] = row

    def _grow(self, more: int) -> None:
        before = len(self.vectors)
        self.vectors = np.vstack([self.vectors, np.zeros((more, self.dimensions), dtype=np.float32)])
        self.free.extend(range(before + more - 1, before - 1, -1))
