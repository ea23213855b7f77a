"""All SQL about requests. A token is the right to read; the list starts from `readable_requests`."""

from datetime import datetime

from sqlalchemy import delete, desc, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Role, User
from backend.accounts.queries import in_wards_of, own_bodies
from backend.core.pagination import Page, paginate
from backend.requests.models import PartRequest, RequestDraft, RequestShare


def draft_by_token(session: Session, token: str) -> RequestDraft | None:
    return session.get(RequestDraft, token)


def request_by_token(session: Session, token: str) -> PartRequest | None:
    return session.exec(select(PartRequest).where(col(PartRequest.token) == token)).one_or_none()


def readable_requests(actor: User) -> SelectOfScalar[PartRequest]:
    """What this person may find: one's own; for coordinators those of their wards, of no ward yet, and shared ones."""
    statement = select(PartRequest)
    if actor.role is Role.ADMIN:
        return statement
    if not actor.is_staff:
        return statement.where(PartRequest.owner_id == actor.id)
    shared = select(RequestShare.request_id).where(col(RequestShare.organisation_id).in_(own_bodies(actor)))
    ward = col(PartRequest.ward)
    return statement.where(or_(ward.is_(None), in_wards_of(actor, ward), col(PartRequest.id).in_(shared)))


def request_for(session: Session, actor: User, token: str) -> PartRequest | None:
    return session.exec(readable_requests(actor).where(PartRequest.token == token)).first()


def found_requests(session: Session, actor: User, *, number: int, wanted: str = "") -> Page[PartRequest]:
    """Of those that the actor may read: newest first; `wanted` is part of the text or the organisation."""
    return _page(session, readable_requests(actor), number, wanted)


def all_requests(session: Session, *, number: int, wanted: str = "") -> Page[PartRequest]:
    """Every request, for programs without a person."""
    return _page(session, select(PartRequest), number, wanted)


def shares_of(session: Session, request_id: int) -> set[str]:
    """The bodies with which a request is shared."""
    return set(session.exec(select(RequestShare.organisation_id).where(RequestShare.request_id == request_id)))


def _page(session: Session, statement: SelectOfScalar[PartRequest], number: int, wanted: str) -> Page[PartRequest]:
    statement = statement.order_by(desc(col(PartRequest.id)))
    if wanted:
        here = col(PartRequest.text).contains(wanted, autoescape=True)
        statement = statement.where(here | col(PartRequest.contact_organisation).contains(wanted, autoescape=True))
    return paginate(session, statement, number=number)


def forget_drafts_before(session: Session, moment: datetime) -> None:
    session.execute(delete(RequestDraft).where(col(RequestDraft.updated_at) < moment))
