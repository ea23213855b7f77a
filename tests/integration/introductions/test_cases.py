"""The life of a case in the service: its usual way, its ends, what follows by itself, and what is refused."""

import pytest
from sqlalchemy import event
from sqlmodel import select

from backend.core.db import Database
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.jobs import Job
from backend.introductions import queries, service
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.states import CaseState, LegState, OfferState, Party
from backend.introductions.trail import By
from tests import cases

DESK, CLIENT, FIRM = Party.COORDINATOR, Party.CLIENT, Party.FIRM
ENDS = (CaseState.CLOSED, CaseState.LOST, CaseState.WITHDRAWN, CaseState.EXPIRED)


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("end", ENDS)
def test_every_end_is_reached(database: Database, end: CaseState, steps: int) -> None:
    made = cases.open_case(database, steps=steps)
    cases.bring_to(database, made, end)
    with database.reading() as session:
        case = cases.case_of(session, made)
        assert case.state is end
        assert case.closed_at is not None
        history = queries.events_of(session, made.case_id)
        assert {event.action for event in history} >= {"open", "take", "clear", "ask", "raise_hand"}
        others = [o for o in queries.offers_of(session, made.case_id) if o.firm_id != made.firm_ids[0]]
        assert {offer.state for offer in others} == {OfferState.NOT_CHOSEN}
        assert all(offer.feedback for offer in others)


def test_a_hole_in_a_chain_sends_the_case_back_to_choosing(database: Database) -> None:
    made = cases.open_case(database, steps=3)
    cases.bring_to(database, made, CaseState.ORDERED)
    with database.writing() as session:
        second = cases.legs_of(session, made)[1]
        won = next(o for o in queries.offers_of(session, made.case_id) if o.leg_id == second.id and o.state == "won")
        offers.act(session, made.by(FIRM), won.id, "drop_out", words="機械が故障した")
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING
        assert [leg.state for leg in cases.legs_of(session, made)] == [LegState.FILLED, LegState.OPEN, LegState.FILLED]
        new = cases.firm
    other = new(database, "代わりの工場")
    with database.writing() as session:
        second = cases.legs_of(session, made)[1]
        [asked] = offers.ask(session, made.by(DESK), second.id, [Question(other, cases.SUMMARY)])
        offers.answer(session, made.by(DESK), asked.id, Reply("raise_hand"))
        offers.act(session, made.by(CLIENT), asked.id, "agree_to")
        assert cases.case_of(session, made).state is CaseState.AGREED
        offers.introduce(session, made.by(DESK), made.case_id)
        offers.win(session, made.by(DESK), asked.id)
        assert cases.case_of(session, made).state is CaseState.ORDERED


def test_when_everybody_declines_the_coordinator_chooses_again(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        for place, offer in enumerate(queries.offers_of(session, made.case_id)):
            assert cases.case_of(session, made).state is CaseState.ASKING
            offers.answer(session, made.by(FIRM, shop=place), offer.id, Reply("decline", "no_capacity"))
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING


def test_the_same_thing_sent_twice_has_one_effect(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        for _ in range(2):
            offers.answer(session, made.by(FIRM), first.id, Reply("conditional", "", ("later",), None, "22日なら"))
        leg = cases.legs_of(session, made)[0]
        assert offers.ask(session, made.by(DESK), leg.id, [Question(made.firm_ids[0], cases.SUMMARY)]) == []
        actions = [event.action for event in queries.events_of(session, made.case_id)]
        assert actions.count("conditional") == 1
        version = cases.case_of(session, made).version
        service.move(session, made.by(DESK), made.case_id, "withdraw", reason="stopped")
        service.move(session, made.by(DESK), made.case_id, "withdraw", reason="stopped")
        assert [event.action for event in queries.events_of(session, made.case_id)].count("withdraw") == 1
        assert cases.case_of(session, made).version > version
        mails = [job.payload["event"] for job in session.exec(select(Job).where(Job.kind == "introductions.tell"))]
        assert mails.count("case-ended") == 1
        assert mails.count("offer") == len(made.firm_ids)


def test_what_the_table_does_not_have_is_refused(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        with pytest.raises(Refused):
            service.move(session, made.by(CLIENT), made.case_id, "clear")
        with pytest.raises(Refused):
            offers.act(session, made.by(CLIENT), first.id, "agree_to")
        with pytest.raises(Invalid):
            service.move(session, made.by(DESK), made.case_id, "lose")
        with pytest.raises(Invalid):
            offers.answer(session, made.by(FIRM), first.id, Reply("conditional"))
        with pytest.raises(Invalid):
            offers.answer(session, made.by(FIRM), first.id, Reply("decline"))
        with pytest.raises(Refused):
            offers.introduce(session, made.by(DESK), made.case_id)
        with pytest.raises(Refused):
            service.move(session, made.by(DESK), made.case_id, "lose", reason="price", seen=1)


def test_an_introduction_is_of_what_was_seen(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.AGREED)
    with database.writing() as session:
        version = cases.case_of(session, made).version
        with pytest.raises(Refused, match="変わりました"):
            offers.introduce(session, made.by(DESK), made.case_id, version - 1)
        assert offers.introduce(session, made.by(DESK), made.case_id, version).state is CaseState.INTRODUCED
        # The same press once more has no further effect, though it saw an older case.
        assert offers.introduce(session, made.by(DESK), made.case_id, version).state is CaseState.INTRODUCED


def test_nobody_else_finds_the_case(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ASKING)
    with database.writing() as session:
        [offer, _second] = queries.offers_of(session, made.case_id)
        leg = cases.legs_of(session, made)[0]
        people = made.people
        for stranger in (people.other_client, people.outsider_shop):
            assert queries.case_for(session, stranger, made.case_id) is None
            assert queries.offer_for(session, stranger, offer.id) is None
            assert queries.leg_for(session, stranger, leg.id) is None
            with pytest.raises(NotFound):
                service.move(session, By(stranger, CLIENT), made.case_id, "withdraw", reason="other")
        # A firm that was asked finds its own offer and nothing else; the client sees no offer as such.
        assert queries.offer_for(session, people.shops[0], offer.id) is not None
        assert queries.offer_for(session, people.shops[1], offer.id) is None
        assert queries.case_for(session, people.shops[0], made.case_id) is None
        assert queries.leg_for(session, people.shops[0], leg.id) is None
        assert queries.offer_for(session, people.client, offer.id) is None
        assert queries.case_for(session, people.client, made.case_id) is not None


def test_a_leg_where_somebody_works_stays(database: Database) -> None:
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.ORDERED)
    with database.writing() as session, pytest.raises(Refused):
        legs.set_legs(session, made.by(DESK), made.case_id, [legs.LegSpec("s0", "曲げ")])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_told_of_it_is_found_by_the_history_of_its_case(database: Database) -> None:
    """A scan of all histories would grow with the site. How it is planned can be read from SQLite alone."""
    made = cases.open_case(database)
    said: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_rest: object) -> None:
        said.append((statement, values))

    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        queries.told_by(session, cases.legs_of(session, made)[0].id, made.firm_ids[0], "hand_over")
        event.remove(database.engine, "before_cursor_execute", note)
        statement, values = said[-1]
        plan = [str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("ix_case_events_case_id_at (case_id=?)" in line for line in plan), plan
    assert not any("SCAN" in line for line in plan), plan
