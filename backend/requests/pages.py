"""The coordinator's list of requests, and the pages that explain the house."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from backend.accounts.dependencies import Staff
from backend.core.db import ReadSession
from backend.core.templating import render
from backend.requests import queries

router = APIRouter()
MAX_PAGE = 1_000_000


@router.get("/requests")
def show_requests(
    request: Request,
    session: ReadSession,
    _staff: Staff,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> HTMLResponse:
    """What was asked, newest first."""
    found = queries.all_requests(session, number=page, wanted=q.strip())
    return render(request, "requests/list.html", found=found, q=q.strip())


@router.get("/guide")
def show_guide(request: Request) -> HTMLResponse:
    return render(request, "pages/guide.html")


@router.get("/privacy")
def show_privacy(request: Request) -> HTMLResponse:
    return render(request, "pages/privacy.html")


@router.get("/accessibility")
def show_accessibility(request: Request) -> HTMLResponse:
    return render(request, "pages/accessibility.html")
