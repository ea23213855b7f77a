"""The list of cases: search, searches kept under a name, and the same as a spreadsheet."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backend.accounts.dependencies import Staff
from backend.core import clock
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.templating import render
from backend.introductions import tables
from backend.introductions.desk import export as case_export
from backend.introductions.desk import filters, list_queries
from backend.introductions.desk.filters import read_filter
from backend.introductions.forms import Posted

router = APIRouter()
PAGE_SIZE, MOST_ROWS = 30, 10_000
LONGEST_NAME, MOST_SAVED = 60, 30
PAGES = {"cases": "/cases", "board": "/board"}


@router.get("/cases")
def show_cases(
    request: Request, session: ReadSession, staff: Staff, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> Response:
    wanted = read_filter(request.query_params)
    found = list_queries.found_cases(session, staff, wanted, number=page, size=PAGE_SIZE)
    return render(
        request,
        "introductions/list.html",
        found=found,
        wanted=wanted,
        wards=list_queries.wards(session, staff),
        saved=list_queries.saved_filters(session, staff, "cases"),
        filters=filters,
        states=tables.STATES,
        now=clock.now(),
        page="cases",
    )


@router.get("/cases/cases.{kind}")
def export(request: Request, session: ReadSession, staff: Staff, kind: str) -> Response:
    """The cases of the search, for a spreadsheet."""
    if kind not in case_export.KINDS:
        raise NotFound
    rows = list_queries.all_found(session, staff, read_filter(request.query_params), MOST_ROWS)
    media, body = case_export.KINDS[kind](rows)
    name = f"cases-{clock.today():%Y%m%d}.{kind}"
    return Response(body, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/cases/filters")
def save(request: Request, session: WriteSession, staff: Staff, sent: Posted) -> Response:
    """Keep a search under a name. Sent twice it is kept once."""
    page, name = sent.one("page"), " ".join(sent.one("name").split())
    if page not in PAGES:
        raise NotFound
    if not name or len(name) > LONGEST_NAME:
        message = _("検索の名前を%(limit)s字までで書いてください。", limit=LONGEST_NAME)
        raise Invalid(message, {"name": message})
    wanted = read_filter(dict(parse_qsl(sent.one("query"))))
    if len(list_queries.saved_filters(session, staff, page)) >= MOST_SAVED:
        message = _("残せる検索は%(limit)sこまでです。使わないものを消してください。", limit=MOST_SAVED)
        raise Invalid(message, {"name": message})
    list_queries.save_filter(session, staff, page, name, wanted.query())
    return redirect(request, wanted.address(PAGES[page]))


@router.post("/cases/filters/{filter_id}/remove")
def remove(request: Request, session: WriteSession, staff: Staff, filter_id: str, sent: Posted) -> Response:
    list_queries.remove_filter(session, staff, filter_id)
    return redirect(request, PAGES.get(sent.one("page"), PAGES["cases"]))
