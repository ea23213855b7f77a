"""What stands around the team half of the workbench: sheet, files, deciding, and past handovers."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backend.accounts.dependencies import CurrentUser, SignedIn, Staff
from backend.accounts.models import User
from backend.core import clock, tables
from backend.core.db import Database, OpenDatabase, ReadSession, WriteSession
from backend.core.errors import Invalid, Refused
from backend.core.i18n import gettext as _
from backend.core.templating import render
from backend.core.texts import printable
from backend.matches.dependencies import Index, is_staff
from backend.matches.forms import Posted
from backend.matches.index import LiveIndex
from backend.requests import service as requests
from backend.teams import export, handovers, plans, service
from backend.teams.sheet import team_sheet
from backend.teams.solving import Shown, one_team, solve
from backend.teams.team_case import Case, case_of
from backend.teams.what_if import WhatIf, read_team, what_if

router = APIRouter()
Id = Annotated[str, Path(max_length=64)]


def _open(
    database: Database, index: LiveIndex, user: User | None, token: str, wish: WhatIf
) -> tuple[Case, service.Worked, Shown]:
    """The case and the chosen team of an address. Without a team the way back to the workbench, which says why."""
    with database.reading() as session:
        worked = service.work_on(session, user, token)
        case = case_of(session, index, worked.kept, worked.need, worked.route, wish, staff=is_staff(user))
        held = plans.decided(session, worked.kept.id or 0)
    # Solved outside any transaction.
    shown = one_team(case, wish.team) if wish.team else None
    if shown is None:
        shown = solve(case, wish, held.team if held else None).chosen
    if shown is None:
        raise HTTPException(303, headers={"Location": wish.address(f"/requests/{token}/chain")})
    return case, worked, shown


@router.get("/requests/{token}/chain/sheet")
def show_sheet(request: Request, token: str, database: OpenDatabase, index: Index, user: CurrentUser) -> Response:
    """The team proposal on one A4 page."""
    wish = what_if(request.query_params, clock.today())
    case, worked, shown = _open(database, index, user, token, wish)
    back = wish.looking_at(shown.team.assignment).address(f"/requests/{token}/chain")
    sheet = team_sheet(case, shown, wish, worked.need)
    return render(request, "teams/sheet.html", sheet=sheet, kept=worked.kept, back=back)


@router.get("/requests/{token}/chain/team.json")
def get_json(request: Request, token: str, database: OpenDatabase, index: Index, _staff: Staff) -> Response:
    """The chosen team as a file for other programs."""
    wish = what_if(request.query_params, clock.today())
    case, worked, shown = _open(database, index, _staff, token, wish)
    body = export.team_out(case, shown, wish, staff=True).model_dump_json(indent=1)
    return _file(body.encode(), "application/json", f"team-{worked.kept.number}.json")


@router.get("/requests/{token}/chain/team.xlsx")
def get_xlsx(request: Request, token: str, database: OpenDatabase, index: Index, _staff: Staff) -> Response:
    """The chosen team as a workbook."""
    wish = what_if(request.query_params, clock.today())
    case, worked, shown = _open(database, index, _staff, token, wish)
    body = export.workbook(case, shown, wish, staff=True)
    return _file(body, tables.XLSX, f"team-{worked.kept.number}.xlsx")


def _file(body: bytes, media_type: str, name: str) -> Response:
    return Response(body, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/requests/{token}/chain/decide")
def decide(
    token: str, reading: ReadSession, session: WriteSession, index: Index, user: Staff, posted: Posted
) -> Response:
    """Decide on a team and book its hours. The team is worked out before the writing begins."""
    worked = service.work_on(reading, user, token)
    wish = WhatIf(team=read_team(posted.get("team", "")[:8000]))
    case = case_of(reading, index, worked.kept, worked.need, worked.route, wish, staff=True)
    shown = one_team(case, wish.team)
    if shown is None:
        raise Refused(_("この案は、いまの空きでは組めません。ページを開き直して、組み直した案から決めてください。"))
    if posted.get("finish", "") != shown.team.finish.isoformat():
        raise Refused(_("見ているあいだに空きが変わり、日程が変わりました。新しい日程を見てから決めてください。"))
    decision = plans.Decision(shown.team.assignment, shown.team.lead_firm, shown.works)
    plans.decide(session, user, worked.kept.id or 0, decision)
    return _back(f"/requests/{token}/chain#teams")


@router.post("/requests/{token}/chain/plans/{plan_id}/withdraw")
def withdraw(token: str, plan_id: Id, session: WriteSession, user: Staff) -> Response:
    """Take the decision back."""
    kept = requests.open_for(session, user, token)
    plans.withdraw(session, user, kept.id or 0, plan_id)
    return _back(f"/requests/{token}/chain#teams")


@router.post("/requests/{token}/chain/plans/{plan_id}/restore")
def restore(token: str, plan_id: Id, session: WriteSession, user: Staff) -> Response:
    """Undo the taking back."""
    kept = requests.open_for(session, user, token)
    plans.restore(session, user, kept.id or 0, plan_id)
    return _back(f"/requests/{token}/chain#teams")


@router.get("/handovers")
def show_handovers(request: Request, session: ReadSession, user: SignedIn) -> Response:
    """Past handovers: for staff all, for a workshop its own."""
    return _handovers(request, session, user)


@router.post("/handovers")
def record_handover(request: Request, session: WriteSession, user: Staff, posted: Posted) -> Response:
    """Note that two firms have passed work on to each other. What is refused stands in the form again."""
    firms = [posted.get("firm_a", "")[:64], posted.get("firm_b", "")[:64]]
    try:
        handovers.record(session, user, firms, posted.get("note", ""))
    except Invalid as refusal:
        return _handovers(request, session, user, posted, refusal)
    return _back(_own(posted.get("back", "")))


def _handovers(
    request: Request,
    session: Session,
    user: User,
    posted: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    typed = {name: printable((posted or {}).get(name, "")) for name in ("firm_a", "firm_b", "note", "back")}
    return render(
        request,
        "teams/handovers.html",
        status=refusal.status if refusal else 200,
        known=handovers.readable(session, user),
        staff=user.is_staff,
        typed=typed,
        pair=handovers.names_of(session, (typed["firm_a"], typed["firm_b"])),
        refusal=refusal,
    )


@router.post("/handovers/{handover_id}/withdraw")
def withdraw_handover(handover_id: Id, session: WriteSession, user: Staff) -> Response:
    """Take a record back."""
    handovers.set_withdrawn(session, user, handover_id, withdrawn=True)
    return _back("/handovers")


@router.post("/handovers/{handover_id}/restore")
def restore_handover(handover_id: Id, session: WriteSession, user: Staff) -> Response:
    """Put a record in force again."""
    handovers.set_withdrawn(session, user, handover_id, withdrawn=False)
    return _back("/handovers")


def _own(address: str) -> str:
    """Only ways back to our own workbench."""
    return address if address.startswith("/requests/") and len(address) < 8000 else "/handovers"


def _back(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"Vary": "HX-Request"})
