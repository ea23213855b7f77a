"""What an admin looks after besides the people: invitations, the audit trail, jobs, and mails that wait to be read."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import Session

from backend.accounts import queries
from backend.accounts.dependencies import Admin
from backend.accounts.wording import STANDING_NAMES
from backend.core import audit, clock, job_queue, mail, postman, tables
from backend.core.audit import AuditEvent
from backend.core.db import Database, OpenDatabase, ReadSession, WriteSession
from backend.core.errors import NotFound
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.jobs import Job
from backend.core.pagination import paginate
from backend.core.site import settings_of
from backend.core.templating import render

router = APIRouter(prefix="/admin")
Number = Annotated[int, Query(ge=1, le=1_000_000)]
Word = Annotated[str, Query(max_length=128)]
SIZE = 50
# How many events an export reads at a time.
PORTION = 1000
JOB_RETRIED = audit.action("job retried", mark("仕事をやり直した"))


@router.get("/invitations")
def list_invitations(request: Request, session: ReadSession, _admin: Admin, page: Number = 1) -> Response:
    """Every invitation, newest first."""
    found = paginate(session, queries.all_invitations(), number=page, size=SIZE)
    names = queries.organisation_names(session, (row.organisation_id for row in found.items))
    people = queries.user_names(session, (row.invited_by for row in found.items))
    return render(
        request,
        "accounts/invitations.html",
        found=found,
        names=names,
        people=people,
        standing_names=STANDING_NAMES,
        now=clock.now(),
        href=lambda number: f"/admin/invitations?page={number}",
    )


@router.get("/audit")
def show_audit(
    request: Request,
    session: ReadSession,
    _admin: Admin,
    action: Word = "",
    subject: Word = "",
    actor: Word = "",
    day: Word = "",
    check: bool = False,
    page: Number = 1,
) -> Response:
    """What was done, by whom, to what; `check` walks the whole chain."""
    wanted = _wanted(session, action, subject, actor, day)
    found = paginate(session, audit.found(wanted), number=page, size=SIZE)
    query = {"action": action, "subject": subject, "actor": actor, "day": day}
    return render(
        request,
        "accounts/audit.html",
        found=found,
        people=queries.user_names(session, (event.actor_id for event in found.items)),
        actions=audit.actions(session),
        action_name=audit.action_name,
        part_name=audit.part_name,
        query=query,
        checked=check,
        broken=audit.first_broken(session) if check else None,
        href=lambda number: f"/admin/audit?{urlencode(query | {'page': number})}",
        check_href=f"/admin/audit?{urlencode(query | {'check': 'true'})}",
        export_href=f"/admin/audit.csv?{urlencode(query)}",
    )


@router.get("/audit.csv")
def export_audit(
    database: OpenDatabase, _admin: Admin, action: Word = "", subject: Word = "", actor: Word = "", day: Word = ""
) -> Response:
    """The same events as a table for a spreadsheet, the oldest first."""
    with database.reading() as session:
        wanted = _wanted(session, action, subject, actor, day)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
    pieces = tables.csv_pieces(_rows(_portions(database, wanted)))
    return StreamingResponse(pieces, media_type=tables.CSV, headers=headers)


def _portions(database: Database, wanted: audit.Wanted) -> Iterator[tuple[AuditEvent, str]]:
    """All events wanted and who did each. Nobody keeps the database waiting while the table is on its way."""
    last: int | None = 0
    while last is not None:
        with database.reading() as session:
            events = audit.portion(session, wanted, last, PORTION)
            people = queries.user_names(session, {event.actor_id for event in events})
        yield from ((event, people.get(event.actor_id or "", "")) for event in events)
        last = events[-1].seq if events else None


def _rows(events: Iterable[tuple[AuditEvent, str]]) -> Iterator[list[str]]:
    yield [
        _("番号"),
        _("時刻"),
        _("だれが"),
        _("操作した人の番号"),
        _("したこと"),
        _("何に"),
        _("くわしく"),
        _("つながりの印"),
    ]
    for event, who in events:
        detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
        at, said = clock.in_tokyo(event.at).isoformat(timespec="seconds"), audit.action_name(event.action)
        yield [str(event.seq), at, who, event.actor_id or "", said, event.subject, detail, event.digest]


@router.get("/jobs")
def list_jobs(
    request: Request, session: ReadSession, _admin: Admin, state: str = "waiting", page: Number = 1
) -> Response:
    """What waits, what was given up and what is done."""
    state = state if state in job_queue.STATES else job_queue.STATES[0]
    return render(
        request,
        "accounts/jobs.html",
        state=state,
        counts=job_queue.counts(session),
        found=paginate(session, job_queue.listed(state), number=page, size=SIZE),
        now=clock.now(),
        href=lambda number: f"/admin/jobs?{urlencode({'state': state, 'page': number})}",
    )


@router.post("/jobs/{job_id}/retry")
def retry_job(request: Request, session: WriteSession, admin: Admin, job_id: str) -> Response:
    job = session.get(Job, job_id)
    if job is None or job.done_at is not None:
        raise NotFound
    job_queue.retry(session, job)
    audit.record(session, JOB_RETRIED, f"job:{job.id}", actor_id=admin.id, kind=job.kind)
    return redirect(request, "/admin/jobs")


@router.post("/jobs/retry")
def retry_all(request: Request, session: WriteSession, admin: Admin) -> Response:
    """Begin again with everything that was given up."""
    failed = job_queue.all_failed(session)
    for job in failed:
        job_queue.retry(session, job)
    audit.record(session, JOB_RETRIED, "job:all", actor_id=admin.id, count=len(failed))
    return redirect(request, "/admin/jobs")


@router.get("/mails")
def list_mails(request: Request, session: ReadSession, _admin: Admin, page: Number = 1) -> Response:
    """What was written to whom, and whether it went."""
    return render(
        request,
        "accounts/mails.html",
        found=paginate(session, mail.all_mails(), number=page, size=SIZE),
        readable=_readable(request),
        href=lambda number: f"/admin/mails?page={number}",
    )


@router.get("/mails/{mail_id}")
def show_mail(request: Request, session: ReadSession, _admin: Admin, mail_id: str) -> Response:
    """The words of one mail, where there is no mail server to carry them. Elsewhere they are for their reader only."""
    found = session.get(mail.Mail, mail_id)
    if found is None or not _readable(request):
        raise NotFound
    words = postman.addressed(found, found.text, settings_of(request))
    return render(request, "accounts/mail.html", mail=found, words=words)


def _readable(request: Request) -> bool:
    settings = settings_of(request)
    return not settings.production and not settings.smtp_url.get_secret_value()


def _wanted(session: Session, action: str, subject: str, actor: str, day: str) -> audit.Wanted:
    return audit.Wanted(action, subject.strip(), queries.user_ids(session, actor.strip()), _day(day))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
