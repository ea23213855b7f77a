"""The workbench of a request: its route to edit, and the teams that could do it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backend.accounts.dependencies import CurrentUser
from backend.core.db import ReadSession
from backend.core.templating import render
from backend.matches.dependencies import is_staff
from backend.teams import service
from backend.teams.route_view import heading, pictured
from backend.teams.team_view import teams_context

router = APIRouter()


@router.get("/requests/{token}/chain")
def show_chain(request: Request, token: str, session: ReadSession, user: CurrentUser) -> Response:
    """The workbench. Whoever has the token of the request may look; staff may edit."""
    worked = service.work_on(session, user, token)
    route = worked.route
    values = teams_context(request, session, user, worked.kept, worked.need, route)
    return render(
        request,
        "teams/workbench.html",
        kept=worked.kept,
        worked=worked,
        head=heading(worked.kept, worked.need),
        steps=pictured(route, worked.draft),
        may_edit=is_staff(user),
        **values,
    )
