"""What is kept of an answer after it was given: by the browser, by a proxy, by a search engine, by the next site."""

import re

import pytest
from fastapi import FastAPI
from httpx2 import Response

from backend.accounts.models import OrganisationKind
from backend.core.db import Database
from tests.integration.access_table import OPEN
from tests.integration.crowd import Crowd, Ids, crowd, hidden_firm, ids, place
from tests.integration.programs import Programs
from tests.integration.routes import address, every_route

__all__ = ["crowd", "hidden_firm", "ids", "place"]

# Parts of an address that open something to whoever has them.
KEYS = ("{token}", "{link}", "{offer_link}", "{code}", "{link_token}", "{letter}")
# A picture of a firm's page changes its address when it changes.
LASTING = frozenset({"/firms/{firm_id}/pictures/{picture_id}"})


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_what_is_left_of_an_answer(app: FastAPI, database: Database, crowd: Crowd) -> None:
    crowd.browsers["program"] = Programs(app, database).of(OrganisationKind.COORDINATORS).client
    answers = {
        (name, pattern): browser.get(address(pattern, crowd.ids[0]))
        for name, browser in crowd.browsers.items()
        for method, pattern in every_route(app)
        if method == "GET" and pattern not in LASTING
    }
    for (name, pattern), answer in answers.items():
        _is_kept_nowhere(name, pattern, answer)
    named = {answer.headers["Content-Disposition"] for answer in answers.values() if _is_named(answer)}
    assert len(named) > 6
    for said in named:
        _tells_nothing(said, crowd.ids[0])
    _says_the_same(
        crowd, [pattern for (name, pattern), a in answers.items() if name == "startup" and a.status_code == 404]
    )


def _is_kept_nowhere(name: str, pattern: str, answer: Response) -> None:
    """Pages of somebody, and pages behind a key, are not kept at all; public ones are asked for anew each time."""
    is_public = ("GET", pattern) in OPEN and not any(key in pattern for key in KEYS)
    kept = answer.headers["Cache-Control"]
    if name == "stranger" and (is_public or answer.status_code in {303, 401}):
        assert kept in {"private, no-cache", "no-store"}, (name, pattern)
    else:
        assert "no-store" in kept, (name, pattern)
        assert "noindex" in answer.headers["X-Robots-Tag"], (name, pattern)
    # Nothing by which one could ask later whether a thing has changed.
    assert not answer.headers.keys() & {"etag", "last-modified"}, (name, pattern)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def _is_named(answer: Response) -> bool:
    return "Content-Disposition" in answer.headers


def _tells_nothing(said: str, ids: Ids) -> None:
    """A name stands in lists of downloads on machines of others: numbers, days and what the file itself is called."""
    assert re.fullmatch(r"(attachment|inline); filename=\"[\w.-]+\"(; filename\*=UTF-8''[\w.%~-]+)?", said), said
    assert not any(ids[key] in said for key in ("token", "offer_link", "code"))


def _says_the_same(crowd: Crowd, refused: list[str]) -> None:
    """What belongs to others is refused word for word like what is not there."""
    assert len(refused) > 30
    person, nothing = crowd.browsers["startup"], dict.fromkeys(crowd.ids[0], "987654321")
    for pattern in refused:
        there, nowhere = (person.get(address(pattern, ids)) for ids in (crowd.ids[0], nothing))
        if "{" in pattern and not any(key in pattern for key in (*KEYS, "{kind}")):
            assert (nowhere.status_code, _plain(nowhere)) == (404, _plain(there)), pattern
            assert there.headers.keys() == nowhere.headers.keys(), pattern


def _plain(answer: Response) -> str:
    return re.sub(r"<[^>]*>", " ", answer.text)
