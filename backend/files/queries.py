"""All SQL of files. What a person is given begins with `visible_documents`."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.files.models import Audience, Document, DocumentDisclosure, DocumentVersion, DocumentView
from backend.files.rules import CLIENT, DESK


def visible_documents(subject: str, audience_keys: Collection[str]) -> SelectOfScalar[Document]:
    """The documents of a subject that somebody with these audience keys may see; none without a key."""
    living = select(Document).where(col(Document.subject) == subject, col(Document.removed_at).is_(None))
    return living if DESK in audience_keys else living.where(_open_to(audience_keys))


def _open_to(keys: Collection[str]) -> ColumnElement[bool]:
    if not keys:
        return false()
    shown = exists().where(
        col(DocumentDisclosure.document_id) == col(Document.id),
        col(DocumentDisclosure.audience_key).in_(list(keys)),
        col(DocumentDisclosure.withdrawn_at).is_(None),
    )
    ways = [
        col(Document.owner_key).in_(list(keys)),
        and_(col(Document.audience) == Audience.CONSENTED, shown),
    ]
    if CLIENT in keys:
        ways.append(col(Document.audience) != Audience.COORDINATORS)
    return or_(*ways)


def documents(session: Session, subject: str, audience_keys: Collection[str]) -> Sequence[Document]:
    """In the order in which they came."""
    statement = visible_documents(subject, audience_keys)
    return session.scalars(statement.order_by(col(Document.created_at), col(Document.id))).all()


def document(session: Session, subject: str, audience_keys: Collection[str], document_id: str) -> Document | None:
    """One document, held for the rest of a write so that two changes come one after the other."""
    statement = visible_documents(subject, audience_keys).where(col(Document.id) == document_id)
    return session.scalars(statement.with_for_update()).one_or_none()


def version(session: Session, subject: str, audience_keys: Collection[str], version_id: str) -> DocumentVersion | None:
    seen = visible_documents(subject, audience_keys).with_only_columns(col(Document.id))
    statement = select(DocumentVersion).where(
        col(DocumentVersion.id) == version_id, col(DocumentVersion.document_id).in_(seen)
    )
    return session.scalars(statement).one_or_none()


def versions_of(session: Session, document_ids: Collection[str]) -> Sequence[DocumentVersion]:
    """The newest of each document first."""
    statement = select(DocumentVersion).where(col(DocumentVersion.document_id).in_(list(document_ids)))
    return session.scalars(statement.order_by(col(DocumentVersion.number).desc())).all()


def disclosures_of(session: Session, document_ids: Collection[str]) -> Sequence[DocumentDisclosure]:
    """All of them in order, those that were taken back too."""
    statement = select(DocumentDisclosure).where(col(DocumentDisclosure.document_id).in_(list(document_ids)))
    return session.scalars(statement.order_by(col(DocumentDisclosure.at), col(DocumentDisclosure.id))).all()


def standing(session: Session, document_id: str, audience_key: str) -> DocumentDisclosure | None:
    statement = select(DocumentDisclosure).where(
        col(DocumentDisclosure.document_id) == document_id,
        col(DocumentDisclosure.audience_key) == audience_key,
        col(DocumentDisclosure.withdrawn_at).is_(None),
    )
    return session.scalars(statement).one_or_none()


def standing_in(session: Session, subject: str, audience_key: str) -> Sequence[DocumentDisclosure]:
    """Everything of a subject that is shown under this key."""
    of_subject = select(Document.id).where(col(Document.subject) == subject)
    statement = select(DocumentDisclosure).where(
        col(DocumentDisclosure.document_id).in_(of_subject),
        col(DocumentDisclosure.audience_key) == audience_key,
        col(DocumentDisclosure.withdrawn_at).is_(None),
    )
    return session.scalars(statement).all()


def views_of(session: Session, document_ids: Collection[str]) -> Sequence[tuple[DocumentView, DocumentVersion]]:
    """Who was handed which version, newest first."""
    statement = (
        select(DocumentView, DocumentVersion)
        .join(DocumentVersion, col(DocumentVersion.id) == col(DocumentView.version_id))
        .where(col(DocumentVersion.document_id).in_(list(document_ids)))
        .order_by(col(DocumentView.at).desc(), col(DocumentView.id))
    )
    return [(view, version) for view, version in session.execute(statement)]


def count_documents(session: Session, subject: str) -> int:
    living = select(Document).where(col(Document.subject) == subject, col(Document.removed_at).is_(None))
    return session.scalar(living.with_only_columns(func.count())) or 0


def bytes_held(session: Session, subject: str) -> int:
    """How much all versions of its papers take."""
    held = select(func.sum(col(DocumentVersion.size))).join(Document, col(Document.id) == DocumentVersion.document_id)
    return session.scalar(held.where(col(Document.subject) == subject, col(Document.removed_at).is_(None))) or 0


def newest_number(session: Session, document_id: str) -> int:
    statement = select(func.max(col(DocumentVersion.number))).where(col(DocumentVersion.document_id) == document_id)
    return session.scalar(statement) or 0


def named_contents(session: Session) -> set[str]:
    """The digests of all contents that a version of a living document has."""
    return set(session.scalars(_living_contents()))


def is_named(session: Session, digest: str) -> bool:
    """Whether a version of a living document has this content."""
    here = _living_contents().where(col(DocumentVersion.sha256) == digest)
    return session.scalars(here.limit(1)).first() is not None


def _living_contents() -> SelectOfScalar[str]:
    living = select(DocumentVersion.sha256).join(Document, col(Document.id) == col(DocumentVersion.document_id))
    return living.where(col(Document.removed_at).is_(None))
