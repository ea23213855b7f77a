"""The sheets of a case for paper and FAX: what a firm is asked, the letter of introduction, the case on one page."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from backend.accounts.dependencies import Staff
from backend.capacity.qr import qr_code
from backend.core import clock
from backend.core.db import ReadSession
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.site import desk_fax, desk_phone, secret_of, settings_of
from backend.core.templating import render
from backend.introductions import queries, reasons, wording
from backend.introductions.cases import sheet_view
from backend.introductions.doors.firm import link_to
from backend.introductions.forms import CaseId
from backend.introductions.trail import case_id_of, open_for

router = APIRouter()
OfferId = Annotated[str, Path(max_length=32)]


@router.get("/offers/{offer_id}/sheet")
def show_asking(request: Request, session: ReadSession, staff: Staff, offer_id: OfferId) -> HTMLResponse:
    """打診票: the offer with boxes to tick, the number to fax to, the QR code of the firm's page."""
    offer = queries.offer_for(session, staff, offer_id)
    if offer is None:
        raise NotFound
    case = open_for(session, staff, offer.case_id)
    link = link_to(secret_of(request), queries.offers_to(session, offer.case_id, offer.firm_id), clock.today())
    return render(
        request,
        "introductions/asking_sheet.html",
        sheet=sheet_view.asking_sheet(session, case, offer),
        offer=offer,
        reasons=reasons,
        qr=qr_code(f"{settings_of(request).base_url}{link}"),
        fax=desk_fax(request),
        phone=desk_phone(request),
        words=wording,
        today=clock.today(),
    )


@router.get("/cases/{case_id}/letter")
def show_letter(request: Request, session: ReadSession, staff: Staff, case_id: int) -> HTMLResponse:
    """紹介状: one page for the client, one for each firm it was introduced to."""
    case = open_for(session, staff, case_id)
    letter = sheet_view.letter(session, case)
    if not letter.firms:
        raise Refused(_("まだ紹介した工場がありません。双方の承諾がそろって紹介すると、紹介状を印刷できます。"))
    return render(
        request,
        "introductions/letter.html",
        case=case,
        letter=letter,
        phone=desk_phone(request),
        words=wording,
        today=clock.today(),
    )


@router.get("/cases/{case_id}/summary")
def show_summary(request: Request, session: ReadSession, staff: Staff, case_id: int) -> HTMLResponse:
    """案件概要: what was asked, where it stands, who is asked for what, and what happened last."""
    case = open_for(session, staff, case_id)
    return render(
        request,
        "introductions/summary_sheet.html",
        case=case,
        sheet=sheet_view.summary(session, case_id_of(case), case),
        words=wording,
        today=clock.today(),
    )


@router.get("/cases/{case_id}/legs/{leg_id}/order-sheet")
def show_order(
    request: Request, session: ReadSession, staff: Staff, case_id: CaseId, leg_id: Annotated[str, Path(max_length=32)]
) -> HTMLResponse:
    """注文のときに示すこと: what the order of one leg names, and when it was said."""
    case, leg = open_for(session, staff, case_id), queries.leg_for(session, staff, leg_id)
    if leg is None or leg.case_id != case_id:
        raise NotFound
    found = sheet_view.order_list(session, case, leg)
    if found is None:
        raise Refused(_("この工程には、まだ工場が決まっていないか、注文のきまりに当たらない見込みです。"))
    return render(
        request,
        "introductions/order_sheet.html",
        case=case,
        number=queries.request_of(session, case).number,
        list=found,
        words=wording,
        today=clock.today(),
    )
