"""Japanese first, English complete. The Japanese sentence is the key; locale/en/*.po holds the English ones."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGES = ("ja", "en")
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600
LOCALES = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="ja")
_terms: dict[str, dict[str, str]] = {}


def language() -> str:
    """The language of the present request."""
    return _language.get()


def use_language(lang: str) -> None:
    """Speak this language for the rest of the present request or command."""
    _language.set(lang if lang in LANGUAGES else LANGUAGES[0])


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak this language inside the block: a mail speaks that of its reader, not that of who causes it."""
    before = _language.set(lang if lang in LANGUAGES else LANGUAGES[0])
    try:
        yield
    finally:
        _language.reset(before)


def gettext(message: str, **values: object) -> str:
    """The sentence in the present language, with %(name)s filled in."""
    text = message if language() == "ja" else _catalogue(language()).get(message, message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """Like gettext for a counted thing; `%(n)s` is the count, as people write it. Japanese has one form."""
    if language() == "ja":
        text = many
    else:
        forms = _plurals(language()).get(one, (one, many))
        text = forms[0] if n == 1 else forms[-1]
    return text % {"n": f"{n:,}", **values}


def learn_terms(lang: str, terms: Mapping[str, str]) -> None:
    """Terms of the trade and names of places, which no catalogue holds. Learned once, when the application starts."""
    _terms.setdefault(lang, {}).update(terms)


def term(words: str) -> str:
    """Terms in the present language, parted by ・ where there are several; what is unknown stays as it was written."""
    known = _terms.get(language(), {})
    parts = str(words).split("・")
    return ", ".join(known.get(part, part) for part in parts) if any(part in known for part in parts) else words


def mark(message: str) -> str:
    """Marks a sentence that is translated later, when the language is known."""
    return message


@lru_cache
def _catalogue(lang: str) -> dict[str, str]:
    return {key: text for key, text in _messages(lang) if isinstance(key, str) and isinstance(text, str)}


@lru_cache
def _plurals(lang: str) -> dict[str, tuple[str, ...]]:
    return {key[0]: tuple(text) for key, text in _messages(lang) if isinstance(key, tuple) and isinstance(text, tuple)}


def _messages(lang: str) -> list[tuple[object, object]]:
    files = sorted((LOCALES / lang).glob("*.po"))
    return [(m.id, m.string) for file in files for m in read_catalogue(file) if m.id and m.string]


def read_catalogue(file: Path) -> Catalog:
    """One slice's translations, as its .po file has them."""
    with file.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def choose_language(connection: HTTPConnection) -> str:
    """What the address asks for, else what was chosen before, else what the browser prefers."""
    for wanted in (connection.query_params.get("lang"), connection.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    preferred = preferred_languages(connection.headers.get("accept-language", ""))
    return negotiate_locale(preferred, LANGUAGES) or LANGUAGES[0]


def preferred_languages(header: str) -> list[str]:
    """What a browser prefers, the dearest first: `en;q=0.5, ja` wants Japanese."""
    parts = [part.replace(" ", "").partition(";q=") for part in header.split(",")]
    weighted = [(_weight(weight), tag.replace("-", "_")) for tag, _mark, weight in parts if tag]
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def _weight(written: str) -> float:
    try:
        return float(written or 1)
    except ValueError:
        return 1.0


class LanguageMiddleware:
    """Chooses the language of each request and remembers a choice made by ?lang=."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        lang = choose_language(connection)
        use_language(lang)
        asked = connection.query_params.get("lang") == lang

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark_response(MutableHeaders(scope=message), lang, asked)
            await send(message)

        await self.app(scope, receive, send_marked)


def _mark_response(headers: MutableHeaders, lang: str, asked: bool) -> None:
    if not headers.get("content-type", "").startswith("text/html"):
        return
    headers["Content-Language"] = lang
    headers.add_vary_header("Accept-Language")
    headers.add_vary_header("Cookie")
    if asked:
        headers.append("Set-Cookie", f"{COOKIE}={lang}; Path=/; Max-Age={COOKIE_SECONDS}; SameSite=lax")
