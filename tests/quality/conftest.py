"""The real model, once for all graded sets."""

import os
from pathlib import Path

import pytest

from matching.encoders import CachedEncoder, Encoder
from matching.encoders.e5 import default_encoder


@pytest.fixture(scope="session")
def encoder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    # The methods ask the same questions, and chains are made of the same firms: each text is encoded once, by one of
    # the processes that test side by side. Their folders lie next to each other.
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return CachedEncoder(default_encoder(model_folder), shared / "embeddings")
