"""SQL of the list of one's own requests."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from backend.accounts.models import User
from backend.introductions.models import Case
from backend.requests.models import PartRequest

MOST = 200


@dataclass(frozen=True)
class OwnRequest:
    """A request and its case."""

    kept: PartRequest
    case: Case


def own_requests(session: Session, actor: User) -> Sequence[OwnRequest]:
    """What this person asked for, newest first; nobody else's, whatever else the person may read."""
    statement = (
        select(PartRequest, Case)
        .join(Case, col(Case.request_id) == col(PartRequest.id))
        .where(PartRequest.owner_id == actor.id)
        .order_by(col(PartRequest.id).desc())
        .limit(MOST)
    )
    return [OwnRequest(kept, case) for kept, case in session.exec(statement)]


def has_requests(session: Session, actor: User) -> bool:
    """Whether this person asked for anything."""
    return session.exec(select(PartRequest.id).where(PartRequest.owner_id == actor.id).limit(1)).first() is not None
