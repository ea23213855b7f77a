"""Organisations: the list, one of them with its people and invitations, and what can be changed there."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts import organisations, queries, rules
from backend.accounts.dependencies import SignedIn
from backend.accounts.forms import read_invitee, read_organisation, read_wards
from backend.accounts.models import Organisation, OrganisationKind, User
from backend.accounts.organisations import Inviter
from backend.accounts.wording import KIND_NAMES, STANDING_NAMES
from backend.core import clock
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import redirect
from backend.core.i18n import language
from backend.core.pagination import paginate
from backend.core.site import secret_of
from backend.core.templating import render

router = APIRouter()
Text = Annotated[str, Form()]
Number = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/organisations")
def list_organisations(
    request: Request,
    session: ReadSession,
    user: SignedIn,
    q: Annotated[str, Query(max_length=120)] = "",
    kind: str = "",
    page: Number = 1,
) -> Response:
    """Staff see all of them; everybody else their own."""
    return _list_page(request, session, user, q=q.strip(), kind=kind, number=page)


@router.post("/organisations")
def create_organisation(
    request: Request, session: WriteSession, user: SignedIn, kind: Text = "", name: Text = "", wards: Text = ""
) -> Response:
    if not user.is_staff:
        raise NotFound
    typed = {"kind": kind, "name": name, "wards": wards}
    try:
        made = organisations.create(session, read_organisation(kind, name, wards), user)
    except Invalid as refusal:
        return _list_page(request, session, user, typed=typed, refusal=refusal)
    return redirect(request, f"/organisations/{made.id}")


@router.get("/organisations/{organisation_id}")
def show_organisation(
    request: Request, session: ReadSession, user: SignedIn, organisation_id: str, page: Number = 1
) -> Response:
    return _show_page(request, session, user, organisations.open_for(session, user, organisation_id), number=page)


@router.post("/organisations/{organisation_id}/invitations")
def invite(
    request: Request,
    session: WriteSession,
    user: SignedIn,
    organisation_id: str,
    standing: Text = "",
    email: Text = "",
    name: Text = "",
    lang: Text = "ja",
) -> Response:
    """By mail where an address is given, else a letter that is shown at once for printing."""
    organisation = organisations.open_for(session, user, organisation_id)
    if not organisations.may_keep_people(session, user, organisation):
        raise NotFound
    typed = {"standing": standing, "email": email, "name": name, "lang": lang}
    try:
        invitee = read_invitee(standing, email, name, lang)
        made = organisations.invite(session, organisation, invitee, Inviter(user, secret_of(request)))
    except Invalid as refusal:
        return _show_page(request, session, user, organisation, typed=typed, refusal=refusal)
    here = f"/organisations/{organisation.id}"
    return redirect(request, here if made.email else f"{here}/invitations/{made.id}/letter")


@router.post("/organisations/{organisation_id}/invitations/{invitation_id}/revoke")
def revoke_invitation(
    request: Request, session: WriteSession, user: SignedIn, organisation_id: str, invitation_id: str
) -> Response:
    organisation = organisations.open_for(session, user, organisation_id)
    organisations.revoke(session, organisation, invitation_id, user)
    return redirect(request, f"/organisations/{organisation.id}")


@router.post("/organisations/{organisation_id}/members/{user_id}/remove")
def remove_member(
    request: Request, session: WriteSession, user: SignedIn, organisation_id: str, user_id: str
) -> Response:
    organisation = organisations.open_for(session, user, organisation_id)
    organisations.remove(session, organisation, user_id, user)
    return redirect(request, f"/organisations/{organisation.id}")


@router.post("/organisations/{organisation_id}/wards")
def change_wards(
    request: Request, session: WriteSession, user: SignedIn, organisation_id: str, wards: Text = ""
) -> Response:
    organisation = organisations.open_for(session, user, organisation_id)
    organisations.change_wards(session, organisation, read_wards(wards), user)
    return redirect(request, f"/organisations/{organisation.id}")


def _list_page(
    request: Request,
    session: Session,
    user: User,
    *,
    q: str = "",
    kind: str = "",
    number: int = 1,
    typed: dict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    wanted = OrganisationKind(kind) if kind in set(OrganisationKind) else None
    found = paginate(session, queries.found_organisations(user, q, wanted), number=number)
    return render(
        request,
        "accounts/organisations.html",
        None,
        refusal.status if refusal else 200,
        found=found,
        counts=queries.member_counts(session, (organisation.id for organisation in found.items)),
        q=q,
        kind=wanted,
        kind_names=KIND_NAMES,
        kinds=[each for each in OrganisationKind if rules.may_create(user.role, each)],
        href=lambda page: f"/organisations?{urlencode({'q': q, 'kind': kind, 'page': page})}",
        typed=typed or {"kind": OrganisationKind.WORKSHOP, "name": "", "wards": ""},
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
    )


def _show_page(
    request: Request,
    session: Session,
    user: User,
    organisation: Organisation,
    *,
    number: int = 1,
    typed: dict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    own = organisations.standing_of(session, user, organisation)
    keeps = rules.may_keep_people(user.role, own, organisation.kind)
    grants = [s for s in rules.STANDINGS[organisation.kind] if rules.may_grant(user.role, own, organisation.kind, s)]
    return render(
        request,
        "accounts/organisation.html",
        None,
        refusal.status if refusal else 200,
        organisation=organisation,
        members=queries.members(session, organisation.id),
        invitations=paginate(session, queries.invitations_of(organisation.id), number=number) if keeps else None,
        wards=queries.wards_of(session, organisation.id),
        may_change_wards=rules.may_create(user.role, OrganisationKind.COORDINATORS),
        keeps=keeps,
        keeps_tokens=rules.may_keep_tokens(user.role, own),
        grants=grants,
        kind_names=KIND_NAMES,
        standing_names=STANDING_NAMES,
        now=clock.now(),
        typed=typed or {"standing": grants[-1] if grants else "", "email": "", "name": "", "lang": language()},
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
        href=lambda page: f"/organisations/{organisation.id}?page={page}",
    )
