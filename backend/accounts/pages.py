"""Signing in and out, one's own sessions, and the users that an admin keeps."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts import password_change, queries, service
from backend.accounts.browser import address_of, browser_of, enter, inside, token_of
from backend.accounts.dependencies import COOKIE, Admin, CurrentUser, SignedIn
from backend.accounts.forms import read_new_user
from backend.accounts.models import Role, User
from backend.accounts.wording import KIND_NAMES, ROLE_NAMES, role_name
from backend.core import clock
from backend.core.db import OpenDatabase, ReadSession, WriteSession
from backend.core.errors import AppError, Invalid, NotFound, Refused, TooMany
from backend.core.htmx import redirect
from backend.core.pagination import paginate
from backend.core.site import settings_of
from backend.core.templating import render

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/sign-in")
def show_sign_in(request: Request, session: ReadSession, user: CurrentUser, next: str = "/") -> Response:  # noqa: A002
    if user is not None:
        return redirect(request, inside(next))
    people = queries.demo_people(session) if settings_of(request).demo else []
    return sign_in_page(request, next=inside(next), people=people)


@router.post("/sign-in")
def sign_in(
    request: Request,
    database: OpenDatabase,
    email: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002
) -> Response:
    attempt = service.Attempt(email, password, address_of(request), browser_of(request))
    try:
        token = service.sign_in(database, attempt, settings_of(request).session_days)
    except (Invalid, TooMany) as refusal:
        return sign_in_page(request, next=inside(next), email=email, error=refusal.message, status=refusal.status)
    return enter(request, database, token, inside(next))


@router.post("/sign-in/demo")
def sign_in_demo(request: Request, database: OpenDatabase, role: Text, next: Text = "/") -> Response:  # noqa: A002
    if not settings_of(request).demo or role not in set(Role):
        raise NotFound
    token = service.demo_sign_in(database, Role(role), browser_of(request), settings_of(request).session_days)
    return enter(request, database, token, inside(next))


@router.post("/sign-out")
def sign_out(request: Request, session: WriteSession) -> Response:
    token = token_of(request)
    if token is not None:
        service.close_session(session, token)
    response = redirect(request, "/")
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=settings_of(request).production)
    return response


@router.get("/account")
def show_account(request: Request, session: ReadSession, user: SignedIn, changed: bool = False) -> Response:
    return _account_page(request, session, user, changed=changed)


@router.post("/account/password")
def change_password(
    request: Request, database: OpenDatabase, user: SignedIn, current: Text = "", password: Text = ""
) -> Response:
    wanted = password_change.Change(current, password, address_of(request))
    try:
        password_change.change(database, user, token_of(request) or "", wanted)
    except (Invalid, TooMany, Refused) as refusal:
        with database.reading() as session:
            return _account_page(request, session, user, refusal=refusal)
    return redirect(request, "/account?changed=true")


@router.post("/account/sessions/revoke-others")
def revoke_others(request: Request, session: WriteSession, user: SignedIn) -> Response:
    """Only this browser stays signed in."""
    service.revoke_others(session, user, token_of(request) or "")
    return redirect(request, "/account")


@router.post("/account/sessions/{sign_in_id}/revoke")
def revoke(request: Request, session: WriteSession, user: SignedIn, sign_in_id: str) -> Response:
    service.revoke(session, user, sign_in_id)
    return redirect(request, "/account")


@router.get("/admin/users")
def list_users(request: Request, session: ReadSession, admin: Admin, page: Annotated[int, Query(ge=1)] = 1) -> Response:
    return _users_page(request, session, admin, page=page)


@router.post("/admin/users")
def create_user(
    request: Request,
    session: WriteSession,
    admin: Admin,
    email: Text = "",
    name: Text = "",
    password: Text = "",
    role: Text = "",
    firm_id: Text = "",
) -> Response:
    typed = {"email": email, "name": name, "role": role, "firm_id": firm_id}
    try:
        new = read_new_user(email, name, password, role, firm_id)
        service.create_user(session, new, actor=admin)
    except Invalid as refusal:
        return _users_page(request, session, admin, typed=typed, refusal=refusal)
    return redirect(request, "/admin/users")


@router.post("/admin/users/{user_id}/active")
def set_active(
    request: Request, session: WriteSession, admin: Admin, user_id: str, active: Annotated[bool, Form()]
) -> Response:
    service.set_active(session, user_id, active=active, actor=admin)
    return redirect(request, "/admin/users")


def sign_in_page(request: Request, *, next: str, status: int = 200, **context: object) -> Response:  # noqa: A002
    """The page with every way in; `error` says why the last one did not open."""
    settings = settings_of(request)
    values = {
        "people": [],
        "email": "",
        "error": "",
        "oidc": settings.oidc_name if settings.oidc_issuer else "",
    } | context
    return render(request, "accounts/sign_in.html", None, status, next=next, role_names=ROLE_NAMES, **values)


def _account_page(
    request: Request, session: Session, user: User, *, changed: bool = False, refusal: AppError | None = None
) -> Response:
    token = token_of(request) or ""
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return render(
        request,
        "accounts/account.html",
        status=refusal.status if refusal else 200,
        sign_ins=queries.sign_ins_of(session, user.id, clock.now()),
        this_digest=service.digest(token),
        role=role_name(user.role),
        organisations=queries.organisations_of(session, user.id),
        kind_names=KIND_NAMES,
        asks_for_the_old_one=password_change.asks_for_the_old_one(session, token),
        changed=changed,
        errors=errors,
        error=refusal.message if refusal and not errors else "",
    )


def _users_page(
    request: Request,
    session: ReadSession,
    admin: Admin,
    *,
    page: int = 1,
    typed: dict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response:
    return render(
        request,
        "accounts/users.html",
        status=refusal.status if refusal else 200,
        users=paginate(session, queries.all_users(), number=page, size=50),
        typed=typed or {"email": "", "name": "", "role": "", "firm_id": ""},
        error=refusal.message if refusal else "",
        errors=refusal.fields if refusal else {},
        role_names=ROLE_NAMES,
        me=admin,
    )
