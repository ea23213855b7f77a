"""Asking for an answer by mail: each week on the day a firm chose, and when somebody asks for a fresh link."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from backend.capacity import links, queries, rules
from backend.capacity.models import CapacityContact, CapacityReminder
from backend.core import clock
from backend.core.i18n import mark
from backend.core.mail import declare, send_mail
from backend.firms.models import Firm

WEEKLY = "weekly"
FRESH_LINK = "link"
REMINDER_MAIL = "capacity-reminder"
LINK_MAIL = "capacity-link"

declare(REMINDER_MAIL, optional=mark("空きの連絡のお願い"), secret=True)
declare(LINK_MAIL, secret=True)


@dataclass(frozen=True)
class Due:
    """A firm whose day has come."""

    firm_id: str
    email: str


def due_reminders(session: Session, today: date) -> list[Due]:
    """The firms to be asked by mail today: their day has come, nobody asked since, and no answer is of that week."""
    return [
        Due(firm_id, email)
        for firm_id, email, weekday, reminded, answered in queries.askings(session)
        if rules.is_due(rules.Asking(weekday, reminded, _day(answered)), today)
    ]


def _day(moment: datetime | None) -> date | None:
    return clock.in_tokyo(moment).date() if moment else None


def remind(session: Session, secret: str, firm_id: str, today: date) -> bool:
    """Write the weekly mail of one firm; False when that was done, or there is nobody to write to."""
    return _send(session, secret, firm_id, today, WEEKLY, REMINDER_MAIL)


def send_fresh_link(session: Session, secret: str, firm_id: str, today: date) -> bool:
    """Write a mail with a fresh link to the address we know, at most once a day."""
    return _send(session, secret, firm_id, today, FRESH_LINK, LINK_MAIL)


def _send(session: Session, secret: str, firm_id: str, today: date, kind: str, event: str) -> bool:
    contact, firm = queries.contact(session, firm_id), queries.firm_for_link(session, firm_id)
    if contact is None or firm is None or not contact.email:
        return False
    if queries.was_reminded(session, firm_id, today, kind):
        return False
    send_mail(
        session,
        event,
        contact.email,
        contact.lang,
        _words(secret, contact, firm, today),
        key=f"capacity:{kind}:{firm_id}:{today.isoformat()}",
    )
    session.add(CapacityReminder(firm_id=firm_id, day=today, kind=kind, sent_to=contact.email, at=clock.now()))
    session.flush()
    return True


def _words(secret: str, contact: CapacityContact, firm: Firm, today: date) -> dict[str, object]:
    token = links.make(secret, firm.id, contact.link_number, today)
    return {"firm": firm.name, "path": f"/c/{token}", "code": contact.code}
