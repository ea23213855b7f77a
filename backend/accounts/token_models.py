"""Tokens with which programs act for an organisation."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import uuid4

from sqlmodel import Field

from backend.core.model import Model, moment, str_enum

# The id of a token begins with this, so that it is never taken for a person where both may stand.
MARK = "token-"


class Scope(StrEnum):
    """What a token may do. Who may write may read as well."""

    READ = "read"
    WRITE = "write"


def new_token_id() -> str:
    return MARK + uuid4().hex[: 32 - len(MARK)]


class ApiToken(Model, table=True):
    """A token of an organisation. Of the secret only a digest is kept, and its first letters to know it by."""

    __tablename__: ClassVar[str] = "api_tokens"

    id: str = Field(default_factory=new_token_id, primary_key=True, max_length=32)
    organisation_id: str = Field(foreign_key="organisations.id", index=True, max_length=32)
    name: str = Field(max_length=80)
    digest: str = Field(max_length=64, unique=True)
    prefix: str = Field(max_length=12)
    scope: Scope = Field(sa_column=str_enum(Scope, "token_scope"))
    created_by: str = Field(foreign_key="users.id", max_length=32)
    created_at: datetime = Field(sa_column=moment())
    expires_at: datetime = Field(sa_column=moment())
    last_used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
