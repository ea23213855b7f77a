"""Another password: for whoever knows the old one, or has just shown that the mailbox is theirs.

Every other session of the person ends with it.
"""

from dataclasses import dataclass, field

from sqlmodel import Session

from backend.accounts import passwords, queries, rules, service
from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.errors import Invalid, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark

PASSWORD_CHANGED = audit.action("password changed", mark("パスワードを変えた"))


@dataclass(frozen=True)
class Change:
    """What was typed, and from where: a wrong old password counts like a wrong one at the door."""

    current: str = field(repr=False)
    new: str = field(repr=False)
    address: str


def asks_for_the_old_one(session: Session, token: str) -> bool:
    """Not of somebody who came in by a mailed link a moment ago: who forgot the password has no other way."""
    here = queries.sign_in_by_token(session, service.digest(token))
    return here is None or here.came_by != "link" or clock.now() - here.created_at > rules.LINK_LIFE


def change(database: Database, user: User, token: str, wanted: Change) -> None:
    """Set the new password. The slow checks stand outside every transaction."""
    if user.demo:
        raise Refused(_("おためしの人のパスワードは変えられません。"))
    passwords.check_new(wanted.new)
    with database.reading() as session:
        asked = asks_for_the_old_one(session, token)
    if asked:
        _check_old(database, user, wanted)
    hashed = passwords.hash_password(wanted.new)
    with database.writing() as session:
        person = session.get_one(User, user.id)
        person.password_hash = hashed
        session.add(person)
        ended = queries.delete_other_sign_ins(session, user.id, service.digest(token))
        audit.record(session, PASSWORD_CHANGED, f"user:{user.id}", actor_id=user.id, count=ended)


def _check_old(database: Database, user: User, wanted: Change) -> None:
    with database.writing() as session:
        service.check_patience(session, user.email, wanted.address)
        service.note_failure(session, user.email, wanted.address)
    if not passwords.matches(wanted.current, user.password_hash):
        wrong = _("いまのパスワードがちがいます。忘れたときは、ログアウトしてメールのリンクで入り直してください。")
        raise Invalid(_("入力内容に直すところがあります。"), {"current": wrong})
    with database.writing() as session:
        queries.delete_failures(session, user.email, wanted.address)
