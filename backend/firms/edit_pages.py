"""Pages that keep the register: staff add, change, delete and undo; a workshop changes its own record.

Both use one form; the fields that only the desk knows are not in that of the workshop, and stay as they are.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from backend.accounts.dependencies import SignedIn, Staff
from backend.accounts.models import User
from backend.core.db import OpenDatabase, ReadSession, WriteSession
from backend.core.errors import Invalid, Refused
from backend.core.htmx import redirect
from backend.core.model import new_id
from backend.core.templating import render
from backend.firms import pictures, records, rules, service
from backend.firms.drafts import FirmDraft
from backend.firms.equipment_text import EquipmentLine, LineKind, known_kinds, parse_equipment
from backend.firms.forms import (
    MOST_ROWS,
    TABLES,
    FirmForm,
    draft_from,
    form_of,
    keep_desk_fields,
    read_form,
    rows_from_lines,
)

router = APIRouter()
FirmId = Annotated[str, Path(max_length=64)]
MOST_FIELDS = 8000
LONGEST_PASTE = 100_000


@dataclass(frozen=True)
class Pasted:
    """A pasted equipment list: its lines, those that were not understood, and where its rows begin in the table."""

    lines: tuple[EquipmentLine, ...] = ()
    unread: str = ""
    first: int = -1


NOTHING_PASTED = Pasted()


async def _form_data(request: Request) -> FormData:
    """The whole form; a long equipment table has more fields than the usual limit allows."""
    return await request.form(max_fields=MOST_FIELDS, max_files=1)


Data = Annotated[FormData, Depends(_form_data)]


def _editor(database: OpenDatabase, user: SignedIn, firm_id: FirmId) -> User:
    """Whoever keeps the record of this firm: staff and its own people. To all others there is nothing here."""
    with database.reading() as session:
        service.editable_firm_for(session, user, firm_id)
    return user


Editor = Annotated[User, Depends(_editor)]


@router.get("/firms/new")
def new_firm(request: Request, _staff: Staff) -> HTMLResponse:
    return _form_page(request, form_of(FirmDraft()), firm_id=None, form_id=new_id())


@router.post("/firms/new")
def create_firm(request: Request, database: OpenDatabase, staff: Staff, data: Data) -> Response:
    form, form_id = read_form(data), _form_id(data)
    try:
        draft = _readable(form)
        with database.writing() as session:
            firm = service.create_firm(session, staff, draft, form_id=form_id)
    except Invalid as refusal:
        return _refused_page(request, form, refusal, firm_id=None, form_id=form_id)
    return redirect(request, f"/firms/{firm.id}")


@router.post("/firms/new/equipment")
def paste_for_new(request: Request, _staff: Staff, data: Data) -> HTMLResponse:
    return _pasted_page(request, read_form(data), data, firm_id=None, form_id=_form_id(data))


@router.get("/firms/{firm_id}/edit")
def edit_firm(request: Request, session: ReadSession, editor: Editor, firm_id: FirmId) -> HTMLResponse:
    firm = service.editable_firm_for(session, editor, firm_id)
    form = form_of(records.draft_of(firm), firm.revision)
    return _form_page(request, form, firm_id=firm_id, title=firm.name)


@router.post("/firms/{firm_id}/edit")
def change_firm(request: Request, database: OpenDatabase, editor: Editor, firm_id: FirmId, data: Data) -> Response:
    form = read_form(data)
    with database.reading() as session:
        old = records.draft_of(service.editable_firm_for(session, editor, firm_id))
    if not editor.is_staff:
        keep_desk_fields(form, old)
    try:
        draft = _readable(form, old)
        with database.writing() as session:
            service.update_firm(session, editor, firm_id, draft, seen_revision=form.revision)
    except Refused as refusal:
        return _changed_meanwhile(request, database, editor, firm_id, form, refusal)
    except Invalid as refusal:
        return _refused_page(request, form, refusal, firm_id=firm_id, title=old.name)
    return redirect(request, f"/firms/{firm_id}")


@router.post("/firms/{firm_id}/equipment")
def paste_equipment(
    request: Request, session: ReadSession, editor: Editor, firm_id: FirmId, data: Data
) -> HTMLResponse:
    firm = service.editable_firm_for(session, editor, firm_id)
    return _pasted_page(request, read_form(data), data, firm_id=firm_id, title=firm.name)


@router.post("/firms/{firm_id}/pictures")
def add_picture(
    request: Request,
    database: OpenDatabase,
    editor: Editor,
    firm_id: FirmId,
    picture: Annotated[UploadFile, File()],
    process: Annotated[str, Form(max_length=100)] = "",
    caption: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    shown = pictures.redrawn(picture.file.read(pictures.LARGEST + 1))
    with database.writing() as session:
        pictures.keep(session, request.app.state.settings.data_dir, editor, firm_id, process, shown, caption)
    return redirect(request, f"/firms/{firm_id}")


@router.post("/firms/{firm_id}/delete")
def delete_firm(request: Request, session: WriteSession, staff: Staff, firm_id: FirmId) -> Response:
    service.delete_firm(session, staff, firm_id)
    return redirect(request, f"/firms/{firm_id}/deleted")


@router.get("/firms/{firm_id}/deleted")
def show_deleted(request: Request, session: ReadSession, _staff: Staff, firm_id: FirmId) -> Response:
    firm = service.stored(session, firm_id)
    if firm.deleted_at is None:
        return redirect(request, f"/firms/{firm_id}")
    return render(request, "firms/deleted.html", firm=firm)


@router.post("/firms/{firm_id}/undo")
def undo(request: Request, session: WriteSession, staff: Staff, firm_id: FirmId) -> Response:
    service.undo(session, staff, firm_id)
    return redirect(request, f"/firms/{firm_id}")


def _readable(form: FirmForm, old: FirmDraft | None = None) -> FirmDraft:
    """The draft of the form; raises Invalid with what cannot be read, before anything is written."""
    draft, problems = draft_from(form, old)
    service.refuse_faults([*problems, *service.faults_of(draft)])
    return draft


def _refused_page(
    request: Request, form: FirmForm, refusal: Invalid, *, firm_id: str | None, form_id: str = "", title: str = ""
) -> HTMLResponse:
    form.errors, form.message = dict(refusal.fields), refusal.message
    return _form_page(request, form, firm_id=firm_id, form_id=form_id, title=title, status=422)


def _changed_meanwhile(
    request: Request, database: OpenDatabase, editor: User, firm_id: str, form: FirmForm, refusal: Refused
) -> HTMLResponse:
    """Somebody else saved first: what was typed stays on screen, and saving again means it."""
    with database.reading() as session:
        firm = service.editable_firm_for(session, editor, firm_id)
    form.revision, form.message = firm.revision, refusal.message
    return _form_page(request, form, firm_id=firm_id, title=firm.name, status=409)


def _pasted_page(
    request: Request, form: FirmForm, data: FormData, *, firm_id: str | None, form_id: str = "", title: str = ""
) -> HTMLResponse:
    """The form with the pasted lines as rows to confirm; nothing is saved yet, and no line is lost."""
    pasted = data.get("pasted", "")
    text = pasted if isinstance(pasted, str) else ""
    lines = parse_equipment(text[:LONGEST_PASTE])
    rows = form.tables["equipment"]
    first = len(rows)
    rows.extend(rows_from_lines(lines)[: MOST_ROWS - first])
    unread = "\n".join(line.text for line in lines if line.what is LineKind.UNREAD) + text[LONGEST_PASTE:]
    pasted_list = Pasted(lines, unread, first)
    return _form_page(request, form, firm_id=firm_id, form_id=form_id, title=title, pasted=pasted_list)


def _form_page(
    request: Request,
    form: FirmForm,
    *,
    firm_id: str | None,
    form_id: str = "",
    title: str = "",
    status: int = 200,
    pasted: Pasted = NOTHING_PASTED,
) -> HTMLResponse:
    context: dict[str, Any] = {"form": form, "firm_id": firm_id, "form_id": form_id, "firm_name": title}
    context |= {"rules": rules, "tables": TABLES, "kinds": list(known_kinds()), "action": _action(firm_id)}
    context |= {"pasted": pasted}
    return render(request, "firms/edit.html", status=status, **context)


def _action(firm_id: str | None) -> str:
    return f"/firms/{firm_id}/edit" if firm_id else "/firms/new"


def _form_id(data: FormData) -> str:
    """The id the new firm will get: a form that is sent twice adds one firm."""
    given = data.get("form_id", "")
    is_ours = isinstance(given, str) and len(given) == 32 and given.isalnum() and given.isascii()
    return str(given) if is_ours else new_id()
