"""What somebody was told in the page: the list and its places."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import SignedIn
from backend.accounts.models import User
from backend.core import clock
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import NotFound
from backend.core.htmx import redirect
from backend.core.templating import render
from backend.introductions import notices, queries, wording
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages.view import content_of
from backend.introductions.models import Case

router = APIRouter()


@router.get("/notices")
def show_notices(request: Request, session: ReadSession, user: SignedIn) -> HTMLResponse:
    rows = message_queries.notices(session, user)
    return render(
        request, "introductions/notices.html", rows=rows, said=notices.WORDS, words=wording, content=content_of
    )


@router.post("/notices/read")
def read_all(request: Request, session: WriteSession, user: SignedIn) -> Response:
    message_queries.read_notices(session, user, clock.now())
    return redirect(request, "/notices")


@router.post("/notices/{notice_id}")
def follow(request: Request, session: WriteSession, user: SignedIn, notice_id: str) -> Response:
    """Go to what it is about; it counts as read from then on."""
    notice = message_queries.notice_for(session, user, notice_id)
    if notice is None:
        raise NotFound
    notice.read_at = notice.read_at or clock.now()
    session.add(notice)
    case = session.get(Case, notice.case_id)
    return redirect(request, _place(session, user, case) if case else "/notices")


def _place(session: Session, user: User, case: Case) -> str:
    """Where somebody meets this case: the desk, the offer of the firm, or one's own request."""
    if user.is_staff:
        return f"/cases/{case.id}"
    request = queries.request_of(session, case)
    if request.owner_id == user.id:
        return f"/requests/{request.token}/progress"
    offers = queries.offers_to(session, case.id or 0, user.firm_id) if user.firm_id else []
    return f"/offers/{offers[0].id}" if offers else "/notices"
