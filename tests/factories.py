"""People for tests, made by walking the services."""

from itertools import count

from backend.accounts import service
from backend.accounts.dependencies import COOKIE
from backend.accounts.forms import NewUser
from backend.accounts.models import Role, User
from backend.core.db import Database
from backend.core.security import sign
from backend.core.settings import Settings

PASSWORD = "a long enough password"
FIRM_ID = "firm-of-the-shop"

_numbers = count(1)


def unique() -> int:
    """A number that no other call of this run gets."""
    return next(_numbers)


def person(database: Database, role: Role = Role.STARTUP, *, firm_id: str | None = None) -> User:
    """A new person who can sign in with PASSWORD."""
    number = unique()
    new = NewUser(
        email=f"{role.value}{number}@example.jp",
        name=f"{role.value} {number}",
        password=PASSWORD,
        role=role,
        firm_id=firm_id,
    )
    with database.writing() as session:
        return service.create_user(session, new)


def session_cookie(database: Database, settings: Settings, user: User) -> tuple[str, str]:
    """Name and value of the cookie of a fresh session of this person."""
    with database.writing() as session:
        token = service.open_session(session, user, "test", settings.session_days)
    return COOKIE, sign(settings.secret_key.get_secret_value(), token)
