"""Mail: written with its event, sent by the worker over a real SMTP server, the same words however often."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import select

from backend.accounts.forms import check_person, read_invitee, read_new_user
from backend.accounts.letters import INVITATION, INVITATION_ACCEPTED
from backend.core import clock, job_queue, postman
from backend.core.db import Database
from backend.core.errors import Invalid
from backend.core.jobs import Job
from backend.core.mail import Mail, checked_address, send_mail
from backend.core.security import sign
from backend.core.settings import Environment, Settings
from backend.requests.rules import check_contact
from backend.worker import Worker
from bench.mail_server import MailServer

TO = "owner@example.jp"
CONTEXT = {"name": "工場 太郎", "organisation": "<b>精機</b>", "path": "/invitations"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def posting(settings: Settings, server: MailServer) -> Settings:
    """The settings of this test with a mail server."""
    return settings.model_copy(update={"smtp_url": SecretStr(server.url), "base_url": "https://match.example.jp"})


@pytest.fixture
def worker(database: Database, posting: Settings) -> Worker:
    return Worker(database, posting)


def _send(database: Database, *, to: str = TO, lang: str = "ja", key: str = "k", **context: object) -> bool:
    with database.writing() as session:
        return send_mail(session, INVITATION_ACCEPTED, to, lang, CONTEXT | context, key) is not None


def _invite(database: Database) -> None:
    context = {"name": "", "inviter": "管理", "organisation": "o", "role": "r", "path": "/i/SECRET"}
    with database.writing() as session:
        send_mail(session, INVITATION, TO, "ja", context | {"expires_at": clock.now()}, "k")


def _mail(database: Database) -> Mail:
    with database.reading() as session:
        return session.exec(select(Mail)).one()


def _job(database: Database) -> Job:
    with database.reading() as session:
        return session.exec(select(Job).where(Job.kind == "mail.send")).one()


@pytest.mark.parametrize(
    ("lang", "subject", "words"),
    [
        ("ja", "工場 太郎さんが招待を受けました", "「<b>精機</b>」への招待を受けました。"),
        ("en", "工場 太郎 has accepted your invitation", "accepted the invitation to <b>精機</b>."),
    ],
)
def test_arrives_as_text_and_html(
    database: Database, worker: Worker, server: MailServer, lang: str, subject: str, words: str
) -> None:
    assert _send(database, lang=lang)
    worker.run_once()
    [letter] = server.box.to(TO)
    message = letter.message
    assert message["Subject"] == subject
    assert message["To"] == TO
    assert words in letter.text
    html = message.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;精機&lt;/b&gt;" in html.get_content()
    assert "https://match.example.jp/invitations" in letter.text
    assert "site.invalid" not in letter.content.decode()
    assert _mail(database).sent_at is not None


def test_the_same_event_is_told_once(database: Database, worker: Worker, server: MailServer) -> None:
    assert _send(database)
    assert not _send(database, name="別の名前")
    worker.run_once()
    assert not _send(database)
    worker.run_once()
    assert len(server.box.letters) == 1


def test_a_second_sending_says_word_for_word_the_same(
    database: Database, posting: Settings, server: MailServer
) -> None:
    """The worker dies between the server's yes and its own note; meanwhile the operator changes the settings."""
    _send(database)
    Worker(database, posting).run_once()
    with database.writing() as session:
        mail = session.exec(select(Mail)).one()
        mail.sent_at = None
        job = session.exec(select(Job).where(Job.kind == "mail.send")).one()
        job.done_at = None
        session.add_all([mail, job])
    changed = posting.model_copy(update={"base_url": "https://other.example.jp", "mail_from": "x@other.example.jp"})
    Worker(database, changed).run_once()
    first, second = server.box.letters
    assert first.content == second.content
    assert len(server.box.by_message_id()) == 1


def test_without_its_event_there_is_no_mail(database: Database, worker: Worker, server: MailServer) -> None:
    with database.writing() as session:
        send_mail(session, INVITATION_ACCEPTED, TO, "ja", CONTEXT, "k")
        session.rollback()
    worker.run_once()
    assert server.box.letters == []


NO_ADDRESSES = (
    "a@example.jp\r\nBcc: b@example.jp",
    "a@example.jp,b@example.jp",
    "あ@example.jp",
    "太郎@例え.jp",
    "a@b_c.jp",
    "a@x..jp",
    "a@b@example.jp",
    "a@example",
    f"{'a' * 65}@example.jp",
)


@pytest.mark.parametrize("to", ["", *NO_ADDRESSES])
def test_an_address_cannot_carry_a_header(database: Database, to: str) -> None:
    """Nor does it hold up what it belongs to."""
    with pytest.raises(Invalid):
        checked_address(to)
    assert not _send(database, to=to)
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize("to", NO_ADDRESSES)
def test_no_form_takes_what_cannot_be_sent(to: str) -> None:
    forms: tuple[Callable[[], object], ...] = (
        lambda: read_new_user(to, "町田 工", "a long enough password", "startup", ""),
        lambda: read_invitee("admin", to, "", "ja"),
        lambda: check_person(to, "町田 工"),
        lambda: check_contact({"contact_name": "町田 工", "contact_email": to}),
    )
    for form in forms:
        with pytest.raises(Invalid) as refusal:
            form()
        assert any("email" in field for field in refusal.value.fields)


@pytest.mark.parametrize(
    "address",
    [
        "owner+parts@example.jp",
        "a..b@docomo.example.jp",
        ".a.@docomo.example.jp",
        "o'neil/x=y@example.jp",
        f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.jp",
    ],
)
def test_what_is_taken_can_be_written_on_a_letter(address: str) -> None:
    now = clock.now()
    mail = Mail(key="k", event=INVITATION, recipient=address, lang="ja", subject="", text="", html="", created_at=now)
    head = postman.as_message(mail, Settings(environment=Environment.TEST)).as_bytes().partition(b"\r\n\r\n")[0]
    assert address.encode() in head.replace(b"\r\n ", b"").replace(b'"', b"")


def test_a_subject_cannot_carry_a_header(database: Database, worker: Worker, server: MailServer) -> None:
    _send(database, name="x\r\nBcc: victim@example.jp\r\n\r\nbody" + "長" * 300)
    worker.run_once()
    [letter] = server.box.letters
    assert letter.message["Bcc"] is None
    assert letter.recipients == [TO]
    assert str(letter.message["Subject"]).startswith("x Bcc: victim@example.jp body")
    assert len(str(letter.message["Subject"])) <= 150


def test_a_server_that_is_busy_is_asked_again(database: Database, worker: Worker, server: MailServer) -> None:
    server.box.answer = "451 try later"
    _send(database)
    worker.run_once()
    assert _job(database).last_error == "ConnectionError: the mail server said 451: try later"
    server.box.answer = "250 accepted"
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        worker.run_once()
    assert len(server.box.letters) == 1


def test_a_refusal_for_good_is_shown_to_a_person(database: Database, worker: Worker, server: MailServer) -> None:
    server.box.answer = "554 no such person"
    _send(database)
    worker.run_once()
    assert _job(database).failed_at is not None
    assert "554" in _job(database).last_error
    assert _mail(database).sent_at is None


def test_a_server_that_is_away_is_waited_for(database: Database, settings: Settings) -> None:
    away = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")})
    _send(database)
    Worker(database, away).run_once()
    assert _job(database).failed_at is None
    assert "refused" in _job(database).last_error


def test_without_a_server_mails_are_kept(database: Database, settings: Settings) -> None:
    _send(database)
    Worker(database, settings).run_once()
    assert _mail(database).kept_at is not None
    assert "/invitations" in _mail(database).text


def test_in_production_they_wait_for_a_server(database: Database, posting: Settings, server: MailServer) -> None:
    bare = posting.model_copy(update={"environment": Environment.PRODUCTION, "smtp_url": SecretStr("")})
    _send(database)
    Worker(database, bare).run_once()
    assert "NAKAMAWA_SMTP_URL" in _job(database).last_error
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        Worker(database, posting).run_once()
    assert len(server.box.letters) == 1


def test_secrets_are_forgotten_once_they_are_sent(database: Database, worker: Worker, server: MailServer) -> None:
    _invite(database)
    worker.run_once()
    assert "/i/SECRET" in server.box.letters[0].text
    kept = _mail(database)
    assert (kept.text, kept.html, kept.sealed) == ("", "", None)


def test_secrets_refused_for_good_are_forgotten(database: Database, worker: Worker, server: MailServer) -> None:
    server.box.answer = "554 no such person"
    _invite(database)
    worker.run_once()
    kept = _mail(database)
    assert (kept.text, kept.html, kept.sealed, kept.sent_at) == ("", "", None, None)
    assert kept.recipient == TO
    # A person who tries it once more sends no empty letter.
    server.box.answer = "250 accepted"
    with database.writing() as session:
        job_queue.retry(session, session.exec(select(Job).where(Job.kind == "mail.send")).one())
    worker.run_once()
    assert server.box.letters == []
    assert "forgotten" in _job(database).last_error
    assert _mail(database).sent_at is None


def _give_up(database: Database) -> None:
    with database.writing() as session:
        job = session.exec(select(Job).where(Job.kind == "mail.send")).one()
        job.failed_at = clock.now()
        session.add(job)


def test_secrets_tried_in_vain_wait_two_weeks_for_a_person(database: Database, settings: Settings) -> None:
    _invite(database)
    _give_up(database)
    worker = Worker(database, settings)
    with time_machine.travel(clock.now() + timedelta(days=13)):
        worker.run_once()
    assert "/i/SECRET" in _mail(database).text
    with time_machine.travel(clock.now() + timedelta(days=15)):
        worker.run_once()
    assert (_mail(database).text, _mail(database).html, _mail(database).sealed) == ("", "", None)


def test_what_is_no_secret_waits_as_it_is(database: Database, settings: Settings) -> None:
    _send(database)
    _give_up(database)
    with time_machine.travel(clock.now() + timedelta(days=900)):
        Worker(database, settings).run_once()
    assert "/invitations" in _mail(database).text


def test_old_mails_go_with_their_jobs(database: Database, worker: Worker, server: MailServer) -> None:
    _send(database)
    worker.run_once()
    with time_machine.travel(clock.now() + timedelta(days=job_queue.KEPT_DAYS - 1)):
        worker.run_once()
    assert _mail(database).sent_at is not None
    with time_machine.travel(clock.now() + timedelta(days=job_queue.KEPT_DAYS + 2)):
        worker.run_once()
        with database.reading() as session:
            assert session.exec(select(Mail)).all() == []
            assert session.exec(select(Job).where(Job.kind == "mail.send")).all() == []
        # The same may be told again.
        assert _send(database)
    assert len(server.box.letters) == 1


def test_one_click_ends_what_is_not_essential(
    database: Database, worker: Worker, server: MailServer, client: TestClient, posting: Settings
) -> None:
    _send(database)
    worker.run_once()
    message = server.box.letters[0].message
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<>")
    assert link in server.box.letters[0].text
    path = link.removeprefix("https://match.example.jp")
    page = client.get(path)
    assert page.status_code == 200
    assert TO in page.text
    assert _send(database, key="after looking")
    stopped = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert "送りません" in stopped.text
    assert client.post(path).status_code == 200
    assert not _send(database, key="after one click")
    client.post(path, data={"wanted": "true"})
    assert _send(database, key="after thinking again")


@pytest.mark.parametrize("token", ["nonsense", "b3duZXI.forged", "%E3%81%82.x"])
def test_an_unsubscribe_link_cannot_be_made_up(client: TestClient, database_kind: str, token: str) -> None:
    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404


def test_an_essential_mail_offers_no_way_out(database: Database, worker: Worker, server: MailServer) -> None:
    context = {"name": "", "inviter": "管理", "organisation": "o", "role": "r", "path": "/i/x"}
    with database.writing() as session:
        send_mail(session, INVITATION, TO, "en", context | {"expires_at": clock.now()}, "k")
    worker.run_once()
    assert server.box.letters[0].message["List-Unsubscribe"] is None


def test_a_token_for_something_else_is_no_unsubscribe_link(settings: Settings) -> None:
    secret = settings.secret_key.get_secret_value()
    assert postman.read_unsubscribe(sign(secret, "c2Vzc2lvbg"), secret) is None
