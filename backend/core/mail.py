"""Mail. The words are written in the transaction of the event that causes them; the worker sends them afterwards.

A slice declares its mails and keeps their words in templates/emails/<event>/{subject.txt, body.txt, body.html}:

    declare("capacity-ask", optional=mark("空き状況のおたずね"))   people may unsubscribe from what is called so
    declare("sign-in-link", secret=True)                          the words are forgotten once they are sent
    send_mail(session, "capacity-ask", firm.email, "ja", {"firm": firm.name}, key=f"capacity:{firm.id}:{monday}")

Templates begin every address with `{{ site }}`; optional ones show `{{ unsubscribe }}`. The worker fills in both.
"""

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.core import clock
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.i18n import speaking
from backend.core.jobs import LONGEST_KEY, enqueue
from backend.core.model import Model, moment, new_id
from backend.core.templating import environment

log = logging.getLogger(__name__)

# Stand in the stored words for what only the worker knows. `.invalid` belongs to nobody.
SITE = "https://site.invalid"
UNSUBSCRIBE = f"{SITE}/unsubscribe/this"
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Kind:
    """What is true of every mail of one event."""

    optional: str
    secret: bool


KINDS: dict[str, Kind] = {}


class Mail(Model, table=True):
    """One letter. `sealed` is the message exactly as it left, so that a second sending says the same."""

    __tablename__: ClassVar[str] = "mails"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    key: str = Field(max_length=LONGEST_KEY, unique=True)
    event: str = Field(max_length=64, index=True)
    recipient: str = Field(max_length=254, index=True)
    lang: str = Field(max_length=2)
    subject: str = Field(max_length=LONGEST_SUBJECT)
    text: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_column=moment(index=True))
    sealed: str | None = Field(default=None, sa_type=Text)
    sent_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    # There is no mail server: the letter lies here for an admin to read.
    kept_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class MailOptout(Model, table=True):
    """Somebody who does not want the mails of one event."""

    __tablename__: ClassVar[str] = "mail_optouts"
    __table_args__ = (UniqueConstraint("email", "event", name="uq_mail_optouts_email_event"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(max_length=254)
    event: str = Field(max_length=64)
    created_at: datetime = Field(sa_column=moment())


def declare(event: str, *, optional: str = "", secret: bool = False) -> None:
    """Make an event known. `optional` is what people unsubscribe from; `secret` words are forgotten once sent."""
    KINDS[event] = Kind(optional, secret)


def send_mail(session: Session, event: str, to: str, lang: str, context: Mapping[str, object], key: str) -> Mail | None:
    """Write the mail and its job in the caller's transaction.

    None when this event has been told, or is not wanted. Nor is there one to an address that is none: what happens, and
    the mails to others, do not wait for it. Forms ask `checked_address` before they keep one.
    """
    kind = KINDS[event]
    if not is_address(to):
        log.warning("no mail about %s: the address kept for it is none", key)
        return None
    recipient = checked_address(to)
    if kind.optional and optout(session, recipient, event) is not None:
        return None
    mail_id = new_id()
    if not enqueue(session, "mail.send", {"mail_id": mail_id}, f"mail:{key}"):
        return None
    subject, text, html = written(event, lang, context)
    mail = Mail(
        id=mail_id,
        key=key,
        event=event,
        recipient=recipient,
        lang=lang,
        subject=subject,
        text=text,
        html=html,
        created_at=clock.now(),
    )
    session.add(mail)
    session.flush()
    return mail


def written_to(session: Session, event: str, email: str, since: datetime) -> int:
    """How many mails of one event were written to this address since then."""
    statement = select(func.count()).select_from(Mail).where(Mail.event == event, Mail.created_at >= since)
    return session.exec(statement.where(Mail.recipient == email.strip(" ").lower())).one()


def written(event: str, lang: str, context: Mapping[str, object]) -> tuple[str, str, str]:
    """Subject, plain text and HTML in this language. A line end in a subject would begin another header."""
    values = dict(context) | {"site": SITE, "unsubscribe": UNSUBSCRIBE, "lang": lang}
    env = environment()
    with speaking(lang):
        parts = [env.get_template(f"emails/{event}/{name}").render(values) for name in PARTS]
    subject = " ".join("".join(c if c.isprintable() else " " for c in parts[0]).split())
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1]}…"
    return subject, parts[1].strip() + "\n", parts[2]


PARTS = ("subject.txt", "body.txt", "body.html")


def checked_address(address: str) -> str:
    """The address in lower case; refused when it is none, or holds anything that could begin another header."""
    if not is_address(address):
        message = _("このメールアドレスには送れません。")
        raise Invalid(message, {"email": message})
    return address.strip(" ").lower()


def is_address(typed: str) -> bool:
    """Whether a mail can be sent there. Every form asks this one rule: what it takes, the worker can send."""
    address = typed.strip(" ")
    return len(address) <= 254 and ADDRESS.fullmatch(address) is not None


def optout(session: Session, email: str, event: str) -> MailOptout | None:
    statement = select(MailOptout).where(MailOptout.email == email, MailOptout.event == event)
    return session.exec(statement).first()


def opted_out(session: Session, event: str, emails: Collection[str]) -> frozenset[str]:
    """Those of these addresses, as they are written here, that do not want the mails of an event."""
    known = {email: email.strip(" ").lower() for email in emails}
    statement = select(MailOptout.email).where(MailOptout.event == event, col(MailOptout.email).in_(known.values()))
    stopped = set(session.exec(statement)) if known else set()
    return frozenset(email for email, plain in known.items() if plain in stopped)


def set_optout(session: Session, email: str, event: str, *, wanted: bool) -> None:
    """Stop or resume the mails of an event to this address. Saying it twice changes nothing."""
    known = optout(session, email, event)
    if wanted and known is not None:
        session.delete(known)
    if not wanted and known is None:
        session.add(MailOptout(email=email, event=event, created_at=clock.now()))


def all_mails() -> SelectOfScalar[Mail]:
    """Newest first."""
    return select(Mail).order_by(col(Mail.created_at).desc(), col(Mail.id))
