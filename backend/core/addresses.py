"""Which addresses are keys, and what of an address may be written down."""

import logging
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Whoever has such an address has a key: no browser, proxy, search engine or log keeps what lies there.
KEY_ADDRESSES = (
    "/requests/",
    "/api/v1/requests/",
    "/o/",
    "/c/",
    "/i/",
    "/sign-in/",
    "/unsubscribe/",
)
MASK = "[key]"

log = logging.getLogger(__name__)


def masked(path: str) -> str:
    """The path without the key in it, on one line. What stands behind a question mark is never written down."""
    path = "/" + path.lstrip("/")
    opened = next((address for address in KEY_ADDRESSES if path.startswith(address)), None)
    return quote(path) if opened is None else opened + MASK


class AccessLogMiddleware:
    """One line for each answer. The server's own would hold the whole address, and with it the keys of people."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                client = (scope.get("client") or ("-",))[0]
                log.info('%s "%s %s" %d', client, scope["method"], masked(scope["path"]), message["status"])
            await send(message)

        await self.app(scope, receive, send_noted if scope["type"] == "http" else send)
