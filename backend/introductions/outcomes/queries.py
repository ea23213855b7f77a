"""All SQL about outcomes and ratings."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, func, select

from backend.introductions.models import Offer
from backend.introductions.outcomes.models import Outcome, Rating
from backend.introductions.states import Party


def outcome_of(session: Session, offer_id: str, party: Party) -> Outcome | None:
    return session.exec(select(Outcome).where(Outcome.offer_id == offer_id, Outcome.party == party)).first()


def outcomes_of(session: Session, offer_ids: Iterable[str]) -> Sequence[Outcome]:
    return session.exec(select(Outcome).where(col(Outcome.offer_id).in_(list(offer_ids)))).all()


def rating_of(session: Session, offer_id: str, party: Party) -> Rating | None:
    return session.exec(select(Rating).where(Rating.offer_id == offer_id, Rating.party == party)).first()


def ratings_of(session: Session, offer_ids: Iterable[str]) -> Sequence[Rating]:
    return session.exec(select(Rating).where(col(Rating.offer_id).in_(list(offer_ids)))).all()


def raters_of(session: Session, offer_ids: Iterable[str]) -> set[tuple[str, Party]]:
    """Which side of which offer has rated."""
    return {(rating.offer_id, rating.party) for rating in ratings_of(session, offer_ids)}


def averages(session: Session, firm_id: str) -> tuple[int, float, float, float] | None:
    """How clients rated a firm: how many, and the means of quality, delivery and cost. None while nobody has."""
    statement = (
        select(func.count(), func.avg(Rating.quality), func.avg(Rating.delivery), func.avg(Rating.cost))
        .select_from(Rating)
        .join(Offer, col(Offer.id) == col(Rating.offer_id))
        .where(Offer.firm_id == firm_id, Rating.party == Party.CLIENT)
    )
    count, quality, delivery, cost = session.exec(statement).one()
    return (count, float(quality), float(delivery), float(cost)) if count else None
