"""What the page of a joint plan shows: sentences, the cases, and a chart of hours by process and week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from backend.core.i18n import gettext as _
from backend.core.i18n import language, ngettext
from backend.core.templating import short_date
from backend.matches import words
from backend.teams.joint_result import CaseKept, LoadKept, NarrowKept, ResultKept, Standing
from backend.teams.team_words import listed, span

# Of the chart: width of a week, height of the bars, and the room above and below them.
WEEK_W, BAR_H, TOP, LOW = 76.0, 84.0, 34.0, 26.0


@dataclass(frozen=True)
class Bar:
    """One week: x of its middle; each part as (y, height); hours said in words above."""

    x: float
    label: str
    free: tuple[float, float]
    used: tuple[float, float]
    other: tuple[float, float]
    missing: tuple[float, float]
    short: str


@dataclass(frozen=True)
class Chart:
    """The hours of one process, week by week."""

    process: str
    bars: tuple[Bar, ...]
    rows: tuple[LoadKept, ...]
    width: float
    height: float
    base: float
    words: str


@dataclass(frozen=True)
class JointView:
    """The page: what came out in one sentence, what is proven, what is narrow, and the charts."""

    result: ResultKept
    headline: str
    proof: str
    narrow: tuple[str, ...]
    others: tuple[str, ...]
    charts: tuple[Chart, ...]


def view(result: ResultKept) -> JointView:
    """Everything in the language of the screen."""
    return JointView(
        result=result,
        headline=headline(result),
        proof=_proof(result),
        narrow=tuple(_narrow(one) for one in result.narrow),
        others=tuple(_others(result)),
        charts=tuple(_charts(result)),
    )


def headline(result: ResultKept) -> str:
    """How many are ready by their day, of those that have one."""
    if not result.dated:
        return _("納期のある相談はありません。")
    if result.dated == len(result.cases):
        return _("%(all)s件のうち%(n)s件が、納期に間に合います。", all=result.dated, n=result.in_time)
    return _("納期のある%(all)s件のうち%(n)s件が、納期に間に合います。", all=result.dated, n=result.in_time)


def _proof(result: ResultKept) -> str:
    if result.on_time == len(result.cases):
        return ""
    if any(case.due is None or _is_short(case) for case in result.cases):
        return _("空き時間に入る相談は、納期のないものもあわせて%(most)s件より多くはなりません。", most=result.most)
    if result.on_time >= result.most:
        return _("いまの空き時間では、どう割り当ててもこれより多くはなりません(確かめずみ)。")
    return _("どう割り当てても、%(most)s件より多くはなりません。", most=result.most)


def _narrow(one: NarrowKept) -> str:
    """The bottleneck as it is said to a firm or a superior."""
    facts = _(
        "%(process)sの時間が、%(weeks)s、地域であと%(hours)s時間足りません。",
        process=words.process_name(one.process),
        weeks=_weeks(one.weeks),
        hours=words.number(one.hours),
    )
    gain = ngettext("あれば、あと%(n)s件が間に合います", "あれば、あと%(n)s件が間に合います", len(one.numbers))
    whose = _("%(gain)s(%(numbers)s)。", gain=gain, numbers=listed(one.numbers))
    return (" " if language() == "en" else "").join(s for s in (facts, _partners(one), whose) if s)


def _partners(one: NarrowKept) -> str:
    if not one.partners:
        return ""
    names = listed(words.process_name(p) for p in one.partners)
    return _("%(processes)sの時間も、あわせて要ります。", processes=names)


def _weeks(weeks: Sequence[date]) -> str:
    """The weeks, told by their Mondays."""
    if len(weeks) == 1:
        return _("%(day)sの週に", day=_short(weeks[0]))
    return _("%(first)sの週から%(last)sの週までに", first=_short(weeks[0]), last=_short(weeks[-1]))


def _short(day: date) -> str:
    return words.short_day(day)


def _others(result: ResultKept) -> list[str]:
    """What has no day, and what no hours would help."""
    found = []
    fitting = sum(case.only_fits for case in result.cases)
    if fitting:
        said = ngettext(
            "納期のない%(n)s件は、空き時間に入ります。", "納期のない%(n)s件は、空き時間に入ります。", fitting
        )
        found.append(said)
    short = [case.number for case in result.cases if _is_short(case)]
    if short:
        found.append(_("%(numbers)sには、頼める会社がない工程があります。", numbers=listed(short)))
    if result.too_soon:
        found.append(
            _(
                "%(numbers)sは、空き時間がふえても間に合いません。納期を相談してください。",
                numbers=listed(result.too_soon),
            )
        )
    nobody = [case.number for case in result.cases if case.standing is Standing.NOBODY]
    if nobody:
        found.append(_("%(numbers)sは、頼める会社が台帳にありません。", numbers=listed(nobody)))
    return found


def _is_short(case: CaseKept) -> bool:
    """Whether somebody does a part of it and nobody the rest."""
    return bool(case.missing) and case.standing is not Standing.NOBODY


def standing(case: CaseKept) -> str:
    """How a case comes out, in words."""
    if _is_short(case):
        return _("頼める会社がない工程がある")
    if case.standing is Standing.ON_TIME:
        return _("間に合う") if case.due else _("いまの空きでできる")
    if case.standing is Standing.LATE:
        if not case.due:
            return _("あとになる")
        return ngettext("%(n)s日遅れる", "%(n)s日遅れる", case.days_late)
    return _("空きがない") if case.standing is Standing.NO_HOURS else _("会社がない")


def process_names(ids: Iterable[str]) -> str:
    return words.process_names(ids)


def days_of(first: date, last: date) -> str:
    return span(first, last)


def _charts(result: ResultKept) -> list[Chart]:
    """The narrow processes first, then the fullest."""
    by_process = [(p, list(g)) for p, g in groupby(result.loads, key=lambda load: load.process)]
    used = [(p, rows) for p, rows in by_process if any(row.used or row.missing for row in rows)]
    used.sort(key=lambda item: (-sum(r.missing for r in item[1]), -_fullness(item[1]), item[0]))
    return [_chart(process, rows) for process, rows in used]


def _fullness(rows: Sequence[LoadKept]) -> float:
    return max(((r.used + r.other) / r.free for r in rows if r.free), default=0.0)


def _chart(process: str, rows: Sequence[LoadKept]) -> Chart:
    last = max(i for i, row in enumerate(rows) if row.used or row.missing)
    shown = rows[: max(4, last + 2)]
    most = max((max(row.free, row.used + row.other) + row.missing for row in shown), default=1.0) or 1.0
    name = words.process_name(process)
    bars = tuple(_bar(i, row, BAR_H / most) for i, row in enumerate(shown))
    said = listed(f"{_short(row.week)} {_said(row)}" for row in shown)
    width = WEEK_W * len(shown)
    return Chart(name, bars, tuple(shown), width, TOP + BAR_H + LOW, TOP + BAR_H, said)


def _said(row: LoadKept) -> str:
    used = _("空き%(free)s時間、使う%(used)s時間", free=_round(row.free), used=_round(row.used + row.other))
    return used + (_("、不足%(missing)s時間", missing=_round(row.missing)) if row.missing else "")


def _round(hours: float) -> str:
    return words.number(round(hours))


def _bar(place: int, row: LoadKept, scale: float) -> Bar:
    base = TOP + BAR_H
    used, other, free = row.used * scale, row.other * scale, row.free * scale
    top = base - max(free, used + other)
    return Bar(
        x=place * WEEK_W + WEEK_W / 2,
        label=short_date(row.week),
        free=(base - free, free),
        used=(base - used, used),
        other=(base - used - other, other),
        missing=(top - row.missing * scale, row.missing * scale),
        short=f"{_round(row.used + row.other)}/{_round(row.free)}",
    )
