"""The desk: where a coordinator's day begins."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.accounts.dependencies import Staff
from backend.core.db import ReadSession
from backend.core.i18n import language
from backend.core.templating import render
from backend.introductions.desk import view as desk_view

router = APIRouter()


@router.get("/desk")
def show_desk(request: Request, session: ReadSession, staff: Staff) -> Response:
    view = desk_view.desk_view(session, staff)
    return render(request, "introductions/desk.html", view=view, margin=desk_view.MARGIN[language()])
