"""All SQL about requests. A token is the right to read; the list of all is for staff and is guarded by its page."""

from datetime import datetime

from sqlalchemy import delete, desc
from sqlmodel import Session, col, select

from backend.core.pagination import Page, paginate
from backend.requests.models import PartRequest, RequestDraft


def draft_by_token(session: Session, token: str) -> RequestDraft | None:
    return session.get(RequestDraft, token)


def request_by_token(session: Session, token: str) -> PartRequest | None:
    return session.exec(select(PartRequest).where(col(PartRequest.token) == token)).one_or_none()


def all_requests(session: Session, *, number: int, wanted: str = "") -> Page[PartRequest]:
    """Newest first; `wanted` keeps those whose text or organisation contains it."""
    statement = select(PartRequest).order_by(desc(col(PartRequest.id)))
    if wanted:
        here = col(PartRequest.text).contains(wanted, autoescape=True)
        statement = statement.where(here | col(PartRequest.contact_organisation).contains(wanted, autoescape=True))
    return paginate(session, statement, number=number)


def forget_drafts_before(session: Session, moment: datetime) -> None:
    session.execute(delete(RequestDraft).where(col(RequestDraft.updated_at) < moment))
