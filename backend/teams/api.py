"""The route of a request for programs, under the same rules of access as the workbench."""

from fastapi import APIRouter
from fastapi.responses import Response

from backend.accounts.api_access import OPEN, Asker, Once, StaffWriter
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.i18n import language
from backend.matches.api import Token
from backend.teams import service
from backend.teams.route_json import RouteIn, RouteOut, draft_of, shown
from matching.routing.edit import EditError

router = APIRouter(prefix="/api/v1", tags=["routes"])


@router.get("/requests/{token}/route", summary="Read a route", openapi_extra=OPEN)
def get_route(token: Token, session: ReadSession, actor: Asker) -> RouteOut:
    """The route of a request: as somebody edited it, else as it was worked out from the text."""
    return shown(service.work_on(session, actor.user, token))


@router.put("/requests/{token}/route", summary="Change a route", response_model=RouteOut)
def put_route(
    token: Token, sent: RouteIn, reading: ReadSession, session: WriteSession, actor: StaffWriter, once: Once
) -> Response:
    """Makes these steps the route, as a new version that can be undone. No steps: back to the route of the text.

    For coordinators. With `version`, a route that somebody else changed meanwhile is refused with 409.
    """
    worked = service.work_on(reading, actor.user, token)

    def work() -> RouteOut:
        service.check_seen(worked, "" if sent.version is None else str(sent.version))
        try:
            draft = draft_of(sent)
        except EditError as error:
            raise Invalid(error.phrase.text(language())) from error
        service.keep(session, actor.user, worked, draft, "sent")
        return shown(service.work_on(session, actor.user, token))

    return once.answer(session, work)
