"""Files of a form on their way in: received, looked at in the closed room, put into their place. No row is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.settings import Settings
from backend.files import room, storage, wording
from backend.files.faults import Unfit
from backend.files.kinds import Kind
from backend.files.names import shown_name
from backend.files.rules import MOST_FILES_AT_ONCE

FIELD = "files"


class FormFile(Protocol):
    """What a form gives for a chosen file: FastAPI's UploadFile is one."""

    @property
    def filename(self) -> str | None: ...

    @property
    def file(self) -> BinaryIO: ...


@dataclass(frozen=True)
class Staged:
    """A file that was found good and lies in its place, waiting for the row that names it."""

    filename: str
    kind: Kind
    size: int
    sha256: str


def stage(settings: Settings, files: Iterable[FormFile], *, field: str = FIELD) -> list[Staged]:
    """Take in every file of a form, or refuse them all: Invalid, with a sentence for each that is not good.

    Empty fields are passed over. Call it before a transaction begins.
    """
    chosen = [file for file in files if file.filename]
    if len(chosen) > MOST_FILES_AT_ONCE:
        sentence = _("一度に送れるのは%(most)s件までです。分けて送ってください。", most=MOST_FILES_AT_ONCE)
        raise Invalid(sentence, {field: sentence})
    staged, refusals = [], []
    for file in chosen:
        try:
            staged.append(_taken(settings, file))
        except Unfit as unfit:
            refusals.append(wording.refusal(file.filename or "", unfit))
    if refusals:
        raise Invalid(wording.nothing_taken(len(refusals), len(chosen)), {field: "\n".join(refusals)})
    return staged


def stage_one(settings: Settings, file: FormFile | None, *, field: str = "file") -> Staged:
    """Take in the one file of a form that cannot do without."""
    staged = stage(settings, [file] if file else [], field=field)
    if not staged:
        raise nothing_chosen(field)
    return staged[0]


def nothing_chosen(field: str) -> Invalid:
    sentence = _("ファイルを選んでください。")
    return Invalid(sentence, {field: sentence})


def _taken(settings: Settings, file: FormFile) -> Staged:
    given = file.filename or ""
    store = storage.store_of(settings.data_dir)
    waiting = storage.receive(store, file.file, settings.max_file_mb * storage.CHUNK)
    try:
        found = room.examined(waiting, given)
        digest = storage.place(store, waiting, found.size)
    finally:
        waiting.unlink(missing_ok=True)
    return Staged(shown_name(given, found.kind), found.kind, found.size, digest)
