"""While the index is being prepared a page says so and asks for its part again, until the workshops are there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.core.db import Database
from backend.core.settings import Settings
from backend.matches.index import LiveIndex
from matching.encoders import Encoder, HashingEncoder
from tests import cases
from tests.integration.introductions.desk import browser
from tests.integration.matches import firms
from tests.integration.teams import team_firms

WAITS, ASKS_AGAIN, SECONDS = "工場の索引を準備しています", 'hx-trigger="every 3s"', 10.0


@contextmanager
def late_index(app: FastAPI, database: Database, folder: Path) -> Iterator[None]:
    """The application with an index that is being prepared as long as this lasts, and ready afterwards."""
    ready = Event()

    def late_encoder() -> Encoder:
        ready.wait(SECONDS)
        return HashingEncoder()

    app.state.matches = late = LiveIndex(database, folder, late_encoder, patience=0.01)
    yield
    ready.set()
    while late.ready() is not None:
        time.sleep(0.01)


def test_the_first_page(app: FastAPI, client: TestClient, database: Database, tmp_path: Path) -> None:
    firms.enter(database, firms.BENDING)
    with late_index(app, database, tmp_path / "late"):
        waiting = client.post("/", data={"text": firms.ASKED}).text
    assert WAITS in waiting
    assert ASKS_AGAIN in waiting
    assert "<mark>A5052</mark>" in waiting
    found = client.get("/").text
    assert firms.BENDING.name in found
    assert ASKS_AGAIN not in found


def test_the_workbench(app: FastAPI, coordinator: TestClient, database: Database, tmp_path: Path) -> None:
    place = team_firms.open_place(database)
    with late_index(app, database, tmp_path / "late"):
        waiting = coordinator.get(f"{place.chain}?people=2").text
    assert WAITS in waiting
    assert ASKS_AGAIN in waiting
    assert f'hx-get="{place.chain}?people=2"' in waiting
    found = coordinator.get(place.chain).text
    assert '<li class="plan"' in found
    assert ASKS_AGAIN not in found


def test_whom_to_ask_about_an_operation(app: FastAPI, database: Database, settings: Settings, tmp_path: Path) -> None:
    made = cases.open_case(database)
    desk = browser(app, database, settings, made.people.coordinator)
    with database.reading() as session:
        [leg] = cases.legs_of(session, made)
    path = f"/cases/{made.case_id}/legs/{leg.id}/candidates"
    with late_index(app, database, tmp_path / "late"):
        waiting = desk.get(path, params={"firms": made.firm_ids[0]}).text
    assert WAITS in waiting
    assert ASKS_AGAIN in waiting
    assert f'hx-get="{path}?firms={made.firm_ids[0]}"' in waiting
    found = desk.get(path, params={"firms": made.firm_ids[0]}).text
    assert 'class="choice"' in found
    assert ASKS_AGAIN not in found
