"""The page a firm answers on without signing in: /c/{link}. The pages for those signed in lie in firm_pages."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.browser import address_of
from backend.accounts.queries import demo_people
from backend.capacity import desk_pages, firm_pages, links, queries, rules, service, views, wording
from backend.capacity.dependencies import Sent, form_id, number
from backend.capacity.forms import read_answer
from backend.core import clock
from backend.core.db import OpenDatabase, ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.htmx import redirect
from backend.core.site import desk_phone, secret_of, settings_of
from backend.core.templating import render
from backend.firms.models import Firm

router = APIRouter()
router.include_router(desk_pages.router)
router.include_router(firm_pages.router)
Link = Annotated[str, Path(max_length=links.LONGEST)]
Text = Annotated[str, Form(max_length=400)]
# The page says what a firm has free: no browser or proxy keeps it, no search engine lists it.
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.post("/c/fresh")
def ask_for_link(request: Request, session: WriteSession, who: Text = "", old: Text = "") -> Response:
    """Have a fresh link sent to the address on file. The answer is the same whether or not we know one."""
    service.ask_for_link(session, who, old, address_of(request))
    return _private(render(request, "capacity/asked.html", phone=desk_phone(request)))


@router.get("/c/demo")
def show_demo(request: Request, session: ReadSession) -> Response:
    """In the demo, the page as the demo workshop gets it; elsewhere nothing but the start page."""
    people = demo_people(session) if settings_of(request).demo else []
    firm_id = next((person.firm_id for person in people if person.firm_id), None)
    link = service.new_link(session, secret_of(request), firm_id, clock.today()) if firm_id else "/"
    return redirect(request, link)


@router.get("/c/{link}")
def show_form(request: Request, session: ReadSession, link: Link) -> Response:
    firm = service.firm_of_link(session, secret_of(request), link, clock.today())
    if firm is None:
        return _no_such_link(request, link)
    return _form_page(request, session, firm, link)


@router.post("/c/{link}")
def send_answer(request: Request, database: OpenDatabase, link: Link, sent: Sent) -> Response:
    today = clock.today()
    with database.reading() as session:
        firm = service.firm_of_link(session, secret_of(request), link, today)
        if firm is None:
            return _no_such_link(request, link)
        contact = queries.contact(session, firm.id)
        seen = number(sent.get("seen"))
        asked = views.asked_of(contact, today, views.standing_hours(session, firm.id, contact, today, seen))
        try:
            told = read_answer(sent, asked)
        except Invalid as refusal:
            return _form_page(request, session, firm, link, sent, refusal)
    given = service.Given(told, rules.Channel.LINK, seen=seen, form_id=form_id(sent))
    with database.writing() as session:
        service.answer(session, firm.id, given)
    return redirect(request, f"/c/{link}/sent")


@router.get("/c/{link}/sent")
def show_sent(request: Request, session: ReadSession, link: Link) -> Response:
    today = clock.today()
    firm = service.firm_of_link(session, secret_of(request), link, today)
    if firm is None:
        return _no_such_link(request, link)
    answer = queries.last_answer(session, firm.id)
    if answer is None:
        return redirect(request, f"/c/{link}")
    contact = queries.contact(session, firm.id)
    answered = clock.in_tokyo(answer.at).date()
    asking = rules.next_asking(contact.weekday if contact else None, answered, today)
    return _private(
        render(
            request,
            "capacity/sent.html",
            firm=firm,
            token=link,
            answer=answer,
            bars=views.bars(session, firm.id, rules.first_week(answered)),
            line=views.timeline(answered, asking, today),
            until=rules.fresh_until(answered),
            asking=asking,
            wording=wording,
            phone=desk_phone(request),
        )
    )


@router.post("/c/{link}/undo")
def take_back(request: Request, session: WriteSession, link: Link, answer: Text = "") -> Response:
    firm = service.firm_of_link(session, secret_of(request), link, clock.today())
    if firm is None:
        return _no_such_link(request, link)
    service.take_back(session, firm.id, answer)
    return redirect(request, f"/c/{link}?undone=1")


def _form_page(
    request: Request,
    session: Session,
    firm: Firm,
    link: str,
    sent: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    contact = queries.contact(session, firm.id)
    errors = refusal.fields if refusal else {}
    form = views.ask_form(session, firm.id, contact, clock.today(), typed=sent, errors=errors)
    page = render(
        request,
        "capacity/answer.html",
        status=refusal.status if refusal else 200,
        firm=firm,
        token=link,
        form=form,
        error=refusal.message if refusal else "",
        undone="undone" in request.query_params,
        public=views.marks_are_public(firm),
        rules=rules,
        wording=wording,
        phone=desk_phone(request),
    )
    return _private(page)


def _no_such_link(request: Request, link: str) -> Response:
    """Past its day, revoked or forged: the same plain page, with a way to a fresh link."""
    known = links.read(secret_of(request), link) is not None
    page = render(request, "capacity/no_link.html", status=404, old=link if known else "", phone=desk_phone(request))
    return _private(page)


def _private(page: HTMLResponse) -> HTMLResponse:
    page.headers.update(PRIVATE)
    return page
