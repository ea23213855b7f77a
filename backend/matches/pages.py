"""The start page with its live answer, the page of a request, and the coordinator's comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from backend.accounts.browser import address_of
from backend.accounts.dependencies import CurrentUser, Staff
from backend.accounts.models import User
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.templating import render
from backend.firms import queries as firm_queries
from backend.matches import comparison, service
from backend.matches.dependencies import Index, is_staff
from backend.matches.forms import Posted
from backend.matches.index import LiveIndex, NotReady
from backend.requests import rules
from backend.requests import service as requests
from backend.requests.forms import Wording, wording_of
from backend.requests.models import PartRequest

router = APIRouter()


@dataclass(frozen=True)
class _Said:
    """What was sent about a request but refused: it is shown again, so that nothing typed is lost."""

    status: int = 200
    text: str | None = None
    error: str = ""
    wording: Wording | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


DRAFT_COOKIE = "nakamawa_draft"
ON_START, ON_REQUEST = 6, 24
EXAMPLES = (
    mark("アルミの箱を10個、角を丸くして黒くしたい。来月末まで。"),
    mark("配膳ロボットの首を10個。A5052の板を曲げて溶接、全体を黒く。大きさは240×160×90、穴の位置は±0.05。"),
    mark("真鍮の小さな歯車を50個。外径8ミリ、公差±0.01。JIS Q 9100のある工場で。"),
)

DraftToken = Annotated[str | None, Cookie(alias=DRAFT_COOKIE, max_length=64)]


@router.get("/")
def show_start(
    request: Request, session: ReadSession, index: Index, user: CurrentUser, draft_token: DraftToken = None
) -> Response:
    """The box, with the draft of last time and its answer if there is one."""
    draft = requests.draft(session, draft_token)
    if draft is None:
        return _start(request)
    return _answered(request, index, user, Wording(draft.text, draft.corrections))


@router.post("/")
def look(
    request: Request,
    session: WriteSession,
    index: Index,
    user: CurrentUser,
    posted: Posted,
    draft_token: DraftToken = None,
) -> Response:
    """Read what was typed, show who may be able to do it, and keep it as a draft. Asked at every pause in typing."""
    try:
        wording = wording_of(_with_example(posted))
    except Invalid as error:
        return _refused(request, posted, error)
    response = _answered(request, index, user, wording)
    # The writing comes last, so that nobody waits for the database while firms are being searched.
    _remember(request, response, requests.keep_draft(session, draft_token, wording).token)
    return response


@router.post("/requests")
def send(
    request: Request, session: WriteSession, user: CurrentUser, posted: Posted, draft_token: DraftToken = None
) -> Response:
    """Make it a request, with a page of its own."""
    try:
        wording = wording_of(posted)
    except Invalid as error:
        return _refused(request, posted, error)
    # Staff write down what somebody says on the telephone: the request is the caller's, not theirs.
    owner, taken_by = (None, user) if user and user.is_staff else (user, None)
    kept = requests.send(
        session, wording, draft_token=draft_token, owner_id=owner.id if owner else None, taken_by=taken_by
    )
    response = redirect(request, f"/requests/{kept.token}")
    response.delete_cookie(DRAFT_COOKIE)
    return response


@router.get("/requests/{token}")
def show_request(request: Request, token: str, session: ReadSession, index: Index, user: CurrentUser) -> Response:
    """What was asked, what was understood, who may do it and what happens next."""
    return _request(request, session, index, user, requests.open_by(session, user, token), _Said())


@router.post("/requests/{token}")
def change_request(
    request: Request,
    token: str,
    reading: ReadSession,
    session: WriteSession,
    index: Index,
    user: CurrentUser,
    posted: Posted,
) -> Response:
    """A new text, a correction or an answer. Firms are searched in the reading transaction only."""
    kept = requests.open_by(reading, user, token)
    try:
        wording = wording_of(posted)
    except Invalid as error:
        return _request(request, reading, index, user, kept, _Said(422, _kept_text(posted), error.message))
    if service.understand(wording)[1]:
        return _request(request, reading, index, user, kept, _Said(422, wording.text, wording=wording))
    requests.change(session, token, wording, actor=user)
    return _back(token)


@router.post("/requests/{token}/contact")
def say_contact(
    request: Request,
    token: str,
    reading: ReadSession,
    session: WriteSession,
    index: Index,
    user: CurrentUser,
    posted: Posted,
) -> Response:
    """Whom the coordinator may call back."""
    contact = {name: posted.get(name, "") for name in rules.CONTACT_FIELDS}
    try:
        requests.say_contact(session, token, contact, actor=user, stranger_at="" if user else address_of(request))
    except Invalid as error:
        kept = requests.open_by(reading, user, token)
        return _request(request, reading, index, user, kept, _Said(422, contact=contact, wrong=error.fields))
    return _back(token, "#contact")


@router.get("/requests/{token}/candidates")
def show_candidates(
    request: Request,
    token: str,
    session: ReadSession,
    index: Index,
    staff: Staff,
    step: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """The firms side by side, one column for each condition, for the coordinator on the telephone."""
    kept = requests.open_for(session, staff, token)
    need, _wrong = service.as_shown(Wording(kept.text, kept.corrections))
    table = comparison.compare(index, need, step)
    phones = firm_queries.phones(session, staff, [row.firm_id for row in table.rows])
    return render(request, "matches/candidates.html", kept=kept, table=table, phones=phones)


def _back(token: str, place: str = "") -> Response:
    """303 in every case: htmx follows it too, and takes the parts it wants from the page."""
    return RedirectResponse(f"/requests/{token}{place}", status_code=303, headers={"Vary": "HX-Request"})


def _with_example(posted: Posted) -> dict[str, str]:
    chosen = posted.get("example", "")
    if chosen.isdecimal() and 0 < int(chosen) <= len(EXAMPLES):
        return {"text": _(EXAMPLES[int(chosen) - 1])}
    return dict(posted)


def _answered(request: Request, index: LiveIndex, user: User | None, wording: Wording) -> Response:
    answer = _answer(index, user, wording, ON_START)
    return _start(request, text=wording.text, answer=answer, status=422 if answer.problems else 200)


def _answer(index: LiveIndex, user: User | None, wording: Wording, top: int, *, split: bool = False) -> service.Answer:
    """The answer; without an index still what was understood, and why there is no more."""
    try:
        return service.answer(index, wording, top=top, staff=is_staff(user), split=split)
    except NotReady as reason:
        return service.read_only(wording, reason)


def _refused(request: Request, posted: Posted, error: Invalid) -> Response:
    return _start(request, text=_kept_text(posted), error=error.message, status=422)


def _kept_text(posted: Posted) -> str:
    """What was typed, so that a refusal loses nothing but characters nobody can see."""
    return rules.printable(posted.get("text", ""))


def _start(
    request: Request,
    *,
    text: str = "",
    error: str = "",
    answer: service.Answer | None = None,
    status: int = 200,
) -> Response:
    examples = [_(example) for example in EXAMPLES]
    return render(
        request,
        "start/start.html",
        status=status,
        text=text,
        error=error,
        answer=answer,
        examples=examples,
    )


def _remember(request: Request, response: Response, token: str) -> None:
    seconds = int(rules.DRAFT_LIFE.total_seconds())
    secure = request.app.state.settings.production
    response.set_cookie(DRAFT_COOKIE, token, max_age=seconds, httponly=True, samesite="lax", secure=secure)


def _request(
    request: Request, session: Session, index: LiveIndex, user: User | None, kept: PartRequest, said: _Said
) -> Response:
    """The page of a request with what is kept, or with what was sent and could not be kept."""
    wording = said.wording or Wording(kept.text, kept.corrections)
    return render(
        request,
        "matches/request.html",
        status=said.status,
        kept=kept,
        text=kept.text if said.text is None else said.text,
        error=said.error,
        contact=said.contact or kept.model_dump(include=set(rules.CONTACT_FIELDS)),
        wrong=said.wrong,
        answer=_answer(index, user, wording, ON_REQUEST, split=True),
        # The slices above this one know routes and cases; the application tells how to ask them.
        chain=request.app.state.likely_chain(session, kept),
        progress=request.app.state.timeline(session, kept),
    )
