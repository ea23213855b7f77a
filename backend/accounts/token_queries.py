"""All SQL about tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from backend.accounts.models import ApiToken, Organisation


def tokens_of(session: Session, organisation_id: str) -> Sequence[ApiToken]:
    """Newest first."""
    statement = select(ApiToken).where(ApiToken.organisation_id == organisation_id)
    return session.exec(statement.order_by(col(ApiToken.created_at).desc(), col(ApiToken.id))).all()


def token_of(session: Session, organisation_id: str, token_id: str) -> ApiToken | None:
    statement = select(ApiToken).where(ApiToken.id == token_id, ApiToken.organisation_id == organisation_id)
    return session.exec(statement).first()


def token_by_digest(session: Session, digest: str, now: datetime) -> tuple[ApiToken, Organisation] | None:
    """The token of this digest with its organisation, if it still counts."""
    statement = select(ApiToken, Organisation).join(Organisation, col(Organisation.id) == col(ApiToken.organisation_id))
    alive = statement.where(ApiToken.digest == digest, ApiToken.expires_at > now, col(ApiToken.revoked_at).is_(None))
    return session.exec(alive).first()
