"""The storm of bookings itself, small."""

from datetime import date
from pathlib import Path

import pytest

from backend.capacity import service
from backend.capacity.models import CapacityBooking
from backend.core import clock
from backend.core.db import Database
from bench import bookings


@pytest.mark.slow
def test_two_processes_never_promise_an_hour_twice(tmp_path: Path) -> None:
    counts, seconds, books = bookings.storm(f"sqlite:///{tmp_path / 'bench.db'}", clients=4, rounds=5, processes=2)
    assert books.are_sound
    assert counts.booked + counts.refused == 20
    assert (counts.busy, seconds > 0) == (0, True)


def test_the_count_notices_what_is_wrong(database: Database) -> None:
    firm_ids = bookings.make_firms(database)
    with database.writing() as session:
        service.book(session, "bench:1:1:2", {(firm_ids[0], bookings.MONDAY): 40.0})
        session.add(_extra(firm_ids[0], bookings.MONDAY))
    with database.reading() as session:
        books = bookings.audit_books(session, firm_ids)
    assert (books.oversold, books.sums_apart, books.partial) == (1, 1, 1)
    assert not books.are_sound


def _extra(firm_id: str, day: date) -> CapacityBooking:
    return CapacityBooking(firm_id=firm_id, day=day, hours=1.0, reference="bench:1:2:1", booked_at=clock.now())
