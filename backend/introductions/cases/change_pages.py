"""The press by which firms hear that a job has changed, or by which the coordinator decides that they need not."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.core.db import OpenDatabase
from backend.core.errors import Invalid, NotFound
from backend.introductions import queries
from backend.introductions.cases.pages import done
from backend.introductions.changes import service as changes
from backend.introductions.changes import view as change_view
from backend.introductions.forms import CaseId, Kept, Posted, Sent
from backend.introductions.legs import candidates, summary
from backend.introductions.states import Party
from backend.introductions.trail import By, open_for

router = APIRouter()
FORM = "change"


@router.post("/cases/{case_id}/change")
def pass_on(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """Tell the firms that were asked what is different now, or leave it."""
    action = sent.one("action")
    if action not in {"tell", "leave"}:
        raise NotFound

    def do(session: Session) -> object:
        by = By(staff, Party.COORDINATOR)
        if action == "leave":
            changes.leave(session, by, case_id, sent.seen)
            return None
        return changes.tell_firms(session, by, case_id, _lines(session, by, case_id, sent), sent.seen)

    return done(request, database, staff, case_id, Kept(FORM, sent), do, "#legs")


def _lines(session: Session, by: By, case_id: int, sent: Sent) -> dict[str, changes.Lines]:
    """The summary of each leg as it was typed, once none of them tells who asks."""
    if by.actor is None:
        raise NotFound
    request = queries.request_of(session, open_for(session, by.actor, case_id))
    secrets = candidates.secrets_of(session, request)
    found: dict[str, changes.Lines] = {}
    for leg in queries.legs_of(session, case_id):
        field = change_view.field_of(leg.id)
        if not sent.all(field):
            continue
        found[leg.id] = summary.read(sent.one(field))
        try:
            summary.check(found[leg.id], secrets)
        except Invalid as wrong:
            raise Invalid(wrong.message, {field: wrong.message}) from wrong
    return found
