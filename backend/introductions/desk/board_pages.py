"""The board, and moving a card on it by dragging or by its menu."""

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.templating import render
from backend.introductions import tables
from backend.introductions.cases import actions as case_actions
from backend.introductions.cases import rules as case_rules
from backend.introductions.desk import board_view, filters, list_queries
from backend.introductions.desk.filters import CaseFilter, read_filter
from backend.introductions.forms import Posted, case_number
from backend.introductions.states import CaseState, Party
from backend.introductions.trail import By, open_for

router = APIRouter()


@router.get("/board")
def show_board(request: Request, session: ReadSession, staff: Staff) -> Response:
    return _page(request, session, staff, read_filter(request.query_params))


@router.post("/board/move")
def move_card(request: Request, database: OpenDatabase, staff: Staff, sent: Posted) -> Response:
    """Put a card into another column, if the table has such a move; a refusal says why."""
    wanted, case_id = read_filter(dict(parse_qsl(sent.one("query")))), case_number(sent.one("case_id"))
    try:
        with database.writing() as session:
            _move(session, staff, case_id, sent.one("to"), sent.seen)
    except (Invalid, Refused) as refusal:
        with database.reading() as session:
            return _page(request, session, staff, wanted, refusal.message, refusal.status, case_id)
    return redirect(request, f"{wanted.address('/board')}#case-{case_id}")


def _move(session: Session, staff: User, case_id: int, target: str, seen: int | None) -> None:
    case = open_for(session, staff, case_id)
    if target not in set(CaseState):
        raise NotFound
    # The same drag sent twice finds the card where it was put.
    if case.state is CaseState(target):
        return
    made = case_rules.check_board_move(case.state, CaseState(target))
    case_actions.move(session, By(staff, Party.COORDINATOR), case_id, made.action, "", "", seen)


def _page(
    request: Request,
    session: Session,
    staff: User,
    wanted: CaseFilter,
    refused: str = "",
    status: int = 200,
    case_id: int = 0,
) -> Response:
    return render(
        request,
        "introductions/board.html",
        status=status,
        phases=board_view.board_view(session, staff, wanted),
        wanted=wanted,
        wards=list_queries.wards(session, staff),
        saved=list_queries.saved_filters(session, staff, "board"),
        filters=filters,
        states=tables.STATES,
        page="board",
        refused=refused,
        refused_id=case_id,
        name_error="",
    )
