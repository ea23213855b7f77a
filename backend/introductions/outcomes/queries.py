"""All SQL about outcomes and ratings."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

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
