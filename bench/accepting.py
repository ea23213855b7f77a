"""Many clients accept work at the same moment. Run it with `python -m bench.accepting`.

The clients work in two server processes (or more), on SQLite or on the PostgreSQL of `--postgres`. Some order legs of
cases whose firms have too few hours for all of them, and put them back; others answer, agree, introduce, win and drop
out in the same few cases. Afterwards no firm may have promised more hours than it named, no leg may be booked in part
or without an order, no leg may have two winners, and what was sent twice may have happened once.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from backend.accounts.models import Role, User
from backend.capacity.models import CapacityBooking
from backend.capacity.service import release
from backend.core import clock
from backend.core.db import Database
from backend.core.errors import AppError
from backend.core.migrations import upgrade
from backend.core.migrations.tables import all_tables
from backend.introductions import queries
from backend.introductions import service as introductions  # noqa: F401 - opens a case for each request
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply, leg_reference
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import CaseEvent, CaseLeg, Offer
from backend.introductions.states import LegState, OfferState, Party
from backend.introductions.trail import By, held
from backend.requests import service as requests
from backend.requests.forms import Wording
from bench import databases
from bench.bookings import MONDAY, WAIT_SECONDS, WEEKS, Books, audit_books, make_firms

SUMMARY = (("何を", "板を曲げる"),)
CHAINS, CHAIN = 16, 3
# A case for choosing is worn out after some presses; the clients go on to the next one together.
ROUNDS_EACH = 10
ORDERING = 0.7
PUT_BACK = "put back"

spawn = multiprocessing.get_context("spawn")
# Tables refer to those of other slices, which this program does not use.
all_tables()


@dataclass(frozen=True)
class Stage:
    """What the clients find: legs to order with the hours each wants, and the offers of the cases for choosing."""

    actor_id: str
    orders: tuple[tuple[str, Mapping[date, float]], ...]
    choices: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Share:
    """What one process does: so many clients, so many rounds each."""

    address: str
    stage: Stage
    first_client: int
    clients: int
    rounds: int


@dataclass(frozen=True)
class Verdict:
    """What stands in the database afterwards, and what is wrong with it."""

    books: Books
    legs_apart: int
    ordered_twice: int
    winners_apart: int

    @property
    def is_sound(self) -> bool:
        return self.books.are_sound and not (self.legs_apart or self.ordered_twice or self.winners_apart)


@dataclass
class Client:
    """One of the clients, with what happened to it."""

    database: Database
    stage: Stage
    by: By
    rng: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def round(self, turn: int) -> None:
        if self.rng.random() < ORDERING:
            self._order()
        else:
            self._choose(turn)

    def _order(self) -> None:
        """Order a leg, now and then twice, and mostly put it back so that others find it again."""
        leg_id, hours = self.rng.choice(self.stage.orders)
        for _again in range(2 if self.rng.random() < 0.1 else 1):
            if not self._do("ordered", lambda s: legs.move_leg(s, self.by, leg_id, "order_leg", hours_by_day=hours)):
                return
        if self.rng.random() < 0.9:
            self._do("put back", lambda session: put_back(session, leg_id))

    def _choose(self, turn: int) -> None:
        case_id, offer_ids = self.stage.choices[turn // ROUNDS_EACH]
        offer_id = self.rng.choice(offer_ids)
        presses: Mapping[str, Callable[[Session], object]] = {
            "answered": lambda s: offers.answer(s, self.by, offer_id, Reply("raise_hand")),
            "declined": lambda s: offers.answer(s, self.by, offer_id, Reply("decline", "no_capacity")),
            "agreed": lambda s: offers.act(s, self.by, offer_id, "agree_to"),
            "introduced": lambda s: offers.introduce(s, self.by, case_id),
            "won": lambda s: offers.win(s, self.by, offer_id),
            "dropped out": lambda s: offers.act(s, self.by, offer_id, "drop_out"),
        }
        name = self.rng.choices(list(presses), weights=(4, 1, 4, 4, 6, 1))[0]
        for _again in range(2 if self.rng.random() < 0.1 else 1):
            self._do(name, presses[name])

    def _do(self, name: str, work: Callable[[Session], object]) -> bool:
        try:
            with self.database.writing() as session:
                work(session)
        except AppError:
            self.counts["refused"] += 1
            return False
        except DBAPIError as trouble:
            self.counts[f"busy: {type(trouble.orig).__name__}"] += 1
            return False
        self.counts[name] += 1
        return True


def main() -> int:
    options = _options()
    with databases.fresh_database(postgres=options.postgres) as address:
        counts, seconds, verdict = storm(address, options.clients, options.rounds, options.processes)
    rounds = options.clients * options.rounds
    said = f"{options.clients} clients x {options.rounds} rounds, {options.processes} processes"
    sys.stdout.write(f"{said}: {seconds:.0f} s, {rounds / seconds:.0f} rounds a second\n{dict(counts)}\n{verdict}\n")
    return int(not verdict.is_sound)


def storm(address: str, clients: int, rounds: int, processes: int) -> tuple[Counter[str], float, Verdict]:
    """Let the clients loose on fresh cases; gives what happened and what the books say."""
    database = Database(address, wait_seconds=WAIT_SECONDS)
    upgrade(database)
    firm_ids = make_firms(database)
    stage = make_stage(database, firm_ids, -(-rounds // ROUNDS_EACH))
    each = -(-clients // processes)
    shares = [Share(address, stage, n * each, min(each, clients - n * each), rounds) for n in range(processes)]
    start = time.monotonic()
    with spawn.Pool(processes) as pool:
        counts = sum(pool.map(run_share, shares), Counter[str]())
    seconds = time.monotonic() - start
    with database.reading() as session:
        verdict = judge(session, stage, firm_ids)
    database.close()
    return counts, seconds, verdict


def run_share(share: Share) -> Counter[str]:
    """The clients of one process, each a thread of its own."""
    database = Database(share.address, wait_seconds=WAIT_SECONDS)
    with database.reading() as session:
        by = _desk(session, share.stage)
    numbers = range(share.first_client, share.first_client + share.clients)
    with ThreadPoolExecutor(share.clients) as pool:
        done = list(pool.map(lambda number: _client(Client(database, share.stage, by, _rng(number)), share), numbers))
    database.close()
    return sum(done, Counter[str]())


def _client(client: Client, share: Share) -> Counter[str]:
    for turn in range(share.rounds):
        client.round(turn)
    return client.counts


def _rng(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311 - a load, not a secret


def _desk(session: Session, stage: Stage) -> By:
    return By(session.exec(select(User).where(User.id == stage.actor_id)).one(), Party.COORDINATOR)


def make_stage(database: Database, firm_ids: Sequence[str], choices: int) -> Stage:
    """Ordered chains whose legs compete for the same hours, and cases in which a firm is still to be chosen."""
    with database.writing() as session:
        actor = User(email="desk@example.jp", name="desk", password_hash="", role=Role.ADMIN, created_at=clock.now())
        session.add(actor)
        session.flush()
    by, rng = By(actor, Party.COORDINATOR), _rng(0)
    chains = []
    for _number in range(CHAINS):
        with database.writing() as session:
            made = _asked(session, by, [[firm_id] for firm_id in rng.sample(list(firm_ids), CHAIN)])
            _order_all(session, by, made)
            chains += [(offer.leg_id, _wanted(rng)) for offer in made]
    cases = []
    for _number in range(choices):
        with database.writing() as session:
            made = _asked(session, by, [list(firm_ids[:4])])
            cases.append((made[0].case_id, tuple(offer.id for offer in made)))
    return Stage(actor.id, tuple(chains), tuple(cases))


def _asked(session: Session, by: By, firms: Sequence[Sequence[str]]) -> list[Offer]:
    """A case with as many legs, for each of which these firms are asked."""
    request = requests.send(session, Wording("アルミの箱を10個。"))
    case = queries.case_of_request(session, request.id or 0)
    if case is None or case.id is None:
        raise LookupError("sending a request opens a case")
    made = legs.set_legs(session, by, case.id, [LegSpec(f"s{n}", f"工程{n}") for n in range(len(firms))])
    return [
        offer
        for leg, asked in zip(made, firms, strict=True)
        for offer in offers.ask(session, by, leg.id, [Question(firm_id, SUMMARY) for firm_id in asked])
    ]


def _order_all(session: Session, by: By, made: Sequence[Offer]) -> None:
    for offer in made:
        offers.answer(session, by, offer.id, Reply("raise_hand"))
        offers.act(session, by, offer.id, "agree_to")
    offers.introduce(session, by, made[0].case_id)
    for offer in made:
        offers.win(session, by, offer.id)


def _wanted(rng: random.Random) -> Mapping[date, float]:
    """The hours a leg takes of its firm: two days in one week, or in two."""
    days = [MONDAY + timedelta(weeks=rng.randrange(WEEKS), days=day) for day in rng.sample(range(5), 2)]
    return {day: float(rng.randint(2, 12)) for day in days}


def put_back(session: Session, leg_id: str) -> None:
    """An order is called off: the hours are free and the leg waits again. Firms are locked before cases."""
    release(session, leg_reference(leg_id))
    leg = session.exec(select(CaseLeg).where(CaseLeg.id == leg_id)).one()
    held(session, leg.case_id)
    session.refresh(leg)
    if leg.state is LegState.ORDERED:
        leg.state = LegState.FILLED
        session.add(leg)
        event = CaseEvent(case_id=leg.case_id, leg_id=leg.id, action="remark", party=Party.SYSTEM, words=PUT_BACK)
        session.add(event)


def judge(session: Session, stage: Stage, firm_ids: tuple[str, ...]) -> Verdict:
    """Compare orders with bookings, and winners with legs, from the rows."""
    wanted = dict(stage.orders)
    ordered = [_order_of(session, leg_id, hours) for leg_id, hours in wanted.items()]
    cases = [_winner_is_clear(session, case_id) for case_id, _offers in stage.choices]
    return Verdict(
        books=audit_books(session, firm_ids, chains=False),
        legs_apart=sum(not whole for whole, _once in ordered),
        ordered_twice=sum(not once for _whole, once in ordered),
        winners_apart=sum(not clear for clear in cases),
    )


def _order_of(session: Session, leg_id: str, hours: Mapping[date, float]) -> tuple[bool, bool]:
    """Whether exactly the hours wanted are booked if the leg is ordered, and whether each order happened once."""
    leg = session.exec(select(CaseLeg).where(CaseLeg.id == leg_id)).one()
    rows = session.exec(select(CapacityBooking).where(CapacityBooking.reference == leg_reference(leg_id))).all()
    is_ordered = leg.state is LegState.ORDERED
    booked = {row.day: row.hours for row in rows}
    events = session.exec(select(CaseEvent).where(CaseEvent.leg_id == leg_id)).all()
    orders = sum(event.action == "order_leg" for event in events)
    given_back = sum(event.words == PUT_BACK for event in events)
    return booked == (hours if is_ordered else {}), orders - given_back == int(is_ordered)


def _winner_is_clear(session: Session, case_id: int) -> bool:
    """At most one firm has won, it is the firm of the leg, and nobody won or dropped out twice."""
    [leg] = queries.legs_of(session, case_id)
    won = [offer.firm_id for offer in queries.offers_of(session, case_id) if offer.state is OfferState.WON]
    events = Counter((event.action, event.firm_id) for event in queries.events_of(session, case_id))
    winners = {firm_id for action, firm_id in events if action == "win"}
    gone = {firm_id for action, firm_id in events if action == "drop_out"}
    once = all(count == 1 for (action, _firm), count in events.items() if action in {"win", "drop_out"})
    return once and len(won) <= 1 and set(won) == winners - gone and won == ([leg.firm_id] if leg.firm_id else [])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.accepting", description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    databases.add_option(parser)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
