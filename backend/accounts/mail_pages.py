"""Who no longer wants a mail says so here, with one click and without signing in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backend.core import mail, postman
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import NotFound
from backend.core.i18n import gettext as _
from backend.core.templating import render

router = APIRouter()


@router.get("/unsubscribe/{letter}")
def show_unsubscribe(request: Request, session: ReadSession, letter: str) -> Response:
    """Looking changes nothing: programs that follow every link of a mail stop nobody's mails."""
    email, event = _read(request, letter)
    wanted = mail.optout(session, email, event) is None
    return _page(request, email, event, wanted=wanted)


@router.post("/unsubscribe/{letter}")
def unsubscribe(
    request: Request, session: WriteSession, letter: str, wanted: Annotated[bool, Form()] = False
) -> Response:
    email, event = _read(request, letter)
    mail.set_optout(session, email, event, wanted=wanted)
    return _page(request, email, event, wanted=wanted, done=True)


def _read(request: Request, letter: str) -> tuple[str, str]:
    read = postman.read_unsubscribe(letter, request.app.state.settings.secret_key.get_secret_value())
    if read is None:
        raise NotFound
    return read


def _page(request: Request, email: str, event: str, *, wanted: bool, done: bool = False) -> Response:
    what = _(mail.KINDS[event].optional)
    return render(request, "accounts/unsubscribe.html", email=email, what=what, wanted=wanted, done=done)
