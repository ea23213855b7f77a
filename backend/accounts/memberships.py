"""Joining and leaving organisations. What a person may do follows from where they belong."""

from sqlmodel import Session

from backend.accounts import queries, rules
from backend.accounts.models import Membership, Organisation, OrganisationKind, Role, Standing, User
from backend.core import audit, clock
from backend.core.i18n import mark

DESK = mark("コーディネート窓口")
CREATED = audit.action("organisation created", mark("団体を加えた"))
JOINED = audit.action("joined", mark("団体に入った"))
STANDING_RAISED = audit.action("standing raised", mark("団体での立場を上げた"))
LEFT = audit.action("left", mark("団体からはずれた"))
ROLE_CHANGED = audit.action("role changed", mark("使える画面が変わった"))


def join(
    session: Session, user: User, organisation: Organisation, standing: Standing, *, actor_id: str | None
) -> Membership:
    """Make the person a member; who is one already keeps the higher standing."""
    order = rules.STANDINGS[organisation.kind]
    known = queries.membership(session, user.id, organisation.id)
    if known is not None:
        _raise(session, known, max(known.standing, standing, key=order.index), actor_id)
        return known
    made = Membership(user_id=user.id, organisation_id=organisation.id, standing=standing, created_at=clock.now())
    session.add(made)
    session.flush()
    audit.record(
        session,
        JOINED,
        f"user:{user.id}",
        actor_id=actor_id,
        organisation=organisation.id,
        standing=standing.value,
    )
    settle(session, user, actor_id=actor_id)
    return made


def _raise(session: Session, known: Membership, standing: Standing, actor_id: str | None) -> None:
    if standing is known.standing:
        return
    change = {"before": known.standing.value, "after": standing.value, "organisation": known.organisation_id}
    known.standing = standing
    session.add(known)
    audit.record(session, STANDING_RAISED, f"user:{known.user_id}", actor_id=actor_id, **change)


def leave(session: Session, user: User, membership: Membership, *, actor_id: str) -> None:
    """End a membership; what it allowed ends with it."""
    session.delete(membership)
    session.flush()
    ended = {"organisation": membership.organisation_id, "before": membership.standing.value}
    audit.record(session, LEFT, f"user:{user.id}", actor_id=actor_id, **ended)
    settle(session, user, actor_id=actor_id)


def settle(session: Session, user: User, *, actor_id: str | None) -> None:
    """Bring role and firm into line with the memberships. An admin of the site stays one."""
    before = {"role": user.role.value, "firm": user.firm_id or ""}
    there = queries.organisations_of(session, user.id)
    if user.role is not Role.ADMIN:
        user.role = rules.role_from(organisation.kind for organisation in there)
    firms = [organisation.firm_id for organisation in there if organisation.firm_id]
    if user.firm_id not in firms:
        user.firm_id = firms[0] if firms and user.role is Role.WORKSHOP else None
    session.add(user)
    session.flush()
    after = {"role": user.role.value, "firm": user.firm_id or ""}
    if after != before:
        change = audit.difference(before, after)
        audit.record(session, ROLE_CHANGED, f"user:{user.id}", actor_id=actor_id, **change)


def place(session: Session, user: User) -> None:
    """The organisation of somebody whom an admin added by hand: their firm's, their own, or the common desk."""
    if user.is_staff:
        organisation = _desk(session)
    elif user.firm_id:
        organisation = of_firm(session, user.firm_id, user.name)
    else:
        kind = OrganisationKind.WORKSHOP if user.role is Role.WORKSHOP else OrganisationKind.STARTUP
        organisation = add(session, kind, user.name)
    standing = Standing.COORDINATOR if user.role is Role.COORDINATOR else Standing.ADMIN
    join(session, user, organisation, standing, actor_id=None)


def of_firm(session: Session, firm_id: str, name: str) -> Organisation:
    """The organisation that acts for this firm; it is made when there is none."""
    known = queries.organisation_of_firm(session, firm_id)
    return known or add(session, OrganisationKind.WORKSHOP, name, firm_id=firm_id)


def add(
    session: Session,
    kind: OrganisationKind,
    name: str,
    *,
    firm_id: str | None = None,
    all_wards: bool = False,
    actor_id: str | None = None,
) -> Organisation:
    made = Organisation(kind=kind, name=name[:120], firm_id=firm_id, all_wards=all_wards, created_at=clock.now())
    session.add(made)
    session.flush()
    what = {"name": made.name, "kind": kind.value, "firm": firm_id}
    audit.record(session, CREATED, f"organisation:{made.id}", actor_id=actor_id, **what)
    return made


def _desk(session: Session) -> Organisation:
    """The body for all wards, made with the first coordinator."""
    known = queries.desk(session)
    return known or add(session, OrganisationKind.COORDINATORS, DESK, all_wards=True)
