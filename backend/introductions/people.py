"""Who of the desk looks after a case now: its owner, and when that person has gone, people who are still there."""

from collections.abc import Sequence

from sqlmodel import Session

from backend.accounts.models import User
from backend.accounts.reach_queries import coordinators_of_ward, supervisors_of_ward
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
