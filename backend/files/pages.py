"""The addresses of the files of a case, for whatever page they belong to. The slice above says who is asking.

router.include_router(file_routes("/cases/{case_id}", case_files))

def case_files(request: Request, session: ReadSession, user: SignedIn, case_id: int) -> FileScope: ...
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import Response

from backend.core.db import OpenDatabase
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.settings import Settings
from backend.files import intake, service
from backend.files.handing import Stamp, hand_out
from backend.files.models import Audience, HowSeen
from backend.files.rules import Actor

DocumentId = Annotated[str, Path(max_length=32)]
VersionId = Annotated[str, Path(max_length=32)]
Note = Annotated[str, Form(max_length=400)]
AudienceKey = Annotated[str, Form(max_length=64)]


@dataclass(frozen=True)
class FileScope:
    """What the page of a case says about its files for the person who asks. "Not found" is its own to raise."""

    actor: Actor
    subject: str
    # Where to go after something was done: "/cases/12#files".
    back: str
    # In whose name a new document is brought: the desk, the client, a leg. None for those who may only look.
    owner_key: str | None
    # What is written on what this person receives; None for the desk and for whoever brought the drawings.
    stamp: Stamp | None
    # The page once more with 422: the refusal, and what else was typed.
    page: Callable[[Invalid, Mapping[str, str]], Response]
    # To whom documents may be shown by this person.
    receivers: frozenset[str] = frozenset()
    # Whom a document that this person brings may be for.
    audiences: frozenset[Audience] = frozenset(Audience)


def file_routes(prefix: str, scope_of: Callable[..., FileScope]) -> APIRouter:
    """Sending, looking at, saving and changing the files of a case under `prefix`."""
    router = APIRouter(prefix=prefix)
    _add_looking(router, scope_of)
    _add_sending(router, scope_of)
    _add_changing(router, scope_of)
    return router


def looking_routes(prefix: str, scope_of: Callable[..., FileScope]) -> APIRouter:
    """Looking at and saving the files of a case under `prefix`, for those who may do no more."""
    router = APIRouter(prefix=prefix)
    _add_looking(router, scope_of)
    return router


def _add_looking(router: APIRouter, scope_of: Callable[..., FileScope]) -> None:
    scope_type = Annotated[FileScope, Depends(scope_of)]

    @router.get("/files/{version_id}")
    def save_file(request: Request, scope: scope_type, version_id: VersionId) -> Response:
        return _handed(request, scope, version_id, HowSeen.DOWNLOAD)

    @router.get("/files/{version_id}/view")
    def view_file(request: Request, scope: scope_type, version_id: VersionId) -> Response:
        return _handed(request, scope, version_id, HowSeen.PAGE)


def _handed(request: Request, scope: FileScope, version_id: str, how: HowSeen) -> Response:
    return hand_out(request, scope.actor, scope.subject, version_id, how=how, watermark_for=scope.stamp)


def _add_sending(router: APIRouter, scope_of: Callable[..., FileScope]) -> None:
    scope_type = Annotated[FileScope, Depends(scope_of)]

    @router.post("/files")
    def send_files(
        request: Request,
        database: OpenDatabase,
        scope: scope_type,
        files: Annotated[list[UploadFile], File()] = [],  # noqa: B006 - FastAPI copies it
        audience: Annotated[Audience, Form()] = Audience.CLIENT,
        note: Note = "",
    ) -> Response:
        try:
            _take_files(request, database, scope, files, audience, note)
        except Invalid as refusal:
            return scope.page(refusal, {"note": note, "audience": audience.value})
        return redirect(request, scope.back)

    @router.post("/documents/{document_id}/versions")
    def send_version(
        request: Request,
        database: OpenDatabase,
        scope: scope_type,
        document_id: DocumentId,
        file: Annotated[UploadFile | None, File()] = None,
        note: Note = "",
    ) -> Response:
        try:
            staged = service.stage_one(_settings(request), file)
        except Invalid as refusal:
            return scope.page(refusal, {"note": note, "document": document_id})
        with database.writing() as session:
            service.add_version(session, scope.actor, scope.subject, document_id, staged, note=note)
        return redirect(request, scope.back)


def _take_files(
    request: Request,
    database: OpenDatabase,
    scope: FileScope,
    files: list[UploadFile],
    audience: Audience,
    note: str,
) -> None:
    if scope.owner_key is None or audience not in scope.audiences:
        raise NotFound
    staged = service.stage(_settings(request), files)
    if not staged:
        raise intake.nothing_chosen(intake.FIELD)
    with database.writing() as session:
        service.add_all(
            session, scope.actor, scope.subject, staged, owner_key=scope.owner_key, audience=audience, note=note
        )


def _add_changing(router: APIRouter, scope_of: Callable[..., FileScope]) -> None:
    scope_type = Annotated[FileScope, Depends(scope_of)]

    @router.post("/documents/{document_id}/show")
    def show_document(
        request: Request, database: OpenDatabase, scope: scope_type, document_id: DocumentId, to: AudienceKey
    ) -> Response:
        if to not in scope.receivers:
            raise NotFound
        with database.writing() as session:
            service.disclose(session, scope.actor, scope.subject, document_id, to)
        return redirect(request, scope.back)

    @router.post("/documents/{document_id}/withdraw")
    def withdraw_document(
        request: Request, database: OpenDatabase, scope: scope_type, document_id: DocumentId, to: AudienceKey
    ) -> Response:
        with database.writing() as session:
            service.withdraw(session, scope.actor, scope.subject, document_id, to)
        return redirect(request, scope.back)

    @router.post("/documents/{document_id}/audience")
    def change_audience(
        request: Request,
        database: OpenDatabase,
        scope: scope_type,
        document_id: DocumentId,
        audience: Annotated[Audience, Form()],
    ) -> Response:
        if audience not in scope.audiences:
            raise NotFound
        with database.writing() as session:
            service.change_audience(session, scope.actor, scope.subject, document_id, audience)
        return redirect(request, scope.back)

    @router.post("/documents/{document_id}/remove")
    def remove_document(
        request: Request,
        database: OpenDatabase,
        scope: scope_type,
        document_id: DocumentId,
        sure: Annotated[bool, Form()] = False,
    ) -> Response:
        if not sure:
            sentence = _("消したファイルは元に戻せません。消してよければ、印を付けてから押してください。")
            return scope.page(Invalid(sentence, {"sure": sentence}), {"document": document_id})
        with database.writing() as session:
            service.remove(session, scope.actor, scope.subject, document_id)
        return redirect(request, scope.back)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
