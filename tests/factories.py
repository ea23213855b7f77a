"""People for tests, placed where the services would place them."""

from functools import cache
from itertools import count
from time import monotonic, sleep

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, func, select

from backend.accounts import memberships, passwords, service
from backend.accounts.dependencies import COOKIE
from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.db import Database
from backend.core.security import sign
from backend.core.settings import Settings
from backend.firms.models import Firm

PASSWORD = "a long enough password"
FIRM_ID = "firm-of-the-shop"

_numbers = count(1)


def unique() -> int:
    """A number that no other call of this run gets."""
    return next(_numbers)


def until_ready(client: TestClient) -> None:
    """Until the index of the matches is there. Raises TimeoutError after a minute."""
    end = monotonic() + 60
    while client.get("/healthz", headers={"Host": "localhost"}).status_code != 200:
        if monotonic() > end:
            raise TimeoutError(client.get("/healthz").text)
        sleep(0.05)


@cache
def _hash() -> str:
    """PASSWORD as it is kept, hashed once."""
    return passwords.hash_password(PASSWORD)


def person(database: Database, role: Role = Role.STARTUP, *, firm_id: str | None = None) -> User:
    """A new person who can sign in with PASSWORD."""
    number = unique()
    user = User(
        email=f"{role.value}{number}@example.jp",
        name=f"{role.value} {number}",
        password_hash=_hash(),
        role=role,
        firm_id=firm_id,
        created_at=clock.now(),
    )
    with database.writing() as session:
        session.add(user)
        session.flush()
        memberships.place(session, user)
    return user


def browser(app: FastAPI) -> TestClient:
    """A new browser of a stranger. Redirects are not followed, failures come back as pages.

    It asks in the event loop of the running application, instead of in a new one with new threads for each question.
    """
    made = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    made.portal = app.state.portal
    return made


def session_cookie(database: Database, settings: Settings, user: User) -> tuple[str, str]:
    """Name and value of the cookie of a fresh session of this person."""
    with database.writing() as session:
        token = service.open_session(session, user, "test", settings.session_days)
    return COOKIE, sign(settings.secret_key.get_secret_value(), token)


def count_firms(session: Session) -> int:
    """How many living firms there are."""
    return session.exec(select(func.count()).select_from(Firm).where(col(Firm.deleted_at).is_(None))).one()
