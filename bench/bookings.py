"""Many clients book the same hours at the same moment. Run it with `python -m bench.bookings`.

The clients work in two server processes (or more), on SQLite or on the PostgreSQL of `--postgres`. Afterwards no
firm may have promised more hours than it named, no chain may be booked in part, and the sums must agree.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from backend.capacity import service
from backend.capacity.models import CapacityBooking
from backend.core import audit
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.firms import service as firms
from backend.firms.drafts import CapacityDraft, FirmDraft
from backend.firms.models import CapacityWeek
from bench import databases

MONDAY = date(2026, 12, 7)
FIRMS, WEEKS = 6, 3
HOURS_NAMED = 40.0
CHAIN = 3
WAIT_SECONDS = 60.0

spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Share:
    """What one process does: so many clients, so many rounds each, over these firms."""

    address: str
    firm_ids: tuple[str, ...]
    first_client: int
    clients: int
    rounds: int


@dataclass
class Counts:
    booked: int = 0
    refused: int = 0
    released: int = 0
    replayed: int = 0
    busy: int = 0


@dataclass(frozen=True)
class Books:
    """What stands in the database afterwards, and what is wrong with it."""

    oversold: int
    sums_apart: int
    partial: int
    chain_broken: bool

    @property
    def are_sound(self) -> bool:
        return not (self.oversold or self.sums_apart or self.partial or self.chain_broken)


def main() -> int:
    options = _options()
    with databases.fresh_database(postgres=options.postgres) as address:
        counts, seconds, books = storm(address, options.clients, options.rounds, options.processes)
    rounds = options.clients * options.rounds
    said = f"{options.clients} clients x {options.rounds} rounds, {options.processes} processes"
    sys.stdout.write(f"{said}: {seconds:.0f} s, {rounds / seconds:.0f} rounds a second\n{counts}\n{books}\n")
    return int(not books.are_sound)


def storm(address: str, clients: int, rounds: int, processes: int) -> tuple[Counts, float, Books]:
    """Let the clients loose on a fresh set of firms; gives what happened and what the books say."""
    database = Database(address, wait_seconds=WAIT_SECONDS)
    upgrade(database)
    firm_ids = make_firms(database)
    each = -(-clients // processes)
    shares = [Share(address, firm_ids, n * each, min(each, clients - n * each), rounds) for n in range(processes)]
    start = time.monotonic()
    with spawn.Pool(processes) as pool:
        counts = _sum(pool.map(run_share, shares))
    seconds = time.monotonic() - start
    with database.reading() as session:
        books = audit_books(session, firm_ids)
    database.close()
    return counts, seconds, books


def make_firms(database: Database) -> tuple[str, ...]:
    """Firms that named the same hours in some weeks."""
    weeks = tuple(CapacityDraft(MONDAY + timedelta(weeks=n), HOURS_NAMED) for n in range(WEEKS))
    with database.writing() as session:
        made = [firms.create_firm(session, None, FirmDraft(name=f"工場{n}", capacity=weeks)) for n in range(FIRMS)]
        return tuple(firm.id for firm in made)


def run_share(share: Share) -> Counts:
    """The clients of one process, each a thread of its own."""
    database = Database(share.address, wait_seconds=WAIT_SECONDS)
    numbers = range(share.first_client, share.first_client + share.clients)
    with ThreadPoolExecutor(share.clients) as pool:
        counts = _sum(list(pool.map(lambda number: _client(database, share, number), numbers)))
    database.close()
    return counts


def _client(database: Database, share: Share, number: int) -> Counts:
    rng, counts = random.Random(number), Counts()  # noqa: S311 - a load, not a secret
    for turn in range(share.rounds):
        hours = _wanted(rng, share.firm_ids)
        # The last number says how many parts the chain has, for the count afterwards.
        reference = f"bench:{number}:{turn}:{len(hours)}"
        try:
            _round(database, reference, hours, rng, counts)
        except service.Overbooked:
            counts.refused += 1
        except DBAPIError:
            counts.busy += 1
    return counts


def _wanted(rng: random.Random, firm_ids: tuple[str, ...]) -> dict[tuple[str, date], float]:
    """The hours of a chain: some firms in any order, each on some day."""
    chain = rng.sample(firm_ids, rng.randint(1, CHAIN))
    return {
        (firm, MONDAY + timedelta(weeks=rng.randrange(WEEKS), days=rng.randrange(5))): float(rng.randint(1, 12))
        for firm in chain
    }


def _round(
    database: Database, reference: str, hours: dict[tuple[str, date], float], rng: random.Random, counts: Counts
) -> None:
    with database.writing() as session:
        service.book(session, reference, hours)
    counts.booked += 1
    if rng.random() < 0.1:
        with database.writing() as session:
            counts.replayed += not service.book(session, reference, hours)
    if rng.random() < 0.9:
        with database.writing() as session:
            service.release(session, reference)
        counts.released += 1


def _sum(parts: list[Counts]) -> Counts:
    names = ("booked", "refused", "released", "replayed", "busy")
    return Counts(*(sum(getattr(part, name) for part in parts) for name in names))


def audit_books(session: Session, firm_ids: tuple[str, ...], *, chains: bool = True) -> Books:
    """Add everything up again from the rows. `chains` says that references end in the number of their parts."""
    rows = session.scalars(select(CapacityBooking).where(col(CapacityBooking.firm_id).in_(firm_ids))).all()
    booked: dict[tuple[str, date], float] = defaultdict(float)
    parts: dict[str, int] = defaultdict(int)
    for row in rows:
        booked[row.firm_id, row.day - timedelta(days=row.day.weekday())] += row.hours
        parts[row.reference] += int(chains)
    weeks = session.scalars(select(CapacityWeek).where(col(CapacityWeek.firm_id).in_(firm_ids))).all()
    sums = [(booked[week.firm_id, week.week_start], week.hours_booked, week.hours_free) for week in weeks]
    return Books(
        oversold=sum(total > free + 1e-6 for total, _noted, free in sums),
        sums_apart=sum(abs(total - noted) > 1e-6 for total, noted, _free in sums),
        partial=sum(int(name.rpartition(":")[2]) != count for name, count in parts.items()) if chains else 0,
        chain_broken=audit.first_broken(session) is not None,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.bookings", description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    databases.add_option(parser)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
