"""What protects every answer and every request: headers, a size limit, and no commands from other sites."""

import base64
import hashlib
import hmac
from urllib.parse import urlsplit

from asgi_cross_origin_protection import CrossOriginProtection
from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core.addresses import KEY_ADDRESSES, AccessLogMiddleware
from backend.core.error_pages import MEGABYTE, error_response, sentence, too_large
from backend.core.errors import TooLarge
from backend.core.i18n import LanguageMiddleware
from backend.core.settings import Settings

POLICY = "Content-Security-Policy"
# Drawings go to addresses that end like this; their form may be larger than any other.
FILE_ADDRESSES = ("/files", "/versions")
# The machine itself may always ask: the check of the container does.
OWN_HOSTS = ("127.0.0.1", "localhost")
SESSION_COOKIE = "nakamawa_session"
STATIC_ADDRESS = "/static/"
CACHE = "Cache-Control"
# So much of a body that is refused is still taken in: a browser shows the answer only when it was let finish.
DRAINED = 8


def install(app: FastAPI, settings: Settings) -> None:
    """Wrap the application; what is added last stands outermost."""
    app.add_middleware(
        BodyLimitMiddleware, limit=settings.max_body_mb * MEGABYTE, with_files=settings.max_upload_mb * MEGABYTE
    )
    app.add_middleware(NulMiddleware)
    app.add_middleware(CrossOriginProtection, deny_app=_deny)
    app.add_middleware(LanguageMiddleware)
    if settings.allowed_hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*settings.allowed_hosts, *OWN_HOSTS])
    app.add_middleware(HeadersMiddleware, policy=content_policy(settings.tile_url), secure=settings.production)
    app.add_middleware(AccessLogMiddleware)


async def _deny(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    await error_response(request, 403, sentence(403))(scope, receive, send)


def content_policy(tile_url: str) -> str:
    """Only our own scripts and styles, none of them inline; map tiles if the operator named a server."""
    parts = urlsplit(tile_url)
    tiles = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{tiles}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class HeadersMiddleware:
    """Adds the protective headers to every answer."""

    def __init__(self, app: ASGIApp, *, policy: str, secure: bool) -> None:
        self.app = app
        self.headers = {
            POLICY: policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if secure:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A file of a stranger goes out under a policy that allows less than that of our pages.
                own_policy = headers.get(POLICY)
                headers.update(self.headers)
                if own_policy:
                    headers[POLICY] = own_policy
                _keep_private(scope, headers)
            await send(message)

        await self.app(scope, receive, send_protected if scope["type"] == "http" else send)


def _keep_private(scope: Scope, headers: MutableHeaders) -> None:
    """What somebody sees who is somebody, or has a key, is kept nowhere. Other pages are asked for anew each time."""
    if scope["path"].startswith(STATIC_ADDRESS):
        return
    asked = Headers(scope=scope)
    is_somebody = "authorization" in asked or SESSION_COOKIE in asked.get("cookie", "")
    if not is_somebody and not scope["path"].startswith(KEY_ADDRESSES):
        headers.setdefault(CACHE, "private, no-cache")
        return
    headers.setdefault(CACHE, "no-store")
    headers["X-Robots-Tag"] = "noindex, nofollow"


class NulMiddleware:
    """An address with a NUL character names nothing; in a question it means nothing. PostgreSQL would refuse both."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "\0" in scope["path"]:
            await error_response(Request(scope, receive), 404, sentence(404))(scope, receive, send)
            return
        if scope["type"] == "http":
            scope["query_string"] = _without_nul(scope["query_string"])
        await self.app(scope, receive, send)


def _without_nul(query: bytes) -> bytes:
    """Taking one out may put the next together: %%0000."""
    while b"%00" in query:
        query = query.replace(b"%00", b"")
    return query


class BodyLimitMiddleware:
    """Refuses a body above the limit: at once when its length is announced, else as soon as it is passed."""

    def __init__(self, app: ASGIApp, *, limit: int, with_files: int) -> None:
        self.app = app
        self.limit = limit
        self.with_files = with_files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.with_files if scope["path"].endswith(FILE_ADDRESSES) else self.limit
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await _drain(receive, limit)
            refusal = error_response(Request(scope, receive), 413, too_large(limit))
            await refusal(scope, receive, send)
            return
        await self.app(scope, self._counting(receive, limit), send)

    def _counting(self, receive: Receive, limit: int) -> Receive:
        seen = 0

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                if message.get("more_body", False):
                    await _drain(receive, limit)
                raise TooLarge(limit)
            return message

        return receive_counted


async def _drain(receive: Receive, limit: int) -> None:
    """Let the sender finish, within reason: who is cut off in the middle is shown no answer by a browser."""
    seen, more = 0, True
    while more and seen <= DRAINED * limit:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)


def sign(secret: str, text: str) -> str:
    """The text with a signature behind it, fit for a cookie."""
    return f"{text}.{_signature(secret, text)}"


def unsign(secret: str, signed: str) -> str | None:
    """The text, if the signature is ours; else None."""
    text, _dot, signature = signed.rpartition(".")
    # Bytes, because a forged cookie may hold characters that compare_digest refuses in a str.
    ours = hmac.compare_digest(_signature(secret, text).encode(), signature.encode())
    return text if text and ours else None


def _signature(secret: str, text: str) -> str:
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
