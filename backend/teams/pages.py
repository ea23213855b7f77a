"""The workbench of a request: its route to edit, and the teams that could do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, Staff
from backend.accounts.models import User
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import AppError, Invalid, Refused
from backend.core.templating import render
from backend.matches.dependencies import is_staff
from backend.matches.forms import Posted
from backend.teams import service
from backend.teams.route_actions import perform
from backend.teams.route_view import heading, route_view, step_panel
from backend.teams.route_words import search
from backend.teams.team_view import answers_of, teams_context

router = APIRouter()
Word = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class _Open:
    """Which panel stands open, and what was refused: it is shown again, so that nothing typed is lost."""

    edit: str = ""
    add: str | None = None
    q: str = ""
    status: int = 200
    error: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] | None = None


@router.get("/requests/{token}/chain")
def show_chain(
    request: Request,
    token: str,
    session: ReadSession,
    user: CurrentUser,
    edit: Word = "",
    add: Annotated[str | None, Query(max_length=20)] = None,
    q: Word = "",
) -> Response:
    """The workbench. Whoever has the token of the request may look; staff may edit.

    `edit` opens the form of a step, `add` the list of processes to put behind a step, narrowed by the words `q`.
    """
    return _workbench(request, session, user, token, _Open(edit, add, q))


@router.post("/requests/{token}/chain")
def change_chain(
    request: Request, token: str, reading: ReadSession, session: WriteSession, user: Staff, posted: Posted
) -> Response:
    """One press of the route editor. A press that is refused changes nothing and says why.

    Planning and composing stay in the reading transaction, so that nobody waits for them with a lock on the database.
    """
    worked = service.work_on(reading, user, token)
    try:
        service.check_seen(worked, posted.get("version", ""))
        perform(session, user, worked, posted)
    except (Invalid, Refused) as error:
        return _workbench(request, reading, user, token, _refused(posted, error))
    # The teams below the route start from what the firms answered, as on the way in from the case.
    back = answers_of(request, reading, worked.kept).address(f"/requests/{token}/chain", "route")
    return RedirectResponse(back, status_code=303, headers={"Vary": "HX-Request"})


def _refused(posted: Mapping[str, str], error: AppError) -> _Open:
    verb, _colon, key = posted.get("do", "").partition(":")
    if verb != "save":
        return _Open(status=422, error=error.message)
    return _Open(edit=key, status=422, error=error.message, wrong=error.fields, typed=posted)


def _workbench(request: Request, session: Session, user: User | None, token: str, shown: _Open) -> Response:
    worked = service.work_on(session, user, token)
    route = worked.route
    may_edit = is_staff(user)
    values = teams_context(request, session, user, worked.kept, worked.need, route)
    panel = step_panel(worked, route, shown.edit, shown.typed, shown.wrong) if may_edit else None
    return render(
        request,
        "teams/workbench.html",
        status=shown.status,
        kept=worked.kept,
        worked=worked,
        head=heading(worked.kept, worked.need),
        route=route_view(worked, route),
        panel=panel,
        adding=shown.add if may_edit else None,
        choices=search(shown.q) if may_edit and shown.add is not None else (),
        q=shown.q,
        error=shown.error,
        may_edit=may_edit,
        **values,
    )
