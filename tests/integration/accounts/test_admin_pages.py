"""What an admin looks after: invitations, audit log, jobs, mails."""

import csv
import io
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import select

from backend.accounts import admin_pages
from backend.accounts.letters import INVITATION_ACCEPTED
from backend.app import create_app
from backend.core import audit, clock, job_queue
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.jobs import Job, enqueue
from backend.core.mail import send_mail
from backend.core.settings import Settings
from backend.worker import Worker

RARE = audit.action("something rare", "めったにないこと")
PAGES = ("/admin/users", "/admin/invitations", "/admin/audit", "/admin/jobs", "/admin/mails", "/organisations")


def _mail(database: Database) -> str:
    context = {"name": "太郎", "organisation": "精機", "path": "/"}
    with database.writing() as session:
        mail = send_mail(session, INVITATION_ACCEPTED, "a@example.jp", "ja", context, "k")
    assert mail is not None
    return mail.id


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_stands_empty_in_both_languages(admin: TestClient, database_kind: str, page: str, lang: str) -> None:
    assert admin.get(f"{page}?lang={lang}").status_code == 200


def test_the_trail_is_filtered(admin: TestClient, startup: TestClient, database: Database) -> None:
    with database.writing() as session:
        audit.record(session, RARE, "thing:77", number=5)
    page = admin.get("/admin/audit?action=something rare").text
    assert "thing:77" in page
    assert "番号: 5" in page
    assert "thing:77" in admin.get("/admin/audit?subject=thing:").text
    assert "thing:77" not in admin.get("/admin/audit?subject=user:").text
    assert "thing:77" not in admin.get("/admin/audit?actor=startup").text
    assert "thing:77" in admin.get(f"/admin/audit?day={clock.today()}").text
    assert "当てはまる記録がありません" in admin.get("/admin/audit?day=2020-01-01").text
    assert "thing:77" in admin.get("/admin/audit?day=nonsense").text
    for edge in ("0001-01-01", "1999-12-31", "9999-12-31"):
        assert "当てはまる記録がありません" in admin.get(f"/admin/audit?day={edge}").text


def test_the_trail_is_taken_out_and_is_no_formula(admin: TestClient, database: Database) -> None:
    with database.writing() as session:
        audit.record(session, RARE, "=1+1", before="@SUM(A1)", after="x")
        audit.record(session, RARE, "thing:88")
    answer = admin.get("/admin/audit.csv?action=something rare")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[5] for row in rows[1:]] == ["'=1+1", "thing:88"]
    assert rows[1][4] == "めったにないこと"
    assert "@SUM(A1)" in rows[1][6]
    assert len(rows[1][7]) == 64
    assert "/admin/audit.csv?action=something+rare" in admin.get("/admin/audit?action=something rare").text


def test_a_long_trail_is_taken_out_in_portions(
    admin: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        for number in range(7):
            audit.record(session, RARE, f"thing:{number}")
    monkeypatch.setattr(admin_pages, "PORTION", 3)
    answer = admin.get("/admin/audit.csv?action=something rare&lang=en")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[3] == "Person's id"
    assert [row[5] for row in rows] == [f"thing:{number}" for number in range(7)]


def test_every_kind_that_happened_can_be_chosen(database: Database) -> None:
    kinds = ["b", "a", "c", "b", "a"]
    with database.writing() as session:
        before = audit.actions(session)
        for kind in kinds:
            audit.record(session, audit.action(f"kind {kind}", kind), "thing")
    with database.reading() as session:
        assert audit.actions(session) == sorted({*before, "kind a", "kind b", "kind c"})


def test_the_chain_is_checked(admin: TestClient, database: Database) -> None:
    assert "最初から最後までつながっています" in admin.get("/admin/audit?check=true").text
    with database.writing() as session:
        session.add(AuditEvent(at=clock.now(), action="forged", subject="x", detail={}, digest="0" * 64))
    assert "つながっていません" in admin.get("/admin/audit?check=true").text


def test_what_was_given_up_is_begun_again(admin: TestClient, database: Database, settings: Settings) -> None:
    with database.writing() as session:
        enqueue(session, "nobody.knows", {}, "k1")
        enqueue(session, "nobody.knows", {}, "k2")
    Worker(database, settings).run_once()
    page = admin.get("/admin/jobs?state=failed").text
    assert "nobody here knows how to do nobody.knows" in page
    with database.reading() as session:
        job = session.exec(select(Job).where(Job.key == "k1")).one()
    assert admin.post(f"/admin/jobs/{job.id}/retry").status_code == 303
    with database.reading() as session:
        assert job_queue.counts(session)["failed"] == 1
    assert admin.post("/admin/jobs/retry").status_code == 303
    with database.reading() as session:
        assert job_queue.counts(session)["failed"] == 0
    assert admin.post("/admin/jobs/nothing/retry").status_code == 404


def test_what_is_done_stays_done(admin: TestClient, database: Database, settings: Settings) -> None:
    _mail(database)
    Worker(database, settings).run_once()
    with database.reading() as session:
        job = session.exec(select(Job).where(Job.kind == "mail.send")).one()
    assert admin.post(f"/admin/jobs/{job.id}/retry").status_code == 404
    assert "mail:k" in admin.get("/admin/jobs?state=done").text


def test_kept_mails_are_read(admin: TestClient, database: Database, settings: Settings) -> None:
    mail_id = _mail(database)
    assert "これから" in admin.get("/admin/mails").text
    Worker(database, settings).run_once()
    assert "ここに残した" in admin.get("/admin/mails").text
    page = admin.get(f"/admin/mails/{mail_id}").text
    assert "「精機」への招待を受けました" in page
    assert "http://127.0.0.1:8000/unsubscribe/" in page
    assert admin.get("/admin/mails/nothing").status_code == 404


@pytest.fixture
def posting(settings: Settings) -> Iterator[FastAPI]:
    """The application where a mail server is set."""
    application = create_app(settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")}))
    with TestClient(application):
        yield application


def test_where_mails_leave_they_are_for_their_reader_only(
    admin: TestClient, posting: FastAPI, database: Database
) -> None:
    mail_id = _mail(database)
    browser = TestClient(posting, cookies=admin.cookies)
    assert "a@example.jp" in browser.get("/admin/mails").text
    assert browser.get(f"/admin/mails/{mail_id}").status_code == 404
