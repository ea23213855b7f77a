"""Handing a version out: by right, marked with the receiver's name, written down before the first byte leaves."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import StreamingResponse

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.settings import Settings
from backend.files import queries, room, service, storage
from backend.files.faults import Unfit
from backend.files.kinds import FORMS, SHOWN, STAMPED, Kind
from backend.files.models import DocumentVersion, HowSeen
from backend.files.rules import Actor

# Nothing of ours may run or be loaded beside a stranger's content.
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# The reader of PDF that is part of a browser does not open inside a sandbox. What a PDF could do by itself was refused
# on its way in.
_PDF_POLICY = f"{_POLICY}; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data: blob:"


@dataclass(frozen=True)
class Stamp:
    """Who receives a drawing, on what day, in which case: the words on every page."""

    receiver: str
    reference: str
    day: date

    def words(self) -> str:
        return "  ".join(part for part in (self.receiver, self.day.isoformat(), self.reference) if part)


def stamp_for(receiver: str, reference: str) -> Stamp:
    """The stamp of today: company of the receiver, number of the case."""
    return Stamp(receiver, reference, clock.today())


def hand_out(
    request: Request, actor: Actor, subject: str, version_id: str, *, how: HowSeen, watermark_for: Stamp | None
) -> StreamingResponse:
    """The answer of a page that gives a version to the actor. "Not found" for whoever may not see it.

    No transaction is open while the stamp is made; the right is looked at again when the view is written down.
    """
    database: Database = request.app.state.database
    with database.reading() as session:
        version = _found(queries.version(session, subject, actor.keys, version_id))
    answer = respond(request, version, watermark_for, how=how)
    with database.writing() as session:
        still = _found(queries.version(session, subject, actor.keys, version_id))
        service.note_view(session, actor, still, how, stamped=is_stamped(version, watermark_for))
    return answer


def respond(
    request: Request, version: DocumentVersion, watermark_for: Stamp | None, *, how: HowSeen = HowSeen.DOWNLOAD
) -> StreamingResponse:
    """The content as an answer. It looks at no rights and writes nothing down: `hand_out` does."""
    settings: Settings = request.app.state.settings
    store = storage.store_of(settings.data_dir)
    kind, file = version.kind, None
    if watermark_for is not None and is_stamped(version, watermark_for):
        file, kind = _stamped(store, version, watermark_for), Kind.PDF
    else:
        file = storage.opened(store, version.sha256)
    size = file.seek(0, 2)
    file.seek(0)
    headers = _headers(_name(version, kind), kind, shown=how is HowSeen.PAGE and kind in SHOWN)
    headers["Content-Length"] = str(size)
    return StreamingResponse(storage.pieces(file), media_type=FORMS[kind].media_type, headers=headers)


def is_stamped(version: DocumentVersion, watermark_for: Stamp | None) -> bool:
    """Models of a part and tables have no page to write on; the log tells them apart."""
    return watermark_for is not None and version.kind in STAMPED


def _found(version: DocumentVersion | None) -> DocumentVersion:
    if version is None:
        raise NotFound
    return version


def _stamped(store: storage.Store, version: DocumentVersion, mark: Stamp) -> BinaryIO:
    """The marked copy, open and already without a name: it is gone when it is closed."""
    target = store.waiting()
    try:
        room.stamped(store.path(version.sha256), version.kind, mark.words(), target)
        return target.open("rb")
    except Unfit as error:
        raise Refused(
            _("このファイルに受け取る会社の名前を入れられませんでした。相談窓口に知らせてください。")
        ) from error
    finally:
        target.unlink(missing_ok=True)


def _name(version: DocumentVersion, kind: Kind) -> str:
    """A marked picture is a PDF; of a document with several versions the name says which one this is."""
    stem, _dot, ending = version.filename.rpartition(".")
    ending = FORMS[Kind.PDF].endings[0] if kind is not version.kind else ending
    return f"{stem}_v{version.number}.{ending}" if version.number > 1 else f"{stem}.{ending}"


def _headers(name: str, kind: Kind, *, shown: bool) -> dict[str, str]:
    # Old programs read the plain name, all others the one in UTF-8 (RFC 5987).
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)
    disposition = "inline" if shown else "attachment"
    return {
        "Content-Disposition": f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _PDF_POLICY if shown and kind is Kind.PDF else f"{_POLICY}; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "none",
    }
