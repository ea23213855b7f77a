"""The ward's figures of a time, put together from what was counted. Pure, but for the reading at the top."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.dashboards import report_queries as queries
from backend.dashboards.period import Period
from backend.dashboards.report_queries import CaseRow, OfferRow, Order, Scope
from backend.introductions.states import CaseState, ClientKind, ClientPlace

FRESH = timedelta(days=14)
OUTSIDE = frozenset({ClientPlace.TOKYO, ClientPlace.ELSEWHERE, ClientPlace.ABROAD})
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
    scope = Scope(actor, period.since, period.until, ward)
    cases, offers = queries.cases(session, scope), queries.offers(session, scope)
    orders = queries.orders(session, scope)
    firms, fresh = queries.firms_and_fresh(session, ward, clock.now() - FRESH)
    joint = queries.joint_projects(session, sorted({order.case_id for order in orders}))
    asked = [o for o in offers if period.since <= o.asked_at < period.until]
    introduced = _introduced(offers, period)
    return Report(
        period,
        ward,
        total=_line(cases, asked, introduced, orders),
        by_month=tuple((month, _month(month, cases, asked, introduced, orders)) for month in period.months),
        by_ward=tuple(_by_ward(cases, asked, introduced, orders)),
        funnel=_funnel(cases, {o.case_id for o in asked}, {o.case_id for o in introduced}, orders),
        hours_to_reply=_hours_to_reply(cases),
        unanswered=sum(case.answered_at is None for case in cases),
        lost=tuple(Counter(c.reason or "no_reply" for c in cases if c.state in ENDED_WITHOUT).most_common()),
        firms=firms,
        asked_firms=len({o.firm_id for o in asked}),
        introduced_firms=len({o.firm_id for o in introduced}),
        participating_firms=len({order.firm_id for order in orders}),
        startup_products=len({o.case_id for o in orders if o.kind is ClientKind.STARTUP}),
        joint_projects=joint,
        fresh_firms=fresh,
        orders_without_amount=sum(order.amount_yen is None for order in orders),
    )


def _introduced(offers: Iterable[OfferRow], period: Period) -> list[OfferRow]:
    return [o for o in offers if o.introduced_at is not None and period.since <= o.introduced_at < period.until]


def _line(
    cases: Sequence[CaseRow], asked: Sequence[OfferRow], introduced: Sequence[OfferRow], orders: Sequence[Order]
) -> Line:
    return Line(
        consultations=len(cases),
        offers=len(asked),
        introductions=len(introduced),
        orders=len(orders),
        amount_yen=sum(order.amount_yen or 0 for order in orders),
        outside=sum(order.place in OUTSIDE for order in orders),
        abroad=sum(order.place is ClientPlace.ABROAD for order in orders),
        startups=sum(case.kind is ClientKind.STARTUP for case in cases),
    )


def _month(
    month: date,
    cases: Sequence[CaseRow],
    asked: Sequence[OfferRow],
    introduced: Sequence[OfferRow],
    orders: Sequence[Order],
) -> Line:
    here = _in_month(month)
    return _line(
        [c for c in cases if here(clock.in_tokyo(c.created_at).date())],
        [o for o in asked if here(clock.in_tokyo(o.asked_at).date())],
        [o for o in introduced if o.introduced_at and here(clock.in_tokyo(o.introduced_at).date())],
        [o for o in orders if here(clock.in_tokyo(o.at).date())],
    )


def _in_month(month: date) -> Callable[[date], bool]:
    return lambda day: (day.year, day.month) == (month.year, month.month)


def _by_ward(
    cases: Sequence[CaseRow], asked: Sequence[OfferRow], introduced: Sequence[OfferRow], orders: Sequence[Order]
) -> Iterable[tuple[str | None, Line]]:
    """The busiest ward first; what belongs to no ward yet comes last."""
    wards = {row.ward for rows in (cases, asked, introduced, orders) for row in rows}
    lines = {
        ward: _line(
            [c for c in cases if c.ward == ward],
            [o for o in asked if o.ward == ward],
            [o for o in introduced if o.ward == ward],
            [o for o in orders if o.ward == ward],
        )
        for ward in wards
    }
    return sorted(lines.items(), key=lambda item: (item[0] is None, -item[1].consultations, item[0] or ""))


def _funnel(
    cases: Sequence[CaseRow], asked: set[int], introduced: set[int], orders: Sequence[Order]
) -> tuple[tuple[str, int], ...]:
    return (
        ("consultations", len(cases)),
        ("asked", len(asked)),
        ("introduced", len(introduced)),
        ("ordered", len({order.case_id for order in orders})),
    )


def _hours_to_reply(cases: Iterable[CaseRow]) -> float | None:
    """The middle of the times until the client first heard from somebody."""
    waits = [(c.answered_at - c.created_at).total_seconds() / 3600 for c in cases if c.answered_at]
    return median(waits) if waits else None
