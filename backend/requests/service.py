"""What can be done with requests: keep a draft, send it, change it, say whom to call back."""

from collections.abc import Mapping

from sqlmodel import Session

from backend.accounts import queries as accounts_queries
from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.audit import Action
from backend.core.errors import NotFound
from backend.core.events import announce
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.requests import letters, queries, rules
from backend.requests.forms import Wording
from backend.requests.models import PartRequest, RequestDraft, RequestShare

SENT = audit.action("request sent", mark("相談が届いた"))
CHANGED = audit.action("request changed", mark("相談の内容を変えた"))
CONTACT_TOLD = audit.action("request contact told", mark("相談の連絡先を書いた"))
GIVEN = audit.action("request given to ward", mark("相談の受け持ちの区を変えた"))
SHARED = audit.action("request shared", mark("相談をほかの団体にも見せた"))
ADDRESS_CHANGED = audit.action("request address changed", mark("相談のページのアドレスを変えた"))
UNSHARED = audit.action("request sharing withdrawn", mark("相談をほかの団体に見せるのをやめた"))


def draft(session: Session, token: str | None) -> RequestDraft | None:
    """The draft that belongs to this token, if it still exists."""
    return queries.draft_by_token(session, token) if token else None


def keep_draft(session: Session, token: str | None, wording: Wording) -> RequestDraft:
    """Keeps what was typed, in the draft of this token or in a new one."""
    queries.forget_drafts_before(session, clock.now() - rules.DRAFT_LIFE)
    kept = draft(session, token) or RequestDraft(text="")
    _say(kept, wording)
    session.add(kept)
    session.flush()
    return kept


def send(
    session: Session,
    wording: Wording,
    *,
    draft_token: str | None = None,
    owner_id: str | None = None,
    by: tuple[str, str | None] | None = None,
    taken_by: User | None = None,
) -> PartRequest:
    """Makes a request that a coordinator sees; the draft it grew from has done its work.

    A program sends it `by` its token, for the organisation of the token; a person for the one they belong to. What a
    coordinator writes down for a caller is `taken_by` them and belongs to nobody until the caller is known.
    """
    home = accounts_queries.home_of(session, owner_id) if owner_id else None
    actor_id, organisation_id = by or (taken_by.id if taken_by else owner_id, home)
    request = PartRequest(text="", owner_id=owner_id, organisation_id=organisation_id)
    _say(request, wording)
    _take_contact(request, session.get(User, owner_id) if owner_id else None)
    session.add(request)
    grown_from = draft(session, draft_token)
    if grown_from:
        session.delete(grown_from)
    session.flush()
    audit.record(session, SENT, f"request:{request.id}", actor_id=actor_id, after=audit.shortened(request.text))
    announce(session, "request.sent", request=request, taken_by=taken_by)
    letters.send_receipt(session, request)
    return request


def _take_contact(request: PartRequest, owner: User | None) -> None:
    """Who is signed in can be called back from the start, under the name and address of the account."""
    if owner is not None:
        request.contact_name, request.contact_email = owner.name[: rules.LONGEST_NAME], owner.email


def open_request(session: Session, token: str) -> PartRequest:
    """The request of this token. The token is the key: who has it may read and change the request."""
    request = queries.request_by_token(session, token)
    if request is None:
        raise NotFound(_("この相談は見つかりませんでした。アドレスが途中で切れていないか確かめてください。"))
    return request


def open_for(session: Session, actor: User, token: str) -> PartRequest:
    """The request, where it is found by being somebody and not by holding its token."""
    request = queries.request_for(session, actor, token)
    if request is None:
        raise NotFound
    return request


def open_by(session: Session, actor: User | None, token: str) -> PartRequest:
    """The request on the pages that a founder opens by the token alone.

    Staff come to it as staff, also when somebody sent them the address: what belongs to another ward is not there.
    """
    if actor is not None and actor.is_staff:
        return open_for(session, actor, token)
    return open_request(session, token)


def give_to_ward(session: Session, actor: User, token: str, ward: str, share_with: str = "") -> PartRequest:
    """Say whose coordinators look after a request, and let one more body see it. Only who looks after it may."""
    request = queries.kept_request_for(session, actor, token)
    if request is None or len(ward) > 20:
        raise NotFound
    before, request.ward = request.ward, ward.strip() or None
    session.add(request)
    session.flush()
    if before != request.ward:
        change = {"before": before, "after": request.ward}
        audit.record(session, GIVEN, f"request:{request.id}", actor_id=actor.id, **change)
    if share_with:
        _share(session, actor, request, share_with)
    return request


def _share(session: Session, actor: User, request: PartRequest, organisation_id: str) -> None:
    body = next((body for body in accounts_queries.bodies(session) if body.id == organisation_id), None)
    if body is None or request.id is None:
        raise NotFound
    if queries.share(session, request.id, body.id) is not None:
        return
    session.add(RequestShare(request_id=request.id, organisation_id=body.id))
    session.flush()
    subject, what = f"request:{request.id}", {"organisation": body.id, "name": body.name}
    audit.record(session, SHARED, subject, actor_id=actor.id, **what)


def withdraw_share(session: Session, actor: User, token: str, organisation_id: str) -> PartRequest:
    """End the sharing with one body: whoever looks after the request may, and the body itself. Twice is as once."""
    request = open_for(session, actor, token)
    may = queries.kept_request_for(session, actor, token) is not None
    if not may and not accounts_queries.is_in(session, actor, organisation_id):
        raise NotFound
    shared = queries.share(session, request.id or 0, organisation_id)
    if shared is not None:
        session.delete(shared)
        session.flush()
        subject = f"request:{request.id}"
        audit.record(session, UNSHARED, subject, actor_id=actor.id, organisation=organisation_id)
    return request


def change_address(session: Session, request: PartRequest, actor: User) -> None:
    """Give the request another token: who holds the old one finds nothing any more."""
    request.token = rules.new_token()
    session.add(request)
    session.flush()
    audit.record(session, ADDRESS_CHANGED, f"request:{request.id}", actor_id=actor.id)


def change(session: Session, token: str, wording: Wording, *, actor: User | None = None) -> PartRequest:
    """Takes a new text or new corrections."""
    request = open_by(session, actor, token)
    was = Wording(request.text, dict(request.corrections))
    before = {"text": was.text, **was.corrections}
    _say(request, wording)
    session.add(request)
    session.flush()
    after = {"text": request.text, **request.corrections}
    if after != before:
        _note(session, actor, CHANGED, request, **audit.difference(before, after))
        announce(session, "request.changed", request=request, before=was, actor=actor)
    return request


def say_contact(
    session: Session, token: str, contact: Mapping[str, str], *, actor: User | None = None, stranger_at: str = ""
) -> PartRequest:
    """Notes whom to call back. The trail tells which lines changed, not what they say: it forgets nothing.

    `stranger_at` is where on the network somebody is who is not signed in: so many receipts go out from there.
    """
    checked = rules.check_contact(contact)
    request = open_by(session, actor, token)
    changed = sorted(column for column, value in checked.items() if getattr(request, column) != value)
    for column, value in checked.items():
        setattr(request, column, value)
    request.updated_at = clock.now()
    session.add(request)
    session.flush()
    if changed:
        _note(session, actor, CONTACT_TOLD, request, fields="・".join(changed))
    letters.send_receipt(session, request, stranger_at)
    return request


def _note(session: Session, actor: User | None, action: Action, request: PartRequest, **detail: str) -> None:
    """Whoever holds the token of a request may change it without being anybody: then there is no actor."""
    audit.record(session, action, f"request:{request.id}", actor_id=actor.id if actor else None, **detail)


def _say(kept: PartRequest | RequestDraft, wording: Wording) -> None:
    kept.text = wording.text
    kept.lang = rules.language_of(wording.text)
    # A new dict, because a change inside the old one would not be noticed.
    kept.corrections = dict(wording.corrections)
    kept.updated_at = clock.now()
