"""The joint plan for many requests: choose, work it out, look at it, take it away as a workbook."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import is_htmx, redirect
from backend.core.tables import XLSX
from backend.core.templating import render
from backend.matches.dependencies import Index
from backend.teams import joint_export, joint_queries, joint_runs, joint_view
from backend.teams.joint_runs import JointDesk
from backend.teams.what_if import WhatIf

router = APIRouter()

MOST_SHOWN = 100
# So many are ticked at first: the newest.
TICKED = 30
RunId = Annotated[str, Path(max_length=32)]


@router.get("/joint-plan")
def show_choice(request: Request, database: OpenDatabase, session: ReadSession, index: Index, staff: Staff) -> Response:
    """The requests that still wait for a team, and former plans."""
    return _choice(request, _desk(request, database, index), session, staff)


@router.post("/joint-plan")
def begin(
    request: Request,
    database: OpenDatabase,
    index: Index,
    staff: Staff,
    chosen: Annotated[list[str] | None, Form(alias="request")] = None,
) -> Response:
    """Start to plan the ticked requests."""
    desk = _desk(request, database, index)
    try:
        run_id = joint_runs.begin(desk, staff, chosen or [])
    except Invalid as refusal:
        with database.reading() as session:
            return _choice(request, desk, session, staff, ticked=frozenset(chosen or []), refusal=refusal)
    return redirect(request, f"/joint-plan/{run_id}")


@router.get("/joint-plan/{run_id}")
def show_run(request: Request, database: OpenDatabase, index: Index, staff: Staff, run_id: RunId) -> Response:
    """How far the plan is, or the plan."""
    run = joint_runs.run_of(_desk(request, database, index), staff, run_id)
    with database.reading() as session:
        answers: dict[str, WhatIf] = request.app.state.team_answers(session, run.tokens) if run.result else {}
    return render(
        request,
        "teams/joint_run.html",
        block="state" if is_htmx(request) else None,
        run=run,
        at_work=joint_runs.is_at_work(run),
        cut_off=joint_runs.is_cut_off(run),
        shown=joint_view.view(run.result) if run.result else None,
        standing=joint_view.standing,
        span=joint_view.days_of,
        process_names=joint_view.process_names,
        workbenches={
            token: answers.get(token, WhatIf()).address(f"/requests/{token}/chain", "") for token in run.tokens
        },
    )


@router.get("/joint-plan/{run_id}/plan.xlsx")
def get_xlsx(request: Request, database: OpenDatabase, index: Index, staff: Staff, run_id: RunId) -> Response:
    """The plan as a workbook."""
    run = joint_runs.run_of(_desk(request, database, index), staff, run_id)
    if run.result is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="joint-plan-{run.result.start}.xlsx"'}
    return Response(joint_export.workbook(run.result), media_type=XLSX, headers=headers | {"Cache-Control": "no-store"})


def _desk(request: Request, database: OpenDatabase, index: Index) -> JointDesk:
    state = request.app.state
    return JointDesk(database, index, state.settings.data_dir, state.settled_requests)


def _choice(
    request: Request,
    desk: JointDesk,
    session: Session,
    staff: User,
    *,
    ticked: frozenset[str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    waiting = joint_queries.open_requests(session, staff, desk.settled, MOST_SHOWN)
    if ticked is None:
        ticked = frozenset(kept.token for kept in waiting[:TICKED])
    return render(
        request,
        "teams/joint.html",
        status=refusal.status if refusal else 200,
        waiting=waiting,
        ticked=ticked,
        error=refusal.message if refusal else "",
        former=joint_runs.runs(desk, staff),
        headline=joint_view.headline,
        most=joint_runs.MOST_CASES,
    )
