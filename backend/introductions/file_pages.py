"""The addresses of the drawings of a case under the page of each side. The files slice has the routes themselves."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, SignedIn, Staff
from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database, OpenDatabase, ReadSession
from backend.core.errors import Invalid
from backend.core.site import secret_of
from backend.core.templating import render
from backend.files.models import Audience
from backend.files.pages import FileScope, file_routes, looking_routes
from backend.files.rules import CLIENT, DESK
from backend.introductions import queries
from backend.introductions.client import pages as client_pages
from backend.introductions.doors import files as case_files
from backend.introductions.doors.client import by_token
from backend.introductions.doors.files import FilesView, Refusal
from backend.introductions.doors.firm import Door, by_link, by_sign_in
from backend.introductions.models import Case
from backend.introductions.trail import open_for


def desk_files(request: Request, database: OpenDatabase, session: ReadSession, staff: Staff, case_id: int) -> FileScope:
    """A coordinator sees and changes everything of a case."""
    case = open_for(session, staff, case_id)

    def page(error: Invalid, typed: Mapping[str, str]) -> Response:
        with database.reading() as again:
            return _desk_page(request, again, staff, case_id, Refusal(error, typed))

    return FileScope(
        actor=case_files.desk_actor(staff),
        subject=case_files.subject_of(case_id),
        back=f"/cases/{case_id}#files",
        owner_key=DESK,
        stamp=None,
        page=page,
        receivers=frozenset(case_files.receivers_of(session, case)),
    )


def client_files(
    request: Request, database: OpenDatabase, session: ReadSession, user: CurrentUser, token: str
) -> FileScope:
    """The client sees what is not for the desk alone, and says which of its own drawings a firm may see."""
    door = by_token(session, user, token)

    def page(error: Invalid, typed: Mapping[str, str]) -> Response:
        with database.reading() as again:
            return client_pages.page(request, again, by_token(again, user, token), files=Refusal(error, typed))

    return FileScope(
        actor=case_files.client_actor(door),
        subject=case_files.subject_of(door.case.id or 0),
        back=f"{door.base}#files",
        owner_key=CLIENT,
        stamp=None,
        page=page,
        receivers=frozenset(case_files.receivers_of(session, door.case)),
        audiences=frozenset({Audience.CLIENT, Audience.CONSENTED}),
    )


def link_files(request: Request, session: ReadSession, offer_link: str) -> FileScope:
    """A firm by its link."""
    return _firm_files(session, by_link(secret_of(request), offer_link, clock.today())(session))


def offer_files(session: ReadSession, user: SignedIn, offer_id: str) -> FileScope:
    """A firm signed in."""
    return _firm_files(session, by_sign_in(user, offer_id)(session))


def _firm_files(session: Session, door: Door) -> FileScope:
    """Only to look at, and every page bears its name."""

    def page(error: Invalid, _typed: Mapping[str, str]) -> Response:
        raise error

    return FileScope(
        actor=case_files.firm_actor(session, door),
        subject=case_files.subject_of(door.key.case_id),
        back=f"{door.base}#files",
        owner_key=None,
        stamp=case_files.firm_stamp(session, door),
        page=page,
        audiences=frozenset(),
    )


router = APIRouter()
router.include_router(file_routes("/cases/{case_id}", desk_files))
router.include_router(file_routes("/requests/{token}/progress", client_files))
router.include_router(looking_routes("/o/{offer_link}", link_files))
router.include_router(looking_routes("/offers/{offer_id}", offer_files))


def case_documents(request: Request, case: Case) -> FilesView:
    """For the page of the case, which shows the drawings at its end."""
    database: Database = request.app.state.database
    user: User = request.state.current_user
    with database.reading() as session:
        return case_files.view_for_desk(session, user, case)


def _desk_page(request: Request, session: Session, staff: User, case_id: int, refusal: Refusal) -> HTMLResponse:
    """The drawings of a case by themselves, with what was refused."""
    case = open_for(session, staff, case_id)
    return render(
        request,
        "introductions/files.html",
        status=refusal.error.status,
        case=case,
        kept=queries.request_of(session, case),
        files=case_files.view_for_desk(session, staff, case, refusal),
    )
