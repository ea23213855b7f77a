"""Booked hours: all or nothing, never more than the firm named, given back once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from backend.capacity import service
from backend.capacity.models import CapacityBooking
from backend.core import audit
from backend.core.db import Database
from backend.core.errors import Refused
from backend.firms import queries as firm_queries
from backend.firms import service as firm_service
from backend.firms.models import CapacityWeek, FirmTag
from backend.firms.profiles import profiles
from backend.firms.records import draft_of
from tests.integration.capacity.conftest import MakeFirm

CLIENTS = 8
ROUNDS = 50


def _book(database: Database, reference: str, hours: Mapping[tuple[str, date], float]) -> bool:
    with database.writing() as session:
        return service.book(session, reference, hours)


def _weeks(database: Database, firm_id: str) -> dict[date, CapacityWeek]:
    with database.reading() as session:
        rows = session.scalars(select(CapacityWeek).where(col(CapacityWeek.firm_id) == firm_id))
        return {row.week_start: row for row in rows}


def _booked(database: Database, firm_id: str) -> float:
    with database.reading() as session:
        return sum(session.scalars(select(CapacityBooking.hours).where(col(CapacityBooking.firm_id) == firm_id)))


def test_booked_hours_are_no_longer_free(database: Database, firm_id: str, monday: date) -> None:
    assert _book(database, "plan:1", {(firm_id, monday): 8.0, (firm_id, monday + timedelta(days=1)): 4.0})
    week = _weeks(database, firm_id)[monday]
    assert (week.hours_free, week.hours_booked, week.hours_left) == (20.0, 12.0, 8.0)
    with database.reading() as session:
        [facts] = profiles(session, [firm_id])
        assert facts.capacity is not None
        assert facts.capacity[0].hours_free == 8.0
        tags = session.scalars(select(FirmTag.word).where(FirmTag.firm_id == firm_id, FirmTag.kind == "free"))
        assert monday.isoformat() not in set(tags)
        assert firm_queries.changes_after(session, 0)[-1].firm_id == firm_id
        assert audit.first_broken(session) is None


def test_more_than_is_left_is_refused_with_the_figures(database: Database, firm_id: str, monday: date) -> None:
    _book(database, "plan:1", {(firm_id, monday): 12.0})
    with pytest.raises(service.Overbooked, match="あと8時間で、10時間には足りません") as refusal:
        _book(database, "plan:2", {(firm_id, monday + timedelta(days=4)): 10.0})
    assert (refusal.value.status, refusal.value.left, refusal.value.week) == (409, 8.0, monday)


def test_a_chain_is_booked_whole_or_not_at_all(
    database: Database, firm_id: str, make_firm: MakeFirm, monday: date
) -> None:
    small = make_firm(5.0)
    with pytest.raises(service.Overbooked):
        _book(database, "plan:1", {(firm_id, monday): 8.0, (small, monday): 6.0})
    assert _booked(database, firm_id) == _booked(database, small) == 0.0
    assert _weeks(database, firm_id)[monday].hours_booked == 0.0


@pytest.mark.parametrize("missing", ["a firm that never spoke of its hours", "a week nobody spoke of", "no firm"])
def test_hours_nobody_named_cannot_be_promised(
    database: Database, firm_id: str, make_firm: MakeFirm, monday: date, missing: str
) -> None:
    silent = make_firm(None)
    where = {
        "a firm that never spoke of its hours": (silent, monday),
        "a week nobody spoke of": (firm_id, monday + timedelta(weeks=20)),
        "no firm": ("nobody", monday),
    }[missing]
    with pytest.raises(service.Overbooked):
        _book(database, "plan:1", {where: 1.0})


def test_the_same_booking_sent_twice_has_one_effect(database: Database, firm_id: str, monday: date) -> None:
    hours = {(firm_id, monday): 8.0}
    assert _book(database, "plan:1", hours)
    assert not _book(database, "plan:1", hours)
    assert _weeks(database, firm_id)[monday].hours_booked == 8.0
    with pytest.raises(Refused, match="別の内容"):
        _book(database, "plan:1", {(firm_id, monday): 9.0})


def test_what_is_given_back_is_free_again_and_only_once(database: Database, firm_id: str, monday: date) -> None:
    _book(database, "plan:1", {(firm_id, monday): 8.0})
    _book(database, "plan:2", {(firm_id, monday): 4.0})
    for expected in (8.0, 0.0):
        with database.writing() as session:
            assert service.release(session, "plan:1") == expected
    assert _weeks(database, firm_id)[monday].hours_booked == 4.0
    assert _booked(database, firm_id) == 4.0


def test_changing_the_firm_keeps_what_is_promised(database: Database, firm_id: str, monday: date) -> None:
    _book(database, "plan:1", {(firm_id, monday): 12.0})
    with database.writing() as session:
        draft = draft_of(firm_service.stored(session, firm_id))
        fewer = tuple(week for week in draft.capacity if week.week_start != monday)
        firm_service.update_firm(session, None, firm_id, type(draft)(name=draft.name, ward=draft.ward, capacity=fewer))
    week = _weeks(database, firm_id)[monday]
    assert (week.hours_free, week.hours_booked, week.hours_left) == (0.0, 12.0, 0.0)


@pytest.mark.slow
def test_many_at_once_never_promise_an_hour_twice(
    database: Database, patient: Database, make_firm: MakeFirm, monday: date
) -> None:
    firms = [make_firm(20.0) for _ in range(3)]

    def client(number: int) -> int:
        won = 0
        for turn in range(ROUNDS):
            # Chains in different orders, so that whoever locked in the order given would stand still.
            chain = firms if number % 2 else firms[::-1]
            reference, hours = f"job:{number}:{turn}", {(firm_id, monday): 3.0 for firm_id in chain}
            try:
                won += _book(patient, reference, hours)
            except service.Overbooked:
                continue
            if turn % 3:
                with patient.writing() as session:
                    service.release(session, reference)
        return won

    with ThreadPoolExecutor(CLIENTS) as pool:
        won = sum(pool.map(client, range(CLIENTS)))
    assert won > 0
    for firm_id in firms:
        assert _booked(database, firm_id) == _weeks(database, firm_id)[monday].hours_booked <= 20.0
    with database.reading() as session:
        assert audit.first_broken(session) is None


@pytest.mark.slow
def test_jobs_of_several_firms_are_given_back_without_crossing(
    database: Database, patient: Database, make_firm: MakeFirm, monday: date
) -> None:
    firms = [make_firm(20.0) for _ in range(2)]

    def give_back(client: int, turn: int) -> None:
        order = firms if client else firms[::-1]
        with patient.writing() as session:
            service.release_all(session, [f"job:{client}:{turn}:{firm_id}" for firm_id in order])

    with ThreadPoolExecutor(2) as pool:
        for turn in range(ROUNDS):
            for client in range(2):
                for firm_id in firms:
                    _book(database, f"job:{client}:{turn}:{firm_id}", {(firm_id, monday): 3.0})
            list(pool.map(give_back, range(2), [turn, turn]))
    assert [_booked(database, firm_id) for firm_id in firms] == [0.0, 0.0]
