"""The route of a request for programs, under the same rules of access as the workbench."""

from fastapi import APIRouter

from backend.accounts.dependencies import CurrentUser, Staff
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.i18n import language
from backend.teams import service
from backend.teams.route_json import RouteIn, RouteOut, draft_of, shown
from matching.routing.edit import EditError

router = APIRouter(prefix="/api/v1", tags=["routes"])


@router.get("/requests/{token}/route")
def get_route(token: str, session: ReadSession, user: CurrentUser) -> RouteOut:
    """The route of a request: as somebody edited it, else as it was worked out from the text."""
    return shown(service.work_on(session, user, token))


@router.put("/requests/{token}/route")
def put_route(token: str, sent: RouteIn, reading: ReadSession, session: WriteSession, user: Staff) -> RouteOut:
    """Makes these steps the route, as a new version that can be undone. No steps: back to the route of the text.

    With `version`, a route that somebody else changed meanwhile is refused with 409.
    """
    worked = service.work_on(reading, user, token)
    service.check_seen(worked, "" if sent.version is None else str(sent.version))
    try:
        draft = draft_of(sent)
    except EditError as error:
        raise Invalid(error.phrase.text(language())) from error
    service.keep(session, user, worked, draft, "sent")
    return shown(service.work_on(session, user, token))
