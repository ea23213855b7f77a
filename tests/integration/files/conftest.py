"""An application whose cases are nothing but their files: who asks says with which keys."""

from collections.abc import Callable, Mapping
from typing import Annotated

import pytest
from fastapi import FastAPI, Header, Request
from fastapi.responses import Response
from fastapi.testclient import TestClient

from backend.core.db import ReadSession
from backend.core.errors import Invalid
from backend.core.templating import environment, page_context
from backend.files import listing
from backend.files.handing import stamp_for
from backend.files.models import Audience
from backend.files.pages import FileScope, file_routes
from backend.files.rules import CLIENT, DESK, Actor, leg_key
from tests import factories

LEG, OTHER = leg_key(7), leg_key(8)
COMPANY = "株式会社髙橋精工"
PAGE = """{% extends "base.html" %}{% block title %}相談{% endblock %}
{% block head %}{{ ui.file_assets() }}{% endblock %}
{% block main %}<h1>相談 {{ case }}</h1>
<section class="sec stack" id="files"><h2>図面と資料</h2>
{{ ui.file_list(rows, base, names, receivers, log, refusal, typed) }}</section>
<form class="sec stack narrow" action="{{ base }}/files" method="post" enctype="multipart/form-data" data-upload>
{{ ui.form_error(refusal.message if refusal else "") }}{{ ui.file_field(error=fields.get("files", "")) }}
{{ ui.textarea("note", "ひとこと", value=typed.get("note", "")) }}{{ ui.file_progress() }}
<p><button class="btn btn-main" type="submit">送る</button></p></form>{% endblock %}"""


def case_files(request: Request, case: int, keys: Annotated[str, Header()] = "") -> FileScope:
    """Keys come in a header, with commas between them."""
    held = frozenset(key for key in keys.split(",") if key)
    base = f"/papers/{case}"
    staff = bool(held & {DESK, CLIENT})
    return FileScope(
        actor=Actor(name=keys or "somebody", keys=held, user_id="u" if staff else None, link_id=None if staff else "l"),
        subject=f"case:{case}",
        back=f"{base}#files",
        owner_key=next(iter(sorted(held)), None),
        stamp=None if staff else stamp_for(COMPANY, f"相談 {case}"),
        page=lambda refusal, typed: _page(request, case, held, refusal, typed),
        receivers=frozenset({LEG, OTHER}) if staff else frozenset(),
    )


def _page(
    request: Request, case: int, keys: frozenset[str], refusal: Invalid | None, typed: Mapping[str, str]
) -> Response:
    with request.app.state.database.reading() as session:
        rows = listing.listing(session, f"case:{case}", keys, with_log=bool(keys & {DESK, CLIENT}))
    values = page_context(request) | {"rows": rows, "base": f"/papers/{case}", "case": case, "log": DESK in keys}
    values |= {"names": {LEG: COMPANY, OTHER: "ほかの工場"}, "receivers": [LEG, OTHER], "typed": typed}
    values |= {"refusal": refusal, "fields": refusal.fields if refusal else {}}
    body = environment().from_string(PAGE).render(values)
    return Response(body, status_code=422 if refusal else 200, media_type="text/html")


@pytest.fixture
def site(app: FastAPI) -> FastAPI:
    @app.get("/papers/{case}")
    def show(request: Request, _session: ReadSession, case: int, keys: Annotated[str, Header()] = "") -> Response:
        return _page(request, case, frozenset(keys.split(",")), None, {})

    app.include_router(file_routes("/papers/{case}", case_files))
    return app


Enter = Callable[..., TestClient]


@pytest.fixture
def enter(site: FastAPI) -> Enter:
    """A browser that holds these audience keys."""

    def browser(*keys: str) -> TestClient:
        client = factories.browser(site)
        client.headers["keys"] = ",".join(keys)
        return client

    return browser


@pytest.fixture
def desk(enter: Enter) -> TestClient:
    return enter(DESK)


@pytest.fixture
def firm(enter: Enter) -> TestClient:
    return enter(LEG)


__all__ = ["COMPANY", "LEG", "OTHER", "Audience"]
