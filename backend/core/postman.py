"""Carrying mails out of the house: sealed once, sent by SMTP, repeated word for word when in doubt."""

import base64
import binascii
import hashlib
import re
import smtplib
import ssl
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from backend.core import clock, job_queue
from backend.core.jobs import Errand, GiveUp, Work, errand, every, job
from backend.core.mail import (
    KINDS,
    SITE,
    UNSUBSCRIBE,
    Mail,
    forget_old,
    forget_secrets_given_up,
    forget_words,
)
from backend.core.security import sign, unsign
from backend.core.settings import Settings

SECONDS_TO_WAIT = 15.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
PURPOSE = "unsubscribe:"
# What was tried in vain may be tried once more by an admin; a secret does not wait for that longer than this.
GIVEN_UP_KEPT = timedelta(days=14)
_LINE_END = re.compile(r"\r?\n")


class NoMailServer(Exception):
    """Mails wait for NAKAMAWA_SMTP_URL."""


@errand("mail.send")
def deliver(work: Errand) -> None:
    """Send one mail, or keep it where there is no mail server outside production."""
    sealed = _seal(work)
    if sealed is None:
        return
    recipient, message = sealed
    if work.settings.smtp_url.get_secret_value():
        try:
            transmit(work.settings, recipient, message)
        except GiveUp:
            _forget_secret(work)
            raise
        _note(work, sent=True)
    elif work.settings.production:
        raise NoMailServer("no mail server is set: NAKAMAWA_SMTP_URL is empty")
    else:
        _note(work, sent=False)


@job("jobs.forget")
def forget(work: Work) -> None:
    """Drop the jobs that were done long ago with the mails of that time, and secrets that nobody will be sent."""
    now = clock.now()
    job_queue.forget_done(work.session)
    forget_old(work.session, now - timedelta(days=job_queue.KEPT_DAYS))
    forget_secrets_given_up(work.session, now - GIVEN_UP_KEPT)


every("jobs.forget", timedelta(days=1), at=timedelta(hours=3))


def _seal(work: Errand) -> tuple[str, str] | None:
    """Recipient and message, fixed at the first try. None when it has gone already or is there no more."""
    with work.database.writing() as session:
        mail = session.get(Mail, work.payload["mail_id"])
        if mail is None or mail.sent_at is not None:
            return None
        if not mail.text:
            raise GiveUp("its words were forgotten when it was given up: what it told has to be sent anew")
        if mail.sealed is None:
            mail.sealed = as_message(mail, work.settings).as_bytes().decode("ascii")
            session.add(mail)
        return mail.recipient, mail.sealed


def _note(work: Errand, *, sent: bool) -> None:
    with work.database.writing() as session:
        mail = session.get(Mail, work.payload["mail_id"])
        if mail is None:
            return
        if sent:
            mail.sent_at = clock.now()
            mail.kept_at = None
        else:
            mail.kept_at = clock.now()
            mail.sealed = None
        if sent and KINDS[mail.event].secret:
            forget_words(mail)
        session.add(mail)


def _forget_secret(work: Errand) -> None:
    """The mail server refused it for good."""
    with work.database.writing() as session:
        mail = session.get(Mail, work.payload["mail_id"])
        if mail is not None and KINDS[mail.event].secret:
            forget_words(mail)
            session.add(mail)


def as_message(mail: Mail, settings: Settings) -> EmailMessage:
    """The whole message. The same mail and settings always give the same bytes."""
    digest = hashlib.sha256(mail.key.encode()).hexdigest()
    sender, address = parseaddr(settings.mail_from)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{digest[:40]}@{address.rpartition('@')[2]}>"
    message["Date"] = format_datetime(mail.created_at)
    message["From"] = Address(sender, addr_spec=address)
    # Given as a whole, old addresses with two dots in a row would be refused; their mail servers take them.
    local, _at, domain = mail.recipient.rpartition("@")
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = mail.subject
    message["Content-Language"] = mail.lang
    message["Auto-Submitted"] = "auto-generated"
    if KINDS[mail.event].optional:
        message["List-Unsubscribe"] = f"<{unsubscribe_url(mail, settings)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(addressed(mail, mail.text, settings))
    message.add_alternative(addressed(mail, mail.html, settings), subtype="html")
    message.set_boundary(f"=_{digest[:32]}")
    return message


def addressed(mail: Mail, words: str, settings: Settings) -> str:
    """The words with the addresses of this site filled in."""
    return words.replace(UNSUBSCRIBE, unsubscribe_url(mail, settings)).replace(SITE, settings.base_url)


def unsubscribe_url(mail: Mail, settings: Settings) -> str:
    return f"{settings.base_url}/unsubscribe/{unsubscribe_token(mail.event, mail.recipient, settings)}"


def unsubscribe_token(event: str, recipient: str, settings: Settings) -> str:
    """Says who no longer wants what; it never runs out, because a mail may lie unread for years."""
    text = base64.urlsafe_b64encode(f"{PURPOSE}{event} {recipient}".encode()).decode().rstrip("=")
    return sign(settings.secret_key.get_secret_value(), text)


def read_unsubscribe(token: str, secret: str) -> tuple[str, str] | None:
    """Address and event of an unsubscribe link; None when it is not ours."""
    text = unsign(secret, token)
    try:
        said = base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)).decode(errors="replace")
    except binascii.Error:
        # Signed by us, but for something else.
        return None
    event, _space, email = said.removeprefix(PURPOSE).partition(" ")
    return (email, event) if said.startswith(PURPOSE) and event in KINDS and KINDS[event].optional else None


def transmit(settings: Settings, recipient: str, message: str) -> None:
    """Hand the message to the mail server; a refusal for good raises GiveUp."""
    sender = parseaddr(settings.mail_from)[1]
    try:
        with _connection(settings.smtp_url.get_secret_value()) as server:
            server.sendmail(sender, [recipient], message.encode("ascii"))
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = refusal.recipients[recipient]
        _judge(code, words)
    except smtplib.SMTPSenderRefused as refusal:
        # Who may send is settled by the operator, NAKAMAWA_MAIL_FROM: until then those mails wait.
        raise ConnectionError(_said(refusal.smtp_code, refusal.smtp_error)) from refusal
    except smtplib.SMTPResponseException as refusal:
        _judge(refusal.smtp_code, refusal.smtp_error)


def _said(code: int, words: bytes | str) -> str:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"the mail server said {code}: {_LINE_END.sub(' ', said)}"


def _judge(code: int, words: bytes | str) -> None:
    sentence = _said(code, words)
    # A wrong password is the operator's mistake and can be mended: those mails wait.
    if code >= 500 and code not in {530, 534, 535}:
        raise GiveUp(sentence)
    raise ConnectionError(sentence)


def _connection(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    secure = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_WAIT, context=secure)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SECONDS_TO_WAIT)
    )
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server
