"""Signing in by a mailed link."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backend.accounts import sign_in_links
from backend.accounts.browser import address_of, browser_of, enter
from backend.core.db import OpenDatabase
from backend.core.errors import Invalid, TooMany
from backend.core.i18n import language
from backend.core.site import settings_of
from backend.core.templating import render

router = APIRouter()


@router.get("/sign-in/link")
def show_ask(request: Request) -> Response:
    return render(request, "accounts/link_ask.html", email="", error="", sent=False)


@router.post("/sign-in/link")
def ask(request: Request, database: OpenDatabase, email: Annotated[str, Form()] = "") -> Response:
    """The same answer whether somebody with this address exists or not."""
    try:
        sign_in_links.ask(database, email, address_of(request), language())
    except (Invalid, TooMany) as refusal:
        status, error = refusal.status, refusal.message
        return render(request, "accounts/link_ask.html", None, status, email=email, error=error, sent=False)
    return render(request, "accounts/link_ask.html", email=email, error="", sent=True)


@router.get("/sign-in/link/{link_token}")
def show_link(request: Request, link_token: str) -> Response:
    """Looking does not use the link up: mail programs look at every link before their owner does."""
    return render(request, "accounts/link_use.html", token=link_token, error="")


@router.post("/sign-in/link/{link_token}")
def use_link(request: Request, database: OpenDatabase, link_token: str) -> Response:
    try:
        with database.writing() as session:
            days = settings_of(request).session_days
            token = sign_in_links.use(session, link_token, browser_of(request), days)
    except Invalid as refusal:
        return render(request, "accounts/link_use.html", None, 422, token=link_token, error=refusal.message)
    return enter(request, database, token, "/")
