"""Signing in with the account of one's organisation: to the provider, and back from it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from backend.accounts import organisations, queries, service
from backend.accounts.browser import browser_of, enter, inside
from backend.accounts.oidc import LIFE, Begun, Client, Identity, Provider
from backend.accounts.pages import sign_in_page
from backend.core.db import Database, OpenDatabase
from backend.core.errors import AppError
from backend.core.i18n import gettext as _
from backend.core.security import sign, unsign
from backend.core.settings import Settings
from backend.core.site import secret_of, settings_of

router = APIRouter(prefix="/sign-in/oidc")
COOKIE = "nakamawa_oidc"
CALLBACK = "/sign-in/oidc/callback"


def provider(settings: Settings) -> Provider | None:
    """The provider that the operator named, if any."""
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    redirect_uri = f"{settings.base_url}{CALLBACK}"
    client = Client(settings.oidc_issuer, settings.oidc_client_id, secret, redirect_uri, settings.oidc_name)
    return Provider(client)


@router.get("")
def begin(request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:  # noqa: A002
    """Off to the provider, with a cookie that only this browser can bring back."""
    begun = Begun.now(inside(next))
    try:
        response = RedirectResponse(_provider(request).address(begun), status_code=303)
    except AppError as refusal:
        return sign_in_page(request, next=begun.next, error=refusal.message, status=refusal.status)
    response.set_cookie(
        COOKIE,
        sign(secret_of(request), begun.pack()),
        max_age=int(LIFE.total_seconds()),
        path=router.prefix,
        httponly=True,
        samesite="lax",
        secure=settings_of(request).production,
    )
    return response


@router.get("/callback")
def come_back(request: Request, database: OpenDatabase) -> Response:
    """Back from the provider. Nothing is written before it is certain who came."""
    wanted = "/"
    try:
        begun = Begun.unpack(unsign(secret_of(request), request.cookies.get(COOKIE, "")))
        wanted = begun.next
        identity = _provider(request).identify(begun, dict(request.query_params))
        token = _open(database, identity, browser_of(request), settings_of(request).session_days)
    except AppError as refusal:
        response: Response = sign_in_page(request, next=wanted, error=refusal.message, status=refusal.status)
    else:
        response = enter(request, database, token, wanted)
    response.delete_cookie(COOKIE, path=router.prefix, httponly=True, samesite="lax")
    return response


def _open(database: Database, identity: Identity, browser: str, days: int) -> str:
    with database.writing() as session:
        known = queries.user_by_email(session, identity.email)
        user = known or organisations.accept_by_address(session, identity.email, identity.name)
        if user is None or not user.active or user.demo:
            raise AppError(
                403,
                _(
                    "%(email)s あての招待が見つかりません。招待した人に、このアドレスあてに送ってもらってください。",
                    email=identity.email,
                ),
            )
        return service.open_session(session, user, browser, days, by="oidc")


def _provider(request: Request) -> Provider:
    found: Provider = request.app.state.oidc
    return found
