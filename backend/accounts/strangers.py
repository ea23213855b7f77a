"""How much somebody without an account may ask: counted by network address, so that a loop leaves room for others."""

from fastapi import Request

from backend.accounts.browser import address_of
from backend.accounts.dependencies import CurrentUser
from backend.core.api_limits import RateLimit
from backend.core.errors import TooMany
from backend.core.i18n import ngettext


def spare(request: Request, user: CurrentUser) -> None:
    """Refuse a stranger who asks too often. People who are signed in are not counted, tokens are by themselves."""
    if user is not None or _has_token(request):
        return
    limit: RateLimit = request.app.state.stranger_limit
    seconds = limit.take(address_of(request))
    if seconds:
        raise TooMany(_asks_often(seconds), seconds)


def _asks_often(seconds: int) -> str:
    return ngettext(
        "短い間に何度もお尋ねがありました。%(n)s秒ほど待って、もう一度お試しください。",
        "短い間に何度もお尋ねがありました。%(n)s秒ほど待って、もう一度お試しください。",
        seconds,
    )


def _has_token(request: Request) -> bool:
    """Only addresses for programs look at tokens, and refuse those that are not good."""
    scheme = request.headers.get("authorization", "").partition(" ")[0]
    return request.url.path.startswith("/api/") and scheme.lower() == "bearer"
