"""The page on which a firm answers: at its link without signing in, at /offers for its people, and their list."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import SignedIn
from backend.accounts.models import Role
from backend.core import clock
from backend.core.db import Database, OpenDatabase, ReadSession
from backend.core.errors import AppError, Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.site import desk_phone, secret_of
from backend.core.templating import render
from backend.introductions import reasons, tables, wording
from backend.introductions.doors.files import view_for_firm
from backend.introductions.doors.firm import Door, NoSuchLink, Opening, by_link, by_sign_in
from backend.introductions.firm import actions, queries, view
from backend.introductions.forms import NOTHING_SENT, Sent, SentFields
from backend.introductions.legs.service import was_sent_back
from backend.introductions.messages.pages import mark_read
from backend.introductions.messages.queries import unread_by_case
from backend.introductions.messages.view import thread_for_key

router = APIRouter()
Link = str
OfferId = Annotated[str, Path(max_length=32)]
Deed = Callable[[Session, Door, Sent], object]
# What a firm is asked is nobody else's affair: no browser or proxy keeps it, no search engine lists it.
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.get("/o/{offer_link}")
def show_by_link(request: Request, database: OpenDatabase, offer_link: Link) -> Response:
    return _show(request, database, _opening(request, offer_link))


@router.post("/o/{offer_link}/answer")
def answer_by_link(request: Request, database: OpenDatabase, offer_link: Link, sent: SentFields) -> Response:
    return _do(request, database, _opening(request, offer_link), sent, actions.answer)


@router.post("/o/{offer_link}/act")
def act_by_link(request: Request, database: OpenDatabase, offer_link: Link, sent: SentFields) -> Response:
    return _do(request, database, _opening(request, offer_link), sent, actions.act)


@router.post("/o/{offer_link}/messages")
def write_by_link(request: Request, database: OpenDatabase, offer_link: Link, sent: SentFields) -> Response:
    return _do(request, database, _opening(request, offer_link), sent, actions.write)


@router.get("/offers")
def show_list(request: Request, session: ReadSession, user: SignedIn) -> HTMLResponse:
    """What the firm was asked: what waits for its answer, what was answered, what is past."""
    if user.role is not Role.WORKSHOP:
        raise NotFound
    groups = queries.offers_in_groups(session, user)
    return render(
        request,
        "introductions/offers.html",
        groups=groups,
        unread=unread_by_case(session, user, [row.offer.case_id for row in groups.all]),
        labels=tables.OFFER_LABELS,
        words=wording,
        phone=desk_phone(request),
    )


@router.get("/offers/{offer_id}")
def show_signed_in(request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId) -> Response:
    return _show(request, database, by_sign_in(user, offer_id))


@router.post("/offers/{offer_id}/answer")
def answer_signed_in(
    request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId, sent: SentFields
) -> Response:
    return _do(request, database, by_sign_in(user, offer_id), sent, actions.answer)


@router.post("/offers/{offer_id}/act")
def act_signed_in(
    request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId, sent: SentFields
) -> Response:
    return _do(request, database, by_sign_in(user, offer_id), sent, actions.act)


@router.post("/offers/{offer_id}/messages")
def write_signed_in(
    request: Request, database: OpenDatabase, user: SignedIn, offer_id: OfferId, sent: SentFields
) -> Response:
    return _do(request, database, by_sign_in(user, offer_id), sent, actions.write)


def _opening(request: Request, link: str) -> Opening:
    return by_link(secret_of(request), link, clock.today())


def _show(request: Request, database: Database, opening: Opening) -> Response:
    seen_at = clock.now()
    try:
        with database.reading() as session:
            door = opening(session)
            answer = page(request, session, door)
    except NoSuchLink:
        return _no_link(request)
    mark_read(database, door.by.actor, door.offers[0].case_id, seen_at)
    return answer


def _do(request: Request, database: Database, opening: Opening, sent: Sent, deed: Deed) -> Response:
    """Carry out what was sent; where it is refused, show the page again with what was typed."""
    try:
        with database.writing() as session:
            door = opening(session)
            deed(session, door, sent)
    except NoSuchLink:
        return _no_link(request)
    except (Invalid, Refused) as refusal:
        with database.reading() as session:
            return page(request, session, opening(session), sent, refusal)
    if sent.one("form") == "message":
        return redirect(request, f"{door.base}#messages")
    offer_id = sent.one("offer")
    return redirect(request, f"{door.base}#o-{offer_id}" if offer_id.isalnum() else door.base)


def page(
    request: Request, session: Session, door: Door, sent: Sent = NOTHING_SENT, refusal: AppError | None = None
) -> HTMLResponse:
    """The page of one firm in one case."""
    errors = refusal.fields if refusal else {}
    answer = render(
        request,
        "introductions/offer.html",
        status=refusal.status if refusal else 200,
        frame="base.html" if door.by.actor else "introductions/phone.html",
        page=view.page_of(session, door, sent, errors),
        error=refusal.message if refusal else "",
        files=view_for_firm(session, door),
        thread=thread_for_key(
            session, door.by, door.case, door.key, f"{door.base}/messages", sent, errors.get("body", "")
        ),
        sent=sent,
        reasons=reasons,
        tables=tables,
        words=wording,
        sent_back=was_sent_back,
        phone=desk_phone(request),
    )
    answer.headers.update(PRIVATE)
    return answer


def _no_link(request: Request) -> HTMLResponse:
    """Forged, past its day, replaced or ended: the same plain page, which says what to do."""
    answer = render(request, "introductions/no_link.html", status=404, phone=desk_phone(request))
    answer.headers.update(PRIVATE)
    return answer
