"""The page of results and ratings: for the client at its request, for a firm at its offer, for the desk at the case."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, SignedIn, Staff
from backend.accounts.models import User
from backend.core import clock
from backend.core.db import Database, OpenDatabase
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.site import desk_phone, secret_of
from backend.core.templating import render
from backend.introductions import reasons
from backend.introductions.doors.client import by_token, case_of
from backend.introductions.doors.firm import Door, NoSuchLink, by_link, by_sign_in
from backend.introductions.firm.pages import PRIVATE, Link, OfferId
from backend.introductions.forms import NOTHING_KEPT, CaseId, Kept, Posted, Sent
from backend.introductions.models import Case
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes import view
from backend.introductions.outcomes.forms import read_points, read_report
from backend.introductions.states import Party
from backend.introductions.trail import By, open_for
from backend.requests import service as requests

router = APIRouter()


@dataclass(frozen=True)
class Visit:
    """Somebody before the results of a case: for which sides they write, of which firm, and where their page lies."""

    case: Case
    parties: tuple[Party, ...]
    base: str
    back: str
    by: Callable[[Party, Sent], By]
    firm_id: str | None = None
    frame: str = "base.html"


# Opens the visit inside a transaction, so that what is done rests on a right that was just looked at.
Opening = Callable[[Session], Visit]


def _for_staff(user: User, case_id: int) -> Opening:
    def opened(session: Session) -> Visit:
        case = open_for(session, user, case_id)
        base = f"/cases/{case_id}"
        return Visit(case, view.SIDES, base, base, lambda party, sent: By(user, party, sent.heard))

    return opened


def _for_client(user: User | None, token: str) -> Opening:
    def opened(session: Session) -> Visit:
        door = by_token(session, user, token)
        base = f"/requests/{token}"
        return Visit(door.case, (Party.CLIENT,), base, base, lambda _party, _sent: door.by)

    return opened


def _for_link(request: Request, token: str) -> Opening:
    door_of = by_link(secret_of(request), token, clock.today())
    return lambda session: _behind(session, door_of(session), "introductions/phone.html")


def _for_firm(user: User, offer_id: str) -> Opening:
    door_of = by_sign_in(user, offer_id)
    return lambda session: _behind(session, door_of(session), "base.html")


def _behind(_session: Session, door: Door, frame: str) -> Visit:
    return Visit(door.case, (Party.FIRM,), door.base, door.base, lambda _party, _sent: door.by, door.firm.id, frame)


@router.get("/cases/{case_id}/outcome")
def show_to_staff(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId) -> Response:
    return _show(request, database, _for_staff(staff, case_id))


@router.post("/cases/{case_id}/outcome")
def keep_for_staff(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    return _keep(request, database, _for_staff(staff, case_id), sent)


@router.get("/requests/{token}/outcome")
def show_to_client(request: Request, database: OpenDatabase, user: CurrentUser, token: str) -> Response:
    if user is not None and user.is_staff:
        # Whoever of the desk follows the client's address writes on the page of the case, marked as the desk.
        with database.reading() as session:
            case = case_of(session, requests.open_for(session, user, token))
        return redirect(request, f"/cases/{case.id}/outcome")
    return _show(request, database, _for_client(user, token))


@router.post("/requests/{token}/outcome")
def keep_for_client(request: Request, database: OpenDatabase, user: CurrentUser, token: str, sent: Posted) -> Response:
    return _keep(request, database, _for_client(user, token), sent)


@router.get("/o/{offer_link}/outcome")
def show_by_link(request: Request, database: OpenDatabase, offer_link: Link) -> Response:
    return _show(request, database, _for_link(request, offer_link))


@router.post("/o/{offer_link}/outcome")
def keep_by_link(request: Request, database: OpenDatabase, offer_link: Link, sent: Posted) -> Response:
    return _keep(request, database, _for_link(request, offer_link), sent)


@router.get("/offers/{offer_id}/outcome")
def show_to_firm(request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId) -> Response:
    return _show(request, database, _for_firm(user, offer_id))


@router.post("/offers/{offer_id}/outcome")
def keep_for_firm(
    request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId, sent: Posted
) -> Response:
    return _keep(request, database, _for_firm(user, offer_id), sent)


def _show(request: Request, database: Database, opening: Opening) -> Response:
    try:
        with database.reading() as session:
            return _page(request, session, opening(session), NOTHING_KEPT)
    except NoSuchLink:
        return _no_link(request)


def _keep(request: Request, database: Database, opening: Opening, sent: Sent) -> Response:
    """Keep what was sent; where it is refused, show the page again with what was typed."""
    form = f"{sent.one('kind')}-{sent.one('offer')}-{sent.one('party')}"
    try:
        with database.writing() as session:
            visit = opening(session)
            _do(session, visit, sent)
    except NoSuchLink:
        return _no_link(request)
    except (Invalid, Refused) as refusal:
        with database.reading() as session:
            kept = Kept(form, sent, refusal.message, refusal.fields, refusal.status)
            return _page(request, session, opening(session), kept)
    return redirect(request, f"{visit.base}/outcome")


def _do(session: Session, visit: Visit, sent: Sent) -> None:
    """One form, for one introduction of this visit and a side it may write for."""
    party = next((p for p in visit.parties if p.value == sent.one("party")), None)
    shown = view.introduced(session, visit.case, visit.parties, visit.firm_id)
    offer_id = next((one.offer.id for one in shown if one.offer.id == sent.one("offer")), None)
    if party is None or offer_id is None:
        raise NotFound
    by, kind = visit.by(party, sent), sent.one("kind")
    if kind == "report":
        outcomes.report(session, by, offer_id, read_report(sent))
    elif kind == "rate":
        outcomes.rate(session, by, offer_id, read_points(sent))
    elif kind == "comment":
        outcomes.comment(session, by, offer_id, sent.one("words"))
    else:
        raise NotFound


def _page(request: Request, session: Session, visit: Visit, kept: Kept) -> Response:
    answer = render(
        request,
        "introductions/outcome.html",
        status=kept.status,
        visit=visit,
        frame=visit.frame,
        introduced=view.introduced(session, visit.case, visit.parties, visit.firm_id),
        said=kept,
        view=view,
        reasons=reasons,
        desk=len(visit.parties) > 1,
        phone=desk_phone(request),
    )
    answer.headers.update(PRIVATE)
    return answer


def _no_link(request: Request) -> Response:
    answer = render(request, "introductions/no_link.html", status=404, phone=desk_phone(request))
    answer.headers.update(PRIVATE)
    return answer
