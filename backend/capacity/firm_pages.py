"""The capacity of one firm, for its own people and for staff: its state, its wishes, its link and its sheet."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import SignedIn, Staff
from backend.accounts.models import User
from backend.capacity import links, queries, rules, service, views, wording
from backend.capacity.dependencies import Sent, form_id, number
from backend.capacity.forms import read_answer, read_wishes
from backend.capacity.models import CapacityContact
from backend.capacity.qr import qr_code
from backend.core import clock
from backend.core.db import OpenDatabase, ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.htmx import redirect
from backend.core.site import desk_phone, secret_of, settings_of
from backend.core.templating import render

router = APIRouter()
FirmId = Annotated[str, Path(max_length=64)]
NOTHING: Mapping[str, str] = {}


@router.get("/firms/{firm_id}/capacity")
def show_capacity(request: Request, session: ReadSession, user: SignedIn, firm_id: FirmId) -> HTMLResponse:
    return _page(request, session, user, firm_id)


@router.post("/firms/{firm_id}/capacity")
def enter_answer(request: Request, database: OpenDatabase, staff: Staff, firm_id: FirmId, sent: Sent) -> Response:
    """An answer that reached a coordinator by telephone or on paper."""
    today = clock.today()
    with database.reading() as session:
        service.firm_for(session, staff, firm_id)
        contact = queries.contact(session, firm_id)
        seen = number(sent.get("seen"))
        asked = views.asked_of(contact, today, views.standing_hours(session, firm_id, contact, today, seen))
        try:
            told = read_answer(sent, asked)
        except Invalid as refusal:
            return _page(request, session, staff, firm_id, answer=sent, refusal=refusal)
    channel = rules.Channel.FAX if sent.get("channel") == rules.Channel.FAX else rules.Channel.PHONE
    with_whom = sent.get("spoke_with", "").strip()
    given = service.Given(told, channel, seen, staff.id, with_whom, form_id(sent))
    with database.writing() as session:
        service.answer(session, firm_id, given)
    return redirect(request, f"/firms/{firm_id}/capacity")


@router.post("/firms/{firm_id}/capacity/undo")
def take_back(request: Request, session: WriteSession, user: SignedIn, firm_id: FirmId, sent: Sent) -> Response:
    service.firm_for(session, user, firm_id)
    service.take_back(session, firm_id, sent.get("answer", ""), actor_id=user.id)
    # Whoever types one answer after the other stays where they type.
    at_desk = user.is_staff and sent.get("back") == "desk"
    return redirect(request, "/capacity?did=undone" if at_desk else f"/firms/{firm_id}/capacity?did=undone")


@router.post("/firms/{firm_id}/capacity/wishes")
def set_wishes(request: Request, session: WriteSession, user: SignedIn, firm_id: FirmId, sent: Sent) -> Response:
    """On which day, where and in what form the firm is asked."""
    service.firm_for(session, user, firm_id)
    try:
        wishes = read_wishes(sent)
    except Invalid as refusal:
        return _page(request, session, user, firm_id, wishes=sent, refusal=refusal)
    service.set_wishes(session, firm_id, wishes, actor_id=user.id)
    return redirect(request, f"/firms/{firm_id}/capacity?did=wishes")


@router.post("/firms/{firm_id}/capacity/revoke")
def revoke(request: Request, session: WriteSession, user: SignedIn, firm_id: FirmId) -> Response:
    service.firm_for(session, user, firm_id)
    service.revoke_links(session, firm_id, actor_id=user.id)
    return redirect(request, f"/firms/{firm_id}/capacity?did=revoked")


@router.get("/firms/{firm_id}/capacity/sheet")
def show_sheet(request: Request, database: OpenDatabase, user: SignedIn, firm_id: FirmId) -> HTMLResponse:
    """The page to print, hand over or fax: boxes to tick, the QR code of the link, the number of the firm."""
    with database.reading() as session:
        firm = service.firm_for(session, user, firm_id)
    contact = service.contact_or_new(database, firm_id)
    today = clock.today()
    token = links.make(secret_of(request), firm_id, contact.link_number, today, links.PAPER_DAYS)
    return render(
        request,
        "capacity/sheet.html",
        firm=firm,
        contact=contact,
        weeks=rules.weeks_asked(today),
        groups=contact.groups or [""],
        qr=qr_code(f"{settings_of(request).base_url}/c/{token}"),
        phone=desk_phone(request),
        today=today,
        rules=rules,
        wording=wording,
    )


def _page(
    request: Request,
    session: Session,
    user: User,
    firm_id: str,
    *,
    answer: Mapping[str, str] | None = None,
    wishes: Mapping[str, str] = NOTHING,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    firm = service.firm_for(session, user, firm_id)
    contact = queries.contact(session, firm_id)
    today = clock.today()
    errors = refusal.fields if refusal else {}
    return render(
        request,
        "capacity/firm.html",
        status=refusal.status if refusal else 200,
        firm=firm,
        contact=contact,
        standing=views.standing(session, firm, today),
        answers=queries.answers_of(session, firm_id),
        newest=queries.last_answer(session, firm_id),
        form=views.ask_form(session, firm_id, contact, today, typed=answer, errors=errors),
        typed=answer or NOTHING,
        wishes=wishes or _wishes_of(contact),
        link=service.new_link(session, secret_of(request), firm_id, today),
        error=refusal.message if refusal else "",
        errors=errors,
        staff=user.is_staff,
        rules=rules,
        wording=wording,
    )


def _wishes_of(contact: CapacityContact | None) -> Mapping[str, str]:
    if contact is None:
        return {"weekday": "", "email": "", "fax": "", "lang": "ja", "by_hours": "", "groups": ""}
    return {
        "weekday": "" if contact.weekday is None else str(contact.weekday),
        "email": contact.email,
        "fax": contact.fax,
        "lang": contact.lang,
        "by_hours": "1" if contact.by_hours else "",
        "groups": "\n".join(contact.groups),
    }
