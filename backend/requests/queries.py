"""All SQL about requests. A token is the right to read; the list starts from `readable_requests`."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, desc, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Organisation, Role, User
from backend.accounts.queries import in_wards_of, own_bodies
from backend.core.pagination import Page, paginate
from backend.requests.models import PartRequest, RequestDraft, RequestShare


def draft_by_token(session: Session, token: str) -> RequestDraft | None:
    return session.get(RequestDraft, token)


def request_by_token(session: Session, token: str) -> PartRequest | None:
    return session.exec(select(PartRequest).where(col(PartRequest.token) == token)).one_or_none()


def readable_requests(actor: User) -> SelectOfScalar[PartRequest]:
    """What this person may find: one's own and those of one's organisation.

    For coordinators those of their wards, those of no ward yet, and shared ones.
    """
    statement = select(PartRequest)
    if actor.role is Role.ADMIN:
        return statement
    if not actor.is_staff:
        asked_for = col(PartRequest.organisation_id).in_(own_bodies(actor))
        return statement.where(or_(col(PartRequest.owner_id) == actor.id, asked_for))
    shared = select(RequestShare.request_id).where(col(RequestShare.organisation_id).in_(own_bodies(actor)))
    return statement.where(or_(_looked_after_by(actor), col(PartRequest.id).in_(shared)))


def kept_requests(actor: User) -> SelectOfScalar[PartRequest]:
    """Those that a coordinator's own body looks after, or may take up: what is only shared is not among them."""
    statement = readable_requests(actor)
    if actor.role is Role.ADMIN or not actor.is_staff:
        return statement
    return statement.where(_looked_after_by(actor))


def _looked_after_by(actor: User) -> ColumnElement[bool]:
    ward = col(PartRequest.ward)
    return or_(ward.is_(None), in_wards_of(actor, ward))


def request_for(session: Session, actor: User, token: str) -> PartRequest | None:
    return session.exec(readable_requests(actor).where(PartRequest.token == token)).first()


def kept_request_for(session: Session, actor: User, token: str) -> PartRequest | None:
    return session.exec(kept_requests(actor).where(PartRequest.token == token)).first()


def kept_ids(session: Session, actor: User, ids: Iterable[int | None]) -> frozenset[int | None]:
    """Which of these requests the actor looks after."""
    kept = kept_requests(actor).where(col(PartRequest.id).in_(list(ids)))
    return frozenset(request.id for request in session.exec(kept))


def found_requests(session: Session, actor: User, *, number: int, wanted: str = "") -> Page[PartRequest]:
    """Of those that the actor may read: newest first; `wanted` is part of the text or the organisation."""
    return _page(session, readable_requests(actor), number, wanted)


def all_requests(session: Session, *, number: int, wanted: str = "") -> Page[PartRequest]:
    """Every request, for programs without a person."""
    return _page(session, select(PartRequest), number, wanted)


def shared_with(session: Session, ids: Iterable[int | None]) -> dict[int, list[Organisation]]:
    """The bodies with which each of these requests is shared, by name."""
    wanted = select(RequestShare.request_id, Organisation).join(
        Organisation, col(Organisation.id) == col(RequestShare.organisation_id)
    )
    wanted = wanted.where(col(RequestShare.request_id).in_(list(ids))).order_by(Organisation.name, Organisation.id)
    found: dict[int, list[Organisation]] = {}
    for request_id, body in session.exec(wanted):
        found.setdefault(request_id, []).append(body)
    return found


def share(session: Session, request_id: int, organisation_id: str) -> RequestShare | None:
    return session.get(RequestShare, (request_id, organisation_id))


def wanted_requests(actor: User, wanted: str) -> SelectOfScalar[PartRequest]:
    """Of those that the actor may read, in no order yet; `wanted` is part of the text or the organisation."""
    return _with_words(readable_requests(actor), wanted)


def _page(session: Session, statement: SelectOfScalar[PartRequest], number: int, wanted: str) -> Page[PartRequest]:
    return paginate(session, _with_words(statement, wanted).order_by(desc(col(PartRequest.id))), number=number)


def _with_words(statement: SelectOfScalar[PartRequest], wanted: str) -> SelectOfScalar[PartRequest]:
    if not wanted:
        return statement
    here = col(PartRequest.text).contains(wanted, autoescape=True)
    return statement.where(here | col(PartRequest.contact_organisation).contains(wanted, autoescape=True))


def forget_drafts_before(session: Session, moment: datetime) -> None:
    session.execute(delete(RequestDraft).where(col(RequestDraft.updated_at) < moment))
