"""What the matches slice adds to the application: the live index, its start and stop, and its place in /healthz."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from backend.core import health
from backend.core.db import Database
from backend.core.settings import Environment, Settings
from backend.matches.index import LiveIndex
from matching.encoders import CachedEncoder, Encoder, HashingEncoder, SentenceTransformerEncoder


def install(app: FastAPI, settings: Settings) -> None:
    """Prepare the index while the first visitors arrive."""
    index = live_index(app.state.database, settings)
    app.state.matches = index
    health.add_check(app, "matches", index.ready)
    within = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[Mapping[str, Any] | None]:
        index.start()
        async with within(application) as state:
            yield state
            index.stop()

    app.router.lifespan_context = lifespan  # type: ignore[assignment]


def live_index(database: Database, settings: Settings) -> LiveIndex:
    """The index of this data folder, not yet loaded."""
    return LiveIndex(database, settings.data_dir / "index", encoder_maker(settings))


def encoder_maker(settings: Settings) -> Callable[[], Encoder]:
    """How to make the encoder the settings name. The hashing one is for tests and refused elsewhere."""

    def make() -> Encoder:
        if settings.environment is Environment.TEST and settings.encoder == "hashing":
            return HashingEncoder()
        model = SentenceTransformerEncoder(
            settings.encoder_path,
            query_prompt=settings.encoder_query_prompt,
            passage_prompt=settings.encoder_passage_prompt,
        )
        model.load()
        return CachedEncoder(model, settings.data_dir / "cache")

    return make
