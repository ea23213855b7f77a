"""SQL of the list of offers that the people of a firm see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func

from backend.accounts.models import User
from backend.introductions.legs.summary import labelled
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.queries import readable_offers
from backend.introductions.states import OfferState
from backend.introductions.tables import AGREED_ON, ENDED
from backend.matches.words import is_day
from backend.requests.models import PartRequest

MOST = 300
FACTS = 4


@dataclass(frozen=True)
class Row:
    """One offer in the list: its operation, and the number people say on the telephone."""

    offer: Offer
    leg: CaseLeg
    number: str

    @property
    def facts(self) -> Sequence[str]:
        """The first of what else was asked: material, size, pieces."""
        rest = [(label, words) for label, words in self.offer.summary if words != self.leg.title]
        told = zip(labelled(rest), rest, strict=True)
        # A day stands beside the day to answer by and says which of both it is; a material or a size needs no name.
        said = [f"{label} {words}" if is_day(kept) else words for (label, words), (_label, kept) in told]
        return said[:FACTS]


@dataclass(frozen=True)
class Groups:
    """What waits for an answer; what was answered or is being done; what is past."""

    waiting: Sequence[Row]
    answered: Sequence[Row]
    past: Sequence[Row]

    @property
    def all(self) -> Sequence[Row]:
        return [*self.waiting, *self.answered, *self.past]

    @property
    def is_empty(self) -> bool:
        return not self.all


WAITING = frozenset({OfferState.ASKED, OfferState.SILENT})
ANSWERED = frozenset({OfferState.WILLING, OfferState.CONDITIONAL}) | AGREED_ON


def count_waiting(session: Session, actor: User) -> int:
    """How many offers wait for an answer of the actor's own firm, as its list shows them."""
    if actor.is_staff:
        return 0
    statement = (
        readable_offers(actor)
        .join(Case, col(Case.id) == col(Offer.case_id))
        .where(col(Offer.state).in_(WAITING), col(Case.state).not_in(ENDED))
    )
    return session.scalar(statement.with_only_columns(func.count())) or 0


def offers_in_groups(session: Session, actor: User) -> Groups:
    """Open ones by the day to answer by, the others newest first."""
    statement = (
        readable_offers(actor)
        .join(CaseLeg, col(CaseLeg.id) == col(Offer.leg_id))
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .with_only_columns(Offer, CaseLeg, Case, PartRequest)
        .order_by(col(Offer.asked_at).desc(), col(CaseLeg.position))
        .limit(MOST)
    )
    found = [(Row(offer, leg, request.number), case) for offer, leg, case, request in session.execute(statement)]
    waiting = [row for row, case in found if row.offer.state in WAITING and case.state not in ENDED]
    answered = [row for row, case in found if row.offer.state in ANSWERED and case.state not in ENDED]
    shown = {row.offer.id for row in (*waiting, *answered)}
    past = [row for row, _case in found if row.offer.id not in shown]
    return Groups(sorted(waiting, key=lambda row: row.offer.reply_by), answered, past)
