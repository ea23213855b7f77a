"""People, their sign-ins, and the sign-ins that failed."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlmodel import Field

from backend.accounts.organisation_models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisationWard,
    SignInLink,
    Standing,
)
from backend.accounts.token_models import ApiToken, Scope
from backend.core.model import Model, moment, new_id, str_enum


class Role(StrEnum):
    """What a person may do. A workshop acts for its firm; a coordinator for the ward; an admin also keeps the users."""

    STARTUP = "startup"
    WORKSHOP = "workshop"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


STAFF = frozenset({Role.COORDINATOR, Role.ADMIN})


class User(Model, table=True):
    """A person who can sign in. The e-mail address is kept in lower case."""

    __tablename__: ClassVar[str] = "users"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=100)
    password_hash: str = Field(max_length=255)
    role: Role = Field(sa_column=str_enum(Role, "role"))
    # No foreign key: firms stand above accounts, and a firm is never deleted while somebody acts for it.
    firm_id: str | None = Field(default=None, max_length=64, index=True)
    demo: bool = Field(default=False)
    active: bool = Field(default=True)
    created_at: datetime = Field(sa_column=moment())

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF


class SignIn(Model, table=True):
    """One signed-in browser. The cookie holds a secret; only its digest is kept here."""

    __tablename__: ClassVar[str] = "sign_ins"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    token_digest: str = Field(max_length=64, unique=True)
    user_id: str = Field(foreign_key="users.id", index=True, max_length=32)
    browser: str = Field(max_length=200)
    # "password", "link", "oidc", "invitation" or "demo".
    came_by: str = Field(max_length=20)
    created_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment(index=True))


class LoginFailure(Model, table=True):
    """One wrong password, counted for the pair of account and address so that nobody can lock out another."""

    __tablename__: ClassVar[str] = "login_failures"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(max_length=254, index=True)
    address: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_column=moment(index=True))


# The migrations and everybody else find every table of this slice here.
__all__ = [
    "STAFF",
    "ApiToken",
    "Invitation",
    "LoginFailure",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "OrganisationWard",
    "Role",
    "Scope",
    "SignIn",
    "SignInLink",
    "Standing",
    "User",
]
