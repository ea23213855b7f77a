"""The messages of a case for its coordinators. The other sides write on their own page of the case."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.capacity.dependencies import form_id
from backend.core import clock
from backend.core.db import Database, OpenDatabase
from backend.core.errors import Invalid
from backend.core.htmx import redirect
from backend.core.templating import render
from backend.introductions import queries
from backend.introductions.forms import NOTHING_SENT, Sent, SentFields
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages import service as messages
from backend.introductions.messages.view import Thread, thread_for_desk
from backend.introductions.models import Case
from backend.introductions.states import Channel, Party
from backend.introductions.trail import By, case_id_of, open_for

router = APIRouter()


@router.get("/cases/{case_id}/messages")
def show(request: Request, database: OpenDatabase, staff: Staff, case_id: int) -> HTMLResponse:
    seen_at = clock.now()
    with database.reading() as session:
        answer = _page(request, session, staff, case_id, NOTHING_SENT)
    mark_read(database, staff, case_id, seen_at)
    return answer


@router.post("/cases/{case_id}/messages")
def write(request: Request, database: OpenDatabase, staff: Staff, case_id: int, sent: SentFields) -> Response:
    """A message, or a note of what was said on the telephone."""
    try:
        with database.writing() as session:
            case = open_for(session, staff, case_id)
            by = By(staff, Party.COORDINATOR, _channel(sent.one("channel")))
            messages.write(session, by, case, sent.one("to"), sent.one("body"), form_id(dict(sent.pairs)))
    except Invalid as refusal:
        with database.reading() as session:
            return _page(request, session, staff, case_id, sent, refusal)
    return redirect(request, f"/cases/{case_id}#messages")


def _channel(text: str) -> Channel:
    return Channel(text) if text in set(Channel) else Channel.WEB


def _page(
    request: Request, session: Session, staff: User, case_id: int, sent: Sent, refusal: Invalid | None = None
) -> HTMLResponse:
    case = open_for(session, staff, case_id)
    return render(
        request,
        "introductions/messages.html",
        status=refusal.status if refusal else 200,
        case=case,
        kept=queries.request_of(session, case),
        thread=thread_for_desk(session, staff, case, sent, refusal.fields.get("body", "") if refusal else ""),
    )


def case_thread(request: Request, case: Case) -> Thread:
    """For the page of the case, which shows the messages at its end."""
    database: Database = request.app.state.database
    seen_at = clock.now()
    with database.reading() as session:
        thread = thread_for_desk(session, request.state.current_user, case, NOTHING_SENT, "")
    mark_read(database, request.state.current_user, case_id_of(case), seen_at)
    return thread


def mark_notices_read(database: Database, actor: User, case_id: int, seen_at: datetime) -> None:
    """Who opens the case has seen what they were told of it until then. Nothing is written when nothing was new."""
    with database.reading() as session:
        unread = message_queries.unread_in_case(session, actor, case_id)
    if unread:
        with database.writing() as session:
            message_queries.read_notices(session, actor, seen_at, case_id)


def mark_read(database: Database, actor: User | None, case_id: int, seen_at: datetime) -> None:
    """Whoever has an account has read the messages this case had when its page was read.

    `seen_at` is noted before that: what comes in while the page is made is new. Nothing is written when nothing was.
    """
    if actor is None:
        return
    with database.reading() as session:
        unread = message_queries.unread_by_case(session, actor, [case_id])
    if unread:
        with database.writing() as session:
            message_queries.note_read(session, actor.id, case_id, seen_at)
