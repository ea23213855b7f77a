"""Who of the desk looks after a case now, its owner or people who are still there; and which firms a mail reaches."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from backend.accounts.models import User
from backend.accounts.reach_queries import coordinators_of_ward, first_addresses, supervisors_of_ward
from backend.capacity import queries as capacity
from backend.introductions import queries
from backend.introductions.models import Case


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


def mail_addresses(session: Session, firm_ids: Collection[str]) -> dict[str, str]:
    """Where a mail reaches these firms: where they are asked for their hours, else who signs in first.

    A firm that is missing here hears of nothing but by telephone or FAX.
    """
    return first_addresses(session, firm_ids) | capacity.addresses(session, firm_ids)
