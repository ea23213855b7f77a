"""Coming in by an invitation, and the letters that carry one on paper."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from markupsafe import Markup

from backend.accounts import organisations, passwords, queries, service
from backend.accounts.browser import address_of, browser_of, enter
from backend.accounts.dependencies import CurrentUser, SignedIn, Staff
from backend.accounts.forms import check_person
from backend.accounts.models import Invitation, Organisation
from backend.accounts.organisations import AddressTaken
from backend.accounts.wording import standing_name
from backend.core import clock
from backend.core.db import Database, OpenDatabase, ReadSession, WriteSession
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.site import secret_of, settings_of
from backend.core.templating import render

router = APIRouter()
Text = Annotated[str, Form()]
QR_BORDER = 4  # modules of white around the code, as the standard asks for


@router.get("/i/{code}")
def show_invitation(request: Request, session: ReadSession, _user: CurrentUser, code: str) -> Response:
    return _accept_page(request, *organisations.open_invitation(session, code), code=code)


@router.post("/i/{code}")
def accept(
    request: Request,
    database: OpenDatabase,
    code: str,
    email: Text = "",
    name: Text = "",
    password: Text = "",
) -> Response:
    """A new person takes the invitation and is signed in. Nobody learns by it who else is registered: see below."""
    with database.reading() as session:
        invitation, organisation = organisations.open_invitation(session, code)
        guess = f"invitation:{invitation.id}"
        service.check_guesses(session, guess, address_of(request))
    typed = {"email": email, "name": name}
    try:
        address, called = check_person(invitation.email or email, name)
        passwords.check_new(password)
        token = _come_in(request, database, guess, (code, address, called, password))
    except Invalid as refusal:
        return _accept_page(request, invitation, organisation, code=code, typed=typed, refusal=refusal)
    return enter(request, database, token, "/account")


def _come_in(request: Request, database: Database, guess: str, person: tuple[str, str, str, str]) -> str:
    """A session for the new person. Asking and counting are one transaction, so that many at once gain nothing.

    Raises:
        AddressTaken: somebody else has this address.
    """
    with database.writing() as session:
        service.check_guesses(session, guess, address_of(request))
        try:
            user = organisations.accept_as_new(session, *person)
        except AddressTaken as refusal:
            # Whoever holds a letter could ask for one address after the other: a few tries are enough for a slip.
            service.note_failure(session, guess, address_of(request))
            taken = refusal
        else:
            days = settings_of(request).session_days
            return service.open_session(session, user, browser_of(request), days, by="invitation")
    raise taken


@router.post("/i/{code}/join")
def join(request: Request, session: WriteSession, user: SignedIn, code: str) -> Response:
    """Somebody who is signed in joins with the account they have."""
    organisations.accept_as(session, code, user.id)
    return redirect(request, "/account")


@router.get("/organisations/{organisation_id}/invitations/{invitation_id}/letter")
def show_letter(
    request: Request, session: ReadSession, user: SignedIn, organisation_id: str, invitation_id: str
) -> Response:
    """One invitation on a sheet of A4."""
    organisation = organisations.open_for(session, user, organisation_id)
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.organisation_id != organisation.id:
        raise NotFound
    if not organisations.may_keep_people(session, user, organisation):
        raise NotFound
    return _letters(request, [(invitation, organisation)], f"/organisations/{organisation.id}")


@router.get("/invitations/letters/{batch}")
def show_letters(request: Request, session: ReadSession, _staff: Staff, batch: str) -> Response:
    """All letters that were made together, one sheet each; print them or save them as one PDF."""
    found = queries.invitations_in_batch(session, batch)
    if not found:
        raise NotFound
    return _letters(request, list(found), "/organisations")


def _letters(request: Request, found: list[tuple[Invitation, Organisation]], back: str) -> Response:
    letters = [_letter(request, invitation, organisation) for invitation, organisation in found]
    if not any(letter["open"] for letter in letters) and len(letters) == 1:
        raise Refused(str(letters[0]["problem"]))
    return render(request, "accounts/letters.html", letters=letters, back=back, sender=request.state.current_user)


def _letter(request: Request, invitation: Invitation, organisation: Organisation) -> dict[str, object]:
    code = organisations.code_of(invitation.id, secret_of(request))
    address = f"{settings_of(request).base_url}{organisations.path_of(code)}"
    problem = organisations.why_closed(invitation, clock.now())
    return {
        "organisation": organisation,
        "invitation": invitation,
        "role": standing_name(invitation.standing),
        "address": address,
        "code": code,
        "qr": qr_code(address),
        "open": not problem,
        "problem": problem,
    }


def qr_code(address: str) -> Markup:
    """The address as a picture to point a telephone at; it holds nothing but squares."""
    drawn = segno.make(address, error="m").svg_inline(border=QR_BORDER, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 - segno draws squares only, whatever the address says


def _accept_page(
    request: Request,
    invitation: Invitation,
    organisation: Organisation,
    *,
    code: str,
    typed: dict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    return render(
        request,
        "accounts/accept.html",
        None,
        refusal.status if refusal else 200,
        invitation=invitation,
        organisation=organisation,
        role=standing_name(invitation.standing),
        code=code,
        typed=typed or {"email": "", "name": invitation.name},
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
    )
