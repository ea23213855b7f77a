"""Two who change one firm at the same moment: nobody's change is lost without a word."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlmodel import Session

from backend.accounts.models import Role
from backend.core.db import Database
from backend.core.errors import Refused
from backend.firms import pictures, records, service
from tests import factories
from tests.unit.files.samples import picture

Change = Callable[[Session], object]
WHILE = 0.5  # seconds that the first takes to its commit


@pytest.fixture
def patient(database_url: str) -> Iterator[Database]:
    """The same database, opened by somebody who waits for others."""
    opened = Database(database_url, wait_seconds=10.0)
    yield opened
    opened.close()


def _at_once(patient: Database, first: Change, second: Change) -> BaseException | None:
    """Both changes, the second begun before the first was committed; what became of the second."""
    changed = Event()

    def slow() -> None:
        with patient.writing() as session:
            first(session)
            session.flush()
            changed.set()
            Event().wait(WHILE)

    def quick() -> None:
        with patient.writing() as session:
            second(session)

    with ThreadPoolExecutor() as pool:
        one = pool.submit(slow)
        assert changed.wait(5.0)
        other = pool.submit(quick)
        one.result(10.0)
        return other.exception(10.0)


def _rename(firm_id: str, name: str, seen: int) -> Change:
    def change(session: Session) -> None:
        draft = records.draft_of(service.stored(session, firm_id))
        service.update_firm(session, None, firm_id, replace(draft, name=name), seen_revision=seen)

    return change


def test_the_second_of_two_edits_is_refused(database: Database, patient: Database, firm_id: str) -> None:
    refusal = _at_once(patient, _rename(firm_id, "先の名前", 1), _rename(firm_id, "後の名前", 1))
    assert isinstance(refusal, Refused)
    with database.reading() as session:
        firm = service.stored(session, firm_id)
    assert (firm.name, firm.revision) == ("先の名前", 2)


def test_a_firm_is_taken_out_as_it_was_left(database: Database, patient: Database, firm_id: str) -> None:
    gone = _at_once(
        patient, _rename(firm_id, "先の名前", 1), lambda session: service.delete_firm(session, None, firm_id)
    )
    assert gone is None
    with database.reading() as session:
        firm = service.stored(session, firm_id)
    assert (firm.name, firm.revision, firm.deleted_at is not None) == ("先の名前", 3, True)


def test_both_of_two_pictures_are_shown(database: Database, patient: Database, firm_id: str, tmp_path: Path) -> None:
    staff = factories.person(database, Role.COORDINATOR)

    def add(width: int) -> Change:
        return lambda session: pictures.keep(
            session, tmp_path, staff, firm_id, "マシニング加工", pictures.redrawn(picture("PNG", (width, 10))), "見本"
        )

    assert _at_once(patient, add(20), add(30)) is None
    with database.reading() as session:
        [technique] = service.stored(session, firm_id).techniques
    assert len(technique.pictures) == 2
