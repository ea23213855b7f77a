"""Tokens of organisations: made, renamed, revoked, and recognised when a program comes with one."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from sqlmodel import Session

from backend.accounts import rules, token_queries
from backend.accounts.models import ApiToken, Organisation, Scope, User
from backend.accounts.organisations import standing_of
from backend.accounts.token_forms import NewToken
from backend.core import audit, clock
from backend.core.errors import NotFound
from backend.core.i18n import mark

CREATED = audit.action("token created", mark("プログラム用のトークンを作った"))
RENAMED = audit.action("token renamed", mark("トークンの名前を変えた"))
REVOKED = audit.action("token revoked", mark("トークンを止めた"))
START = "nkm_"
SHOWN = 12
# So often is noted that a token is in use: reading must not write every time.
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Acting:
    """A program with a good token: as whom it looks at things, and what it may do."""

    user: User
    token: ApiToken

    @property
    def may_write(self) -> bool:
        return self.token.scope is Scope.WRITE


def may_keep(session: Session, actor: User, organisation: Organisation) -> bool:
    return rules.may_keep_tokens(actor.role, standing_of(session, actor, organisation))


def create(session: Session, organisation: Organisation, new: NewToken, actor: User) -> tuple[ApiToken, str | None]:
    """A token and its secret, which nobody can read again. The same form sent twice gives no second secret."""
    if not may_keep(session, actor, organisation):
        raise NotFound
    there = session.get(ApiToken, new.id)
    if there is not None:
        return _kept(session, organisation, new.id, actor), None
    secret = START + token_urlsafe(32)
    now = clock.now()
    made = ApiToken(
        id=new.id,
        organisation_id=organisation.id,
        name=new.name,
        digest=digest(secret),
        prefix=secret[:SHOWN],
        scope=new.scope,
        created_by=actor.id,
        created_at=now,
        expires_at=now + timedelta(days=new.days),
    )
    session.add(made)
    session.flush()
    _note(session, CREATED, made, actor, name=made.name, scope=made.scope.value, days=new.days)
    return made, secret


def rename(session: Session, organisation: Organisation, token_id: str, name: str, actor: User) -> None:
    token = _kept(session, organisation, token_id, actor)
    if token.name == name:
        return
    before, token.name = token.name, name
    session.add(token)
    _note(session, RENAMED, token, actor, before=before, after=name)


def revoke(session: Session, organisation: Organisation, token_id: str, actor: User) -> None:
    """From now on the token opens nothing; twice is the same as once."""
    token = _kept(session, organisation, token_id, actor)
    if token.revoked_at is not None:
        return
    token.revoked_at = clock.now()
    session.add(token)
    _note(session, REVOKED, token, actor, name=token.name)


def _kept(session: Session, organisation: Organisation, token_id: str, actor: User) -> ApiToken:
    token = token_queries.token_of(session, organisation.id, token_id)
    if token is None or not may_keep(session, actor, organisation):
        raise NotFound
    return token


def _note(session: Session, action: audit.Action, token: ApiToken, actor: User, **detail: str | int | None) -> None:
    subject = f"organisation:{token.organisation_id}"
    audit.record(session, action, subject, actor_id=actor.id, token=token.id, **detail)


def acting(session: Session, secret: str) -> Acting | None:
    """Who comes with this secret; None when it is unknown, revoked or past its day.

    The secret is looked up by its digest: how long that takes says nothing about a secret that is nearly right.
    """
    found = token_queries.token_by_digest(session, digest(secret), clock.now())
    if found is None:
        return None
    token, organisation = found
    # Never stored: the organisation as the queries know somebody who asks.
    user = User(
        id=token.id,
        email="",
        name=token.name,
        password_hash="",
        role=rules.role_from([organisation.kind]),
        firm_id=organisation.firm_id,
        created_at=token.created_at,
    )
    return Acting(user, token)


def is_worth_noting(token: ApiToken) -> bool:
    """Whether the page should say a later time at which the token was used."""
    return token.last_used_at is None or clock.now() - token.last_used_at >= NOTED_EVERY


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
