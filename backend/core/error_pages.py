"""Every failure as one clear sentence: a page for people, JSON for programs, never a traceback."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core import resend, storage
from backend.core.addresses import masked
from backend.core.errors import AppError, ErrorBody, TooLarge, TooMany
from backend.core.htmx import redirect
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.templating import render

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024

SENTENCES = {
    400: mark("送られた内容を読み取れませんでした。もう一度お試しください。"),
    401: mark("この操作にはログインが必要です。"),
    403: mark("ほかのサイトから送られた操作のため、受け付けませんでした。このサイトの画面からもう一度お試しください。"),
    404: mark("お探しのページは見つかりませんでした。"),
    405: mark("このページでは、その操作はできません。"),
    413: mark("送られた内容が大きすぎます。小さくするか、分けて送ってください。"),
    422: mark("入力内容に直すところがあります。"),
    500: mark("申し訳ありません。こちらの不具合で処理できませんでした。入力した内容は変更されていません。"),
    503: mark("ただいま混み合っています。少し待ってから、もう一度お試しください。何も失われていません。"),
}
FULL = mark("保存する場所がいっぱいで、保存できませんでした。管理者に知らせてください。")
UNWRITABLE = mark("いまは保存する場所が使えません。管理者に知らせてください。前に保存したものは残っています。")
TOO_LARGE = mark(
    "送られた内容が大きすぎます。一度に送れるのは%(mb)s MBまでです。まだ何も保存していません。"
    "小さくするか、何回かに分けて、もう一度送ってください。"
)
OVERFULL = mark(
    "書かれた内容が長すぎるか、欄が多すぎます。まだ何も保存していません。短くするか、分けて、もう一度送ってください。"
)
# How the reader of forms begins its sentence when a form has too many parts, or one that is too long.
_OVERFULL = ("Too many ", "Part exceeded ", "Field exceeded ")
SECONDS_TO_WAIT = "5"


def install(app: FastAPI) -> None:
    """Answer every kind of failure of this application."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    for trouble in (DBAPIError, NoFreeConnection, OSError):
        app.add_exception_handler(trouble, _storage_error)
    app.add_middleware(UnexpectedMiddleware)


def error_response(
    request: Request,
    status: int,
    message: str,
    fields: dict[str, str] | None = None,
    kept: resend.KeptForm | None = None,
) -> Response:
    """The refusal in the form the caller reads: JSON under /api and for those who ask for it, else a page."""
    message = _writable(message)
    named = {_writable(name): _writable(what) for name, what in (fields or {}).items()}
    if wants_json(request):
        return JSONResponse(ErrorBody(message=message, fields=named).model_dump(), status_code=status)
    return render(request, "errors/error.html", status=status, code=status, message=message, fields=named, kept=kept)


def _writable(text: str) -> str:
    """A refusal may quote what was sent, and half a surrogate pair cannot be written into an answer."""
    return text.encode(errors="replace").decode()


def wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def sentence(status: int) -> str:
    """What to say when nothing more precise is known."""
    return _(SENTENCES.get(status, SENTENCES[500] if status >= 500 else SENTENCES[400]))


async def _app_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, AppError):
        raise error
    # Who has to wait sends the same once more.
    kept = await resend.kept_form(request) if isinstance(error, TooMany) else None
    response = error_response(request, error.status, error.message, error.fields, kept)
    response.headers.update(error.headers)
    return response


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if isinstance(error.__cause__, OSError):
        # A body that found no room in the folder for temporary files is not the sender's mistake.
        return await _storage_error(request, error.__cause__)
    location = (error.headers or {}).get("Location")
    if location:
        return redirect(request, location)
    status = 413 if _is_overfull(error) else error.status_code
    response = error_response(request, status, _say_http(error))
    response.headers.update(error.headers or {})
    return response


def _say_http(error: HTTPException) -> str:
    if isinstance(error, TooLarge):
        return too_large(error.limit)
    return _(OVERFULL) if _is_overfull(error) else sentence(error.status_code)


def _is_overfull(error: HTTPException) -> bool:
    return error.status_code == 400 and str(error.detail).startswith(_OVERFULL)


def too_large(limit: int) -> str:
    """What to do about a body of more than `limit` bytes."""
    return _(TOO_LARGE, mb=limit // MEGABYTE)


def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return error_response(request, 422, _("JSON として読み取れませんでした。書き方を確かめてください。"))
    return error_response(request, 422, sentence(422), dict(_field(problem) for problem in problems))


def _field(problem: dict[str, Any]) -> tuple[str, str]:
    place = ".".join(str(part) for part in problem["loc"][1:]) or str(problem["loc"][0])
    return place, _say(problem["type"], problem.get("ctx", {}))


def _say(kind: str, limits: dict[str, Any]) -> str:
    """What is wrong with one field, in words of the present language."""
    if kind == "missing":
        return _("入力してください。")
    if kind == "string_too_long":
        return _("%(n)s 文字までにしてください。", n=limits["max_length"])
    if kind.startswith(("int", "float", "decimal")):
        return _("数字で入力してください。")
    if kind in {"enum", "literal_error"}:
        return _("次のどれかにしてください: %(choices)s", choices=limits["expected"])
    return _("この値は使えません。")


async def _storage_error(request: Request, error: Exception) -> Response:
    """What was typed stands on the page of the refusal, to be sent once more: nothing need be written twice."""
    status, message = storage_trouble(error)
    # Two at once is rare; the same again and again would be a mistake of ours.
    if status == 500 or isinstance(error, IntegrityError):
        log.error("%s %s failed", request.method, masked(request.scope["path"]), exc_info=error)
    kept = await resend.kept_form(request) if status != 422 else None
    response = error_response(request, status, _(message), kept=kept)
    if status == 503:
        response.headers["Retry-After"] = SECONDS_TO_WAIT
    return response


def storage_trouble(error: BaseException) -> tuple[int, str]:
    """Status and sentence: 503 for database or disk, 422 for a value they cannot hold, 500 for a mistake of ours."""
    kind = storage.trouble(error)
    sentences = {storage.Trouble.FULL: FULL, storage.Trouble.UNWRITABLE: UNWRITABLE}
    status = {storage.Trouble.VALUE: 422, storage.Trouble.MISTAKE: 500}.get(kind, 503)
    return status, sentences.get(kind, SENTENCES[status])


class UnexpectedMiddleware:
    """Answers a mistake of ours. It stands inside the other middleware, so that this answer is protected as well."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception:
            if started or scope["type"] != "http":
                raise
            log.exception("%s %s failed", scope["method"], masked(scope["path"]))
            await error_response(Request(scope, receive), 500, sentence(500))(scope, receive, send)
