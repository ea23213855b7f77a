"""Who of the desk looks after a case now, its owner or people who are still there; and which firms a mail reaches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.accounts.reach_queries import addresses_of_firms, coordinators_of_ward, supervisors_of_ward
from backend.capacity import queries as capacity
from backend.core.mail import is_address, opted_out
from backend.introductions import queries
from backend.introductions.models import Case
from backend.requests.models import PartRequest


def at_desk(session: Session, case: Case) -> Sequence[User]:
    """The owner; else the heads of the bodies that look after the ward; else whoever is of such a body."""
    owner = living_owner(session, case)
    if owner is not None:
        return [owner]
    ward = queries.request_of(session, case).ward
    return supervisors_of_ward(session, ward) or coordinators_of_ward(session, ward)


def living_owner(session: Session, case: Case) -> User | None:
    """The coordinator of the case, while that person works here and may still read it."""
    owner = queries.user_by_id(session, case.owner_id)
    if owner is None or not owner.active:
        return None
    return owner if queries.case_for(session, owner, case.id or 0) else None


def client_mail(request: PartRequest, owner: User | None) -> str:
    """Where the client reads mail; blank where nowhere.

    The address of an account was taken over when the request was sent: whoever left reads nothing of it any more.
    """
    if owner is None or owner.active:
        return request.contact_email or (owner.email if owner else "")
    return "" if request.contact_email.lower() == owner.email.lower() else request.contact_email


def mail_addresses(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    """Where a mail reaches these firms: where they are asked for their hours, else who signs in first.

    A firm that is missing here hears of nothing but by telephone or FAX.
    """
    return {firm_id: emails[0] for firm_id, emails in _addresses(session, firm_ids).items()}


@dataclass(frozen=True)
class Reach:
    """Where mails reach firms, and which of the firms the mails of one event reach too: some have unsubscribed."""

    addresses: dict[str, str]
    told: frozenset[str]


def reach(session: Session, firm_ids: Collection[str], event: str, to: Collection[str] | None = None) -> Reach:
    """How these firms hear of this event: who is in neither part has no address, who is in the first alone wants no
    such mail. `to` are those whom the event concerns, where it is not all of them.
    """
    found = _addresses(session, firm_ids)
    concerned = {firm_id: emails for firm_id, emails in found.items() if to is None or firm_id in to}
    stopped = opted_out(session, event, [email for emails in concerned.values() for email in emails])
    told = frozenset(firm_id for firm_id, emails in concerned.items() if not stopped.issuperset(emails))
    return Reach({firm_id: emails[0] for firm_id, emails in found.items()}, told)


def _addresses(session: Session, firm_ids: Collection[str]) -> dict[str, list[str]]:
    """The addresses at which the letters reach these firms; firms without one are left out."""
    asked = {firm_id: [email] for firm_id, email in capacity.addresses(session, firm_ids).items()}
    known = addresses_of_firms(session, firm_ids) | asked
    usable = {firm_id: [email for email in emails if is_address(email)] for firm_id, emails in known.items()}
    return {firm_id: emails for firm_id, emails in usable.items() if emails}
