"""Everybody does anything at any time: whatever is allowed or refused, a case stays one that its tables could make.

Without pages, so that many ways are walked: the pages carry out these same services.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import Session, select

from backend.capacity.models import CapacityBooking
from backend.core import audit, clock
from backend.core.db import Database
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.jobs import Job
from backend.firms.models import CapacityWeek
from backend.introductions import queries, rules, service, tables
from backend.introductions.changes import service as changes
from backend.introductions.desk import queries as desk_queries
from backend.introductions.legs import offers, orders
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import CaseEvent, CaseLeg, Offer
from backend.introductions.states import CaseState as C
from backend.introductions.states import LegState as L
from backend.introductions.states import OfferState as O
from backend.introductions.states import Party
from backend.introductions.trail import TELL
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import cases

EXAMPLES, STEPS = 6, 30
PARTIES = st.sampled_from([Party.CLIENT, Party.FIRM, Party.COORDINATOR, Party.SYSTEM])
CASE_MOVES = st.sampled_from([*tables.BY_ACTION, "nonsense"])
OFFER_MOVES = st.sampled_from([*tables.OFFER_BY_ACTION, "nonsense"])
REPLIES = st.sampled_from(
    [
        Reply("raise_hand"),
        Reply("raise_hand"),
        Reply("decline", "size"),
        Reply("conditional", "", ("later",)),
        Reply("conditional", proposed_date=date(2030, 1, 8)),
        Reply("decline", "no reason of the list"),
    ]
)
WHICH = st.integers(min_value=0, max_value=5)
# What must hold of the offers of every leg while a case stands there.
EVERY_LEG = {
    C.ASKING: tables.ALIVE,
    C.ANSWERED: tables.READY | tables.AGREED_ON,
    C.AGREED: tables.AGREED_ON,
    C.INTRODUCED: tables.AGREED_ON,
    C.NEGOTIATING: tables.AGREED_ON,
    C.ORDERED: {O.WON},
    C.MAKING: {O.WON},
    C.DELIVERED: {O.WON},
    C.CLOSED: {O.WON},
}


class Walk(RuleBasedStateMachine):
    """One case with up to three legs and three firms."""

    database: Database

    @initialize(steps=st.integers(min_value=1, max_value=3), far=st.integers(min_value=0, max_value=len(cases.WAY) - 1))
    def begin(self, steps: int, far: int) -> None:
        """Half of all ways begin in the middle of a case: alone they would hardly come so far."""
        self.made = cases.open_case(self.database, steps=steps)
        self.name_hours()
        cases.bring_to(self.database, self.made, cases.WAY[far])

    def name_hours(self) -> None:
        """Both firms have named ten hours of each week to come; the legs are planned with some of them."""
        monday = clock.today() - timedelta(days=clock.today().weekday())
        with self.database.writing() as session:
            for firm_id in self.made.firm_ids:
                for week in range(3):
                    start = monday + timedelta(weeks=week)
                    session.add(
                        CapacityWeek(firm_id=firm_id, week_start=start, hours_free=10.0, declared_at=clock.now())
                    )
            for leg in cases.legs_of(session, self.made):
                leg.hours, leg.start, leg.finish = 4.0, clock.today(), clock.today() + timedelta(days=10)
                session.add(leg)

    def tried(self, deed: Callable[[Session], object]) -> bool:
        """Carry it out in a transaction of its own; whether it was allowed."""
        try:
            with self.database.writing() as session:
                deed(session)
        except (Refused, Invalid, NotFound):
            return False
        return True

    def pick(self, kind: type[Offer] | type[CaseLeg], which: int) -> str:
        with self.database.reading() as session:
            made = queries.offers_of(session, self.made.case_id)
            ids = [row.id for row in (made if kind is Offer else cases.legs_of(session, self.made))]
        return ids[which % len(ids)] if ids else "none"

    def twice(self, deed: Callable[[Session], object]) -> None:
        """What is sent twice has one effect: the second changes nothing, or is refused."""
        if self.tried(deed):
            before = self.history()
            self.tried(deed)
            assert self.history() == before

    def history(self) -> int:
        with self.database.reading() as session:
            return len(queries.events_of(session, self.made.case_id))

    @rule(party=PARTIES, action=CASE_MOVES, again=st.booleans())
    def move(self, party: Party, action: str, again: bool) -> None:
        by = self.made.by(party)
        # Taking back a closing and closing again are two moves that may follow each other for ever.
        (self.twice if again else self.tried)(lambda s: service.move(s, by, self.made.case_id, action, reason="other"))

    @rule(which=WHICH, reply=REPLIES, shop=st.integers(min_value=0, max_value=1))
    def answer(self, which: int, reply: Reply, shop: int) -> None:
        offer = self.pick(Offer, which)
        self.twice(lambda s: offers.answer(s, self.made.by(Party.FIRM, shop=shop), offer, reply))

    @rule(which=WHICH, party=PARTIES, action=OFFER_MOVES)
    def act(self, which: int, party: Party, action: str) -> None:
        offer = self.pick(Offer, which)
        self.twice(lambda s: offers.act(s, self.made.by(party), offer, action, feedback="price"))

    @rule(which=WHICH)
    def agree(self, which: int) -> None:
        self.tried(lambda s: offers.act(s, self.made.by(Party.CLIENT), self.pick(Offer, which), "agree_to"))

    @rule(which=WHICH, party=PARTIES)
    def win(self, which: int, party: Party) -> None:
        offer = self.pick(Offer, which)
        self.twice(lambda s: offers.win(s, self.made.by(party), offer))

    @rule()
    def introduce(self) -> None:
        self.twice(lambda s: offers.introduce(s, self.made.by(Party.COORDINATOR), self.made.case_id))

    @rule(which=WHICH, firm=st.integers(min_value=0, max_value=1))
    def ask(self, which: int, firm: int) -> None:
        leg, asked = self.pick(CaseLeg, which), [Question(self.made.firm_ids[firm], cases.SUMMARY)]
        self.twice(lambda s: offers.ask(s, self.made.by(Party.COORDINATOR), leg, asked))

    @rule(which=WHICH, party=PARTIES, action=st.sampled_from(list(tables.LEG_MOVES)), book=st.booleans())
    def work(self, which: int, party: Party, action: str, book: bool) -> None:
        leg, day = self.pick(CaseLeg, which), clock.today() + timedelta(days=3)
        hours = {day: 1.0} if book else None
        self.tried(lambda s: legs.move_leg(s, self.made.by(party), leg, action, hours_by_day=hours))

    @rule(which=WHICH, hours=st.sampled_from([None, {}, 2.0, 30.0]))
    def take_order(self, which: int, hours: float | dict[date, float] | None) -> None:
        """A firm reports its order with hours that are there, with too many, with none, and with those of the plan."""
        offer_id, day = self.pick(Offer, which), clock.today() + timedelta(days=3)
        named = {day: hours} if isinstance(hours, float) else hours
        with self.database.reading() as session:
            offer = queries.offer_by_id(session, offer_id)
        shop = self.made.firm_ids.index(offer.firm_id) if offer else 0
        self.twice(lambda s: orders.take(s, self.made.by(Party.FIRM, shop=shop), offer_id, named))

    @rule(which=WHICH)
    def report_order(self, which: int) -> None:
        offer_id = self.pick(Offer, which)
        self.twice(lambda s: orders.report(s, self.made.by(Party.CLIENT), offer_id))

    @rule(pieces=st.integers(min_value=12, max_value=14))
    def say_something_else(self, pieces: int) -> None:
        text = cases.TEXT.replace("12個", f"{pieces}個")
        self.twice(lambda s: requests.change(s, self.made.token, Wording(text)))

    @rule(pieces=st.integers(min_value=12, max_value=14))
    def tell_firms(self, pieces: int) -> None:
        lines = (("何を", "板を曲げる"), ("数量", f"{pieces}個"))

        def tell(session: Session) -> object:
            told = {leg.id: lines for leg in cases.legs_of(session, self.made)}
            return changes.tell_firms(session, self.made.by(Party.COORDINATOR), self.made.case_id, told, None)

        self.twice(tell)

    @rule()
    def leave_the_change(self) -> None:
        self.twice(lambda s: changes.leave(s, self.made.by(Party.COORDINATOR), self.made.case_id, None))

    @rule(steps=st.lists(st.sampled_from(["s0", "s1", "s2", "s3"]), unique=True, min_size=1, max_size=3))
    def cut_anew(self, steps: list[str]) -> None:
        specs = [LegSpec(key, cases.STEPS[int(key[1])]) for key in steps]
        self.tried(lambda s: legs.set_legs(s, self.made.by(Party.COORDINATOR), self.made.case_id, specs))

    @rule(which=WHICH)
    def be_silent(self, which: int) -> None:
        offer_id = self.pick(Offer, which)

        def pass_by(session: Session) -> None:
            offer = queries.offer_by_id(session, offer_id)
            if offer is not None and offer.state is O.ASKED:
                offer.reply_by = clock.now() - timedelta(days=1)
                session.add(offer)
                session.flush()
                offers.lapse(session, offer_id)

        self.tried(pass_by)

    @invariant()
    def the_case_follows_its_offers_and_legs(self) -> None:
        with self.database.reading() as session:
            case = cases.case_of(session, self.made)
            found, made = cases.legs_of(session, self.made), queries.offers_of(session, self.made.case_id)
            states = [{offer.state for offer in made if offer.leg_id == leg.id} for leg in found]
            if case.state in EVERY_LEG:
                assert all(one & EVERY_LEG[case.state] for one in states), (case.state, states)
            work = {leg.state for leg in found}
            if case.state in {C.DELIVERED, C.CLOSED}:
                assert work <= tables.HANDED_ON
            if case.state is C.MAKING:
                assert work & {L.MAKING, L.HANDED_OVER, L.ACCEPTED}
            if case.state in tables.ENDED - {C.CLOSED}:
                assert not any(one & (tables.ALIVE - {O.WON}) for one in states), states
            if case.state in tables.RUNNING - {C.SHORTLISTING, *tables.BEFORE_ASKING}:
                asked = [frozenset(one) for one in states]
                assert rules.wanted_move(case.state, asked) is None, (case.state, asked)
            assert (case.closed_at is not None) == (case.state in tables.ENDED)

    @invariant()
    def legs_and_offers_say_the_same(self) -> None:
        with self.database.reading() as session:
            made = queries.offers_of(session, self.made.case_id)
            for leg in cases.legs_of(session, self.made):
                winners = [offer.firm_id for offer in made if offer.leg_id == leg.id and offer.state is O.WON]
                assert winners == ([leg.firm_id] if leg.state is not L.OPEN else [])
                assert (leg.firm_id is None) == (leg.state is L.OPEN)
                booked = session.exec(select(CapacityBooking).where(CapacityBooking.reference == f"leg:{leg.id}")).all()
                assert {one.firm_id for one in booked} <= {leg.firm_id}
            for offer in made:
                if offer.state in tables.DISCLOSED:
                    assert offer.agreed_at is not None
                    assert offer.introduced_at is not None

    @invariant()
    def no_hour_is_sold_twice(self) -> None:
        with self.database.reading() as session:
            for firm_id in self.made.firm_ids:
                booked = session.exec(select(CapacityBooking.hours).where(CapacityBooking.firm_id == firm_id)).all()
                weeks = session.exec(select(CapacityWeek).where(CapacityWeek.firm_id == firm_id)).all()
                assert sum(booked) == pytest.approx(sum(week.hours_booked for week in weeks))
                assert all(week.hours_booked <= week.hours_free + 1e-6 for week in weeks)

    @invariant()
    def nobody_is_asked_for_what_is_not_wanted_any_more(self) -> None:
        """While firms have not heard of a change it stands on the desk; nothing that was shown is lost."""
        with self.database.reading() as session:
            case = cases.case_of(session, self.made)
            waiting = changes.firms_to_tell(session, case)
            person = self.made.people.coordinator
            listed, _total = desk_queries.case_piles(session, person, clock.now(), 100).get(
                "changed", desk_queries.NO_CASES
            )
            assert bool(waiting) == (case.id in {one.id for one, _kept in listed})
            for offer in queries.offers_of(session, self.made.case_id):
                assert all(kept["summary"] != offer.summary for kept in offer.shown_before[-1:])

    @invariant()
    def everything_is_written_down(self) -> None:
        with self.database.reading() as session:
            case = cases.case_of(session, self.made)
            events = session.exec(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()
            moves = Counter((e.before, e.after) for e in events if e.after in set(C))
            # Each state is left as often as it is entered, but for the one where the case stands.
            entered: Counter[str] = Counter()
            left: Counter[str] = Counter()
            for (before, after), times in moves.items():
                left[before] += times
                entered[after] += times
            entered.subtract(left)
            assert {state: n for state, n in entered.items() if n and state} == {case.state.value: 1}

    def teardown(self) -> None:
        """Each mail names its event; the chain of the audit trail is whole."""
        with self.database.reading() as session:
            told = session.exec(select(Job).where(Job.kind == TELL)).all()
            assert len({job.key for job in told}) == len(told)
            assert audit.first_broken(session) is None


@pytest.fixture
def database_kind() -> str:
    """One database is enough: what is tried here are rules, and the other tests ask both."""
    return "sqlite"


def test_any_walk_leaves_a_case_that_the_tables_could_make(database: Database) -> None:
    class Here(Walk):
        pass

    Here.database = database
    limits = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(Here, settings=limits)
