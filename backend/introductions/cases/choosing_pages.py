"""Choosing firms for one leg of a case, and asking them without naming the client."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.core import clock
from backend.core.days import read_date
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.templating import render
from backend.introductions import queries, rules, tables
from backend.introductions.cases import actions
from backend.introductions.cases.forms import closing_time
from backend.introductions.forms import NOTHING_KEPT, CaseId, Kept, Posted
from backend.introductions.legs import candidates, summary
from backend.introductions.legs.candidates import Choice
from backend.introductions.states import Party
from backend.introductions.trail import By, open_for
from backend.matches.dependencies import Index
from backend.matches.index import LiveIndex, NotReady

router = APIRouter()
FORM = "ask"
_ID = re.compile(r"[\w-]{1,32}", re.ASCII)


@router.get("/cases/{case_id}/legs/{leg_id}/candidates")
def show_candidates(
    request: Request,
    session: ReadSession,
    index: Index,
    staff: Staff,
    case_id: CaseId,
    leg_id: str,
    firms: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The firms that can do this leg, with reasons, and what they would be shown. `firms` come ticked."""
    return _page(request, session, index, staff, case_id, leg_id, NOTHING_KEPT, firms or ())


@router.post("/cases/{case_id}/legs/{leg_id}/candidates")
def ask(
    request: Request,
    database: OpenDatabase,
    index: Index,
    staff: Staff,
    case_id: CaseId,
    leg_id: str,
    sent: Posted,
) -> Response:
    """Ask the ticked firms."""
    try:
        until = closing_time(read_date(sent.one("reply_by"), "reply_by"))
        lines = summary.read(sent.one("summary"))
        with database.writing() as session:
            _leg(session, staff, case_id, leg_id)
            by = By(staff, Party.COORDINATOR)
            actions.ask(session, by, leg_id, sent.all("firms"), lines, until, sent.seen)
    except (Invalid, Refused) as refusal:
        said = Kept(FORM, sent, refusal.message, refusal.fields, refusal.status)
        with database.reading() as session:
            return _page(request, session, index, staff, case_id, leg_id, said, sent.all("firms"))
    return redirect(request, f"/cases/{case_id}#leg-{leg_id}")


def _page(
    request: Request,
    session: Session,
    index: LiveIndex,
    staff: User,
    case_id: int,
    leg_id: str,
    said: Kept,
    ticked: Sequence[str],
) -> Response:
    case = open_for(session, staff, case_id)
    _leg(session, staff, case_id, leg_id)
    legs = queries.legs_of(session, case_id)
    leg = next(leg for leg in legs if leg.id == leg_id)
    kept = queries.request_of(session, case)
    offers = queries.offers_of(session, case_id)
    own = [offer for offer in offers if offer.leg_id == leg_id]
    asked = {offer.firm_id: tables.OFFER_LABELS[offer.state] for offer in own}
    rows: tuple[Choice, ...] = ()
    waits: NotReady | None = None
    try:
        wanted = tuple(dict.fromkeys(id_ for id_ in ticked if _ID.fullmatch(id_)))[: actions.MOST_ASKED]
        rows = candidates.choices(session, index, staff, case, leg, kept, asked, wanted)
    except NotReady as reason:
        waits = reason
    lines = candidates.lines(session, staff, leg, kept)
    gone = any(offer.state in candidates.GONE for offer in own)
    return render(
        request,
        "introductions/choose.html",
        status=said.status,
        case=case,
        leg=leg,
        number=next(n for n, one in enumerate(legs, 1) if one.id == leg_id),
        kept=kept,
        choices=rows,
        waits=waits,
        said=said,
        summary=said.value(FORM, "summary", summary.written(lines)),
        reply_by=said.value(FORM, "reply_by", rules.after_working_days(clock.now(), rules.REPLY_DAYS).date()),
        may_ask=actions.waiting(case, leg, own),
        # Where the route has several steps the workbench mends the team around the firm that dropped out.
        repair=candidates.team_address(case, kept, legs, offers) if len(legs) > 1 and gone else "",
    )


def _leg(session: Session, staff: User, case_id: int, leg_id: str) -> None:
    leg = queries.leg_for(session, staff, leg_id)
    if leg is None or leg.case_id != case_id:
        raise NotFound
