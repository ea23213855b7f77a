"""What can be done with requests: keep a draft, send it, change it, say whom to call back."""

from collections.abc import Mapping

from sqlmodel import Session

from backend.accounts import queries as accounts_queries
from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.errors import NotFound
from backend.core.events import announce
from backend.core.i18n import gettext as _
from backend.requests import queries, rules
from backend.requests.forms import Wording
from backend.requests.models import PartRequest, RequestDraft, RequestShare


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
    session: Session, wording: Wording, *, draft_token: str | None = None, owner_id: str | None = None
) -> PartRequest:
    """Makes a request that a coordinator sees; the draft it grew from has done its work."""
    request = PartRequest(text="", owner_id=owner_id)
    _say(request, wording)
    session.add(request)
    grown_from = draft(session, draft_token)
    if grown_from:
        session.delete(grown_from)
    session.flush()
    announce(session, "request.sent", request=request)
    return request


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


def give_to_ward(session: Session, actor: User, token: str, ward: str, share_with: str = "") -> PartRequest:
    """Say whose coordinators look after a request, and let one more body see it."""
    request = open_for(session, actor, token)
    bodies = {body.id for body in accounts_queries.bodies(session)}
    if len(ward) > 20 or (share_with and share_with not in bodies):
        raise NotFound
    before, request.ward = request.ward, ward.strip() or None
    session.add(request)
    if share_with and request.id is not None and share_with not in queries.shares_of(session, request.id):
        session.add(RequestShare(request_id=request.id, organisation_id=share_with))
    session.flush()
    audit.record(
        session,
        "request given to ward",
        f"request:{request.id}",
        actor_id=actor.id,
        before=before,
        after=request.ward,
        shared_with=share_with or None,
    )
    return request


def change(session: Session, token: str, wording: Wording) -> PartRequest:
    """Takes a new text or new corrections."""
    request = open_request(session, token)
    _say(request, wording)
    session.add(request)
    session.flush()
    return request


def say_contact(session: Session, token: str, contact: Mapping[str, str]) -> PartRequest:
    """Notes whom to call back."""
    checked = rules.check_contact(contact)
    request = open_request(session, token)
    for column, value in checked.items():
        setattr(request, column, value)
    request.updated_at = clock.now()
    session.add(request)
    session.flush()
    return request


def _say(kept: PartRequest | RequestDraft, wording: Wording) -> None:
    kept.text = wording.text
    kept.lang = rules.language_of(wording.text)
    # A new dict, because a change inside the old one would not be noticed.
    kept.corrections = dict(wording.corrections)
    kept.updated_at = clock.now()
