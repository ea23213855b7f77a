"""`python -m seed.hearing`: learn what operations sound like, and write it where the matching library reads it.

With `--measure` nothing is written: every tenth request is kept back, and the shares of its stretches that are heard
rightly are printed.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.svm import LinearSVC

from matching.routing import hearing
from matching.routing.hearing import SILENCE, TRAIT_WEIGHT, Ear, grams
from matching.routing.operation import traits
from matching.routing.segments import segments
from matching.understanding.request import read
from matching.vocabulary.processes import is_a
from seed.told import PHRASES, REQUESTS, ToldRequest, told_phrases, told_requests

TABLE = Path(hearing.__file__).parent / "data" / "hearing.npz"
# The penalty of LIBLINEAR; weights nearer to nothing than this are left out, which changes no answer in a hundred.
PENALTY, LEAST_WEIGHT = 0.5, 0.05
SOME_DAY = date(2026, 12, 1)
KEPT_BACK = 10


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words, the traits of the material they speak of, and the operation they tell, or silence."""

    text: str
    traits: tuple[str, ...]
    label: str


def source() -> str:
    """What was learned from, as a checksum."""
    return hashlib.sha256(REQUESTS.read_bytes() + PHRASES.read_bytes()).hexdigest()


def stretches(requests: Iterable[ToldRequest]) -> Iterator[Stretch]:
    """The stretches of requests that tell of one operation or of none; one of several would teach the wrong words."""
    for request in requests:
        need = read(request.text, SOME_DAY)
        stock = need.material.value if need.material else None
        for segment in segments(request.text, SOME_DAY, need.lang):
            stock = segment.material or stock
            labels = {m.process_id for m in request.marks if segment.start < m.end <= segment.end}
            begun = any(m.start < segment.end < m.end for m in request.marks)
            if len(labels) == 1 or not (labels or begun):
                yield Stretch(segment.text, tuple(sorted(traits(stock))), next(iter(labels), SILENCE))


def learn(told: Sequence[Stretch]) -> dict[str, Any]:
    """The arrays of `Ear`, as they are kept. Takes a minute for thirty thousand stretches."""
    words = TfidfVectorizer(analyzer=_grams, sublinear_tf=True, min_df=2)
    marks = CountVectorizer(analyzer=tuple, binary=True)
    seen = words.fit_transform(one.text for one in told)
    stock = marks.fit_transform(one.traits for one in told) * TRAIT_WEIGHT
    fitted = LinearSVC(C=PENALTY, random_state=0).fit(hstack([seen, stock]).tocsr(), [one.label for one in told])
    weights = fitted.coef_.T.astype(np.float32)
    weights[np.abs(weights) < LEAST_WEIGHT] = 0
    kept = csr_matrix(weights)
    return {
        "grams": words.get_feature_names_out().astype(str),
        "rarity": words.idf_.astype(np.float16),
        "traits": marks.get_feature_names_out().astype(str),
        "labels": fitted.classes_.astype(str),
        "bias": fitted.intercept_.astype(np.float32),
        "data": kept.data.astype(np.float16),
        "indices": kept.indices.astype(np.uint16),
        "indptr": kept.indptr.astype(np.int32),
    }


def _grams(text: str) -> list[str]:
    return list(grams(text).elements())


def phrases() -> list[Stretch]:
    return [Stretch(phrase.text, (), phrase.process_id) for phrase in told_phrases()]


def measure() -> dict[str, float]:
    """How well requests that were kept back are heard: the share of told stretches heard as what they tell (or as
    something more general or more special), of silent ones that stay silent, and of what is heard that is right."""
    requests = told_requests()
    taught = [request for i, request in enumerate(requests) if i % KEPT_BACK]
    ear = Ear.of(learn([*stretches(taught), *phrases()]))
    counts: Counter[str] = Counter()
    for one in stretches(requests[::KEPT_BACK]):
        heard = ear.labels[int(ear.scores(one.text, one.traits).argmax())]
        right = heard == one.label or (SILENCE not in {heard, one.label} and _akin(heard, one.label))
        counts["told"] += one.label != SILENCE
        counts["told right"] += right and one.label != SILENCE
        counts["silent right"] += right and one.label == SILENCE
        counts["silent"] += one.label == SILENCE
        counts["heard"] += heard != SILENCE
    return {
        "told stretches heard rightly": counts["told right"] / counts["told"],
        "silent stretches left silent": counts["silent right"] / counts["silent"],
        "of what is heard, right": counts["told right"] / counts["heard"],
    }


def _akin(one: str, other: str) -> bool:
    return is_a(one, other) or is_a(other, one)


def main() -> int:
    """Write what was learned, or measure it."""
    parser = argparse.ArgumentParser(prog="python -m seed.hearing", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure on requests that are kept back")
    if parser.parse_args().measure:
        sys.stdout.writelines(f"{name:<34}{share:.3f}\n" for name, share in measure().items())
        return 0
    told = [*stretches(told_requests()), *phrases()]
    np.savez_compressed(TABLE, source=np.array(source()), **learn(told))
    sys.stdout.write(f"{len(told)} stretches heard, {TABLE.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
