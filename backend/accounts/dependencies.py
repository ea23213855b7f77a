"""Who is asking, and whether they may. A page declares one of these; nobody looks at the address instead."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request

from backend.accounts import service
from backend.accounts.models import Role, User
from backend.core.db import OpenDatabase
from backend.core.error_pages import wants_json
from backend.core.errors import NotFound
from backend.core.security import SESSION_COOKIE

COOKIE = SESSION_COOKIE


def current_user(request: Request, database: OpenDatabase) -> User | None:
    """The person signed in with this browser. The read is over before the page begins."""
    cookie = request.cookies.get(COOKIE)
    user = None
    if cookie:
        secret = request.app.state.settings.secret_key.get_secret_value()
        with database.reading() as session:
            user = service.who(session, secret, cookie)
    request.state.current_user = user
    return user


CurrentUser = Annotated[User | None, Depends(current_user)]


def _signed_in(request: Request, user: CurrentUser) -> User:
    if user is not None:
        return user
    if wants_json(request):
        raise HTTPException(401)
    wanted = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    raise HTTPException(303, headers={"Location": f"/sign-in?next={quote(wanted + query, safe='/')}"})


SignedIn = Annotated[User, Depends(_signed_in)]


def _staff(user: SignedIn) -> User:
    if not user.is_staff:
        raise NotFound
    return user


def _admin(user: SignedIn) -> User:
    if user.role is not Role.ADMIN:
        raise NotFound
    return user


Staff = Annotated[User, Depends(_staff)]
Admin = Annotated[User, Depends(_admin)]
