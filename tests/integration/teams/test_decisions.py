"""Deciding on a team, taking it back, and coordinators who decide at the same moment: no hour is sold twice."""

from collections import defaultdict
from datetime import date
from threading import Barrier, Thread

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from backend.accounts.models import Role
from backend.capacity.models import CapacityBooking
from backend.core.audit import AuditEvent
from backend.core.db import Database
from backend.core.errors import Refused
from backend.firms import profiles
from backend.teams import plans
from backend.teams.free_hours import free_hours
from backend.teams.plan_rules import horizon, short_days
from backend.teams.team_models import PlanHours, TeamPlan
from matching.composition.daily import Work
from tests import factories
from tests.conftest import SignInAs
from tests.integration.teams import team_firms
from tests.integration.teams.team_firms import Place, decide, field, plain


@pytest.fixture
def place(database: Database) -> Place:
    """Firms with ten hours a week: enough for a case or two."""
    return team_firms.open_place(database, hours=10.0)


def booked(session: Session) -> dict[tuple[str, date], float]:
    """Hours by firm and day of all teams that hold."""
    hours: dict[tuple[str, date], float] = defaultdict(float)
    holding = select(PlanHours).join(TeamPlan).where(TeamPlan.withdrawn_at.is_(None))  # type: ignore[union-attr]
    for row in session.exec(holding):
        hours[row.firm_id, row.day] += row.hours
    return dict(hours)


def oversold(database: Database) -> object:
    """The days on which firms were promised for longer than they have."""
    with database.reading() as session:
        hours = booked(session)
        works = [Work("", firm, ((day, taken),)) for (firm, day), taken in hours.items()]
        if not works:
            return {}
        start = min(work.start for work in works)
        facts = profiles.profiles(session, sorted({firm for firm, _ in hours}))
        # What firms have left, with what was booked put back: so much was there before anybody decided.
        weeks = free_hours(session, facts, start, None).weeks
    return short_days(weeks, horizon(start, max(w.finish for w in works))[1], {}, works)


def test_a_decision_books_hours_and_others_see_what_is_left(
    coordinator: TestClient, database: Database, place: Place
) -> None:
    before = coordinator.get(place.chain).text
    plan = decide(coordinator, place)
    page = coordinator.get(place.chain).text
    assert "この案に決まっています。" in page
    with database.reading() as session:
        calendar = {(b.firm_id, b.day): b.hours for b in session.exec(select(CapacityBooking))}
        assert calendar == pytest.approx(booked(session))
        assert {b.reference for b in session.exec(select(CapacityBooking))} == {f"team-plan:{plan}"}
    assert field(page, "team") == ""
    # The decided case sees its own hours as free: its team stands as it was.
    assert _days(page) == _days(before)
    other = Place(team_firms.ask(database), place.firms)
    assert _days(coordinator.get(other.chain).text) != _days(before)
    assert not oversold(database)


def _days(page: str) -> str:
    return plain(page[page.index('<table class="plain">') : page.index("</table>")])


def test_a_decision_is_taken_back_and_put_back(coordinator: TestClient, database: Database, place: Place) -> None:
    plan = decide(coordinator, place)
    with database.reading() as session:
        hours = booked(session)
    for _ in range(2):
        assert coordinator.post(f"{place.chain}/plans/{plan}/withdraw").status_code == 303
    with database.reading() as session:
        assert booked(session) == {}
        assert session.exec(select(CapacityBooking)).all() == []
    page = coordinator.get(place.chain).text
    assert "取り消した案" in page
    assert "この案に決めて" in page
    for _ in range(2):
        assert coordinator.post(f"{place.chain}/plans/{plan}/restore").status_code == 303
    with database.reading() as session:
        assert booked(session) == hours
        actions = session.exec(select(AuditEvent.action).order_by(col(AuditEvent.seq))).all()
    assert [a for a in actions if a.startswith("team")] == ["team decided", "team withdrawn", "team restored"]


def test_a_team_cannot_come_back_when_its_hours_are_gone(
    coordinator: TestClient, database: Database, place: Place
) -> None:
    plan = decide(coordinator, place)
    coordinator.post(f"{place.chain}/plans/{plan}/withdraw")
    decide(coordinator, Place(team_firms.ask(database), place.firms))
    refused = coordinator.post(f"{place.chain}/plans/{plan}/restore")
    assert refused.status_code == 409
    assert "足りなくなりました" in refused.text
    assert not oversold(database)


def test_one_case_holds_one_team(coordinator: TestClient, place: Place) -> None:
    page = coordinator.get(place.chain).text
    first = decide(coordinator, place)
    again = coordinator.post(
        f"{place.chain}/decide", data={"team": field(page, "team"), "finish": field(page, "finish")}
    )
    assert again.status_code == 409
    coordinator.post(f"{place.chain}/plans/{first}/withdraw")
    decide(coordinator, place)
    refused = coordinator.post(f"{place.chain}/plans/{first}/restore")
    assert refused.status_code == 409
    assert "もう別の案に決まっています" in refused.text


def test_dates_that_moved_meanwhile_are_shown_before_anything_is_booked(
    coordinator: TestClient, database: Database, place: Place
) -> None:
    page = coordinator.get(place.chain).text
    decide(coordinator, Place(team_firms.ask(database), place.firms))
    refused = coordinator.post(
        f"{place.chain}/decide", data={"team": field(page, "team"), "finish": field(page, "finish")}
    )
    assert refused.status_code == 409
    assert "日程が変わりました" in refused.text


@pytest.mark.parametrize("team", ["", "s1.x", "zzz", "~" * 5000])
def test_a_team_that_is_none_is_refused(coordinator: TestClient, database: Database, place: Place, team: str) -> None:
    assert coordinator.post(f"{place.chain}/decide", data={"team": team}).status_code == 409
    assert not oversold(database)


def test_only_staff_decides(client: TestClient, startup: TestClient, shop: TestClient, place: Place) -> None:
    for address in ("decide", "plans/x/withdraw", "plans/x/restore"):
        assert client.post(f"{place.chain}/{address}").headers["location"].startswith("/sign-in?next=")
        assert startup.post(f"{place.chain}/{address}").status_code == 404
        assert shop.post(f"{place.chain}/{address}").status_code == 404


def test_a_plan_of_another_case_is_not_found(coordinator: TestClient, database: Database, place: Place) -> None:
    plan = decide(coordinator, place)
    other = Place(team_firms.ask(database), place.firms)
    assert coordinator.post(f"{other.chain}/plans/{plan}/withdraw").status_code == 404
    assert coordinator.post(f"{other.chain}/plans/nothing/restore").status_code == 404


def test_two_who_decide_at_once_never_oversell(sign_in_as: SignInAs, database: Database, place: Place) -> None:
    """Real threads: both have looked at the same free hours, one of them is told that they are gone."""
    places = [place, *(Place(team_firms.ask(database), place.firms) for _ in range(3))]
    people = [sign_in_as(Role.COORDINATOR) for _ in places]
    pages = [person.get(one.chain).text for person, one in zip(people, places, strict=True)]
    barrier, answers = Barrier(len(places)), [0] * len(places)

    def press(n: int) -> None:
        data = {"team": field(pages[n], "team"), "finish": field(pages[n], "finish")}
        barrier.wait()
        answers[n] = people[n].post(f"{places[n].chain}/decide", data=data).status_code

    _together([Thread(target=press, args=(n,)) for n in range(len(places))])
    assert answers.count(303) == 1
    assert set(answers) <= {303, 409, 503}
    assert not oversold(database)


def test_the_check_stands_in_the_writing_transaction(database: Database, place: Place) -> None:
    """Past the page, straight at the service: the same hours of the same days, wanted by many at once."""
    user = factories.person(database, Role.COORDINATOR)
    firm = place.firms["有限会社まげ板金"]
    begin, _closed = horizon(date.today(), None)  # noqa: DTZ011 - only the next working day matters
    works = [Work("s1", firm, ((begin, 1.2),))]
    ids = [team_firms.ask(database) for _ in range(6)]
    barrier = Barrier(len(ids))
    done: list[str] = []
    patient = Database(database.engine.url.render_as_string(hide_password=False), wait_seconds=20)

    def book(number: int) -> None:
        barrier.wait()
        try:
            with patient.writing() as session:
                plans.decide(session, user, number, plans.Decision({"s1": firm}, firm, works))
        except Refused:
            return
        done.append("booked")

    _together([Thread(target=book, args=(n + 1,)) for n in range(len(ids))])
    patient.close()
    # Ten hours a week leave two a day (two and a half in a week with a holiday): room for one or two of these.
    assert 1 <= len(done) <= 2
    assert not oversold(database)


def _together(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
