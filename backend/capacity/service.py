"""What can be done with capacity: answer, take an answer back, say how to be asked, book hours and give them back."""

import hashlib
from datetime import date

from sqlmodel import Session

from backend.accounts.models import User
from backend.accounts.sign_in_links import count_asking
from backend.capacity import links, queries
from backend.capacity.answers import Given, answer, contact_for, take_back
from backend.capacity.bookings import Overbooked, book, release, release_all, release_part
from backend.capacity.forms import Wishes
from backend.capacity.models import CapacityContact
from backend.capacity.reminders import due_reminders, remind, send_fresh_link
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.errors import NotFound
from backend.core.i18n import mark
from backend.core.jobs import enqueue
from backend.core.texts import printable
from backend.firms.models import Firm

FRESH = "capacity.fresh-link"
LINKS_REVOKED = audit.action("capacity links revoked", mark("空きの連絡のリンクを作り直した"))
WISHES_CHANGED = audit.action("capacity wishes changed", mark("空きのたずね方を変えた"))

__all__ = [
    "Given",
    "Overbooked",
    "answer",
    "ask_for_link",
    "book",
    "contact_for",
    "contact_or_new",
    "due_reminders",
    "firm_for",
    "firm_of_link",
    "new_link",
    "release",
    "release_all",
    "release_part",
    "remind",
    "revoke_links",
    "send_fresh_link",
    "send_link_asked_for",
    "set_wishes",
    "take_back",
]


def firm_for(session: Session, actor: User, firm_id: str) -> Firm:
    """The firm, for staff and its own people; "not found" for everybody else."""
    firm = queries.firm_of(session, actor, firm_id)
    if firm is None:
        raise NotFound
    return firm


def contact_or_new(database: Database, firm_id: str) -> CapacityContact:
    """How a firm is asked; it gets its number the first time anybody needs it."""
    with database.reading() as session:
        there = queries.contact(session, firm_id)
    if there is not None:
        return there
    with database.writing() as session:
        return contact_for(session, firm_id)


def new_link(session: Session, secret: str, firm_id: str, today: date, days: int = links.MAIL_DAYS) -> str:
    """The address under this site at which the firm answers."""
    contact = queries.contact(session, firm_id)
    return f"/c/{links.make(secret, firm_id, contact.link_number if contact else 1, today, days)}"


def firm_of_link(session: Session, secret: str, token: str, today: date) -> Firm | None:
    """The firm a link speaks for; None when it is forged, past its day, revoked, or the firm is gone."""
    link = links.read(secret, token)
    if link is None or link.last_day < today:
        return None
    contact = queries.contact(session, link.firm_id)
    current = contact.link_number if contact else 1
    return queries.firm_for_link(session, link.firm_id) if link.number == current else None


def revoke_links(session: Session, firm_id: str, *, actor_id: str | None = None) -> None:
    """Make every link handed out so far worthless, on paper too."""
    contact = contact_for(session, firm_id)
    contact.link_number += 1
    session.add(contact)
    audit.record(session, LINKS_REVOKED, f"firm:{firm_id}", actor_id=actor_id, number=contact.link_number)


def set_wishes(session: Session, firm_id: str, wishes: Wishes, *, actor_id: str | None = None) -> None:
    """How the firm wants to be asked from now on."""
    contact = contact_for(session, firm_id)
    before = _wishes(contact)
    contact.weekday, contact.email, contact.fax = wishes.weekday, wishes.email, wishes.fax
    contact.lang, contact.by_hours, contact.groups = wishes.lang, wishes.by_hours, list(wishes.groups)
    session.add(contact)
    change = audit.difference(before, _wishes(contact))
    audit.record(session, WISHES_CHANGED, f"firm:{firm_id}", actor_id=actor_id, **change)


def _wishes(contact: CapacityContact) -> dict[str, object]:
    """What the trail tells of it: that there is an address, not which, because the trail forgets nothing."""
    told = contact.model_dump(include={"weekday", "lang", "by_hours", "groups"})
    return told | {"email": bool(contact.email), "fax": bool(contact.fax)}


def ask_for_link(session: Session, who: str, old: str, address: str) -> None:
    """Note that somebody wants a fresh link, by an old link, an address or the number of a sheet.

    One address on the network can ask only so often. The worker looks up whether we know it and writes the mail, so
    that the answer is the same, and as quick, either way.
    """
    count_asking(session, f"capacity:{who}", address)
    wanted = {"who": printable(who), "old": printable(old)}
    key = hashlib.sha256(f"{wanted['who']} {wanted['old']}".encode()).hexdigest()[:32]
    enqueue(session, FRESH, wanted, f"{FRESH}:{key}:{clock.now():%Y-%m-%dT%H:%M}")


def send_link_asked_for(session: Session, secret: str, who: str, old: str, today: date) -> None:
    """Send a fresh link to the address we know for this old link, address or sheet number."""
    link = links.read(secret, old)
    if link is not None:
        ids = [link.firm_id]
    elif "@" in who:
        ids = [contact.firm_id for contact in queries.contacts_by_email(session, who.strip().lower())]
    else:
        found = queries.contact_by_code(session, "".join(c for c in who if c.isdigit())[:8])
        ids = [found.firm_id] if found else []
    for firm_id in ids:
        send_fresh_link(session, secret, firm_id, today)
