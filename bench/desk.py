"""A coordinator's morning: the desk, the board, the list and the report with 2,000 cases and every workshop.

Run it with `python -m bench.desk`, on SQLite or on the PostgreSQL of `--postgres`. Rows are written as they are,
without the service: what is measured is reading them. The limit is for the 95th of a hundred askings of a page.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert, text
from sqlmodel import Session

from backend.accounts import memberships, queries, service
from backend.accounts.dependencies import COOKIE
from backend.accounts.models import OrganisationKind, Role, Standing, User
from backend.app import create_app
from backend.core import clock
from backend.core.db import Database
from backend.core.migrations import upgrade
from backend.core.model import Model, new_id
from backend.core.security import sign
from backend.core.settings import Environment, Settings
from backend.firms.models import CapacityWeek, Firm
from backend.introductions import rules, tables
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.outcomes.models import Outcome
from backend.introductions.states import CaseState, Channel, ClientKind, ClientPlace, LegState, OfferState, Party
from backend.requests.models import PartRequest
from bench import databases
from bench.measure import Row, milliseconds, percentile
from seed.generator import WARDS

CASES, FIRMS = 2_000, 14_249
WEEKS, TIMES, WARM = 8, 100, 3
# Of the pages of every morning, and of a report, which is read once a month and counts a whole year.
LIMIT, REPORT_LIMIT = 150.0, 300.0
AT_ONCE = 1_000
SAID = ("検査機のカバー", "試作の歯車", "アルミの箱", "治具のプレート", "真鍮のノズル", "医療用の筐体")
MOST_READY = 120
PAGES = (
    ("desk", "/desk"),
    ("board", "/board"),
    ("list of cases", "/cases"),
    ("search by a word", "/cases?q=歯車"),
    ("search by a firm", "/cases?q=工場7"),
    ("search by a number", "/cases?q=26-1234"),
    ("search that finds nothing", "/cases?q=どこにもない言葉"),
    ("page of a case", "/cases/1"),
)
REPORTS = (("report of the year", "/reports?period=year"), ("report of the month", "/reports"))


@dataclass(frozen=True)
class Desk:
    """Two coordinators: of one ward, and of all of them."""

    own_ward: User
    all_wards: User


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--firms", type=int, default=FIRMS)
    databases.add_option(parser)
    asked = parser.parse_args()
    found = rows(asked.cases, asked.firms, postgres=asked.postgres)
    sys.stdout.write("\n".join(row.line for row in found) + "\n")
    return int(not all(row.ok for row in found))


def rows(cases: int = CASES, firms: int = FIRMS, *, postgres: bool = False, times: int = TIMES) -> list[Row]:
    """The 95th percentile of each page for each of the coordinators, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, databases.fresh_database(postgres=postgres) as address:
        settings = Settings(
            environment=Environment.TEST,
            data_dir=Path(folder),
            database_url=address,
            encoder="hashing",
        )
        database = Database(settings.database_address, wait_seconds=60)
        upgrade(database)
        desk = fill(database, cases, firms)
        if postgres:
            # As the server does by itself in the night; after so many new rows it would begin while it is measured.
            databases.run_statement(address, "VACUUM ANALYZE")
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        with TestClient(create_app(settings)) as client:
            _wait(client)
            found = []
            for whose, user in (("one ward", desk.own_ward), ("all wards", desk.all_wards)):
                _sign_in(client, database, settings, user)
                found += [
                    Row(f"{name}, {whose}, {kind}", _p95(client, page, times), "ms", limit)
                    for pages, limit in ((PAGES, LIMIT), (REPORTS, REPORT_LIMIT))
                    for name, page in pages
                ]
        database.close()
        return found


def _wait(client: TestClient) -> None:
    """Until the index of the matches is there and takes no time from the pages."""
    for _second in range(MOST_READY):
        if client.get("/healthz").status_code == 200:
            return
        sleep(1)
    raise TimeoutError("the application is not ready")


def _sign_in(client: TestClient, database: Database, settings: Settings, user: User) -> None:
    with database.writing() as session:
        token = service.open_session(session, user, "bench", settings.session_days)
    client.cookies.clear()
    client.cookies.set(COOKIE, sign(settings.secret_key.get_secret_value(), token))


def _p95(client: TestClient, page: str, times: int) -> float:
    def ask(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise LookupError(f"{address} answered {answer.status_code}")

    milliseconds(ask, [page] * WARM)
    return percentile(milliseconds(ask, [page] * times), 0.95)


def fill(database: Database, cases: int, firms: int) -> Desk:
    """A register and as many cases, in every state and of every age within a year."""
    rng = random.Random(1)  # noqa: S311 - sample data, no secret
    with database.writing() as session:
        desk = Desk(_coordinator(session, ["墨田区"]), _coordinator(session, []))
        firm_ids = _add_firms(session, firms, rng)
        writer = _Writer(rng, firm_ids, (desk.own_ward.id, desk.all_wards.id))
        for number in range(1, cases + 1):
            writer.case(number)
        for table, made in writer.made.items():
            _write(session, table, made)
        if not database.is_sqlite:
            _go_on_counting(session)
        session.connection().execute(text("ANALYZE"))
    return desk


def _coordinator(session: Session, wards: Sequence[str]) -> User:
    name = "".join(wards) or "all"
    user = User(
        email=f"{len(wards)}@example.jp", name=name, password_hash="", role=Role.COORDINATOR, created_at=clock.now()
    )
    session.add(user)
    session.flush()
    body = memberships.add(session, OrganisationKind.COORDINATORS, name, all_wards=not wards)
    queries.set_wards(session, body.id, wards)
    memberships.join(session, user, body, Standing.COORDINATOR, actor_id=None)
    return user


def _add_firms(session: Session, count: int, rng: random.Random) -> list[str]:
    now, monday = clock.now(), clock.today() - timedelta(days=clock.today().weekday())
    wards = rng.choices(list(WARDS), list(WARDS.values()), k=count)
    made = [
        Firm(name=f"工場{n}", ward=ward, search_text="", created_at=now, updated_at=now) for n, ward in enumerate(wards)
    ]
    _write(session, Firm, (_columns(firm) for firm in made))
    told = {firm.id: now - timedelta(days=rng.randrange(60)) for firm in made}
    weeks = (
        {
            "id": new_id(),
            "firm_id": id_,
            "week_start": monday + timedelta(weeks=week),
            "hours_free": float(rng.randrange(40)),
            "hours_booked": 0.0,
            "declared_at": at,
        }
        for id_, at in told.items()
        for week in range(WEEKS)
    )
    _write(session, CapacityWeek, weeks)
    return list(told)


class _Writer:
    """Makes the rows of one case after the other."""

    def __init__(self, rng: random.Random, firm_ids: Sequence[str], owners: Sequence[str]) -> None:
        self.made: dict[type[Model], list[Mapping[str, Any]]] = {
            table: [] for table in (PartRequest, Case, CaseLeg, Offer, CaseEvent, Outcome)
        }
        self._rng, self._firm_ids, self._owners = rng, firm_ids, owners

    def case(self, number: int) -> None:
        rng, state = self._rng, self._rng.choice(list(CaseState))
        age = timedelta(days=rng.random() * 365) if state in tables.ENDED else timedelta(days=rng.random() * 40)
        began = clock.now() - age
        title = f"{rng.choice(SAID)} {rng.randrange(1, 500)}個"
        self._add(
            PartRequest(
                id=number,
                text=f"{title}。A5052を曲げて黒アルマイト。来月末まで。",
                contact_name=f"開発 {number}",
                contact_organisation=f"みほんロボット{number % 300}",
                # The first case may be read by everybody.
                ward=rng.choice([*WARDS, None]) if number > 1 else None,
                created_at=began,
            )
        )
        case = Case(
            id=number,
            request_id=number,
            title=title,
            state=state,
            owner_id=rng.choice([*self._owners, None]),
            client_kind=rng.choice(list(ClientKind)),
            client_place=rng.choice(list(ClientPlace)),
            entered_at=began + age / 2,
            due_at=rules.due_after(state, began + age / 2),
            created_at=began,
            answered_at=began + timedelta(days=rng.random() * 3),
            closed_at=began + age if state in tables.ENDED else None,
            reason="price" if state is CaseState.LOST else "",
        )
        self._add(case)
        self._history(case)
        if state not in tables.BEFORE_ASKING:
            for position in range(rng.choice((1, 1, 1, 2, 4))):
                self._leg(case, position)

    def _history(self, case: Case) -> None:
        for action in ("open", "take", "clear", "ask", "introduce", "negotiate", "order")[: self._rng.randrange(1, 8)]:
            at = case.created_at + timedelta(days=self._rng.random() * 20)
            event = CaseEvent(case_id=case.id or 0, action=action, party=Party.COORDINATOR, at=at, channel=Channel.WEB)
            self._add(event)

    def _leg(self, case: Case, position: int) -> None:
        won = case.state in tables.AFTER_ORDER | {CaseState.CLOSED}
        asked = self._rng.sample(self._firm_ids, 4)
        leg = CaseLeg(
            case_id=case.id or 0,
            position=position,
            title=f"工程{position}",
            state=LegState.ORDERED if won else LegState.OPEN,
            firm_id=asked[0] if won else None,
        )
        self._add(leg)
        for place, firm_id in enumerate(asked):
            self._offer(case, leg, firm_id, OfferState.WON if won and not place else self._rng.choice(list(OfferState)))

    def _offer(self, case: Case, leg: CaseLeg, firm_id: str, state: OfferState) -> None:
        known = state in tables.DISCLOSED
        offer = Offer(
            case_id=leg.case_id,
            leg_id=leg.id,
            firm_id=firm_id,
            state=state,
            summary=[["何を", case.title]],
            asked_at=case.entered_at,
            reply_by=rules.after_working_days(case.entered_at, 3),
            introduced_at=case.entered_at if known else None,
        )
        self._add(offer)
        if state is OfferState.WON:
            self._add(Outcome(offer_id=offer.id, party=Party.CLIENT, amount_yen=self._rng.randrange(900_000)))

    def _add(self, row: Model) -> None:
        self.made[type(row)].append(_columns(row))


def _columns(row: Model) -> Mapping[str, Any]:
    return row.model_dump(include=set(type(row).model_fields))


def _write(session: Session, table: type[Model], made: Iterable[Mapping[str, Any]]) -> None:
    for some in _bundles(made):
        session.connection().execute(insert(table), some)


def _bundles(made: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    some: list[Mapping[str, Any]] = []
    for one in made:
        some.append(one)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _go_on_counting(session: Session) -> None:
    """Numbers that were written by hand are not given again."""
    for name in ("requests", "cases"):
        highest = f"(SELECT max(id) FROM {name})"  # noqa: S608 - two names of our own
        session.connection().execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest})"))


if __name__ == "__main__":
    sys.exit(main())
