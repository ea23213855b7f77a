"""Requests for programs. A token of a request is the right to it; a list is what the asker's organisation may find."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.api_access import OPEN, ApiActor, Asker, Known, Once, OpenWriter
from backend.accounts.browser import address_of
from backend.core.api_pages import Pages
from backend.core.db import ReadSession, WriteSession
from backend.requests import queries, service
from backend.requests.api_forms import (
    RequestIn,
    RequestOut,
    RequestPatch,
    RequestsOut,
    check_contact,
    request_out,
)
from backend.requests.models import PartRequest

router = APIRouter(prefix="/api/v1", tags=["requests"])
Token = Annotated[str, Path(max_length=64, examples=["vq3dU0Zb1mW1xE0cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE"])]


@router.get("/requests", summary="List requests")
def list_requests(
    session: ReadSession,
    actor: Known,
    pages: Pages,
    q: Annotated[str, Query(max_length=200, description="Part of the text or of the organisation.")] = "",
) -> RequestsOut:
    """Newest first: those of your organisation; for coordinators those of their wards, of no ward yet, and shared."""
    found = queries.wanted_requests(actor.user, q.strip())
    piece = pages.piece(session, found, PartRequest.id, newest_first=True)
    return RequestsOut(items=[request_out(row, with_contact=True) for row in piece.items], next=piece.next)


@router.post(
    "/requests",
    status_code=status.HTTP_201_CREATED,
    summary="Send a request",
    response_model=RequestOut,
    openapi_extra=OPEN,
)
def create_request(request: Request, sent: RequestIn, session: WriteSession, actor: OpenWriter, once: Once) -> Response:
    """Send a request, as a stranger or for your organisation. A stranger's only way back to it is `token`: keep it."""

    def work() -> RequestOut:
        contact = check_contact(sent.contact) if sent.contact else None
        by = (actor.token_id, actor.organisation_id) if actor.token_id else None
        made = service.send(session, sent.wording, owner_id=actor.person_id, by=by)
        if contact:
            stranger_at = _stranger_at(request, actor)
            service.say_contact(session, made.token, contact, actor=actor.user, stranger_at=stranger_at)
        return request_out(made, with_contact=True)

    return once.answer(session, work, status.HTTP_201_CREATED)


@router.get("/requests/{token}", summary="Read a request", openapi_extra=OPEN)
def get_request(token: Token, session: ReadSession, actor: Asker) -> RequestOut:
    """The request of this token. Coordinators find those of their wards and those shared with them."""
    return _shown(session, actor, service.open_by(session, actor.user, token))


@router.patch("/requests/{token}", summary="Change a request", response_model=RequestOut, openapi_extra=OPEN)
def change_request(
    request: Request, token: Token, sent: RequestPatch, session: WriteSession, actor: OpenWriter, once: Once
) -> Response:
    """Change the text, the corrections or whom to call back; the request as it is now comes back."""
    opened = service.open_by(session, actor.user, token)

    def work() -> RequestOut:
        kept = opened
        if sent.contact:
            contact, stranger_at = check_contact(sent.contact), _stranger_at(request, actor)
            kept = service.say_contact(session, token, contact, actor=actor.user, stranger_at=stranger_at)
        if sent.text is not None or sent.corrections is not None:
            kept = service.change(session, token, sent.wording_over(kept), actor=actor.user)
        return _shown(session, actor, kept)

    return once.answer(session, work)


def _stranger_at(request: Request, actor: ApiActor) -> str:
    """Where on the network a stranger is; a token or a person answers for what is sent by it."""
    return address_of(request) if actor.user is None and actor.token_id is None else ""


def _shown(session: Session, actor: ApiActor, request: PartRequest) -> RequestOut:
    ours = actor.user is not None and queries.request_for(session, actor.user, request.token) is not None
    return request_out(request, with_contact=ours)
