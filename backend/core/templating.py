"""Pages from templates. A page is one template; a fragment is one of its blocks, rendered alone."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block

from backend.core import clock, i18n

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
WEEKDAYS_JA = "月火水木金土日"


class Components:
    """Every macro of templates/components/*.html as `ui.<name>`: a block rendered alone sees no imports."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[str, object] = {}

    def __getattr__(self, name: str) -> object:
        if not self._macros:
            self._macros = self._collect()
        if name not in self._macros:
            raise AttributeError(name)
        return self._macros[name]

    def _collect(self) -> dict[str, object]:
        macros: dict[str, object] = {}
        for file in sorted((TEMPLATES / "components").glob("*.html")):
            module = self._environment.get_template(f"components/{file.name}").module
            found = {name: value for name, value in vars(module).items() if not name.startswith("_")}
            clash = macros.keys() & found.keys()
            if clash:
                raise ValueError(f"components/{file.name} defines {sorted(clash)} again")
            macros |= found
        return macros


def _is_markup(name: str | None) -> bool:
    """Everything is escaped but the plain text of mails."""
    return not (name or "").endswith(".txt")


@lru_cache
def environment() -> Environment:
    """The one Jinja environment. Undefined names are errors; everything is escaped but plain text."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=_is_markup,  # noqa: S701 - only plain text goes unescaped, see there
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "_": i18n.gettext,
        "gettext": i18n.gettext,
        "ngettext": i18n.ngettext,
        "current_language": i18n.language,
        "static": static,
        "ui": Components(env),
    }
    env.filters |= {"date": show_date, "short_date": short_date, "time": show_time, "term": i18n.term}
    return env


@lru_cache
def _fingerprint(path: str) -> str:
    file = STATIC / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "absent"


def static(path: str) -> str:
    """The address of a file under static/, changed with its content so that browsers may keep it."""
    return f"/static/{path}?v={_fingerprint(path)}"


def show_date(value: date) -> str:
    """A date as people read it: 2027年1月15日(金), or 15 January 2027 (Fri)."""
    day = clock.in_tokyo(value).date() if isinstance(value, datetime) else value
    if i18n.language() == "ja":
        return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS_JA[day.weekday()]})"
    return f"{day.day} {day:%B %Y (%a)}"


def short_date(day: date) -> str:
    """11/23, or 23 Nov: where there is little room and the year is plain."""
    return f"{day.month}/{day.day}" if i18n.language() == "ja" else f"{day.day} {day:%b}"


def show_time(value: datetime) -> str:
    """A moment with date, weekday and hour, on the clock of Tokyo."""
    return f"{show_date(value)} {clock.in_tokyo(value):%H:%M}"


def render(request: Request, name: str, block: str | None = None, status: int = 200, **context: object) -> HTMLResponse:
    """A whole page, or only the named block of it."""
    env = environment()
    values = page_context(request) | context
    body = env.get_template(name).render(values) if block is None else render_block(env, name, block, values)
    return HTMLResponse(body, status_code=status, headers={"Vary": "HX-Request"})


def page_context(request: Request) -> dict[str, object]:
    """What every template may use besides its own values."""
    return {
        "request": request,
        "path": request.url.path,
        "url_for": request.url_for,
        "lang": i18n.language(),
        "current_user": getattr(request.state, "current_user", None),
        "demo": request.app.state.settings.demo,
        # Asked by the header alone, so that fragments and mails cost no question to the database.
        "unread_notices": lambda: request.app.state.unread_notices(request),
        "waiting_offers": lambda: request.app.state.waiting_offers(request),
    }
