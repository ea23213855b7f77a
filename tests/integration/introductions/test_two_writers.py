"""Two who write on one case at the same moment: one waits for the other, and never both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event

import pytest

from backend.capacity.service import book
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.errors import Refused
from backend.firms import service as firms
from backend.firms.drafts import CapacityDraft, FirmDraft
from backend.introductions import queries, service
from backend.introductions.cases import actions
from backend.introductions.states import CaseState, Party
from backend.introductions.trail import held, note, touch
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import cases

ENOUGH = 1.0  # seconds, for somebody who would have to wait


@pytest.fixture
def patient(database_url: str) -> Iterator[Database]:
    """The same database, opened by somebody who waits for others."""
    opened = Database(database_url, wait_seconds=10.0)
    yield opened
    opened.close()


def _monday() -> date:
    today = clock.today()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=1)


def _firm_with_hours(database: Database) -> str:
    with database.writing() as session:
        weeks = (CapacityDraft(_monday(), 20.0),)
        return firms.create_firm(session, None, FirmDraft("見本製作所", ward="大田区", capacity=weeks)).id


def test_an_order_and_a_note_do_not_wait_for_each_other(database: Database, patient: Database) -> None:
    """An order books and then holds the case; all others hold the case and then note what they did."""
    made, firm_id = cases.open_case(database), _firm_with_hours(database)
    booked, noted = Event(), Event()

    def order() -> None:
        with patient.writing() as session:
            book(session, "leg:x", {(firm_id, _monday()): 4.0})
            booked.set()
            noted.wait(ENOUGH)
            case = held(session, made.case_id)
            touch(session, case)
            note(session, case, made.by(Party.COORDINATOR), "describe")

    def describe() -> None:
        with patient.writing() as session:
            case = held(session, made.case_id)
            touch(session, case)
            note(session, case, made.by(Party.COORDINATOR), "describe")
            noted.set()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(order)
        assert booked.wait(5.0)
        second = pool.submit(describe)
        first.result(20.0)
        second.result(20.0)
    with database.reading() as session:
        described = [event for event in queries.events_of(session, made.case_id) if event.action == "describe"]
        assert len(described) == 2
        assert audit.first_broken(session) is None


def test_a_new_address_and_a_new_text_do_not_wait_for_each_other(database: Database, patient: Database) -> None:
    """The client writes in its request and then in the case; so does the desk that changes the address."""
    made = cases.open_case(database)

    def address(_turn: int) -> None:
        with patient.writing() as session:
            service.change_address(session, made.by(Party.COORDINATOR), made.case_id)

    def text(turn: int) -> None:
        with patient.reading() as session:
            request = queries.request_of(session, cases.case_of(session, made))
        with patient.writing() as session:
            kept = requests.open_request(session, request.token)
            requests.change(session, kept.token, Wording(f"{cases.TEXT}{turn}"), actor=made.people.client)

    with ThreadPoolExecutor() as pool:
        for turn in range(15):
            done = [pool.submit(address, turn), pool.submit(text, turn)]
            for one in done:
                # A text that comes with the address of a moment ago finds nothing any more; nobody stands still.
                assert type(one.exception(20.0)).__name__ in {"NoneType", "NotFound"}


@pytest.mark.parametrize("database_kind", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nobody_is_introduced_by_a_press_that_saw_an_older_case(database: Database, patient: Database) -> None:
    """The case changes after the press was read and before it is held. On SQLite one writer waits for the other."""
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.AGREED)
    with patient.writing() as session:
        seen = cases.case_of(session, made).version
        with database.writing() as other:
            touch(other, held(other, made.case_id))
        with pytest.raises(Refused):
            actions.move(session, made.by(Party.COORDINATOR), made.case_id, "introduce", "", "", seen)
