"""What the page of results shows to one side, or to the desk: each introduction with what was said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms.rules import Answer
from backend.introductions import queries
from backend.introductions.models import Case, Offer
from backend.introductions.outcomes import queries as outcome_queries
from backend.introductions.outcomes.models import Outcome, Rating
from backend.introductions.states import CaseState, OfferState, Party

SIDES = (Party.CLIENT, Party.FIRM)
ASKED = {"quoted": mark("見積"), "ordered": mark("注文"), "delivered": mark("納品")}
ANSWERS = ((Answer.YES, mark("はい")), (Answer.NO, mark("いいえ")), (Answer.UNKNOWN, mark("まだ・わからない")))
POINTS = {"quality": mark("品質"), "delivery": mark("納期"), "cost": mark("費用")}
# What the figures mean, the best first.
MEANINGS = (
    (5, mark("とてもよい")),
    (4, mark("よい")),
    (3, mark("ふつう")),
    (2, mark("もう少し")),
    (1, mark("よくない")),
)
SIDE_NAMES = {Party.CLIENT: mark("依頼者から聞いたこと"), Party.FIRM: mark("工場から聞いたこと")}


@dataclass(frozen=True)
class Side:
    """What one side said, and what the other said of it. `may_rate` once the work has been delivered."""

    party: Party
    outcome: Outcome | None
    rating: Rating | None
    of_it: Rating | None
    may_rate: bool

    @property
    def name(self) -> str:
        return _(SIDE_NAMES[self.party])

    def form(self, kind: str, offer: Offer) -> str:
        """The name under which a refused form finds itself again."""
        return f"{kind}-{offer.id}-{self.party.value}"


@dataclass(frozen=True)
class Introduced:
    """One firm that was introduced, for one leg, with the sides that this reader writes for."""

    offer: Offer
    firm: str
    leg: str
    sides: tuple[Side, ...]


def introduced(
    session: Session, case: Case, parties: Sequence[Party], firm_id: str | None = None
) -> tuple[Introduced, ...]:
    """Every introduction of the case, or those of one firm, as `parties` see them."""
    offers = [o for o in queries.offers_of(session, case.id or 0) if o.introduced_at is not None]
    offers = [o for o in offers if firm_id is None or o.firm_id == firm_id]
    ids = [offer.id for offer in offers]
    told = {(o.offer_id, o.party): o for o in outcome_queries.outcomes_of(session, ids)}
    rated = {(r.offer_id, r.party): r for r in outcome_queries.ratings_of(session, ids)}
    firms = queries.firms_by_id(session, (offer.firm_id for offer in offers))
    legs = {leg.id: leg.title for leg in queries.legs_of(session, case.id or 0)}
    return tuple(
        Introduced(
            offer,
            firms[offer.firm_id].name,
            legs[offer.leg_id],
            tuple(_side(case, offer, party, told, rated) for party in parties),
        )
        for offer in offers
    )


def _side(
    case: Case,
    offer: Offer,
    party: Party,
    told: Mapping[tuple[str, Party], Outcome],
    rated: Mapping[tuple[str, Party], Rating],
) -> Side:
    other = Party.FIRM if party is Party.CLIENT else Party.CLIENT
    may_rate = offer.state is OfferState.WON and case.state in {CaseState.DELIVERED, CaseState.CLOSED}
    key = (offer.id, party)
    return Side(party, told.get(key), rated.get(key), rated.get((offer.id, other)), may_rate)
