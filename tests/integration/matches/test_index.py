"""The live index: it follows the register, and says what is missing."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from backend.app import create_app
from backend.core.db import Database
from backend.core.settings import Settings
from backend.firms import service
from backend.firms.records import draft_of
from backend.matches.index import CHANGES_AT_ONCE, LiveIndex
from matching.encoders import HashingEncoder, Progress, Vectors
from tests.integration.matches import firms

SECONDS = 10.0


def _names(client: TestClient, text: str = firms.ASKED) -> list[str]:
    candidates = client.post("/api/v1/matches", json={"text": text, "top": 100}).json()["candidates"]
    return [candidate["name"] for candidate in candidates]


def test_a_changed_firm_is_seen_within_a_second(client: TestClient, database: Database) -> None:
    firm = firms.enter(database, firms.BENDING)
    assert firms.BENDING.name in _names(client)
    with database.writing() as session:
        stored = service.firm_for(session, None, firm.id)
        service.update_firm(session, None, firm.id, replace(draft_of(stored), name="新しい名前の板金"))
    began = time.process_time()
    assert "新しい名前の板金" in _names(client)
    assert time.process_time() - began < 1.0


def test_a_deleted_firm_is_gone(client: TestClient, database: Database) -> None:
    firm = firms.enter(database, firms.BENDING)
    assert firms.BENDING.name in _names(client)
    with database.writing() as session:
        service.delete_firm(session, None, firm.id)
    assert _names(client) == []


def test_many_changes_are_taken_over_in_the_background(client: TestClient, database: Database) -> None:
    assert _names(client) == []
    with database.writing() as session:
        for number in range(CHANGES_AT_ONCE + 1):
            service.create_firm(session, None, replace(firms.BENDING, name=f"板金{number}"))
    end = time.monotonic() + SECONDS
    while not _names(client) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(_names(client)) == CHANGES_AT_ONCE + 1


def test_the_index_outlives_the_program(settings: Settings, database: Database) -> None:
    firms.enter(database, firms.BENDING)
    for _start in range(2):
        with TestClient(create_app(settings)) as client:
            assert firms.BENDING.name in _names(client)
    assert (settings.data_dir / "index" / "CURRENT").is_file()


def test_without_a_model_the_page_still_reads(settings: Settings) -> None:
    without = settings.model_copy(update={"encoder": str(settings.data_dir / "nowhere")})
    with TestClient(create_app(without)) as client:
        end = time.monotonic() + 6 * SECONDS
        while "make model" not in client.get("/healthz").text and time.monotonic() < end:
            time.sleep(0.1)
        assert client.get("/healthz").status_code == 503
        page = client.post("/", data={"text": firms.ASKED})
        assert page.status_code == 200
        assert "いまは工場をさがせません。管理者に知らせてください。" in page.text
        assert "240 × 160 × 90 mm" in page.text
        answer = client.post("/api/v1/matches", json={"text": firms.ASKED})
        assert answer.status_code == 503
        assert answer.json()["message"]


class SlowEncoder(HashingEncoder):
    """Takes a long time over passages, one after the other, and tells how far it is."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        for done in range(1, 1 + int(SECONDS / 0.05)):
            time.sleep(0.05)
            if progress is not None:
                progress(done, len(texts))
        return super().encode_passages(texts)


def test_a_program_that_ends_does_not_wait_for_its_index(database: Database, tmp_path: Path) -> None:
    firms.enter(database, firms.BENDING)
    begun = LiveIndex(database, tmp_path / "index", SlowEncoder)
    begun.start()
    time.sleep(0.2)
    began = time.monotonic()
    begun.stop()
    assert time.monotonic() - began < SECONDS / 2
    assert begun.ready() is not None
    again = LiveIndex(database, tmp_path / "index", HashingEncoder)
    again.load()
    assert again.ready() is None
