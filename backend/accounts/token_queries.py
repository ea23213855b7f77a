"""All SQL about tokens."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from backend.accounts.models import ApiToken, Organisation, User


def tokens_of(session: Session, organisation_id: str) -> Sequence[ApiToken]:
    """Newest first."""
    statement = select(ApiToken).where(ApiToken.organisation_id == organisation_id)
    return session.exec(statement.order_by(col(ApiToken.created_at).desc(), col(ApiToken.id))).all()


def token_of(session: Session, organisation_id: str, token_id: str) -> ApiToken | None:
    statement = select(ApiToken).where(ApiToken.id == token_id, ApiToken.organisation_id == organisation_id)
    return session.exec(statement).first()


def token_by_digest(session: Session, digest: str, now: datetime) -> tuple[ApiToken, Organisation] | None:
    """The token of this digest with its organisation, if it still counts: not when whoever made it was stopped."""
    statement = select(ApiToken, Organisation).join(Organisation, col(Organisation.id) == col(ApiToken.organisation_id))
    statement = statement.join(User, col(User.id) == col(ApiToken.created_by)).where(col(User.active))
    alive = statement.where(ApiToken.digest == digest, ApiToken.expires_at > now, col(ApiToken.revoked_at).is_(None))
    return session.exec(alive).first()


def note_use(session: Session, token_id: str, now: datetime) -> None:
    """Only this column is written: the token may be revoked or renamed at this very moment."""
    session.exec(update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=now))


def stopped_makers(session: Session, tokens: Iterable[ApiToken]) -> frozenset[str]:
    """Who made one of these and was stopped since; their tokens open nothing."""
    made = select(User.id).where(col(User.id).in_({token.created_by for token in tokens}))
    return frozenset(session.exec(made.where(col(User.active).is_(False))))
