"""The report in words and pictures: labels, funnel, bars of the months."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from backend.core.durations import duration_words
from backend.core.i18n import gettext as _
from backend.core.i18n import language, mark, term
from backend.dashboards.report import Line, Report
from backend.introductions.reasons import LOST_REASONS

COLUMNS = {
    "consultations": mark("相談"),
    "offers": mark("打診(のべ)"),
    "introductions": mark("紹介(のべ)"),
    "orders": mark("成約(のべ)"),
    "amount_yen": mark("成約の金額(円)"),
    "outside": mark("区の外からの成約(のべ)"),
    "abroad": mark("海外からの成約(のべ)"),
    "startups": mark("スタートアップの相談"),
}
# What stands large above all: one of each unit would be taken for the other without its name.
SUMMED = ("consultations", "offers", "introductions", "orders")
# Cases, each once for each step it came to.
FUNNEL = {
    "consultations": mark("相談"),
    "asked": mark("打診した案件"),
    "introduced": mark("紹介した案件"),
    "ordered": mark("成約した案件"),
}
WIDEST, CHART_HEIGHT, STEP = 200.0, 120.0, 68.0


@dataclass(frozen=True)
class FunnelBar:
    """One step of the funnel; `share` is of the step before."""

    label: str
    count: int
    width: float
    share: str


@dataclass(frozen=True)
class MonthBar:
    """Consultations and orders of one month, in the units of the drawing."""

    x: float
    label: str
    consultations: int
    orders: int
    high: float
    order_high: float


def funnel(report: Report) -> list[FunnelBar]:
    most = max((count for _step, count in report.funnel), default=0) or 1
    bars, before = [], None
    for step, count in report.funnel:
        share = percent(count / before) if before else ""
        bars.append(FunnelBar(_(FUNNEL[step]), count, max(2.0, WIDEST * count / most), share))
        before = count
    return bars


def months(report: Report) -> list[MonthBar]:
    """The last twelve months of the time."""
    shown = report.by_month[-12:]
    most = max((line.consultations for _month, line in shown), default=0) or 1
    return [
        MonthBar(
            STEP / 2 + STEP * place,
            month_name(month),
            line.consultations,
            line.orders,
            CHART_HEIGHT * line.consultations / most,
            CHART_HEIGHT * line.orders / most,
        )
        for place, (month, line) in enumerate(shown)
    ]


def month_name(month: date) -> str:
    """11月, or Nov; the first month of a year with its year."""
    if month.month == 1:
        return long_month_name(month)
    return f"{month.month}月" if language() == "ja" else f"{month:%b}"


def long_month_name(month: date) -> str:
    """2026年11月, or Nov 2026."""
    return f"{month.year}年{month.month}月" if language() == "ja" else f"{month:%b %Y}"


def ward_name(ward: str | None) -> str:
    return term(ward) if ward else _("区が決まっていない")


def cells(line: Line) -> list[str]:
    """One row of figures, in the order of COLUMNS."""
    return [f"{getattr(line, field.name):,}" for field in fields(Line)]


def headings() -> list[str]:
    return [_(COLUMNS[field.name]) for field in fields(Line)]


def summed(line: Line) -> list[tuple[str, str]]:
    """The figures that stand large, each by the name it has in the tables."""
    return [(_(COLUMNS[name]), f"{getattr(line, name):,}") for name in SUMMED]


def lost(report: Report) -> list[tuple[str, int]]:
    return [(_(LOST_REASONS.get(reason, LOST_REASONS["other"])), count) for reason, count in report.lost]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def waiting(hours: float | None) -> str:
    """How long somebody waited, as people say it."""
    return "–" if hours is None else duration_words(timedelta(hours=hours))


def facts(report: Report) -> list[tuple[str, str]]:
    """The single figures a ward answers for."""
    return [
        (_("最初の返事まで(真ん中の値)"), waiting(report.hours_to_reply)),
        (_("まだ返事をしていない相談"), f"{report.unanswered:,}"),
        (_("打診した工場"), f"{report.asked_firms:,} / {report.firms:,} ({percent(report.fairness)})"),
        (_("紹介した工場"), f"{report.introduced_firms:,}"),
        (_("受注した工場(のべではない)"), f"{report.participating_firms:,}"),
        (_("スタートアップとの製品づくり"), f"{report.startup_products:,}"),
        (_("何社かで引き受けた仕事"), f"{report.joint_projects:,}"),
        (_("2週間以内に空きを聞いた工場"), f"{report.fresh_firms:,} ({percent(report.freshness)})"),
    ]


def rows(report: Report) -> Sequence[Sequence[str | float]]:
    """The whole report as one table: the total, the months, the wards."""
    head: list[str | float] = [_("区分"), *headings()]
    table: list[list[str | float]] = [head, [_("合計"), *_numbers(report.total)]]
    table += [[long_month_name(month), *_numbers(line)] for month, line in report.by_month]
    table += [[ward_name(ward), *_numbers(line)] for ward, line in report.by_ward]
    return table


def _numbers(line: Line) -> list[str | float]:
    return [float(getattr(line, field.name)) for field in fields(Line)]
