"""How many wrong passwords are too many; what one can be in which organisation; how long invitations and links live.

Failures are counted for the pair of account and network address: somebody who guesses from elsewhere
cannot lock the owner out. A second, wider limit stops one address that tries many accounts.
"""

from collections.abc import Iterable
from datetime import timedelta

from backend.accounts.models import OrganisationKind, Role, Standing

WINDOW = timedelta(minutes=15)
KEEP = timedelta(days=1)
PER_PAIR = 5
PER_ADDRESS = 50

MAIL_LIFE = timedelta(days=14)
LETTER_LIFE = timedelta(days=60)
LINK_LIFE = timedelta(minutes=15)
# So many mailed links may wait for one person to use one of them.
OPEN_LINKS = 3
# How many days a token for programs may live: it must be made anew at least once a year.
TOKEN_DAYS = (30, 90, 365)

# What one can be in each kind of organisation, the least first.
STANDINGS = {
    OrganisationKind.WORKSHOP: (Standing.MEMBER, Standing.ADMIN),
    OrganisationKind.STARTUP: (Standing.MEMBER, Standing.ADMIN),
    OrganisationKind.FACILITY: (Standing.MEMBER, Standing.ADMIN),
    OrganisationKind.COORDINATORS: (Standing.COORDINATOR, Standing.SUPERVISOR, Standing.ADMIN),
}
# Which screens belong to each kind of organisation; where somebody is in several, the first of these counts.
ROLES = {
    OrganisationKind.COORDINATORS: Role.COORDINATOR,
    OrganisationKind.WORKSHOP: Role.WORKSHOP,
    OrganisationKind.FACILITY: Role.WORKSHOP,
    OrganisationKind.STARTUP: Role.STARTUP,
}


def must_wait(pair_failures: int, address_failures: int) -> bool:
    """Whether the next try from this address has to wait for the window to pass."""
    return pair_failures >= PER_PAIR or address_failures >= PER_ADDRESS


def role_from(kinds: Iterable[OrganisationKind]) -> Role:
    """What a person may do who belongs to organisations of these kinds."""
    there = set(kinds)
    return next((role for kind, role in ROLES.items() if kind in there), Role.STARTUP)


def may_keep_people(role: Role, own: Standing | None, kind: OrganisationKind) -> bool:
    """Whether somebody with this role, who is `own` in the organisation, invites and removes its people."""
    if role is Role.ADMIN or own in {Standing.ADMIN, Standing.SUPERVISOR}:
        return True
    return role is Role.COORDINATOR and kind is not OrganisationKind.COORDINATORS


def may_keep_tokens(role: Role, own: Standing | None) -> bool:
    """Whether they make and revoke tokens there. A token sees what the organisation sees: coordinators make none."""
    return role is Role.ADMIN or own in {Standing.ADMIN, Standing.SUPERVISOR}


def may_grant(role: Role, own: Standing | None, kind: OrganisationKind, standing: Standing) -> bool:
    """Whether they may make somebody `standing` there: nobody lifts another above themselves."""
    if standing not in STANDINGS[kind] or not may_keep_people(role, own, kind):
        return False
    if role is Role.ADMIN or kind is not OrganisationKind.COORDINATORS:
        return True
    order = STANDINGS[kind]
    return own is not None and order.index(standing) <= order.index(own)


def may_create(role: Role, kind: OrganisationKind) -> bool:
    """Coordinators add the organisations they bring together; only an admin adds a body of coordinators."""
    return role is Role.ADMIN or (role is Role.COORDINATOR and kind is not OrganisationKind.COORDINATORS)
