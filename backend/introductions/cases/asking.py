"""Where firms can be asked from the page that compares them: the operations of the case that have nobody yet."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.introductions import queries
from backend.introductions.cases.actions import waiting
from backend.requests.models import PartRequest


@dataclass(frozen=True)
class Place:
    """An operation, and the page on which its firms are asked."""

    number: int
    title: str
    process_id: str
    address: str


@dataclass(frozen=True)
class Asking:
    """The case of a request with the operations for which somebody can still be asked."""

    case_address: str
    # Before it is decided whether the job is split there is none.
    has_legs: bool
    places: tuple[Place, ...]

    def for_process(self, process_id: str) -> tuple[Place, ...]:
        """Those of one process; all of them where none is called so, or the whole job is compared."""
        return tuple(place for place in self.places if place.process_id == process_id) or self.places


def asking_of(session: Session, kept: PartRequest) -> Asking | None:
    """For a coordinator who may read the request; none where it has no case."""
    case = queries.case_of_request(session, kept.id or 0)
    if case is None:
        return None
    legs, offers = queries.legs_of(session, case.id or 0), queries.offers_of(session, case.id or 0)
    address = f"/cases/{case.id}"
    places = (
        Place(number, leg.title, leg.process_id, f"{address}/legs/{leg.id}/candidates")
        for number, leg in enumerate(legs, 1)
        if waiting(case, leg, [offer for offer in offers if offer.leg_id == leg.id])
    )
    return Asking(address, bool(legs), tuple(places))
