"""All SQL of the accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import LoginFailure, Role, SignIn, User


def user_by_email(session: Session, email: str) -> User | None:
    return session.exec(select(User).where(User.email == email)).first()


def user_by_token(session: Session, token_digest: str, now: datetime) -> User | None:
    """The active person whose unexpired sign-in has this token."""
    statement = (
        select(User)
        .join(SignIn, col(SignIn.user_id) == col(User.id))
        .where(SignIn.token_digest == token_digest, SignIn.expires_at > now, col(User.active))
    )
    return session.exec(statement).first()


def demo_person(session: Session, role: Role) -> User | None:
    return session.exec(select(User).where(col(User.demo), User.role == role, col(User.active))).first()


def demo_people(session: Session) -> Sequence[User]:
    return session.exec(select(User).where(col(User.demo), col(User.active)).order_by(User.email)).all()


def all_users() -> SelectOfScalar[User]:
    return select(User).order_by(User.email)


def active_admins(session: Session) -> int:
    statement = select(func.count()).select_from(User).where(User.role == Role.ADMIN, col(User.active))
    return session.exec(statement).one()


def sign_ins_of(session: Session, user_id: str, now: datetime) -> Sequence[SignIn]:
    statement = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > now)
    return session.exec(statement.order_by(col(SignIn.created_at).desc())).all()


def sign_in_of(session: Session, user_id: str, sign_in_id: str) -> SignIn | None:
    return session.exec(select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id)).first()


def delete_sign_in(session: Session, token_digest: str) -> None:
    session.exec(delete(SignIn).where(col(SignIn.token_digest) == token_digest))


def delete_sign_ins_of(session: Session, user_id: str) -> None:
    session.exec(delete(SignIn).where(col(SignIn.user_id) == user_id))


def delete_expired(session: Session, now: datetime, failures_before: datetime) -> None:
    session.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))
    session.exec(delete(LoginFailure).where(col(LoginFailure.at) < failures_before))


def delete_failures(session: Session, email: str, address: str) -> None:
    session.exec(delete(LoginFailure).where(col(LoginFailure.email) == email, col(LoginFailure.address) == address))


def failures(session: Session, address: str, since: datetime, *, email: str | None = None) -> int:
    """How many sign-ins failed from this address since then, for all accounts or for one."""
    statement = select(func.count()).select_from(LoginFailure)
    statement = statement.where(LoginFailure.address == address, LoginFailure.at >= since)
    if email is not None:
        statement = statement.where(LoginFailure.email == email)
    return session.exec(statement).one()
