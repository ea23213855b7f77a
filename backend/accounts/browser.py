"""What a page knows of the browser before it, and the cookie it hands out."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi import Request
from fastapi.responses import Response

from backend.accounts import service
from backend.accounts.dependencies import COOKIE
from backend.core.db import Database
from backend.core.htmx import redirect
from backend.core.security import sign, unsign
from backend.core.site import secret_of, settings_of

START = "/"
# The bits of an IPv6 address that a household chooses for itself.
HOUSEHOLD = 64


def enter(request: Request, database: Database, token: str, address: str) -> Response:
    """Hand out the new session and end the one this browser had: a planted cookie is worth nothing."""
    settings = settings_of(request)
    old = token_of(request)
    if old is not None:
        with database.writing() as session:
            service.close_session(session, old)
    response = redirect(request, _first_page(request, database, token) if address == START else address)
    response.set_cookie(
        COOKIE,
        sign(settings.secret_key.get_secret_value(), token),
        max_age=settings.session_days * 24 * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.production,
    )
    return response


def _first_page(request: Request, database: Database, token: str) -> str:
    """Where somebody goes who came from nowhere in particular."""
    with database.reading() as session:
        user = service.who_holds(session, token)
        first: str = request.app.state.first_page(session, user) if user else START
    return first


def token_of(request: Request) -> str | None:
    cookie = request.cookies.get(COOKIE)
    return unsign(secret_of(request), cookie) if cookie else None


def address_of(request: Request) -> str:
    """Where on the network somebody is. Of IPv6 the network of a household: one line has more addresses than tries."""
    host = request.client.host if request.client else "unknown"
    try:
        known = ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(IPv6Network((int(known) >> HOUSEHOLD << HOUSEHOLD, 128 - HOUSEHOLD)))
    return str(known.ipv4_mapped) if isinstance(known, IPv6Address) else host


def browser_of(request: Request) -> str:
    return request.headers.get("user-agent", "")


def inside(address: str) -> str:
    """The address if it lies on this site, else the start page: nobody is sent elsewhere after signing in."""
    local = address.startswith("/") and not address.startswith("//")
    return address if local and "\\" not in address and address.isprintable() else "/"
