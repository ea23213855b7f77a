"""Invitation letters for many workshops at once."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts import organisations
from backend.accounts.dependencies import Staff
from backend.accounts.organisations import Inviter
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Refused
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.model import new_id
from backend.core.site import secret_of
from backend.core.templating import render
from backend.firms import queries

router = APIRouter()
MOST_LETTERS = 200


@router.get("/firms/invitations")
def show_invitations(
    request: Request, session: ReadSession, _staff: Staff, ward: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """How many letters there would be."""
    return _page(request, session, ward)


@router.post("/firms/invitations")
def make_letters(request: Request, session: WriteSession, staff: Staff, ward: Annotated[str, Form()] = "") -> Response:
    """One letter for each workshop of the ward where nobody can sign in and nobody is invited; then print them."""
    firms = queries.firms_without_people(session, ward, limit=MOST_LETTERS)
    if not firms:
        raise Refused(_("作れる手紙がありません。条件を変えてください。"))
    batch = new_id()
    by = Inviter(staff, secret_of(request))
    for firm in firms:
        organisations.invite_firm(session, firm, by, batch)
    return redirect(request, f"/invitations/letters/{batch}")


def _page(request: Request, session: Session, ward: str) -> Response:
    return render(
        request,
        "firms/invitations.html",
        ward=ward,
        wards=queries.wards(session),
        count=len(queries.firms_without_people(session, ward, limit=MOST_LETTERS)),
        most=MOST_LETTERS,
    )
