"""How a client comes to its case: by the token of its request, with or without an account."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.errors import NotFound
from backend.introductions import key_queries, queries
from backend.introductions.keys import CaseKey
from backend.introductions.models import Case, Offer
from backend.introductions.states import Channel, Party
from backend.introductions.trail import By, case_id_of
from backend.requests import service as requests
from backend.requests.models import PartRequest


@dataclass(frozen=True)
class ClientDoor:
    """A client before its case."""

    kept: PartRequest
    case: Case
    by: By

    @property
    def base(self) -> str:
        """Where the pages of the case lie for the client."""
        return f"/requests/{self.kept.token}/progress"

    def offer(self, session: Session, offer_id: str) -> Offer:
        """What a firm was asked in this case; anything else is not there."""
        found = key_queries.offer_with_key(session, CaseKey(case_id_of(self.case)), offer_id)
        if found is None:
            raise NotFound
        return found


def by_token(session: Session, user: User | None, token: str) -> ClientDoor:
    """The token of the request is the client's key. Staff act on their own page of the case, never as the client."""
    if user is not None and user.is_staff:
        raise NotFound
    kept = requests.open_request(session, token)
    case = case_of(session, kept)
    by = By(user, Party.CLIENT, Channel.WEB if user else Channel.LINK, CaseKey(case_id_of(case)))
    return ClientDoor(kept, case, by)


def case_of(session: Session, kept: PartRequest) -> Case:
    """The case of a request that may be read."""
    case = queries.case_of_request(session, kept.id or 0)
    if case is None:
        raise NotFound
    return case
