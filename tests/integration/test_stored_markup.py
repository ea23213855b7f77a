"""Markup that somebody stored or sent is shown as text: no page gains a tag, a handler or a script by it.

Every text of every table holds more than five hundred payloads, and every page is looked at by every role: a new table
or a new page is part of it without a word here. What the database holds is the same on both kinds, so one is enough.
"""

from collections.abc import Iterator, Sequence
from html import unescape
from itertools import cycle

import pytest
from fastapi import FastAPI
from markupsafe import escape
from sqlmodel import select

from backend.capacity.models import CapacityContact
from backend.core import audit
from backend.core.db import Database
from backend.core.mail import Mail
from backend.core.settings import Settings
from backend.introductions import letters, queries
from backend.introductions.models import Case
from backend.introductions.states import Party
from tests import hostile
from tests.integration import markup
from tests.integration.access_table import OPEN
from tests.integration.crowd import Crowd, crowd, empty_tables, hidden_firm, ids, place
from tests.integration.routes import address, every_route, is_file

__all__ = ["crowd", "hidden_firm", "ids", "place"]

TEXTS = hostile.payloads()
SHOWN = [str(escape(text)) for text in TEXTS]
HOSTILE = audit.action("hostile", "<b>xss</b>")
# Nobody types what stands there, or it is shown nowhere.
UNFILLED = frozenset({"api_answers", "capacity_bookings", "capacity_reminders", "pictures", "request_shares"})
# What pages read from their addresses.
NAMES: tuple[str, ...] = (
    "q",
    "next",
    "action",
    "subject",
    "actor",
    "day",
    "kind",
    "ward",
    "process",
    "step",
    "edit",
    "add",
    "team",
)
NAMES += ("state", "whose", "due", "period", "first", "last", "page", "material", "certificate", "lang", "from", "to")
LONGEST_QUERY = 190
# Forms that would end the visit.
LEAVING = ("/sign-out", "/admin/users/", "/account/sessions/")
# Each page is read as the first of these who may.
READERS = ("workshop", "startup", "coordinator", "admin", "stranger")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def poisoned(database: Database, settings: Settings, crowd: Crowd) -> Crowd:
    """A database whose every text is hostile."""
    assert empty_tables(database) - UNFILLED == set()
    columns = hostile.poison(database, TEXTS)
    assert hostile.poison_plans(settings.data_dir, "".join(TEXTS)) == 1
    with database.writing() as session:
        audit.record(session, HOSTILE, "user:<xss>", name="".join(TEXTS))
    assert len(columns) > 60
    return crowd


def _pages(app: FastAPI, crowd: Crowd) -> Iterator[tuple[str, str, str]]:
    """Who saw it, where, and the text of every HTML page: of the cases for both of them."""
    for method, pattern in every_route(app):
        if method == "GET" and not pattern.startswith("/api/") and not is_file(pattern):
            for where in dict.fromkeys(address(pattern, ids) for ids in crowd.ids):
                yield from _first_seen(crowd, pattern, where)
                if ("GET", pattern) in OPEN:
                    yield from _first_seen(crowd, pattern, where, READERS[::-1])


def _first_seen(
    crowd: Crowd, pattern: str, where: str, readers: Sequence[str] = READERS
) -> Iterator[tuple[str, str, str]]:
    for name in readers:
        answer = crowd.browsers[name].get(where)
        assert answer.status_code < 500 or answer.status_code == 503, (name, pattern)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        if answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
            yield name, pattern, answer.text
            return


def test_there_are_enough() -> None:
    assert len(TEXTS) >= 500
    assert len(hostile.strange("".join(TEXTS))) > 300


def test_nothing_stored_becomes_markup(poisoned: Crowd, app: FastAPI, database: Database, settings: Settings) -> None:
    _no_page_gains_markup(poisoned, app)
    _no_mail_gains_markup(poisoned, database, settings)


def _no_page_gains_markup(poisoned: Crowd, app: FastAPI) -> None:
    faults: dict[object, object] = {}
    through: dict[str, int] = {}
    readers = set()
    for name, pattern, text in _pages(app, poisoned):
        readers.add(name)
        if found := hostile.strange(text):
            faults[name, pattern] = found[:3]
        if "xss()" in text:
            through[pattern] = max(through.get(pattern, 0), sum(shown in text for shown in SHOWN))
    assert faults == {}
    assert readers >= {"workshop", "coordinator", "admin", "stranger"}
    # Nearly every page shows something that was typed; most show every payload, the others the beginnings of texts.
    assert len(through) > 50, sorted(through)
    assert sum(count == len(TEXTS) for count in through.values()) > 25, through


def _no_mail_gains_markup(poisoned: Crowd, database: Database, settings: Settings) -> None:
    secret, longest = settings.secret_key.get_secret_value(), 0
    with database.writing() as session:
        case_id = poisoned.made.case_id
        case = session.get(Case, case_id)
        assert case is not None
        queries.request_of(session, case).contact_email = "a@example.jp"
        for user in (poisoned.made.people.coordinator, *poisoned.made.people.shops):
            session.merge(user).email = f"{user.id}@example.jp"
        for contact in session.exec(select(CapacityContact)):
            contact.email = "kobo@example.jp"
        offer = queries.offers_of(session, case_id)[0]
        for event in letters.MAILS:
            for party in (Party.CLIENT, Party.FIRM, Party.COORDINATOR):
                letters.write(session, secret, event, case_id, party, offer.id, f"hostile:{event}:{party}")
    with database.reading() as session:
        mails = [mail for mail in session.exec(select(Mail)) if mail.key.startswith("hostile:")]
    assert {mail.event for mail in mails} == set(letters.MAILS)
    for mail in mails:
        assert hostile.strange(mail.html) == [], mail.event
        assert mail.subject.isprintable()
        longest = max(longest, sum(shown in mail.html for shown in SHOWN))
    assert longest == len(TEXTS)


def test_nothing_in_an_address_becomes_markup(crowd: Crowd, app: FastAPI) -> None:
    """Every page is asked for with every payload in its address, some in each name it might read."""
    pieces = cycle(_pieces(LONGEST_QUERY))
    rounds = -(-len(list(_pieces(LONGEST_QUERY))) // len(NAMES))
    faults, asked = {}, 0
    for method, pattern in every_route(app):
        if method != "GET" or is_file(pattern) or "export" in pattern:
            continue
        for turn in range(rounds):
            query = "&".join(hostile.quoted(name, (next(pieces),), LONGEST_QUERY) for name in NAMES)
            who = ("admin", "stranger", "startup", "workshop")[turn % 4]
            answer = crowd.browsers[who].get(f"{address(pattern, crowd.ids[0])}?{query}")
            asked += 1
            assert answer.status_code < 500 or answer.status_code == 503, pattern
            if answer.status_code == 303:
                assert answer.headers["Location"].startswith("/"), pattern
                assert not answer.headers["Location"].startswith("//"), pattern
            if "html" in answer.headers.get("content-type", "") and (found := hostile.strange(answer.text)):
                faults[pattern] = found[:3]
    assert faults == {}
    assert asked > 200


def _pieces(longest: int) -> Iterator[str]:
    """All payloads, as many at a time as have room."""
    piece = ""
    for text in TEXTS:
        if len(piece) + len(text) > longest:
            yield piece
            piece = ""
        piece += text
    yield piece


def _all_in(texts: Sequence[str], page: str) -> bool:
    return all(text in page for text in texts)


def test_nothing_sent_becomes_markup(crowd: Crowd, app: FastAPI) -> None:
    """Each form is sent with all payloads in the fields that a person writes into, or else in every field, and with
    some of them, which are kept; what is refused stands in it again, as text."""
    forms: dict[object, tuple[str, markup.Form]] = {}
    for name, _pattern, text in _pages(app, crowd):
        for form in markup.forms(text, "/"):
            if not form.action.startswith(LEAVING):
                forms.setdefault((form.action, *(field for field, _value in form.fields)), (name, form))
    assert len(forms) > 80
    pieces, faults, seen, statuses = cycle(_pieces(55)), {}, 0, []
    for name, form in forms.values():
        every = dict.fromkeys((field for field, _value in form.fields), "".join(TEXTS))
        long = dict(form.fields) | dict.fromkeys(form.free, "".join(TEXTS))
        short = dict(form.fields) | {field: next(pieces) for field in sorted(form.free)}
        for sent in (long, short) if form.free else (every,):
            answer = crowd.browsers[name].post(form.action, data=sent)
            statuses.append(answer.status_code)
            assert answer.status_code < 500, (form.action, sent.keys())
            seen += answer.status_code == 422 and _all_in(TEXTS[:5], unescape(answer.text))
            if found := hostile.strange(answer.text):
                faults[form.action] = found[:3]
    assert faults == {}
    # Enough of them came back to be corrected, and enough were kept and are shown on the pages afterwards.
    assert (statuses.count(422) > 30, statuses.count(303) > 30, seen > 20) == (True, True, True), seen
    kept = {where: hostile.strange(text)[:3] for _name, where, text in _pages(app, crowd)}
    assert {where: found for where, found in kept.items() if found} == {}
