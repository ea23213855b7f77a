"""What can be done with files. Content is received and looked at before the write that names it begins.

staged = service.stage(settings, form_files)              no transaction is open: looking takes a second
with database.writing() as session:
    service.add_all(session, actor, "case:12", staged)    rows only
"""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from backend.core import audit, clock
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.jobs import enqueue
from backend.files import queries
from backend.files.intake import FormFile, Staged, stage, stage_one
from backend.files.listing import DocumentRow, listing
from backend.files.models import Audience, Document, DocumentDisclosure, DocumentVersion, DocumentView, HowSeen
from backend.files.names import stem_of
from backend.files.queries import visible_documents
from backend.files.rules import (
    CLIENT,
    DESK,
    MOST_DOCUMENTS,
    MOST_OF_CASE_MB,
    MOST_VERSIONS,
    Actor,
    firm_key,
    leg_key,
    may_change,
)

__all__ = [
    "CLIENT",
    "DESK",
    "Actor",
    "Audience",
    "DocumentRow",
    "FormFile",
    "HowSeen",
    "Staged",
    "add",
    "add_all",
    "add_version",
    "change_audience",
    "disclose",
    "documents",
    "firm_key",
    "leg_key",
    "listing",
    "note_view",
    "remove",
    "stage",
    "stage_one",
    "views",
    "visible_documents",
    "withdraw",
    "withdraw_all",
]

SWEEP = "files.sweep"
ADDED = audit.action("file added", mark("ファイルを加えた"))
AUDIENCE_CHANGED = audit.action("file audience changed", mark("ファイルを見せる範囲を変えた"))
SHOWN = audit.action("file shown", mark("ファイルを見せた"))
WITHDRAWN = audit.action("file withdrawn", mark("ファイルを見せるのをやめた"))
ALL_WITHDRAWN = audit.action("files withdrawn", mark("すべてのファイルを見せるのをやめた"))
REMOVED = audit.action("file removed", mark("ファイルを消した"))


def add(
    session: Session,
    actor: Actor,
    subject: str,
    staged: Staged,
    *,
    owner_key: str,
    title: str = "",
    audience: Audience = Audience.CLIENT,
    note: str = "",
) -> Document:
    """A new document with its first version. `owner_key` says who brought it: the desk, the client, one leg."""
    if queries.count_documents(session, subject) >= MOST_DOCUMENTS:
        raise Refused(_("ファイルは%(most)s件までです。要らないものを消してから加えてください。", most=MOST_DOCUMENTS))
    document = Document(
        subject=subject,
        title=(title.strip() or stem_of(staged.filename))[:120],
        audience=audience,
        owner_key=owner_key,
        created_by=actor.user_id,
        created_by_name=actor.name[:160],
        created_at=clock.now(),
    )
    session.add(document)
    session.flush()
    _add_version(session, actor, document, staged, note)
    return document


def add_all(
    session: Session,
    actor: Actor,
    subject: str,
    staged: Sequence[Staged],
    *,
    owner_key: str,
    audience: Audience = Audience.CLIENT,
    note: str = "",
) -> list[Document]:
    """One document for each file of a form."""
    return [add(session, actor, subject, one, owner_key=owner_key, audience=audience, note=note) for one in staged]


def add_version(
    session: Session, actor: Actor, subject: str, document_id: str, staged: Staged, *, note: str = ""
) -> DocumentVersion:
    """A newer state of a document. Whoever was shown the document sees this one too."""
    return _add_version(session, actor, _changeable(session, actor, subject, document_id), staged, note)


def _add_version(session: Session, actor: Actor, document: Document, staged: Staged, note: str) -> DocumentVersion:
    number = queries.newest_number(session, document.id) + 1
    if number > MOST_VERSIONS:
        raise Refused(_("版は%(most)s回までです。新しいファイルとして加えてください。", most=MOST_VERSIONS))
    if queries.bytes_held(session, document.subject) + staged.size > MOST_OF_CASE_MB * 2**20:
        words = _(
            "ファイルは合わせて%(most)s MBまでです。要らないものを消してから加えてください。", most=MOST_OF_CASE_MB
        )
        raise Refused(words)
    version = DocumentVersion(
        document_id=document.id,
        number=number,
        filename=staged.filename,
        kind=staged.kind,
        size=staged.size,
        sha256=staged.sha256,
        note=note.strip()[:400],
        uploaded_by=actor.user_id,
        uploaded_by_name=actor.name[:160],
        uploaded_at=clock.now(),
    )
    session.add(version)
    session.flush()
    _record(session, ADDED, actor, document, number=number)
    return version


def change_audience(session: Session, actor: Actor, subject: str, document_id: str, audience: Audience) -> None:
    """Who comes into question from now on. A narrower audience hides the document from those it was shown to."""
    document = _changeable(session, actor, subject, document_id)
    before, document.audience = document.audience, audience
    session.add(document)
    _record(session, AUDIENCE_CHANGED, actor, document, before=before.value, after=audience.value)


def disclose(session: Session, actor: Actor, subject: str, document_id: str, audience_key: str) -> None:
    """Show a document to somebody more. Twice is the same as once."""
    document = _changeable(session, actor, subject, document_id)
    if document.audience is not Audience.CONSENTED:
        raise Refused(_("このファイルは、工場に見せない設定です。先に見せる範囲を変えてください。"))
    if queries.standing(session, document_id, audience_key) is not None:
        return
    session.add(
        DocumentDisclosure(document_id=document_id, audience_key=audience_key, by_name=actor.name[:160], at=clock.now())
    )
    session.flush()
    _record(session, SHOWN, actor, document, after=audience_key)


def withdraw(session: Session, actor: Actor, subject: str, document_id: str, audience_key: str) -> None:
    """No longer show a document to them. What was saved before is theirs; the log says so."""
    document = _changeable(session, actor, subject, document_id)
    there = queries.standing(session, document_id, audience_key)
    if there is not None:
        _end(session, actor, there)
        _record(session, WITHDRAWN, actor, document, before=audience_key)


def withdraw_all(session: Session, actor: Actor, subject: str, audience_key: str) -> None:
    """Somebody leaves the case: nothing of it is shown to them any more, whoever showed it."""
    ended = queries.standing_in(session, subject, audience_key)
    for there in ended:
        _end(session, actor, there)
    if ended:
        audit.record(session, ALL_WITHDRAWN, subject, actor_id=actor.user_id, before=audience_key, count=len(ended))


def _end(session: Session, actor: Actor, there: DocumentDisclosure) -> None:
    there.withdrawn_at, there.withdrawn_by_name = clock.now(), actor.name[:160]
    session.add(there)
    session.flush()


def remove(session: Session, actor: Actor, subject: str, document_id: str) -> None:
    """Take a document away with all its versions. Who had seen it stays known; the content goes with the next sweep."""
    document = _changeable(session, actor, subject, document_id)
    document.removed_at, document.removed_by_name = clock.now(), actor.name[:160]
    session.add(document)
    _record(session, REMOVED, actor, document)
    enqueue(session, SWEEP, {}, f"{SWEEP}:{document_id}")


def note_view(session: Session, actor: Actor, version: DocumentVersion, how: HowSeen, *, stamped: bool = False) -> None:
    """Write down that this version is handed to the actor."""
    view = DocumentView(
        version_id=version.id,
        user_id=actor.user_id,
        link_id=actor.link_id,
        who=actor.name[:160],
        how=how,
        stamped=stamped,
        at=clock.now(),
    )
    session.add(view)


def views(session: Session, document: Document) -> Sequence[tuple[DocumentView, DocumentVersion]]:
    """Who was handed which version, newest first."""
    return queries.views_of(session, [document.id])


def documents(session: Session, subject: str, audience_keys: Collection[str]) -> Sequence[Document]:
    """What somebody with these keys may see."""
    return queries.documents(session, subject, audience_keys)


def _changeable(session: Session, actor: Actor, subject: str, document_id: str) -> Document:
    document = queries.document(session, subject, actor.keys, document_id)
    if document is None:
        raise NotFound
    if not may_change(document.owner_key, actor.keys):
        raise Refused(_("このファイルを変えられるのは、加えた人と相談窓口です。"))
    return document


def _record(session: Session, what: audit.Action, actor: Actor, document: Document, **detail: str | int) -> None:
    audit.record(session, what, document.subject, actor_id=actor.user_id, name=document.title, **detail)
