"""Puts the web application together: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError

from backend.accounts import (
    admin_pages,
    invitation_pages,
    link_pages,
    mail_pages,
    oidc_pages,
    organisation_pages,
    token_pages,
)
from backend.accounts import letters as account_letters  # noqa: F401 - makes its mails known
from backend.accounts import pages as accounts_pages
from backend.accounts.dependencies import current_user
from backend.accounts.strangers import spare
from backend.capacity import api as capacity_api
from backend.capacity import pages as capacity_pages
from backend.core import api_docs, error_pages, health, i18n, security
from backend.core.api_limits import RateLimit
from backend.core.db import Database
from backend.core.migrations import is_migrated
from backend.core.settings import Settings
from backend.core.templating import STATIC
from backend.dashboards import report_pages
from backend.firms import api as firms_api
from backend.firms import invitation_pages as firm_invitation_pages
from backend.firms import pages as firms_pages
from backend.firms.ward_words import LATIN
from backend.introductions import pages as case_pages
from backend.introductions import service as introductions  # noqa: F401 - opens a case for each request
from backend.introductions.api import endpoints as cases_api
from backend.introductions.cases.asking import asking_of
from backend.introductions.client.view import timeline_of
from backend.introductions.entrance import first_page, offers_in, unread_in
from backend.introductions.file_pages import case_documents
from backend.introductions.legs.candidates import said_of_steps, team_answers, workbench_of
from backend.introductions.messages.pages import case_thread
from backend.introductions.queries import settled_requests
from backend.matches import api as matches_api
from backend.matches import pages as matches_pages
from backend.matches import setup as matches
from backend.matches.process_words import nearest_processes
from backend.matches.words import english_terms
from backend.requests import api as requests_api
from backend.requests import pages as requests_pages
from backend.teams import api as routes_api
from backend.teams import joint_pages, team_api, team_pages
from backend.teams import pages as teams_pages
from backend.teams.route_view import likely_chain

TITLE = "ナカマワ"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole web application. Without settings it reads them from the environment."""
    settings = settings or Settings()
    app = FastAPI(
        title=TITLE,
        version="1",
        lifespan=_lifespan,
        dependencies=[Depends(current_user)],
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        strict_content_type=False,
    )
    app.state.settings = settings
    i18n.learn_terms("en", {**english_terms(), **LATIN})
    app.state.database = Database(settings.database_address, wait_seconds=settings.database_wait_seconds)
    app.state.api_limit = RateLimit(settings.api_per_minute)
    app.state.stranger_limit = RateLimit(settings.stranger_per_minute)
    app.state.health_checks = {}
    app.state.oidc = oidc_pages.provider(settings)
    # The firms slice knows no vocabulary; its import asks this whether a process is known.
    app.state.known_process = nearest_processes
    # The page of a request lies below the routes and the cases, and asks them through these.
    app.state.likely_chain = likely_chain
    app.state.timeline = timeline_of
    app.state.workbench = workbench_of
    app.state.asking = asking_of
    # What firms answered stands in cases; teams are made from it.
    app.state.team_answers = team_answers
    app.state.settled_requests = settled_requests()
    app.state.case_thread = case_thread
    # So do the teams of a request: what firms have said of its steps.
    app.state.said_of_steps = said_of_steps
    app.state.case_documents = case_documents
    app.state.unread_notices = unread_in
    app.state.waiting_offers = offers_in
    # Signing in lies below the cases; where somebody begins depends on what waits there.
    app.state.first_page = first_page
    error_pages.install(app)
    security.install(app, settings)
    _add_health(app)
    _add_slices(app, settings)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.database.close()


def _add_health(app: FastAPI) -> None:
    database: Database = app.state.database
    health.add_check(app, "database", lambda: _trouble_of(database))
    app.include_router(health.router, include_in_schema=False)


def _trouble_of(database: Database) -> str | None:
    """What keeps the database from serving, as /healthz tells it."""
    try:
        fresh = is_migrated(database)
    except SQLAlchemyError:
        return "the database does not answer"
    return None if fresh else "the database is not at the newest migration: run `nakamawa migrate`"


def _add_slices(app: FastAPI, settings: Settings) -> None:
    matches.install(app, settings)
    app.router.routes.extend(_slices(single_sign_on=app.state.oidc is not None).routes)


@cache
def _slices(*, single_sign_on: bool) -> APIRouter:
    """Every page and every address for programs, worked out once for all the applications of a process."""
    slices = APIRouter(dependencies=[Depends(current_user), Depends(spare)], strict_content_type=False)
    for pages in (accounts_pages, link_pages, organisation_pages, invitation_pages, admin_pages, mail_pages):
        slices.include_router(pages.router, include_in_schema=False)
    if single_sign_on:
        slices.include_router(oidc_pages.router, include_in_schema=False)
    # Fixed addresses under /firms come before /firms/{firm_id}, which would take them for a firm.
    for pages in (firm_invitation_pages, firms_pages, capacity_pages, requests_pages, matches_pages, teams_pages):
        slices.include_router(pages.router, include_in_schema=False)
    slices.include_router(token_pages.router, include_in_schema=False)
    for api in (firms_api, capacity_api, requests_api, matches_api, routes_api, cases_api, team_api):
        slices.include_router(api.router)
    for more in (team_pages, joint_pages, case_pages, report_pages):
        slices.include_router(more.router, include_in_schema=False)
    return slices


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        app.openapi_schema = api_docs.complete(schema)
    return app.openapi_schema
