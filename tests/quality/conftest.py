"""The real model, once for all graded sets."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from matching.api import MatchIndex
from matching.encoders import CachedEncoder, Encoder
from matching.encoders.e5 import default_encoder
from matching.evaluation.graded import GradedSet, read_graded

DATA = Path(__file__).parent / "data"
IndexOf = Callable[[str], MatchIndex]


def graded_set(author: str) -> GradedSet:
    return read_graded(DATA / f"{author}_firms.jsonl", DATA / f"{author}_requests.jsonl")


@pytest.fixture(scope="session")
def encoder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    # The methods ask the same questions: each text is encoded once.
    return CachedEncoder(default_encoder(model_folder), tmp_path_factory.mktemp("embeddings"))


@pytest.fixture(scope="session")
def index_of(encoder: Encoder) -> IndexOf:
    """The firms of an author, indexed once for single firms and for chains."""
    return cache(lambda author: MatchIndex.build(graded_set(author).firms, encoder))
