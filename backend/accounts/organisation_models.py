"""Organisations, who belongs to them and as what, invitations into them, and links that sign somebody in."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from backend.core.model import Model, moment, new_id, str_enum


class OrganisationKind(StrEnum):
    """What an organisation is here for."""

    WORKSHOP = "workshop"
    STARTUP = "startup"
    COORDINATORS = "coordinators"
    FACILITY = "facility"


class Standing(StrEnum):
    """What a person is in an organisation. An admin there invites and removes its people, and nobody else's."""

    MEMBER = "member"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Organisation(Model, table=True):
    """A workshop, a startup, a public facility, or a body of coordinators with the wards it looks after."""

    __tablename__: ClassVar[str] = "organisations"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    kind: OrganisationKind = Field(sa_column=str_enum(OrganisationKind, "organisation_kind", index=True))
    name: str = Field(max_length=120)
    # No foreign key: firms stand above accounts.
    firm_id: str | None = Field(default=None, max_length=64, unique=True)
    all_wards: bool = Field(default=False)
    created_at: datetime = Field(sa_column=moment())


class OrganisationWard(Model, table=True):
    """A ward that a body of coordinators looks after."""

    __tablename__: ClassVar[str] = "organisation_wards"

    organisation_id: str = Field(foreign_key="organisations.id", primary_key=True, max_length=32)
    ward: str = Field(primary_key=True, max_length=20)


class Membership(Model, table=True):
    """That a person belongs to an organisation."""

    __tablename__: ClassVar[str] = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", name="uq_memberships_user_id_organisation_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    organisation_id: str = Field(foreign_key="organisations.id", index=True, max_length=32)
    standing: Standing = Field(sa_column=str_enum(Standing, "standing"))
    created_at: datetime = Field(sa_column=moment())


class Invitation(Model, table=True):
    """A way in that works once. Its code is made from the secret key; only a digest of it is kept."""

    __tablename__: ClassVar[str] = "invitations"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisations.id", index=True, max_length=32)
    standing: Standing = Field(sa_column=str_enum(Standing, "standing"))
    # Empty for a printed letter: whoever holds it says where mails go.
    email: str = Field(default="", max_length=254)
    name: str = Field(default="", max_length=100)
    lang: str = Field(default="ja", max_length=2)
    code_digest: str = Field(max_length=64, unique=True)
    # Letters that were made together are printed together.
    batch: str | None = Field(default=None, max_length=32, index=True)
    invited_by: str = Field(foreign_key="users.id", max_length=32)
    created_at: datetime = Field(sa_column=moment(index=True))
    expires_at: datetime = Field(sa_column=moment())
    accepted_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    accepted_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class SignInLink(Model, table=True):
    """A mailed link that signs one person in, once."""

    __tablename__: ClassVar[str] = "sign_in_links"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    token_digest: str = Field(max_length=64, unique=True)
    user_id: str = Field(foreign_key="users.id", index=True, max_length=32)
    expires_at: datetime = Field(sa_column=moment(index=True))
    used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
