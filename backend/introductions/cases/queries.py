"""SQL of the coordinator's pages that is about people around a case."""

from sqlmodel import Session, col, select

from backend.accounts.models import Role, User

MOST_STAFF = 200


def coordinators(session: Session) -> tuple[tuple[str, str], ...]:
    """Who may look after a case: id and name."""
    statement = select(User.id, User.name).where(col(User.role).in_([Role.COORDINATOR, Role.ADMIN]), col(User.active))
    return tuple((id_, name) for id_, name in session.exec(statement.order_by(User.name, User.id).limit(MOST_STAFF)))


def coordinator(session: Session, user_id: str) -> User | None:
    """Somebody who may look after a case."""
    statement = select(User).where(User.id == user_id, col(User.active))
    return session.exec(statement.where(col(User.role).in_([Role.COORDINATOR, Role.ADMIN]))).first()
