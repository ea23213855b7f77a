"""Whom a mail about a firm or a ward reaches."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_
from sqlmodel import Session, col, select

from backend.accounts.models import Membership, Organisation, OrganisationWard, Role, Standing, User

HEADS = (Standing.SUPERVISOR, Standing.ADMIN)


def people_of_firm(session: Session, firm_id: str) -> Sequence[User]:
    """Everybody who signs in for a firm, by address."""
    statement = select(User).where(User.firm_id == firm_id, User.role == Role.WORKSHOP, col(User.active))
    return session.exec(statement.order_by(User.email)).all()


def addresses_of_firms(session: Session, firm_ids: Collection[str]) -> dict[str, list[str]]:
    """For each of these firms that somebody signs in for, their mail addresses in order."""
    statement = select(User.firm_id, User.email).where(
        col(User.firm_id).in_(firm_ids), User.role == Role.WORKSHOP, col(User.active)
    )
    found: dict[str, list[str]] = {}
    for firm_id, email in session.exec(statement.order_by(User.email)):
        found.setdefault(firm_id or "", []).append(email)
    return found


def supervisors_of_ward(session: Session, ward: str | None) -> Sequence[User]:
    """The heads of the bodies that look after a ward; of those for all wards while it belongs to none."""
    return _of_ward(session, ward, HEADS)


def coordinators_of_ward(session: Session, ward: str | None) -> Sequence[User]:
    """Everybody who works in a body that looks after a ward."""
    return _of_ward(session, ward, (*HEADS, Standing.COORDINATOR))


def _of_ward(session: Session, ward: str | None, standings: Sequence[Standing]) -> Sequence[User]:
    theirs = select(OrganisationWard.organisation_id).where(OrganisationWard.ward == (ward or ""))
    statement = (
        select(User)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.standing).in_(standings), col(User.active))
        .where(or_(col(Organisation.all_wards), col(Organisation.id).in_(theirs)))
    )
    return session.exec(statement.distinct().order_by(User.email)).all()
