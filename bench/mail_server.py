"""A real SMTP server on this machine that keeps what it is given, and can be told to refuse or to be slow."""

import socket
from collections import defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock
from typing import Any, Self

from aiosmtpd.controller import Controller


@dataclass
class Letter:
    """One message as the server got it."""

    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        read = message_from_bytes(self.content, policy=default)
        if not isinstance(read, EmailMessage):
            raise TypeError("the policy makes another kind of message")
        return read

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""


@dataclass
class Postbox:
    """Everything that arrived; `answer` is what the server says to the next messages."""

    letters: list[Letter] = field(default_factory=list)
    answer: str = "250 accepted"
    _lock: Lock = field(default_factory=Lock)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802, ANN401 - aiosmtpd
        if self.answer.startswith("250"):
            with self._lock:
                self.letters.append(Letter(list(envelope.rcpt_tos), bytes(envelope.original_content)))
        return self.answer

    def by_message_id(self) -> dict[str, set[bytes]]:
        """The different contents that arrived under each Message-ID."""
        found: dict[str, set[bytes]] = defaultdict(set)
        with self._lock:
            for letter in self.letters:
                found[str(letter.message["Message-ID"])].add(letter.content)
        return dict(found)

    def to(self, recipient: str) -> list[Letter]:
        return [letter for letter in self.letters if recipient in letter.recipients]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailServer:
    """`with MailServer() as server:` listens on a free port of this machine."""

    def __init__(self) -> None:
        self.box = Postbox()
        self._controller = Controller(self.box, hostname="127.0.0.1", port=_free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._controller.stop()
