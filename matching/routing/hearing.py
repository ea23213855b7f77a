"""What a stretch of a request sounds like: the operation its words tell most likely, learned from marked requests.

A linear classifier (one-against-rest, squared hinge loss: Fan et al., LIBLINEAR, 2008) over the character n-grams of
the stretch, weighted by TF-IDF, and the traits of its material. `python -m seed.hearing` learns it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.understanding.source import fold
from matching.vocabulary.processes import is_a, processes

# The label of stretches that tell of no operation.
SILENCE = "none"
LONGEST_GRAM = 4
# How much a trait of the material counts beside the words, whose weights have the length 1.
TRAIT_WEIGHT = 0.3

_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
# What ends a stretch and is not part of its words.
STOPS = " 、。，,.;；:\n"

Floats = npt.NDArray[np.float32]


def grams(text: str) -> Counter[str]:
    """The runs of one to four characters in the folded text, with one blank around it, as in training."""
    words = f" {' '.join(_plain(text).split())} "
    return Counter(words[i : i + n] for n in range(1, LONGEST_GRAM + 1) for i in range(len(words) - n + 1))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """The folded words without asides; every figure is the same figure."""
    whole = fold(text).text.lower()
    return _FIGURE.sub("0", _ASIDE.sub(" ", whole) if _ASIDE.sub("", whole).strip(STOPS) else whole)


@dataclass(frozen=True, slots=True)
class Ear:
    """What was learned. `weights` has a row for each gram, then one for each trait, and a column for each label."""

    labels: tuple[str, ...]
    grams: Mapping[str, int]
    rarity: Floats
    traits: Mapping[str, int]
    weights: csr_array
    bias: Floats

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Ear":
        """From the arrays that `seed.hearing.learn` makes."""
        known, traits, labels = kept["grams"].tolist(), kept["traits"].tolist(), kept["labels"].tolist()
        weights = csr_array(
            (kept["data"].astype(np.float32), kept["indices"].astype(np.int32), kept["indptr"]),
            shape=(len(known) + len(traits), len(labels)),
        )
        return cls(
            labels=tuple(labels),
            grams={gram: i for i, gram in enumerate(known)},
            rarity=kept["rarity"].astype(np.float32),
            traits={trait: len(known) + i for i, trait in enumerate(traits)},
            weights=weights,
            bias=kept["bias"].astype(np.float32),
        )

    def scores(self, text: str, traits: Iterable[str]) -> Floats:
        """One score for each label; above 0 it was told so in training."""
        known = [(self.grams[gram], count) for gram, count in grams(text).items() if gram in self.grams]
        rows = np.array([row for row, _ in known], dtype=np.int32)
        values = (1 + np.log(np.array([count for _, count in known], dtype=np.float32))) * self.rarity[rows]
        values /= np.linalg.norm(values) or 1
        mine = np.array([self.traits[trait] for trait in traits if trait in self.traits], dtype=np.int32)
        values = np.concatenate([values, np.full(len(mine), TRAIT_WEIGHT, np.float32)])
        return self._added_up(np.concatenate([rows, mine]), values) + self.bias

    def _added_up(self, rows: npt.NDArray[np.int32], values: Floats) -> Floats:
        """These rows of the weights, each times its value. By hand: a sparse product of so few takes ten times as
        long to set up.
        """
        order = np.argsort(rows)
        rows, values = rows[order], values[order]
        first, end = self.weights.indptr[rows], self.weights.indptr[rows + 1]
        many = end - first
        places = np.repeat(end - np.cumsum(many), many) + np.arange(many.sum())
        found = np.zeros(len(self.labels), dtype=np.float32)
        np.add.at(found, self.weights.indices[places], self.weights.data[places] * np.repeat(values, many))
        return found


@lru_cache(maxsize=1024)
def kin(process_id: str) -> frozenset[str]:
    """The operation itself, those it is a kind of, and its own kinds."""
    return frozenset(id_ for id_ in processes() if is_a(id_, process_id) or is_a(process_id, id_))


@dataclass(frozen=True)
class Hearing:
    """How likely each operation is and how likely it is that none is told; above 0 is what was told so in training."""

    scores: Mapping[str, float]
    silence: float

    @cached_property
    def best(self) -> str:
        """The likeliest operation."""
        return max(self.scores, key=self.scores.__getitem__)

    @property
    def score(self) -> float:
        """How likely that is."""
        return self.scores[self.best]

    def of(self, process_id: str) -> float:
        """How likely the operation is, or any of its kin."""
        return max((self.scores[id_] for id_ in kin(process_id) if id_ in self.scores), default=-1.0)

    def voted(self, votes: Iterable[tuple[str, float]]) -> "Hearing":
        """The same when so much more speaks for each of these operations and its kin."""
        scores = dict(self.scores)
        for process_id, vote in votes:
            for id_ in kin(process_id) & scores.keys():
                scores[id_] += vote
        return Hearing(scores, self.silence)


@cache
def _ear() -> Ear:
    with (files("matching.routing") / "data" / "hearing.npz").open("rb") as file, np.load(file) as kept:
        return Ear.of(kept)


# The scores of a stretch take twenty kilobytes.
@lru_cache(maxsize=512)
def heard(text: str, traits: frozenset[str]) -> Hearing:
    """What a stretch tells, of a material with these traits."""
    ear = _ear()
    found = dict(zip(ear.labels, ear.scores(text, sorted(traits)).tolist(), strict=True))
    silence, known = found.pop(SILENCE), processes()
    return Hearing({id_: score for id_, score in found.items() if id_ in known}, silence)
