"""What the header and the way in ask of the cases: what waits for whoever is signed in, and where to begin."""

from collections.abc import Callable

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backend.accounts.models import Role, User
from backend.core.db import Database
from backend.introductions.client.queries import has_requests
from backend.introductions.firm.queries import count_waiting
from backend.introductions.messages.queries import unread_notices

START = "/"


def first_page(session: Session, user: User) -> str:
    """Where somebody goes who signed in and came from nowhere in particular: to what may wait for an answer."""
    if user.is_staff:
        return "/desk"
    if user.role is Role.WORKSHOP:
        return "/offers"
    return "/my-requests" if has_requests(session, user) else START


def unread_in(request: Request) -> int:
    """How many notices wait for whoever is signed in."""
    return _counted(request, unread_notices)


def offers_in(request: Request) -> int:
    """How many offers wait for an answer of the firm of whoever is signed in."""
    return _counted(request, count_waiting)


def _counted(request: Request, count: Callable[[Session, User], int]) -> int:
    """Nobody and nothing wait while the database is in trouble, which the page tells."""
    user: User | None = getattr(request.state, "current_user", None)
    if user is None:
        return 0
    database: Database = request.app.state.database
    try:
        with database.reading() as session:
            return count(session, user)
    except SQLAlchemyError:
        return 0
