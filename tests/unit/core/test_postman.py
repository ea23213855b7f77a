"""What the worker makes of a mail server that says no."""

import smtplib

import pytest
from pydantic import SecretStr

from backend.core import postman
from backend.core.settings import Environment, Settings

SETTINGS = Settings(environment=Environment.TEST, smtp_url=SecretStr("smtp://user:wrong@127.0.0.1:25"))


class Server(smtplib.SMTP):
    """Refuses whatever it is told to refuse."""

    closed = False

    def __init__(self, *_address: object, **_options: object) -> None:
        super().__init__()
        Server.closed = False

    def login(self, *_words: object, **_options: object) -> tuple[int, bytes]:
        raise smtplib.SMTPAuthenticationError(535, b"wrong password")

    def close(self) -> None:
        Server.closed = True


class Unwelcome(Server):
    """Lets in, but does not take mails from this sender."""

    def login(self, *_words: object, **_options: object) -> tuple[int, bytes]:
        return 235, b"welcome"

    def sendmail(self, *_words: object, **_options: object) -> dict[str, tuple[int, bytes]]:
        raise smtplib.SMTPSenderRefused(553, b"not\r\nyours", "no-reply@nakamawa.example")


def test_a_server_that_lets_nobody_in_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Server)
    with pytest.raises(ConnectionError, match="535"):
        postman.transmit(SETTINGS, "a@example.jp", "x")
    assert Server.closed


def test_a_sender_that_is_refused_waits_for_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Unwelcome)
    with pytest.raises(ConnectionError, match="553: not yours"):
        postman.transmit(SETTINGS, "a@example.jp", "x")
