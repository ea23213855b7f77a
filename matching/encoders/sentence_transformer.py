"""Any sentence-transformers model, from a hub name or a folder, with a prompt for each side."""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from matching.encoders.base import ModelMissing, Progress, Vectors
from matching.types import Phrase

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Characters of a query that are read: the model sees 512 tokens at most, and a longer text costs only time.
LONGEST_TEXT = 4000
# Texts that go through the model together. Questions are long and of many lengths: small batches need less padding.
PASSAGES_AT_ONCE, QUERIES_AT_ONCE = 64, 16
# Below so many texts one thread does it alone. The threads of a short text wait for each other some hundred times: on
# two quiet cores it is a third quicker with both, beside other work it took ten times as long.
FEW_TEXTS = 17


class SentenceTransformerEncoder:
    """A sentence-transformers model. It is loaded at first use, or at once by `load()`.

    `model` is a folder or a hub name. `revision` tells two states of one hub name apart in the
    fingerprint; a folder is told apart by the checksums its builder recorded, else by its weights' size.
    Raises `ModelMissing` when the model cannot be loaded.
    """

    def __init__(
        self,
        model: str | Path,
        query_prompt: str = "query: ",
        passage_prompt: str = "passage: ",
        revision: str = "",
    ) -> None:
        self._model_name = str(model)
        self._query_prompt = query_prompt
        self._passage_prompt = passage_prompt
        self._revision = revision
        self._loading = Lock()

    @property
    def name(self) -> str:
        return Path(self._model_name).name if Path(self._model_name).is_dir() else self._model_name

    @cached_property
    def fingerprint(self) -> str:
        prompts = (self._query_prompt, self._passage_prompt)
        state = "\n".join((self.name, self._revision, *prompts, self._folder_state()))
        return f"{self.name}-{hashlib.sha256(state.encode()).hexdigest()[:12]}"

    @property
    def dimensions(self) -> int:
        found = self._model.get_embedding_dimension()
        assert found is not None  # noqa: S101  every pooled model has a width
        return int(found)

    def load(self) -> None:
        """Load the model now, so that the first question is as quick as the second."""
        self._model.encode(["最初の一文"], prompt=self._query_prompt, show_progress_bar=False)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([text[:LONGEST_TEXT] for text in texts], self._query_prompt, QUERIES_AT_ONCE)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = self._encode([text[:LONGEST_TEXT] for text in texts], self._passage_prompt, PASSAGES_AT_ONCE)
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors

    def _encode(self, texts: list[str], prompt: str, at_once: int) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        model = self._model
        self._use_threads(len(texts))
        vectors = model.encode(
            texts, prompt=prompt, batch_size=at_once, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def _use_threads(self, texts: int) -> None:
        """Set anew for each call and never put back: calls of several threads may overlap."""
        import torch  # noqa: PLC0415

        torch.set_num_threads(1 if texts < FEW_TEXTS else self._threads)

    @cached_property
    def _threads(self) -> int:
        """As many as torch or the environment chose when the model was loaded."""
        import torch  # noqa: PLC0415

        return int(torch.get_num_threads())

    @property
    def _model(self) -> "SentenceTransformer":
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        # A name may stand for a model of the hub, a whole path only for a folder: no need to wait for torch to say so.
        if Path(self._model_name).is_absolute() and not Path(self._model_name).is_dir():
            raise ModelMissing(_missing(self._model_name))
        wait_without_spinning()
        # Imported here because torch takes seconds, which no command without a model should wait for.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        quiet_loading()
        _ = self._threads
        try:
            return SentenceTransformer(self._model_name, device="cpu")
        except (OSError, ValueError) as error:
            raise ModelMissing(_missing(self._model_name)) from error

    def _folder_state(self) -> str:
        folder = Path(self._model_name)
        checksums = folder / "checksums.json"
        if checksums.is_file():
            return checksums.read_text()
        return ",".join(f"{path.name}:{path.stat().st_size}" for path in sorted(folder.glob("*.safetensors")))


def _missing(model: str) -> Phrase:
    return Phrase(
        ja=f"文章を読むモデル「{model}」が見つからないか、壊れています。make model を実行してください。",
        en=f"The language model “{model}” is missing or damaged. Run: make model",
    )


def wait_without_spinning() -> None:
    """Let the threads of one encoding sleep while they wait for each other, unless the environment says otherwise.

    OpenMP's threads spin by default. Beside other work on the same cores one encoding then took thirteen times as
    long (1,449 ms against 110 ms a request). To be called before torch is loaded for the first time.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def quiet_loading() -> None:
    """Stop transformers from drawing a bar for every file it opens: our own commands say what they do."""
    from transformers.utils import logging as chatter  # noqa: PLC0415

    chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
