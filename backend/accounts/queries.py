"""All SQL of the accounts."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import (
    ApiToken,
    Invitation,
    LoginFailure,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationWard,
    Role,
    SignIn,
    SignInLink,
    User,
)
from backend.accounts.token_models import MARK


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


def sign_ins_of(session: Session, user_id: str, now: datetime) -> Sequence[SignIn]:
    statement = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > now)
    return session.exec(statement.order_by(col(SignIn.created_at).desc())).all()


def sign_in_of(session: Session, user_id: str, sign_in_id: str) -> SignIn | None:
    return session.exec(select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id)).first()


def sign_in_by_token(session: Session, token_digest: str) -> SignIn | None:
    return session.exec(select(SignIn).where(SignIn.token_digest == token_digest)).first()


def delete_other_sign_ins(session: Session, user_id: str, token_digest: str) -> int:
    """Every session of the person but this one; how many there were."""
    others = delete(SignIn).where(col(SignIn.user_id) == user_id, col(SignIn.token_digest) != token_digest)
    return session.exec(others).rowcount


def delete_sign_ins_of(session: Session, user_id: str) -> None:
    session.exec(delete(SignIn).where(col(SignIn.user_id) == user_id))


def delete_expired(session: Session, now: datetime, failures_before: datetime) -> None:
    session.exec(delete(SignIn).where(col(SignIn.expires_at) <= now))
    session.exec(delete(LoginFailure).where(col(LoginFailure.at) < failures_before))


def delete_failures(session: Session, email: str, address: str) -> None:
    session.exec(delete(LoginFailure).where(col(LoginFailure.email) == email, col(LoginFailure.address) == address))


def hold_tries(session: Session, address: str) -> None:
    """Let tries from one network address be counted one after the other. SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"tries {address}".encode()).digest()
        session.execute(sa_select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big", signed=True))))


def failures(session: Session, address: str, since: datetime, *, email: str | None = None) -> int:
    """How many sign-ins failed from this address since then, for all accounts or for one."""
    statement = select(func.count()).select_from(LoginFailure)
    statement = statement.where(LoginFailure.address == address, LoginFailure.at >= since)
    if email is not None:
        statement = statement.where(LoginFailure.email == email)
    return session.exec(statement).one()


def readable_organisations(actor: User) -> SelectOfScalar[Organisation]:
    """Staff see every organisation, others those they belong to."""
    statement = select(Organisation)
    if actor.is_staff:
        return statement
    return statement.where(col(Organisation.id).in_(_own(actor.id)))


def organisation_for(session: Session, actor: User, organisation_id: str) -> Organisation | None:
    return session.exec(readable_organisations(actor).where(Organisation.id == organisation_id)).first()


def found_organisations(actor: User, wanted: str, kind: OrganisationKind | None) -> SelectOfScalar[Organisation]:
    """By name; `wanted` is part of the name."""
    statement = readable_organisations(actor)
    if wanted:
        statement = statement.where(col(Organisation.name).contains(wanted, autoescape=True))
    if kind is not None:
        statement = statement.where(Organisation.kind == kind)
    return statement.order_by(Organisation.name, Organisation.id)


def organisations_of(session: Session, user_id: str) -> Sequence[Organisation]:
    """Where somebody belongs, the oldest membership first."""
    statement = select(Organisation).join(Membership, col(Membership.organisation_id) == col(Organisation.id))
    statement = statement.where(Membership.user_id == user_id)
    return session.exec(statement.order_by(col(Membership.created_at), col(Organisation.id))).all()


def membership(session: Session, user_id: str, organisation_id: str) -> Membership | None:
    statement = select(Membership).where(Membership.user_id == user_id)
    return session.exec(statement.where(Membership.organisation_id == organisation_id)).first()


def members(session: Session, organisation_id: str) -> Sequence[tuple[User, Membership]]:
    """Everybody of an organisation, by name."""
    statement = select(User, Membership).join(Membership, col(Membership.user_id) == col(User.id))
    return session.exec(statement.where(Membership.organisation_id == organisation_id).order_by(User.name)).all()


def member_counts(session: Session, organisation_ids: Iterable[str]) -> dict[str, int]:
    statement = select(Membership.organisation_id, func.count()).group_by(col(Membership.organisation_id))
    rows = session.exec(statement.where(col(Membership.organisation_id).in_(list(organisation_ids))))
    return {organisation_id: count for organisation_id, count in rows}  # noqa: C416 - rows are not pairs to a checker


def organisation_of_firm(session: Session, firm_id: str) -> Organisation | None:
    return session.exec(select(Organisation).where(Organisation.firm_id == firm_id)).first()


def reached_organisations(now: datetime) -> Select[tuple[str]]:
    """The ids of those that have people, or an invitation that is still open; for use inside another statement."""
    members = select(col(Membership.organisation_id))
    invited = select(col(Invitation.organisation_id)).where(
        col(Invitation.accepted_at).is_(None), col(Invitation.revoked_at).is_(None), Invitation.expires_at > now
    )
    both = members.union(invited).subquery()
    return sa_select(both.c.organisation_id)


def desk(session: Session) -> Organisation | None:
    """The oldest body for all wards."""
    statement = select(Organisation).where(col(Organisation.all_wards))
    return session.exec(statement.order_by(col(Organisation.created_at))).first()


def bodies(session: Session) -> Sequence[Organisation]:
    """Every body of coordinators."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.COORDINATORS)
    return session.exec(statement.order_by(Organisation.name)).all()


def wards_of(session: Session, organisation_id: str) -> list[str]:
    statement = select(OrganisationWard.ward).where(OrganisationWard.organisation_id == organisation_id)
    return list(session.exec(statement.order_by(OrganisationWard.ward)))


def set_wards(session: Session, organisation_id: str, wards: Iterable[str]) -> None:
    session.exec(delete(OrganisationWard).where(col(OrganisationWard.organisation_id) == organisation_id))
    session.add_all(OrganisationWard(organisation_id=organisation_id, ward=ward) for ward in sorted(set(wards)))
    session.flush()


def in_wards_of(actor: User, ward: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """That the ward is looked after by a body of the actor. For the `readable_…` of what belongs to wards."""
    own = _own(actor.id)
    all_wards = select(Organisation.id).where(col(Organisation.id).in_(own), col(Organisation.all_wards))
    wards = select(OrganisationWard.ward).where(col(OrganisationWard.organisation_id).in_(own))
    return or_(ward.in_(wards), all_wards.exists())


def is_in(session: Session, actor: User, organisation_id: str) -> bool:
    """Whether the actor belongs to this organisation."""
    own = select(Organisation.id).where(Organisation.id == organisation_id, col(Organisation.id).in_(_own(actor.id)))
    return session.exec(own).first() is not None


def body_ids(session: Session, actor: User) -> frozenset[str]:
    """The organisations that the actor belongs to."""
    return frozenset(session.exec(_own(actor.id)))


def own_bodies(actor: User) -> SelectOfScalar[str]:
    """The ids of the organisations that the actor belongs to, for use inside another statement."""
    return _own(actor.id)


def invitations_of(organisation_id: str) -> SelectOfScalar[Invitation]:
    """Newest first."""
    statement = select(Invitation).where(Invitation.organisation_id == organisation_id)
    return statement.order_by(col(Invitation.created_at).desc(), col(Invitation.id))


def all_invitations() -> SelectOfScalar[Invitation]:
    return select(Invitation).order_by(col(Invitation.created_at).desc(), col(Invitation.id))


def invitation_by_code(session: Session, code_digest: str) -> Invitation | None:
    return session.exec(select(Invitation).where(Invitation.code_digest == code_digest)).first()


def hold_invitation(session: Session, invitation_id: str) -> Invitation | None:
    """Locked for this transaction, so that two who come together do not both get in."""
    statement = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def hold_invitation_to(session: Session, email: str, now: datetime) -> Invitation | None:
    """The newest open invitation to this address, locked for this transaction."""
    statement = select(Invitation).where(
        Invitation.email == email,
        Invitation.expires_at > now,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
    )
    newest = statement.order_by(col(Invitation.created_at).desc(), col(Invitation.id)).limit(1)
    return session.exec(newest.with_for_update()).first()


def invitations_in_batch(session: Session, batch: str) -> Sequence[tuple[Invitation, Organisation]]:
    """What is printed together, by name of the organisation."""
    statement = select(Invitation, Organisation).join(
        Organisation, col(Organisation.id) == col(Invitation.organisation_id)
    )
    return session.exec(statement.where(Invitation.batch == batch).order_by(Organisation.name)).all()


def organisation_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    rows = session.exec(select(Organisation).where(col(Organisation.id).in_(list(ids))))
    return {organisation.id: organisation.name for organisation in rows}


def user_names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these people, and of tokens with their organisation, for lists that hold their ids."""
    wanted = {actor_id for actor_id in ids if actor_id}
    tokens = [actor_id for actor_id in wanted if actor_id.startswith(MARK)]
    people = session.exec(select(User).where(col(User.id).in_(sorted(wanted.difference(tokens)))))
    return {user.id: user.name for user in people} | (_token_names(session, tokens) if tokens else {})


def _token_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    statement = select(ApiToken, Organisation).join(Organisation, col(Organisation.id) == col(ApiToken.organisation_id))
    rows = session.exec(statement.where(col(ApiToken.id).in_(list(ids))))
    return {token.id: f"{organisation.name} / {token.name}" for token, organisation in rows}


def sign_in_link(session: Session, token_digest: str, now: datetime) -> SignInLink | None:
    """An unused link that still counts, locked so that it works once."""
    statement = select(SignInLink).where(SignInLink.token_digest == token_digest, SignInLink.expires_at > now)
    return session.exec(statement.where(col(SignInLink.used_at).is_(None)).with_for_update()).first()


def open_links(session: Session, user_id: str, now: datetime) -> int:
    """How many unused links of this person still count."""
    statement = select(func.count()).select_from(SignInLink).where(SignInLink.user_id == user_id)
    return session.exec(statement.where(SignInLink.expires_at > now, col(SignInLink.used_at).is_(None))).one()


def delete_old_links(session: Session, before: datetime) -> None:
    session.exec(delete(SignInLink).where(col(SignInLink.expires_at) < before))


def _own(actor_id: str) -> SelectOfScalar[str]:
    """The organisations of a person, or the one for which a token acts."""
    if actor_id.startswith(MARK):
        return select(ApiToken.organisation_id).where(ApiToken.id == actor_id)
    return select(Membership.organisation_id).where(Membership.user_id == actor_id)


def user_ids(session: Session, called: str) -> list[str] | None:
    """Everybody whose name or address contains the word; None when no word is given."""
    if not called:
        return None
    here = col(User.name).contains(called, autoescape=True) | col(User.email).contains(called.lower(), autoescape=True)
    return list(session.exec(select(User.id).where(here)))


def home_of(session: Session, user_id: str) -> str | None:
    """The one organisation for which somebody asks; None for coordinators, and for people who ask for several."""
    there = organisations_of(session, user_id)
    plain = [one for one in there if one.kind is not OrganisationKind.COORDINATORS]
    return plain[0].id if len(there) == len(plain) == 1 else None
