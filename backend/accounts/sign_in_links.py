"""Signing in without a password: a link by mail that works once, for fifteen minutes.

Whoever asks gets the same answer in the same time, whether the address is known or not: the worker looks it up.
"""

import hashlib
from datetime import timedelta
from secrets import token_urlsafe

from sqlmodel import Session

from backend.accounts import queries, rules, service
from backend.accounts.letters import SIGN_IN_LINK
from backend.accounts.models import LoginFailure, SignInLink, User
from backend.core import audit, clock, mail
from backend.core.db import Database
from backend.core.errors import Invalid, TooMany
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.jobs import Work, enqueue, every, job

ASK = "accounts.sign-in-link"
SWEEP = "accounts.sweep"
LINK_USED = audit.action("link used", mark("メールのリンクで入った"))


def ask(database: Database, email: str, address: str, lang: str) -> None:
    """Note that somebody wants a link. One address on the network can ask only so often."""
    wanted = mail.checked_address(email)
    now = clock.now()
    with database.writing() as session:
        count_asking(session, wanted, address)
        minute = f"{now:%Y-%m-%dT%H:%M}"
        key = hashlib.sha256(wanted.encode()).hexdigest()[:32]
        enqueue(session, ASK, {"email": wanted, "lang": lang}, f"{ASK}:{key}:{minute}")


def count_asking(session: Session, wanted: str, address: str) -> None:
    """Count that this network address asked to have a link mailed; refuse where it asked too often."""
    now = clock.now()
    queries.hold_tries(session, address)
    if rules.must_wait(0, queries.failures(session, address, now - rules.WINDOW)):
        raise TooMany(_("リンクの申し込みが続いたため、15分ほど待ってからもう一度お試しください。"))
    session.add(LoginFailure(email=f"link:{wanted}"[:254], address=address, at=now))


@job(ASK)
def send(work: Work) -> None:
    """Mail the link, if somebody with this address may sign in."""
    user = queries.user_by_email(work.session, work.payload["email"])
    if user is None or not user.active or user.demo:
        return
    # Whoever asks in somebody else's name fills no mailbox, and locks nobody out: those that were sent still work.
    if queries.open_links(work.session, user.id, clock.now()) >= rules.OPEN_LINKS:
        return
    token = token_urlsafe(32)
    link = SignInLink(token_digest=service.digest(token), user_id=user.id, expires_at=clock.now() + rules.LINK_LIFE)
    work.session.add(link)
    work.session.flush()
    context = {"path": f"/sign-in/link/{token}"}
    mail.send_mail(work.session, SIGN_IN_LINK, user.email, work.payload["lang"], context, key=f"link:{link.id}")


def use(session: Session, token: str, browser: str, days: int) -> str:
    """A session token for the link; the link is worth nothing afterwards."""
    link = queries.sign_in_link(session, service.digest(token), clock.now())
    user = session.get(User, link.user_id) if link else None
    if link is None or user is None or not user.active:
        raise Invalid(_("このリンクはもう使えません。もう一度申し込んでください。"))
    link.used_at = clock.now()
    session.add(link)
    audit.record(session, LINK_USED, f"user:{user.id}", actor_id=user.id)
    return service.open_session(session, user, browser, days, by="link")


@job(SWEEP)
def sweep(work: Work) -> None:
    """Drop sessions, failures and links whose time is over."""
    now = clock.now()
    queries.delete_expired(work.session, now, now - rules.KEEP)
    queries.delete_old_links(work.session, now - rules.KEEP)


every(SWEEP, timedelta(hours=1))
