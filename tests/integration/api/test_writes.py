"""The same write sent again has one effect, whoever sends it how often; what was refused may be sent again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import func, select

from backend.core import clock
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.errors import AppError
from backend.core.idempotency import ApiAnswer, Write
from backend.core.model import Model
from backend.requests.api_forms import RequestOut
from backend.requests.models import PartRequest
from tests.integration.programs import Program, Programs

ADDRESS = "/api/v1/requests"
TEXT = {"text": "アルミの箱を10個つくりたい。"}
KEY = {"Idempotency-Key": "5f0c8a52-9d53-4a3b-9a58-0d3a6c1a7f10"}
STORM = 20


def _count(database: Database, table: type[Model]) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_a_storm_of_the_same_write_has_one_effect(
    programs: Programs, startup_program: Program, database: Database
) -> None:
    together = Barrier(STORM)

    def send(_number: int) -> tuple[int, str]:
        browser = programs.browser(startup_program.secret)
        together.wait()
        while True:
            answer = browser.post(ADDRESS, json=TEXT, headers=KEY)
            if answer.status_code not in {409, 503}:
                return answer.status_code, answer.headers.get("Idempotency-Replayed", "") + answer.json()["token"]
            assert int(answer.headers["Retry-After"]) >= 1

    with ThreadPoolExecutor(STORM) as pool:
        answers = Counter(pool.map(send, range(STORM)))
    [(first, once), (again, others)] = sorted(answers.items(), key=lambda pair: pair[1])
    assert (once, others) == (1, STORM - 1)
    assert again == (201, f"true{first[1]}")
    assert _count(database, PartRequest) == 1
    assert _count(database, ApiAnswer) == 1


def test_the_same_answer_comes_back_for_a_day(startup_program: Program, ota: Program, database: Database) -> None:
    ota.client.post(ADDRESS, json=TEXT, headers={"Idempotency-Key": "swept-away"})
    send = startup_program.client.post
    first = send(ADDRESS, json=TEXT, headers=KEY)
    again = send(ADDRESS, json=TEXT, headers=KEY)
    assert "Idempotency-Replayed" not in first.headers
    assert (again.status_code, again.text, again.headers["Idempotency-Replayed"]) == (201, first.text, "true")
    other = send(ADDRESS, json=TEXT | {"text": "真鍮の歯車"}, headers=KEY)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["fields"]
    assert send(f"{ADDRESS}?again=1", json=TEXT, headers=KEY).status_code == 422
    assert (_count(database, PartRequest), _count(database, ApiAnswer)) == (2, 2)
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1)):
        later = send(ADDRESS, json=TEXT, headers=KEY)
    assert later.json()["token"] != first.json()["token"]
    assert _count(database, ApiAnswer) == 1


def test_without_a_key_every_write_counts(startup_program: Program, database: Database) -> None:
    for _twice in range(2):
        assert startup_program.client.post(ADDRESS, json=TEXT).status_code == 201
    assert _count(database, PartRequest) == 2


def test_a_key_belongs_to_who_sent_it(startup_program: Program, ota: Program, client: TestClient) -> None:
    tokens = {
        program.client.post(ADDRESS, json=TEXT, headers=KEY).json()["token"] for program in (startup_program, ota)
    }
    assert len(tokens) == 2
    stranger = client.post(ADDRESS, json=TEXT, headers=KEY)
    assert stranger.status_code == 401
    assert client.post(ADDRESS, json=TEXT).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "鍵".encode().decode("latin-1")])
def test_a_key_that_cannot_be_one(startup_program: Program, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = startup_program.client.post(ADDRESS, json=TEXT, headers=headers)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["fields"]


def test_what_was_refused_may_be_mended_under_the_same_key(workshop: Program, firm_id: str, database: Database) -> None:
    address = f"/api/v1/firms/{firm_id}"
    before = _count(database, AuditEvent)
    refused = workshop.client.patch(address, json={"lot_min": 9, "lot_max": 5}, headers=KEY)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["lot_min"])
    assert _count(database, ApiAnswer) == 0
    for _twice in range(2):
        mended = workshop.client.patch(address, json={"lot_min": 5, "lot_max": 9}, headers=KEY)
        assert (mended.status_code, mended.json()["revision"]) == (200, 2)
    assert _count(database, AuditEvent) == before + 1


def test_a_crash_leaves_neither_effect_nor_answer(database: Database) -> None:
    write = Write("token-1", "key", "digest")

    def work() -> RequestOut:
        session.add(PartRequest(text="アルミの箱"))
        session.flush()
        raise ConnectionError("the program ends here")

    with pytest.raises(ConnectionError), database.writing() as session:
        write.answer(session, work)
    assert (_count(database, PartRequest), _count(database, ApiAnswer)) == (0, 0)


def test_a_write_under_way_is_not_begun_again(database: Database) -> None:
    """Where the database can tell, the second one is sent away at once; SQLite lets it wait for its turn."""
    if database.is_sqlite:
        return
    write = Write("token-1", "key", "digest")
    with database.writing() as first, database.writing() as second:
        assert write._kept(first) is None
        with pytest.raises(AppError) as refusal:
            write._kept(second)
    assert (refusal.value.status, refusal.value.headers) == (409, {"Retry-After": "1"})
