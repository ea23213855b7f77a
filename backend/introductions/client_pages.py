"""The client's page of its case, by the token of the request, and the list of one's own requests."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, SignedIn
from backend.capacity.dependencies import desk_phone
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import AppError, Invalid, Refused
from backend.core.htmx import redirect
from backend.core.templating import render
from backend.introductions import client_actions, client_queries, client_view, offer_words, reasons, tables
from backend.introductions.client_door import by_token, case_of
from backend.introductions.offer_forms import NOTHING_SENT, Fields, SentFields
from backend.requests import service as requests
from backend.requests.models import PartRequest

router = APIRouter()
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.get("/my-requests")
def show_own(request: Request, session: ReadSession, user: SignedIn) -> HTMLResponse:
    """What one asked oneself, newest first, each with where it stands."""
    rows = client_queries.own_requests(session, user)
    return render(request, "introductions/my_requests.html", rows=rows, tables=tables, words=offer_words)


@router.get("/requests/{token}/progress")
def show_progress(request: Request, session: ReadSession, user: CurrentUser, token: str) -> Response:
    kept = requests.open_by(session, user, token)
    if user is not None and user.is_staff:
        return redirect(request, f"/cases/{case_of(session, kept).id}")
    return page(request, session, kept)


@router.post("/requests/{token}/progress")
def act(request: Request, database: OpenDatabase, user: CurrentUser, token: str, sent: SentFields) -> Response:
    """One button of the page; where it is refused the page comes back with what was typed."""
    try:
        with database.writing() as session:
            door = by_token(session, user, token)
            client_actions.act(session, door, sent)
    except (Invalid, Refused) as refusal:
        with database.reading() as session:
            return page(request, session, by_token(session, user, token).kept, sent, refusal)
    return redirect(request, door.base)


def page(
    request: Request,
    session: Session,
    kept: PartRequest,
    sent: Fields = NOTHING_SENT,
    refusal: AppError | None = None,
) -> HTMLResponse:
    """The whole page of a client: timeline, firms, and what it may do."""
    answer = render(
        request,
        "introductions/progress.html",
        status=refusal.status if refusal else 200,
        kept=kept,
        progress=client_view.timeline_of(session, kept),
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
        sent=sent,
        reasons=reasons,
        tables=tables,
        words=offer_words,
        phone=desk_phone(request),
    )
    answer.headers.update(PRIVATE)
    return answer
