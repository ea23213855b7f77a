"""Signing in by a mailed link: once, for fifteen minutes, and nobody learns who is registered."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import select

from backend.accounts.models import Role, User
from backend.accounts.rules import LINK_LIFE, OPEN_LINKS
from backend.core import clock
from backend.core.db import Database
from backend.core.jobs import Job
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.worker import Worker
from bench.mail_server import MailServer
from tests import factories


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def worker(database: Database, settings: Settings, server: MailServer) -> Worker:
    return Worker(database, settings.model_copy(update={"smtp_url": SecretStr(server.url)}))


@pytest.fixture
def person(database: Database) -> User:
    return factories.person(database, Role.STARTUP)


def _ask(client: TestClient, worker: Worker, server: MailServer, email: str) -> str:
    assert client.post("/sign-in/link", data={"email": email}).status_code == 200
    worker.run_once()
    found = re.search(r"/sign-in/link/\S+", server.box.to(email.lower())[-1].text)
    assert found is not None
    return found.group()


def test_signs_in_once(client: TestClient, worker: Worker, server: MailServer, person: User) -> None:
    link = _ask(client, worker, server, person.email)
    assert client.get(link).status_code == 200
    assert client.get("/account").status_code == 303
    assert client.post(link).status_code == 303
    assert person.name in client.get("/account").text
    again = client.post(link)
    assert again.status_code == 422
    assert "もう使えません" in again.text


def test_runs_out(client: TestClient, worker: Worker, server: MailServer, person: User) -> None:
    link = _ask(client, worker, server, person.email)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert client.post(link).status_code == 422


def test_the_answer_tells_nobody_who_is_registered(
    client: TestClient, worker: Worker, server: MailServer, person: User
) -> None:
    known = client.post("/sign-in/link", data={"email": person.email}).text.replace(person.email, "X")
    unknown = client.post("/sign-in/link", data={"email": "nobody@example.jp"}).text.replace("nobody@example.jp", "X")
    assert known == unknown
    worker.run_once()
    assert [letter.recipients for letter in server.box.letters] == [[person.email]]


def test_a_stopped_person_gets_no_link(
    client: TestClient, admin: TestClient, worker: Worker, server: MailServer, person: User
) -> None:
    link = _ask(client, worker, server, person.email)
    admin.post(f"/admin/users/{person.id}/active", data={"active": "false"})
    assert client.post(link).status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        client.post("/sign-in/link", data={"email": person.email})
        worker.run_once()
    assert len(server.box.letters) == 1


def test_asking_twice_in_a_minute_sends_one(
    client: TestClient, worker: Worker, server: MailServer, person: User
) -> None:
    with time_machine.travel(clock.now().replace(second=10), tick=False):
        for _ in range(3):
            client.post("/sign-in/link", data={"email": person.email.upper()})
        worker.run_once()
    assert len(server.box.letters) == 1


def test_nobody_fills_the_mailbox_of_another(
    client: TestClient, worker: Worker, server: MailServer, person: User
) -> None:
    """Asked for minute after minute, three links come; each of them works, and later there are new ones."""
    start = clock.now()
    for minute in range(8):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            client.post("/sign-in/link", data={"email": person.email})
            worker.run_once()
    links = [re.search(r"/sign-in/link/\S+", letter.text) for letter in server.box.to(person.email)]
    assert len(links) == OPEN_LINKS
    assert all(link and client.post(link.group()).status_code == 303 for link in links)
    with time_machine.travel(start + LINK_LIFE + timedelta(minutes=5)):
        assert client.post(_ask(client, worker, server, person.email)).status_code == 303


def test_one_address_cannot_ask_without_end(client: TestClient, database: Database) -> None:
    answers = [client.post("/sign-in/link", data={"email": f"p{n}@example.jp"}).status_code for n in range(52)]
    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.parametrize("email", ["", "nothing", "a@example.jp\nBcc: b@example.jp"])
def test_a_wrong_address_keeps_what_was_typed(client: TestClient, database: Database, email: str) -> None:
    page = client.post("/sign-in/link", data={"email": email})
    assert page.status_code == 422
    assert "送れません" in page.text
    with database.reading() as session:
        assert session.exec(select(Job)).first() is None


def test_a_link_cannot_be_made_up(client: TestClient, database_kind: str) -> None:
    assert client.post("/sign-in/link/made-up").status_code == 422


def test_the_link_is_nowhere_after_it_was_sent(
    client: TestClient, worker: Worker, server: MailServer, database: Database, person: User
) -> None:
    token = _ask(client, worker, server, person.email).rpartition("/")[2]
    with database.reading() as session:
        kept = session.exec(select(Mail)).one().model_dump_json()
        jobs = "".join(job.model_dump_json() for job in session.exec(select(Job)))
    assert token not in kept + jobs
