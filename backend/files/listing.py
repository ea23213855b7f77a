"""The documents of a case as a page shows them: four questions to the database, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from backend.files import queries
from backend.files.kinds import FORMS, SHOWN
from backend.files.models import Document, DocumentDisclosure, DocumentVersion, DocumentView
from backend.files.rules import may_change

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class VersionLine:
    """A version in words. `shows` tells whether a browser may show it by itself."""

    version: DocumentVersion
    kind: str
    size: str
    shows: bool


@dataclass(frozen=True)
class Seen:
    """One line of the log: who was handed which version."""

    view: DocumentView
    number: int


@dataclass(frozen=True)
class DocumentRow:
    """A document with its versions (newest first), to whom it is shown, and who has seen it.

    `shown_to`, `was_shown_to` and `seen` are empty for those whom the log is not for.
    """

    document: Document
    versions: tuple[VersionLine, ...]
    shown_to: tuple[DocumentDisclosure, ...]
    was_shown_to: tuple[DocumentDisclosure, ...]
    seen: tuple[Seen, ...]
    changeable: bool

    @property
    def newest(self) -> VersionLine:
        return self.versions[0]


def listing(
    session: Session, subject: str, audience_keys: Collection[str], *, with_log: bool = False
) -> list[DocumentRow]:
    """What somebody with these keys may see, in the order in which it came. `with_log` for desk and client."""
    found = queries.documents(session, subject, audience_keys)
    ids = [document.id for document in found]
    versions = _by((version.document_id, _line(version)) for version in queries.versions_of(session, ids))
    shown = queries.disclosures_of(session, ids) if ids and with_log else ()
    views = queries.views_of(session, ids) if ids and with_log else ()
    shown_by = _by((entry.document_id, entry) for entry in shown)
    seen_by = _by((version.document_id, Seen(view, version.number)) for view, version in views)
    return [
        DocumentRow(
            document=document,
            versions=tuple(versions[document.id]),
            shown_to=tuple(entry for entry in shown_by[document.id] if entry.withdrawn_at is None),
            was_shown_to=tuple(entry for entry in shown_by[document.id] if entry.withdrawn_at is not None),
            seen=tuple(seen_by[document.id]),
            changeable=may_change(document.owner_key, audience_keys),
        )
        for document in found
    ]


def _by(pairs: Iterable[tuple[Key, Thing]]) -> Mapping[Key, list[Thing]]:
    found: defaultdict[Key, list[Thing]] = defaultdict(list)
    for key, thing in pairs:
        found[key].append(thing)
    return found


def _line(version: DocumentVersion) -> VersionLine:
    return VersionLine(version, FORMS[version.kind].words, size_words(version.size), version.kind in SHOWN)


def size_words(size: int) -> str:
    """A size as people read it: 340 kB, 1.2 MB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
