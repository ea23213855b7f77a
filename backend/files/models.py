"""Tables of files: a document with its versions, to whom it is shown, and who has seen it."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from backend.core.model import Model, moment, new_id, str_enum
from backend.files.kinds import Kind

STANDS = text("withdrawn_at IS NULL")


class Audience(StrEnum):
    """Who comes into question for a document. The third names each of them besides, in `document_disclosures`."""

    COORDINATORS = "coordinators"
    CLIENT = "client"
    CONSENTED = "consented"


class HowSeen(StrEnum):
    """Looked at in the browser, or saved."""

    PAGE = "page"
    DOWNLOAD = "download"


class Document(Model, table=True):
    """A drawing or paper of a case. `subject` names what it belongs to ("case:12"), `owner_key` who brought it."""

    __tablename__: ClassVar[str] = "documents"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    subject: str = Field(max_length=64, index=True)
    title: str = Field(max_length=120)
    audience: Audience = Field(sa_column=str_enum(Audience, "audience"))
    owner_key: str = Field(max_length=64)
    created_by: str | None = Field(default=None, max_length=32)
    created_by_name: str = Field(max_length=160)
    created_at: datetime = Field(sa_column=moment())
    removed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    removed_by_name: str = Field(default="", max_length=160)


class DocumentVersion(Model, table=True):
    """One state of a document. Its content lies under its digest; `filename` is only ever shown."""

    __tablename__: ClassVar[str] = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    document_id: str = Field(foreign_key="documents.id", max_length=32)
    number: int
    filename: str = Field(max_length=120)
    kind: Kind = Field(sa_column=str_enum(Kind, "kind"))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    sha256: str = Field(max_length=64, index=True)
    note: str = Field(default="", max_length=400)
    uploaded_by: str | None = Field(default=None, max_length=32)
    uploaded_by_name: str = Field(max_length=160)
    uploaded_at: datetime = Field(sa_column=moment())


class DocumentDisclosure(Model, table=True):
    """That a document was shown to somebody ("leg:7") from one moment to another. One of them stands at a time."""

    __tablename__: ClassVar[str] = "document_disclosures"
    __table_args__ = (
        Index(
            "ix_document_disclosures_standing",
            "document_id",
            "audience_key",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    document_id: str = Field(foreign_key="documents.id", index=True, max_length=32)
    audience_key: str = Field(max_length=64)
    by_name: str = Field(max_length=160)
    at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    withdrawn_by_name: str = Field(default="", max_length=160)


class DocumentView(Model, table=True):
    """That somebody was handed a version. `who` is kept as it was shown, whatever becomes of the person later."""

    __tablename__: ClassVar[str] = "document_views"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    version_id: str = Field(foreign_key="document_versions.id", index=True, max_length=32)
    user_id: str | None = Field(default=None, max_length=32)
    # Whoever came by a signed link, without an account.
    link_id: str | None = Field(default=None, max_length=64)
    who: str = Field(max_length=160)
    how: HowSeen = Field(sa_column=str_enum(HowSeen, "how"))
    # Whether the receiver's name stood on what was handed out.
    stamped: bool = False
    at: datetime = Field(sa_column=moment())
