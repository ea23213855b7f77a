"""Organisations and the ways into them: invited by mail or by a printed letter, once, for a limited time."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from sqlmodel import Session

from backend.accounts import memberships, queries, rules, service
from backend.accounts.forms import Invitee, NewOrganisation, NewUser
from backend.accounts.letters import INVITATION, INVITATION_ACCEPTED
from backend.accounts.models import Invitation, Membership, Organisation, OrganisationKind, Standing, User
from backend.accounts.wording import standing_name
from backend.core import audit, clock
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import language, mark, speaking
from backend.core.mail import checked_address, send_mail
from backend.core.model import new_id

WARDS_CHANGED = audit.action("wards changed", mark("団体の受け持つ区を変えた"))
INVITED = audit.action("invited", mark("招待した"))
INVITATION_REVOKED = audit.action("invitation revoked", mark("招待を取り消した"))
INVITATION_TAKEN = audit.action("invitation accepted", mark("招待を受けた"))
CODE_BYTES = 15  # 120 bits: 24 letters that can also be typed from paper


class AddressTaken(Invalid):
    """Somebody with this address is registered already."""


@dataclass(frozen=True)
class Inviter:
    """Who invites, and the key from which codes are made."""

    user: User
    secret: str


def create(session: Session, new: NewOrganisation, actor: User) -> Organisation:
    """A new organisation. For a body of coordinators `wards` says where it looks after things; none means all."""
    if not rules.may_create(actor.role, new.kind):
        raise NotFound
    is_body = new.kind is OrganisationKind.COORDINATORS
    made = memberships.add(session, new.kind, new.name, all_wards=is_body and not new.wards, actor_id=actor.id)
    if is_body:
        queries.set_wards(session, made.id, new.wards)
        after = "・".join(sorted(new.wards))
        audit.record(session, WARDS_CHANGED, f"organisation:{made.id}", actor_id=actor.id, before="", after=after)
    return made


def open_for(session: Session, actor: User, organisation_id: str) -> Organisation:
    """The organisation, if it exists for this person."""
    found = queries.organisation_for(session, actor, organisation_id)
    if found is None:
        raise NotFound
    return found


def standing_of(session: Session, user: User, organisation: Organisation) -> Standing | None:
    known = queries.membership(session, user.id, organisation.id)
    return known.standing if known else None


def may_keep_people(session: Session, actor: User, organisation: Organisation) -> bool:
    return rules.may_keep_people(actor.role, standing_of(session, actor, organisation), organisation.kind)


def change_wards(session: Session, organisation: Organisation, wards: Iterable[str], actor: User) -> None:
    """Say which wards a body of coordinators looks after; none means all."""
    if organisation.kind is not OrganisationKind.COORDINATORS or not rules.may_create(actor.role, organisation.kind):
        raise NotFound
    before, after = queries.wards_of(session, organisation.id), sorted(set(wards))
    queries.set_wards(session, organisation.id, after)
    organisation.all_wards = not after
    session.add(organisation)
    audit.record(
        session,
        WARDS_CHANGED,
        f"organisation:{organisation.id}",
        actor_id=actor.id,
        before="・".join(before),
        after="・".join(after),
    )


def invite(
    session: Session, organisation: Organisation, invitee: Invitee, by: Inviter, *, batch: str | None = None
) -> Invitation:
    """An invitation; with an address it goes out by mail, without one it is there to be printed."""
    own = standing_of(session, by.user, organisation)
    if not rules.may_grant(by.user.role, own, organisation.kind, invitee.standing):
        raise NotFound
    now = clock.now()
    key = new_id()
    code = code_of(key, by.secret)
    made = Invitation(
        id=key,
        organisation_id=organisation.id,
        standing=invitee.standing,
        email=checked_address(invitee.email) if invitee.email else "",
        name=invitee.name,
        lang=invitee.lang,
        code_digest=digest(code),
        batch=batch,
        invited_by=by.user.id,
        created_at=now,
        expires_at=now + (rules.MAIL_LIFE if invitee.email else rules.LETTER_LIFE),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        INVITED,
        f"organisation:{organisation.id}",
        actor_id=by.user.id,
        invitation=made.id,
        standing=made.standing.value,
        by="mail" if made.email else "letter",
    )
    if made.email:
        _mail(session, made, organisation, by.user, code)
    return made


def _mail(session: Session, made: Invitation, organisation: Organisation, inviter: User, code: str) -> None:
    with speaking(made.lang):
        role = standing_name(made.standing)
        expires = clock.in_tokyo(made.expires_at).date()
    context = {
        "name": made.name,
        "inviter": inviter.name,
        "organisation": organisation.name,
        "role": role,
        "path": path_of(code),
        "expires_at": expires,
    }
    send_mail(session, INVITATION, made.email, made.lang, context, key=f"invitation:{made.id}")


def invite_firm(session: Session, firm: tuple[str, str], by: Inviter, batch: str) -> Invitation:
    """A letter for a firm of the register, given by id and name: whoever answers it keeps the firm's people."""
    organisation = memberships.of_firm(session, *firm)
    return invite(session, organisation, Invitee(standing=Standing.ADMIN, lang="ja"), by, batch=batch)


def revoke(session: Session, organisation: Organisation, invitation_id: str, actor: User) -> None:
    """Take an invitation back that nobody has used."""
    held = queries.hold_invitation(session, invitation_id)
    if held is None or held.organisation_id != organisation.id or not may_keep_people(session, actor, organisation):
        raise NotFound
    if held.accepted_at is not None:
        raise Refused(_("この招待はもう使われました。"))
    if held.revoked_at is None:
        held.revoked_at = clock.now()
        session.add(held)
        audit.record(
            session, INVITATION_REVOKED, f"organisation:{organisation.id}", actor_id=actor.id, invitation=held.id
        )


def open_invitation(session: Session, typed: str) -> tuple[Invitation, Organisation]:
    """The invitation of this code with its organisation. Used, revoked and old ones say so; unknown ones are not."""
    found = queries.invitation_by_code(session, digest(typed))
    organisation = session.get(Organisation, found.organisation_id) if found else None
    if found is None or organisation is None:
        raise NotFound(_("この招待は見つかりませんでした。アドレスが途中で切れていないか確かめてください。"))
    if problem := why_closed(found, clock.now()):
        raise Refused(problem)
    return found, organisation


def why_closed(invitation: Invitation, now: datetime) -> str:
    """Why the invitation does not work any more; empty when it does."""
    if invitation.accepted_at is not None:
        return _("この招待はもう使われました。ご本人なら、ログインしてください。")
    if invitation.revoked_at is not None:
        return _("この招待は取り消されました。招待した人にたずねてください。")
    if invitation.expires_at <= now:
        return _("この招待は期限が切れました。招待した人に、もう一度送ってもらってください。")
    return ""


def accept_as_new(session: Session, typed: str, email: str, name: str, password: str) -> User:
    """A new person comes in. Who was invited by mail keeps that address: it is the one that is known to be theirs."""
    invitation, organisation = _take(session, typed)
    address = checked_address(invitation.email or email)
    if queries.user_by_email(session, address) is not None:
        sentence = _("このメールアドレスはもう登録されています。先にログインしてから、招待をもう一度開いてください。")
        raise AddressTaken(sentence, {"email": sentence})
    role = rules.ROLES[organisation.kind]
    user = service.add_user(session, NewUser(email=address, name=name, password=password, role=role))
    _enter(session, invitation, organisation, user)
    return user


def accept_as(session: Session, typed: str, user_id: str) -> None:
    """Somebody who can sign in already joins another organisation."""
    invitation, organisation = _take(session, typed)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    _enter(session, invitation, organisation, user)


def accept_by_address(session: Session, email: str, name: str) -> User | None:
    """A new person comes in whose address somebody else has confirmed: the newest invitation to it is theirs."""
    held = queries.hold_invitation_to(session, email, clock.now())
    organisation = session.get(Organisation, held.organisation_id) if held else None
    if held is None or organisation is None:
        return None
    called = next(each for each in (name, held.name, email) if each and each.isprintable())[:100]
    new = NewUser(email=email, name=called, password=token_urlsafe(32), role=rules.ROLES[organisation.kind])
    user = service.add_user(session, new)
    _enter(session, held, organisation, user)
    return user


def _take(session: Session, typed: str) -> tuple[Invitation, Organisation]:
    found, organisation = open_invitation(session, typed)
    held = queries.hold_invitation(session, found.id)
    if held is None or (problem := why_closed(held, clock.now())):
        raise Refused(problem if held else "")
    return held, organisation


def _enter(session: Session, invitation: Invitation, organisation: Organisation, user: User) -> None:
    invitation.accepted_at = clock.now()
    invitation.accepted_by = user.id
    session.add(invitation)
    subject, taken = (
        f"organisation:{organisation.id}",
        {"invitation": invitation.id, "standing": invitation.standing.value},
    )
    audit.record(session, INVITATION_TAKEN, subject, actor_id=user.id, **taken)
    memberships.join(session, user, organisation, invitation.standing, actor_id=user.id)
    inviter = session.get(User, invitation.invited_by)
    if inviter is not None and inviter.active:
        context = {"name": user.name, "organisation": organisation.name, "path": f"/organisations/{organisation.id}"}
        send_mail(
            session, INVITATION_ACCEPTED, inviter.email, language(), context, key=f"invitation-accepted:{invitation.id}"
        )


def remove(session: Session, organisation: Organisation, user_id: str, actor: User) -> None:
    """End somebody's membership."""
    known: Membership | None = queries.membership(session, user_id, organisation.id)
    user = session.get(User, user_id)
    if known is None or user is None or not may_keep_people(session, actor, organisation):
        raise NotFound
    if not rules.may_grant(actor.role, standing_of(session, actor, organisation), organisation.kind, known.standing):
        raise NotFound
    if user.id == actor.id:
        raise Refused(_("自分自身をはずすことはできません。"))
    memberships.leave(session, user, known, actor_id=actor.id)


def code_of(invitation_id: str, secret: str) -> str:
    """The code of an invitation. Who has only the database cannot make it; who prints again gets the same."""
    made = hmac.new(secret.encode(), f"invitation:{invitation_id}".encode(), hashlib.sha256).digest()[:CODE_BYTES]
    letters = base64.b32encode(made).decode()
    return "-".join(letters[start : start + 6] for start in range(0, len(letters), 6))


def path_of(code: str) -> str:
    return f"/i/{code}"


def digest(typed: str) -> str:
    """What is kept of a code. Small letters and forgotten dashes do not matter."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return hashlib.sha256(letters.encode(errors="replace")).hexdigest()
