"""The client's page of its case, by the token of the request, and the list of one's own requests."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, SignedIn
from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database, OpenDatabase, ReadSession
from backend.core.errors import AppError, Invalid, Refused
from backend.core.htmx import redirect
from backend.core.site import desk_phone
from backend.core.templating import render
from backend.introductions import reasons, tables, wording
from backend.introductions.client import actions, queries, view
from backend.introductions.doors.client import ClientDoor, by_token, case_of
from backend.introductions.doors.files import Refusal, view_for_client
from backend.introductions.forms import NOTHING_SENT, Sent, SentFields
from backend.introductions.keys import CaseKey
from backend.introductions.messages.pages import mark_read
from backend.introductions.messages.queries import unread_by_case
from backend.introductions.messages.view import thread_for_key
from backend.introductions.trail import case_id_of
from backend.requests import service as requests

router = APIRouter()
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.get("/my-requests")
def show_own(request: Request, session: ReadSession, user: SignedIn) -> HTMLResponse:
    """What one asked oneself, newest first, each with where it stands."""
    rows = queries.own_requests(session, user)
    unread = unread_by_case(session, user, [row.case.id for row in rows])
    return render(request, "introductions/my_requests.html", rows=rows, unread=unread, tables=tables, words=wording)


@router.get("/requests/{token}/progress")
def show_progress(request: Request, database: OpenDatabase, user: CurrentUser, token: str) -> Response:
    seen_at = clock.now()
    with database.reading() as session:
        kept = requests.open_by(session, user, token)
        if user is not None and user.is_staff:
            return redirect(request, f"/cases/{case_of(session, kept).id}")
        door = by_token(session, user, token)
        answer = page(request, session, door)
    mark_read(database, user, case_id_of(door.case), seen_at)
    return answer


@router.post("/requests/{token}/progress")
def act(request: Request, database: OpenDatabase, user: CurrentUser, token: str, sent: SentFields) -> Response:
    """One button of the page."""
    return _do(request, database, user, token, sent, actions.act)


@router.post("/requests/{token}/progress/messages")
def write(request: Request, database: OpenDatabase, user: CurrentUser, token: str, sent: SentFields) -> Response:
    return _do(request, database, user, token, sent, actions.write)


def _do(
    request: Request, database: Database, user: User | None, token: str, sent: Sent, deed: actions.Deed
) -> Response:
    """Carry out what was sent; where it is refused the page comes back with what was typed."""
    try:
        with database.writing() as session:
            door = by_token(session, user, token)
            deed(session, door, sent)
    except (Invalid, Refused) as refusal:
        with database.reading() as session:
            return page(request, session, by_token(session, user, token), sent, refusal)
    return redirect(request, f"{door.base}#messages" if sent.one("form") == "message" else door.base)


def page(
    request: Request,
    session: Session,
    door: ClientDoor,
    sent: Sent = NOTHING_SENT,
    refusal: AppError | None = None,
    files: Refusal | None = None,
) -> HTMLResponse:
    """The whole page of a client: timeline, firms, messages, and what it may do."""
    kept, errors = door.kept, refusal.fields if refusal else {}
    key = CaseKey(case_id_of(door.case))
    answer = render(
        request,
        "introductions/progress.html",
        status=refusal.status if refusal else files.error.status if files else 200,
        kept=kept,
        progress=view.timeline_of(session, kept),
        error=refusal.message if refusal else "",
        errors=errors,
        files=view_for_client(session, door, files),
        thread=thread_for_key(session, door.by, door.case, key, f"{door.base}/messages", sent, errors.get("body", "")),
        sent=sent,
        reasons=reasons,
        tables=tables,
        words=wording,
        phone=desk_phone(request),
    )
    answer.headers.update(PRIVATE)
    return answer
