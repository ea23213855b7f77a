"""The coordinator's list of requests, and the pages that explain the house."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from backend.accounts import queries as accounts_queries
from backend.accounts.dependencies import Staff
from backend.core.db import ReadSession, WriteSession
from backend.core.htmx import redirect
from backend.core.site import desk_phone
from backend.core.templating import render
from backend.requests import queries, service

router = APIRouter()
MAX_PAGE = 1_000_000


@router.get("/requests")
def show_requests(
    request: Request,
    session: ReadSession,
    staff: Staff,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> HTMLResponse:
    """What was asked, newest first."""
    found = queries.found_requests(session, staff, number=page, wanted=q.strip())
    ids = [item.id for item in found.items]
    return render(
        request,
        "requests/list.html",
        found=found,
        q=q.strip(),
        bodies=accounts_queries.bodies(session),
        shared=queries.shared_with(session, ids),
        kept=queries.kept_ids(session, staff, ids),
        own=accounts_queries.body_ids(session, staff),
    )


@router.post("/requests/{token}/ward")
def give_to_ward(
    request: Request,
    session: WriteSession,
    staff: Staff,
    token: str,
    ward: Annotated[str, Form()] = "",
    share_with: Annotated[str, Form()] = "",
) -> Response:
    """Which ward looks after a request, and who else may see it."""
    service.give_to_ward(session, staff, token, ward, share_with)
    return redirect(request, "/requests")


@router.post("/requests/{token}/shares/{organisation_id}/withdraw")
def withdraw_share(request: Request, session: WriteSession, staff: Staff, token: str, organisation_id: str) -> Response:
    """The other body sees the request no longer."""
    service.withdraw_share(session, staff, token, organisation_id)
    return redirect(request, "/requests")


@router.get("/guide")
def show_guide(request: Request) -> HTMLResponse:
    return render(request, "pages/guide.html", phone=desk_phone(request))


@router.get("/privacy")
def show_privacy(request: Request) -> HTMLResponse:
    return render(request, "pages/privacy.html")


@router.get("/accessibility")
def show_accessibility(request: Request) -> HTMLResponse:
    return render(request, "pages/accessibility.html")
