"""Tokens for programs: made, renamed and revoked by those who keep the organisation. A secret is shown once."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts import organisations, queries, rules, token_queries, tokens
from backend.accounts.dependencies import SignedIn
from backend.accounts.models import Organisation, Scope, User
from backend.accounts.token_forms import SCOPE_NAMES, read_token, read_token_name
from backend.accounts.token_models import new_token_id
from backend.core import clock
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import redirect
from backend.core.site import settings_of
from backend.core.templating import render

router = APIRouter(prefix="/organisations/{organisation_id}/tokens")
Text = Annotated[str, Form()]
USUAL_DAYS = rules.TOKEN_DAYS[1]


@router.get("")
def list_tokens(request: Request, session: ReadSession, user: SignedIn, organisation_id: str) -> Response:
    return _page(request, session, user, organisation_id)


@router.post("")
def create_token(
    request: Request,
    session: WriteSession,
    user: SignedIn,
    organisation_id: str,
    form_id: Text = "",
    name: Text = "",
    scope: Text = "",
    days: Text = "",
) -> Response:
    """The page that follows is the only one that shows the secret, so this answers with it instead of leading there."""
    organisation = _kept(session, user, organisation_id)
    typed = {"name": name, "scope": scope, "days": days}
    try:
        made, secret = tokens.create(session, organisation, read_token(form_id, name, scope, days), user)
    except Invalid as refusal:
        return _page(request, session, user, organisation_id, typed=typed, refusal=refusal)
    if secret is None:
        return redirect(request, f"/organisations/{organisation_id}/tokens")
    base = settings_of(request).base_url
    response = render(
        request, "accounts/token_made.html", organisation=organisation, token=made, secret=secret, base=base
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/{api_token_id}/rename")
def rename_token(
    request: Request, session: WriteSession, user: SignedIn, organisation_id: str, api_token_id: str, name: Text = ""
) -> Response:
    organisation = _kept(session, user, organisation_id)
    try:
        tokens.rename(session, organisation, api_token_id, read_token_name(name), user)
    except Invalid as refusal:
        return _page(request, session, user, organisation_id, renamed=(api_token_id, name), refusal=refusal)
    return redirect(request, f"/organisations/{organisation_id}/tokens")


@router.post("/{api_token_id}/revoke")
def revoke_token(
    request: Request, session: WriteSession, user: SignedIn, organisation_id: str, api_token_id: str
) -> Response:
    tokens.revoke(session, _kept(session, user, organisation_id), api_token_id, user)
    return redirect(request, f"/organisations/{organisation_id}/tokens")


def _kept(session: Session, user: User, organisation_id: str) -> Organisation:
    """The organisation, for those who keep its tokens."""
    organisation = organisations.open_for(session, user, organisation_id)
    if not tokens.may_keep(session, user, organisation):
        raise NotFound
    return organisation


def _page(
    request: Request,
    session: Session,
    user: User,
    organisation_id: str,
    *,
    typed: dict[str, str] | None = None,
    renamed: tuple[str, str] = ("", ""),
    refusal: Invalid | None = None,
) -> Response:
    organisation = _kept(session, user, organisation_id)
    found = token_queries.tokens_of(session, organisation.id)
    return render(
        request,
        "accounts/tokens.html",
        None,
        refusal.status if refusal else 200,
        organisation=organisation,
        tokens=found,
        makers=queries.user_names(session, (token.created_by for token in found)),
        stopped=token_queries.stopped_makers(session, found),
        scope_names=SCOPE_NAMES,
        scopes=list(Scope),
        days=rules.TOKEN_DAYS,
        now=clock.now(),
        form_id=new_token_id(),
        typed=typed or {"name": "", "scope": Scope.READ.value, "days": str(USUAL_DAYS)},
        renamed=renamed,
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
    )
