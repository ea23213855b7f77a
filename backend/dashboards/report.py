"""The ward's figures of a time, put together from what was counted. Pure, but for the reading at the top."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TypeVar

from sqlmodel import Session

from backend.accounts.models import User
from backend.capacity.rules import FRESH_DAYS
from backend.core import clock
from backend.dashboards import report_queries as queries
from backend.dashboards.period import Period
from backend.dashboards.report_queries import CaseRow, Part, Scope
from backend.introductions.states import CaseState, ClientKind

R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
ENDED_WITHOUT = frozenset({CaseState.LOST, CaseState.WITHDRAWN, CaseState.EXPIRED})


@dataclass(frozen=True)
class Line:
    """The figures of one month or one ward, or of the whole time."""

    consultations: int
    offers: int
    introductions: int
    orders: int
    amount_yen: int
    outside: int
    abroad: int
    startups: int


@dataclass(frozen=True)
class Report:
    """Everything the page shows. Shares are between 0 and 1, None where there is nothing to take a share of."""

    period: Period
    ward: str | None
    total: Line
    by_month: tuple[tuple[date, Line], ...]
    by_ward: tuple[tuple[str | None, Line], ...]
    # Of the cases of this time, how many came so far: each counts in all the steps before its own.
    funnel: tuple[tuple[str, int], ...]
    hours_to_reply: float | None
    unanswered: int
    lost: tuple[tuple[str, int], ...]
    firms: int
    asked_firms: int
    introduced_firms: int
    participating_firms: int
    startup_products: int
    joint_projects: int
    fresh_firms: int
    orders_without_amount: int

    @property
    def fairness(self) -> float | None:
        """The share of the firms of the ledger that were asked at all."""
        return self.asked_firms / self.firms if self.firms else None

    @property
    def freshness(self) -> float | None:
        """The share of the firms of the ledger that said lately what they have free."""
        return self.fresh_firms / self.firms if self.firms else None


def report(session: Session, actor: User, period: Period, ward: str | None) -> Report:
    """Count everything for this reader."""
    months = tuple(datetime.combine(month, time(), clock.TOKYO) for month in period.months)
    scope = Scope(actor, period.since, period.until, months, ward)
    cases, asked, introduced = (
        queries.cases(session, scope),
        queries.asked(session, scope),
        queries.introduced(session, scope),
    )
    orders = queries.orders(session, scope)
    firms, fresh = queries.firms_and_fresh(session, ward, clock.now() - timedelta(days=FRESH_DAYS))
    counted = (cases, asked.parts, introduced.parts, orders.parts)
    return Report(
        period,
        ward,
        total=_line(*counted),
        by_month=tuple(_by_month(period, *counted)),
        by_ward=tuple(_by_ward(*counted)),
        funnel=(
            ("consultations", len(cases)),
            ("asked", asked.cases),
            ("introduced", introduced.cases),
            ("ordered", orders.cases),
        ),
        hours_to_reply=_hours_to_reply(cases),
        unanswered=sum(case.answered_at is None for case in cases),
        lost=tuple(Counter(c.reason or "no_reply" for c in cases if c.state in ENDED_WITHOUT).most_common()),
        firms=firms,
        asked_firms=asked.firms,
        introduced_firms=introduced.firms,
        participating_firms=orders.firms,
        startup_products=orders.startup_cases,
        joint_projects=orders.joint_cases,
        fresh_firms=fresh,
        orders_without_amount=orders.without_amount,
    )


def _line(cases: Sequence[CaseRow], asked: Sequence[Part], introduced: Sequence[Part], orders: Sequence[Part]) -> Line:
    return Line(
        consultations=len(cases),
        offers=sum(part.count for part in asked),
        introductions=sum(part.count for part in introduced),
        orders=sum(part.count for part in orders),
        amount_yen=sum(part.amount_yen for part in orders),
        outside=sum(part.outside for part in orders),
        abroad=sum(part.abroad for part in orders),
        startups=sum(case.kind is ClientKind.STARTUP for case in cases),
    )


def _by_month(
    period: Period,
    cases: Sequence[CaseRow],
    asked: Sequence[Part],
    introduced: Sequence[Part],
    orders: Sequence[Part],
) -> Iterable[tuple[date, Line]]:
    opened = _grouped(cases, lambda row: _month_of(row.created_at))
    parts = [_grouped(rows, lambda part: part.month) for rows in (asked, introduced, orders)]
    for number, month in enumerate(period.months):
        yield month, _line(opened[month.year, month.month], *(part[number] for part in parts))


def _month_of(moment: datetime) -> tuple[int, int]:
    there = clock.in_tokyo(moment)
    return there.year, there.month


def _grouped(rows: Iterable[R], key_of: Callable[[R], K]) -> Mapping[K, list[R]]:
    """The rows by their key; a key that none has gives none."""
    found: dict[K, list[R]] = defaultdict(list)
    for row in rows:
        found[key_of(row)].append(row)
    return found


def _by_ward(
    cases: Sequence[CaseRow], asked: Sequence[Part], introduced: Sequence[Part], orders: Sequence[Part]
) -> Iterable[tuple[str | None, Line]]:
    """The busiest ward first; what belongs to no ward yet comes last."""
    opened = _grouped(cases, lambda row: row.ward)
    parts = [_grouped(rows, lambda part: part.ward) for rows in (asked, introduced, orders)]
    wards = {*opened, *(ward for part in parts for ward in part)}
    lines = {ward: _line(opened[ward], *(part[ward] for part in parts)) for ward in wards}
    return sorted(lines.items(), key=lambda item: (item[0] is None, -item[1].consultations, item[0] or ""))


def _hours_to_reply(cases: Iterable[CaseRow]) -> float | None:
    """The middle of the times until the client first heard from somebody."""
    waits = [(c.answered_at - c.created_at).total_seconds() / 3600 for c in cases if c.answered_at]
    return median(waits) if waits else None
