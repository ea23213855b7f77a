"""Taking a table of firms in: choose a file, look at what would happen, confirm."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backend.accounts.dependencies import Staff
from backend.core.db import OpenDatabase, ReadSession
from backend.core.errors import Invalid, NotFound
from backend.core.htmx import is_htmx, redirect
from backend.core.tables import XLSX
from backend.core.templating import render
from backend.firms import faults, imports, queries, reports
from backend.firms.columns import COLUMNS
from backend.firms.imports import ImportDesk
from backend.firms.intake import any_process

router = APIRouter()
ImportId = Annotated[str, Path(max_length=32)]
FAULTS_SHOWN = 200
CSV = "text/csv; charset=utf-8"


@router.get("/firms/import")
def show_import(request: Request, session: ReadSession, _staff: Staff) -> HTMLResponse:
    return _upload_page(request, queries.imports(session))


@router.post("/firms/import")
def upload(
    request: Request, database: OpenDatabase, staff: Staff, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    try:
        name, data = (file.filename or "", file.file.read()) if file else ("", b"")
        import_id = imports.receive(_desk(request), staff, name, data)
    except Invalid as refusal:
        with database.reading() as session:
            return _upload_page(request, queries.imports(session), error=refusal.message, status=422)
    return redirect(request, f"/firms/import/{import_id}")


@router.get("/firms/import/template.csv")
def template_csv(_staff: Staff) -> Response:
    return _download(reports.template_csv(), CSV, "firms-template.csv")


@router.get("/firms/import/template.xlsx")
def template_xlsx(_staff: Staff) -> Response:
    return _download(reports.template_xlsx(), XLSX, "firms-template.xlsx")


@router.get("/firms/import/{import_id}")
def show_one(request: Request, session: ReadSession, _staff: Staff, import_id: ImportId) -> HTMLResponse:
    row = queries.import_by_id(session, import_id)
    if row is None:
        raise NotFound
    phase, done, total = imports.progress_of(_desk(request), import_id)
    found = imports.faults_of(row)
    context: dict[str, Any] = {"phase": phase, "done": done, "total": total}
    context |= {"stale": imports.is_stale(_desk(request), row)}
    context |= {"errors": [fault for fault in found if not fault.is_warning][:FAULTS_SHOWN]}
    context |= {"warnings": [fault for fault in found if fault.is_warning][:FAULTS_SHOWN]}
    context |= {"at_work": row.state in imports.AT_WORK, "what": faults.what, "remedy": faults.remedy}
    context |= {"shown": faults.shown, "row": row, "faults_shown": FAULTS_SHOWN}
    return render(request, "firms/import_one.html", block="state" if is_htmx(request) else None, **context)


@router.get("/firms/import/{import_id}/faults.csv")
def download_faults(session: ReadSession, _staff: Staff, import_id: ImportId) -> Response:
    row = queries.import_by_id(session, import_id)
    if row is None:
        raise NotFound
    return _download(reports.faults_csv(imports.faults_of(row)), CSV, "firms-faults.csv")


@router.post("/firms/import/{import_id}/confirm")
def confirm(request: Request, staff: Staff, import_id: ImportId) -> Response:
    imports.confirm(_desk(request), staff, import_id)
    return redirect(request, f"/firms/import/{import_id}")


@router.post("/firms/import/{import_id}/cancel")
def cancel(request: Request, _staff: Staff, import_id: ImportId) -> Response:
    imports.cancel(_desk(request), import_id)
    return redirect(request, "/firms/import")


def _desk(request: Request) -> ImportDesk:
    state = request.app.state
    known_process = getattr(state, "known_process", any_process)
    return ImportDesk(state.database, state.settings.data_dir, known_process)


def _upload_page(request: Request, rows: Any, *, error: str = "", status: int = 200) -> HTMLResponse:  # noqa: ANN401
    return render(request, "firms/import.html", status=status, imports=rows, error=error, columns=COLUMNS)


def _download(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)
