"""Signing in and out, and keeping the users."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from sqlmodel import Session

from backend.accounts import memberships, passwords, queries, rules
from backend.accounts.forms import NewUser
from backend.accounts.models import LoginFailure, Role, SignIn, Standing, User
from backend.core import audit, clock, security
from backend.core.db import Database
from backend.core.errors import Invalid, NotFound, Refused, TooMany
from backend.core.i18n import gettext as _
from backend.core.i18n import mark

SIGNED_IN = audit.action("signed in", mark("ログインした"))
SIGNED_OUT = audit.action("signed out", mark("ログアウトした"))
SESSION_REVOKED = audit.action("session revoked", mark("機器をやめさせた"))
OTHERS_REVOKED = audit.action("other sessions revoked", mark("ほかの機器をすべてやめさせた"))
USER_CREATED = audit.action("user created", mark("利用者を加えた"))
USER_STOPPED = audit.action("user stopped", mark("利用者を停止した"))
USER_ALLOWED = audit.action("user allowed", mark("利用者をまた使えるようにした"))

DEMO_PEOPLE = {
    Role.STARTUP: ("demo-startup@example.jp", "開発 さくら"),
    Role.WORKSHOP: ("demo-workshop@example.jp", "工場 太郎"),
    Role.COORDINATOR: ("demo-coordinator@example.jp", "相談員 みどり"),
    Role.ADMIN: ("demo-admin@example.jp", "管理 一郎"),
}


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: what was typed, and where it came from."""

    email: str
    password: str
    address: str
    browser: str


def sign_in(database: Database, attempt: Attempt, days: int) -> str:
    """A fresh session token for the right password. The slow check stands outside every transaction.

    A try counts as failed from its beginning, so that many at the same moment are no more than one after the other.
    """
    email = attempt.email.strip().lower()
    with database.writing() as session:
        check_patience(session, email, attempt.address)
        note_failure(session, email, attempt.address)
        user = queries.user_by_email(session, email)
    right = passwords.matches(attempt.password, user.password_hash if user else None)
    if user is None or not right or not user.active:
        raise Invalid(_("メールアドレスかパスワードがちがいます。"))
    with database.writing() as session:
        queries.delete_failures(session, email, attempt.address)
        return open_session(session, user, attempt.browser, days)


def check_patience(session: Session, email: str, address: str) -> None:
    """Refuse another try for this account from this address, once there were too many."""
    since = clock.now() - rules.WINDOW
    queries.hold_tries(session, address)
    pair = queries.failures(session, address, since, email=email)
    if rules.must_wait(pair, queries.failures(session, address, since)):
        raise TooMany(_("ログインの失敗が続いたため、15分ほど待ってからもう一度お試しください。"))


def check_guesses(session: Session, about: str, address: str) -> None:
    """Refuse another guess about this from this address, once there were too many."""
    since = clock.now() - rules.WINDOW
    queries.hold_tries(session, address)
    if rules.must_wait(queries.failures(session, address, since, email=about), 0):
        raise TooMany(_("招待の確認が続けて合いませんでした。15分ほど待ってからもう一度お試しください。"))


def note_failure(session: Session, email: str, address: str) -> None:
    session.add(LoginFailure(email=email[:254], address=address, at=clock.now()))


def open_session(session: Session, user: User, browser: str, days: int, *, by: str = "password") -> str:
    """Begin a session for this person and give its token. Old sessions and failures are swept away on the way.

    `by` is how they came in, for the audit trail and for what a session may do without the password.
    """
    now = clock.now()
    queries.delete_expired(session, now, now - rules.KEEP)
    token = token_urlsafe(32)
    session.add(
        SignIn(
            token_digest=digest(token),
            user_id=user.id,
            browser=browser[:200],
            came_by=by,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    audit.record(session, SIGNED_IN, f"user:{user.id}", actor_id=user.id, by=by)
    return token


def close_session(session: Session, token: str) -> None:
    """End the session with this token, if there is one."""
    found = queries.sign_in_by_token(session, digest(token))
    if found is not None:
        session.delete(found)
        audit.record(session, SIGNED_OUT, f"user:{found.user_id}", actor_id=found.user_id)


def revoke(session: Session, user: User, sign_in_id: str) -> None:
    """End one of the person's own sessions."""
    found = queries.sign_in_of(session, user.id, sign_in_id)
    if found is None:
        raise NotFound
    session.delete(found)
    audit.record(session, SESSION_REVOKED, f"user:{user.id}", actor_id=user.id, before=found.browser)


def revoke_others(session: Session, user: User, token: str) -> None:
    """End every session of the person but the one with this token."""
    count = queries.delete_other_sign_ins(session, user.id, digest(token))
    if count:
        audit.record(session, OTHERS_REVOKED, f"user:{user.id}", actor_id=user.id, count=count)


def who(session: Session, secret: str, cookie: str) -> User | None:
    """The person behind a cookie; None when it is forged, revoked or old."""
    token = security.unsign(secret, cookie)
    return who_holds(session, token) if token else None


def who_holds(session: Session, token: str) -> User | None:
    """The person whose session has this token."""
    return queries.user_by_token(session, digest(token), clock.now())


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_user(session: Session, new: NewUser, *, actor: User | None = None, demo: bool = False) -> User:
    """A new person who can sign in with the given password, placed where their role belongs."""
    user = add_user(session, new, actor=actor, demo=demo)
    memberships.place(session, user)
    return user


def add_user(session: Session, new: NewUser, *, actor: User | None = None, demo: bool = False) -> User:
    """A new person who belongs nowhere yet."""
    passwords.check_new(new.password)
    if queries.user_by_email(session, new.email) is not None:
        message = _("このメールアドレスはもう登録されています。")
        raise Invalid(message, {"email": message})
    user = User(
        email=new.email,
        name=new.name,
        password_hash=passwords.hash_password(new.password),
        role=new.role,
        firm_id=new.firm_id,
        demo=demo,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    actor_id, role = actor.id if actor else None, user.role.value
    audit.record(session, USER_CREATED, f"user:{user.id}", actor_id=actor_id, role=role)
    return user


def set_active(session: Session, user_id: str, *, active: bool, actor: User) -> User:
    """Let a person sign in again, or stop them and end all their sessions."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    if not active and user.id == actor.id:
        raise Refused(_("自分自身を止めることはできません。"))
    if user.active is active:
        return user
    user.active = active
    session.add(user)
    if not active:
        queries.delete_sign_ins_of(session, user.id)
    audit.record(session, USER_ALLOWED if active else USER_STOPPED, f"user:{user.id}", actor_id=actor.id)
    return user


def ensure_demo_people(session: Session, *, firm_id: str | None = None) -> dict[Role, User]:
    """One demo person for each role. `firm_id` is the firm that the demo workshop acts for."""
    people = {}
    for role, (email, name) in DEMO_PEOPLE.items():
        user = queries.user_by_email(session, email) or create_user(
            session, NewUser(email=email, name=name, password=token_urlsafe(32), role=role), demo=True
        )
        if role is Role.WORKSHOP and firm_id is not None and user.firm_id != firm_id:
            organisation = memberships.of_firm(session, firm_id, user.name)
            memberships.join(session, user, organisation, Standing.ADMIN, actor_id=None)
        people[role] = user
    return people


def demo_sign_in(database: Database, role: Role, browser: str, days: int) -> str:
    """A session for the demo person of this role; their password is known to nobody."""
    with database.writing() as session:
        person = queries.demo_person(session, role)
        if person is None:
            raise NotFound
        return open_session(session, person, browser, days, by="demo")
