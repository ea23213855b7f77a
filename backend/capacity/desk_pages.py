"""The coordinators' page of capacity: whose answer is how old, and a line to type an answer in within seconds."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.capacity import queries, rules, service, views, wording
from backend.capacity.dependencies import Sent, form_id
from backend.capacity.forms import read_code, read_quick
from backend.core import clock
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import Invalid
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.model import new_id
from backend.core.pagination import paginate
from backend.core.templating import render
from backend.firms.models import Firm

router = APIRouter()
PAGE_SIZE = 30
NOTHING: Mapping[str, str] = {}


@router.get("/capacity")
def show_desk(
    request: Request,
    session: ReadSession,
    staff: Staff,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    done: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    return _page(request, session, staff, page=page, done=done)


@router.post("/capacity")
def enter_line(request: Request, database: OpenDatabase, staff: Staff, sent: Sent) -> Response:
    """An answer typed by keyboard alone: the number of the sheet, eight keys, Enter."""
    today = clock.today()
    with database.reading() as session:
        try:
            firm = _firm_of_code(session, staff, sent.get("code", ""))
            contact = queries.contact(session, firm.id)
            standing = views.standing_hours(session, firm.id, contact, today)
            told = read_quick(sent.get("line", ""), views.asked_of(contact, today, standing))
        except Invalid as refusal:
            return _page(request, session, staff, typed=sent, refusal=refusal)
        # On the telephone the firm knows what it took on until now; a sheet may have been filled in before.
        phoned = sent.get("channel") == rules.Channel.PHONE
        seen = queries.last_booking(session, firm.id) if phoned else 0
    channel = rules.Channel.PHONE if phoned else rules.Channel.FAX
    with_whom = sent.get("spoke_with", "").strip()
    given = service.Given(told, channel, seen, staff.id, with_whom, form_id(sent))
    with database.writing() as session:
        service.answer(session, firm.id, given)
    return redirect(request, f"/capacity?done={firm.id}&channel={channel.value}")


def _firm_of_code(session: Session, staff: User, text: str) -> Firm:
    contact = queries.contact_by_code(session, read_code(text))
    firm = queries.firm_of(session, staff, contact.firm_id) if contact else None
    if firm is None:
        message = _("この番号の工場は見つかりません。")
        raise Invalid(message, {"code": message})
    return firm


def _page(
    request: Request,
    session: Session,
    staff: User,
    *,
    page: int = 1,
    done: str = "",
    typed: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    today = clock.today()
    firm = queries.firm_of(session, staff, done) if done else None
    firms = paginate(session, queries.by_age(staff), number=page, size=PAGE_SIZE)
    ids = [one.id for one in firms.items]
    declared = queries.declared(session, ids)
    return render(
        request,
        "capacity/desk.html",
        status=refusal.status if refusal else 200,
        typed=typed or {"channel": request.query_params.get("channel", "")},
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
        form_id=(typed or NOTHING).get("form_id") or new_id(),
        page_href=lambda at: f"/capacity?page={at}",
        done=firm,
        done_standing=views.standing(session, firm, today) if firm else None,
        done_answer=queries.last_answer(session, firm.id) if firm else None,
        firms=firms,
        declared={id_: clock.in_tokyo(at).date() for id_, at in declared.items()},
        codes=queries.codes(session, ids),
        counts=queries.count_by_age(session, staff, *views.limits(today)),
        weeks=rules.weeks_asked(today),
        today=today,
        rules=rules,
        wording=wording,
    )
