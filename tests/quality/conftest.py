"""The real model, once for all graded sets."""

from pathlib import Path

import pytest

from matching.encoders import CachedEncoder, Encoder
from matching.encoders.e5 import default_encoder


@pytest.fixture(scope="session")
def encoder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    # The methods ask the same questions, and chains are made of the same firms: each text is encoded once.
    return CachedEncoder(default_encoder(model_folder), tmp_path_factory.mktemp("embeddings"))
