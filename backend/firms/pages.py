"""The directory and the page of a firm, open to everybody; what only staff may do lies in the two other routers."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse, HTMLResponse

from backend.accounts.dependencies import CurrentUser
from backend.core import clock
from backend.core.db import ReadSession
from backend.core.htmx import is_htmx
from backend.core.templating import render
from backend.firms import edit_pages, import_pages, pictures, queries, rules, service
from backend.firms.forms import read_search
from backend.firms.queries import FACETS, Search, viewer_of
from backend.firms.views import view_of

router = APIRouter()
Wanted = Annotated[Search, Depends(read_search)]
FirmId = Annotated[str, Path(max_length=64)]


@router.get("/firms")
def show_directory(request: Request, session: ReadSession, user: CurrentUser, search: Wanted) -> HTMLResponse:
    """The firms found, with the words by which to narrow further."""
    found = queries.search_firms(session, user, search)
    return render(
        request,
        "firms/list.html",
        block="results" if is_htmx(request) else None,
        search=search,
        found=found,
        views=[view_of(firm, user) for firm in found.items],
        facets=queries.facets(session, user, search),
        query=lambda page: f"/firms?{_query(search, page)}",
        # Whoever is ticking conditions keeps them open, also where the screen is small.
        filtering=is_htmx(request) and not search.is_open,
        most_on_map=queries.MOST_ON_MAP,
        points_url=f"/firms/points?{_query(search, 1)}",
        today=clock.today(),
    )


@router.get("/firms/points")
def map_points(session: ReadSession, user: CurrentUser, search: Wanted) -> list[dict[str, Any]]:
    """The positions of all firms found, for the map."""
    return [
        {"id": row.id, "name": row.name, "ward": row.ward, "lat": row.lat, "lng": row.lng}
        for row in queries.map_points(session, user, search)
        if rules.may_see(row.audiences, "position", viewer_of(user, row.id))
    ]


# Fixed addresses come before /firms/{firm_id}, which would take them for a firm.
router.include_router(import_pages.router)
router.include_router(edit_pages.router)


@router.get("/firms/{firm_id}")
def show_firm(request: Request, session: ReadSession, user: CurrentUser, firm_id: FirmId) -> HTMLResponse:
    """One firm: what it chose to show."""
    firm = service.firm_for(session, user, firm_id)
    view = view_of(firm, user)
    today = clock.today()
    return render(
        request,
        "firms/show.html",
        firm=firm,
        view=view,
        weeks=view.weeks(today),
        told_days=view.told_days(today),
        today=today,
        can_undo=view.is_staff and bool(queries.versions(session, firm.id)),
        rules=rules,
    )


@router.get("/firms/{firm_id}/pictures/{picture_id}")
def show_picture(
    request: Request, session: ReadSession, user: CurrentUser, firm_id: FirmId, picture_id: FirmId
) -> FileResponse:
    """A picture, for those who may see the techniques of the firm."""
    folder = request.app.state.settings.data_dir
    picture, file = pictures.path_of(session, folder, user, firm_id, picture_id)
    return FileResponse(file, media_type=picture.media_type, headers={"Cache-Control": "private, max-age=3600"})


def _query(search: Search, page: int) -> str:
    pairs = [("q", search.text)] if search.text else []
    pairs += [(kind, word) for kind in (*FACETS, "ward") for word in getattr(search, kind)]
    return urlencode([*pairs, ("page", str(page))] if page > 1 else pairs)
