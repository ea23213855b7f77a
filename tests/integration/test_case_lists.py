"""What lists, searches, counts, exports and mails tell of a case to those who have no part in it: nothing, not even
that there is one. The addresses come from the application; each case is looked for in three states.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import select

from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions.states import CaseState
from backend.worker import Worker
from tests.integration.access_table import OPEN
from tests.integration.routes import every_route
from tests.integration.test_case_matrix import (
    AMOUNT,
    ANSWER,
    CLIENT,
    REMARK,
    Actor,
    Place,
    _actors,
    _forbidden,
    _place,
)

STATES = (CaseState.ASKING, CaseState.INTRODUCED, CaseState.DELIVERED)
KINDS = ("csv", "xlsx")
# Pages that can be searched, with a word that stands in the case and one that stands nowhere.
SEARCHES: tuple[str, ...] = (
    "/cases",
    "/board",
    "/requests",
    "/cases/cases.csv",
    "/api/v1/requests",
    "/firms",
    "/api/v1/firms",
    "/organisations",
)
SEARCHES += ("/firms/points", "/admin/audit", "/handovers", "/joint-plan", "/reports", "/my-requests", "/offers")
NOWHERE = "どこにもない言葉"
# Whose lists must not change by a case that is none of theirs. The register belongs to everybody.
OUTSIDE = frozenset({"stranger", "other startup", "workshop not offered", "coordinator of another ward"})
OF_FIRMS = ("/firms", "/capacity", "/api/v1/firms", "/handovers", "/organisations", "/account", "/admin")


def _lists(app: FastAPI) -> list[str]:
    """Every address that names no single thing, with all its kinds."""
    patterns = [p for m, p in every_route(app) if m == "GET" and not re.search(r"\{(?!kind)", p)]
    found = [p.replace("{kind}", kind) for p in patterns for kind in (KINDS if "{kind}" in p else ("",))]
    return [p for p in dict.fromkeys(found) if "openapi" not in p]


def words_of(answer: Response) -> str:
    """What somebody reads in the answer; a workbook is opened first."""
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/"))


def _wrong(actor: Actor, path: str, place: Place, answer: Response) -> str | None:
    if answer.status_code not in {200, 303, 401, 404, 503}:
        return f"answered {answer.status_code}"
    said = f"{words_of(answer)} {answer.headers}"
    found = [word for word in _forbidden(path, actor, place) if word in said]
    return f"reads {found}" if found else None


def _searched(actor: Actor, place: Place) -> Iterator[tuple[str, str]]:
    """Searches by which an outsider would learn that somebody stands in a case."""
    for path in SEARCHES:
        nowhere = _same(words_of(actor.browser.get(f"{path}?q={quote(NOWHERE)}")), NOWHERE)
        for word in (*CLIENT, "検査機", place.ids["token"]):
            if _same(words_of(actor.browser.get(f"{path}?q={quote(word)}")), word) != nowhere:
                yield path, word


def _same(text: str, word: str) -> str:
    """Without the word itself and without what is made anew for each form."""
    for written in (word, quote(word), quote(quote(word)), word.replace(" ", "+"), quote(word).replace("%20", "+")):
        text = text.replace(written, "#")
    # How many firms there are in the register everybody may know.
    return re.sub(r"\b[0-9a-f]{32}\b|token-\w+|/ \d+ \(", "#", text)


def _difference(texts: set[str]) -> str:
    """Where two of them part."""
    one, other = sorted(texts)[:2]
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[at - 100 : at + 60]!r} / {other[at - 20 : at + 60]!r}"


@pytest.mark.slow
def test_nobody_learns_of_a_case_by_lists(
    app: FastAPI, database: Database, settings: Settings, database_kind: str
) -> None:
    wrong: list[object] = []
    seen: dict[tuple[str, str], set[str]] = {}
    cells = 0
    for state in STATES if database_kind == "sqlite" else STATES[1:2]:
        place = _place(database, settings, state)
        for actor in _actors(app, database, settings, place.made):
            for path in _lists(app):
                cells += 1
                answer = actor.browser.get(path)
                if trouble := _wrong(actor, path, place, answer):
                    wrong.append((state.value, actor.name, path, trouble))
                if actor.name in OUTSIDE and not path.startswith(OF_FIRMS):
                    text = _same(words_of(answer), NOWHERE)
                    # Everybody's own name stands in the head of a page and ends in a number.
                    seen.setdefault((actor.name, path), set()).add(
                        re.sub(r"(startup|workshop|coordinator) \d+", "", text)
                    )
            if actor.name in OUTSIDE and state is CaseState.INTRODUCED:
                wrong += [(actor.name, *found) for found in _searched(actor, place)]
    wrong += [(*where, "changes with the case", _difference(texts)) for where, texts in seen.items() if len(texts) > 1]
    assert wrong == [], "\n".join(map(str, wrong))
    assert cells >= (900 if database_kind == "sqlite" else 300)


def test_no_mail_tells_more_than_its_reader_may_know(
    database: Database, settings: Settings, database_kind: str
) -> None:
    """Subject, text and HTML of every mail of a case from the first question to the delivery."""
    states = (
        (CaseState.AGREED, CaseState.DELIVERED, CaseState.LOST) if database_kind == "sqlite" else (CaseState.AGREED,)
    )
    read = 0
    for state in states:
        place = _place(database, settings, state)
        for _round in range(2):
            Worker(database, settings).run_once()
        people = place.made.people
        firms = {user.email: number for number, user in enumerate(people.shops)}
        never = {email: {REMARK, ANSWER, str(AMOUNT), f"{AMOUNT:,}", place.made.token} for email in firms}
        for email, number in firms.items():
            never[email] |= set() if place.disclosed and number == 0 else set(CLIENT)
        never[CLIENT[1]] = {REMARK}
        with database.reading() as session:
            mails = [mail for mail in session.exec(select(Mail)) if mail.recipient in never]
        for mail in mails:
            read += 1
            said = f"{mail.subject} {mail.text} {mail.html}"
            assert [word for word in never[mail.recipient] if word in said] == [], (state, mail.event)
            # A name in a subject is read by whoever looks over a shoulder.
            assert not any(word in mail.subject for word in (*CLIENT, ANSWER)), mail.event
    assert read > (15 if database_kind == "sqlite" else 3)


def test_every_open_list_is_meant_to_be_open() -> None:
    """The lists that strangers may read are these few; another one needs a decision."""
    lists = {pattern for method, pattern in OPEN if method == "GET" and "{" not in pattern}
    assert lists == {
        "/",
        "/accessibility",
        "/api/v1/firms",
        "/api/v1/openapi.json",
        "/c/demo",
        "/firms",
        "/firms/points",
        "/guide",
        "/healthz",
        "/privacy",
        "/sign-in",
        "/sign-in/link",
    }
