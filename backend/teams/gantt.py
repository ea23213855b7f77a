"""The days of a team as numbers for a drawing: weeks, holidays, free hours behind, work before. The template draws."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.core.i18n import gettext as _
from backend.core.templating import short_date
from backend.firms.rules import capacity_mark
from backend.teams import team_words
from matching.composition.daily import Hours, Work
from matching.days import monday_of

LEFT, DAY_W, WEEK_W, TOP, ROW_H = 180.0, 23.0, 161.0, 54.0, 64.0
BAR_Y, BAR_H, FOOT = 22.0, 28.0, 42.0
# 20 hours, which people call plenty, fill this much of a row.
FREE_H, PLENTY_H = 38.0, 20.0
MOST_WEEKS = 26
LEAST_WEEKS = 4
UNTOLD = "–"
# So many halves of a letter fit before the first week; longer names take a second line.
NAME_WIDTH, NAME_LINES = 22, 2
MARKS = {"plenty": ("◎", 38.0), "free": ("○", 22.0), "little": ("△", 10.0), "none": ("×", 0.0)}


@dataclass(frozen=True)
class Row:
    """One step: where its line is, who does it, the free hours behind it and the work before them."""

    number: int
    step: str
    firm: str
    firm_lines: tuple[str, ...]
    lead: bool
    base: float
    free: tuple["Free", ...]
    bars: tuple["Bar", ...]
    days: str
    by_day: str


@dataclass(frozen=True)
class Free:
    x: float
    y: float
    w: float
    h: float
    label: str


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    w: float
    label: str


@dataclass(frozen=True)
class Week:
    x: float
    label: str
    days: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Gantt:
    width: float
    height: float
    weeks: tuple[Week, ...]
    off: tuple[tuple[float, float], ...]
    new_year: float | None
    rows: tuple[Row, ...]
    links: tuple[str, ...]
    finish: tuple[float, str]
    due: tuple[float, str] | None


@dataclass(frozen=True)
class Line:
    """What a row is about. `free` is None where this reader may not see it, `exact` says hours instead of marks.

    `told` are the Mondays of the weeks the firm spoke of; of the others nobody knows, whatever the plan supposes.
    """

    step: str
    firm: str
    lead: bool
    after: tuple[int, ...]
    work: Work
    exact: bool
    free: Mapping[date, float] | None
    told: frozenset[date]


def free_of(firm_id: str, free: Hours, *, may_see: bool) -> Mapping[date, float] | None:
    return free.get(firm_id, {}) if may_see else None


def gantt(lines: Sequence[Line], closed: frozenset[date], due: date | None) -> Gantt:
    """The drawing, from the week of the first work to the week of the due date or the last work."""
    first = min(line.work.start for line in lines)
    finish = max(line.work.finish for line in lines)
    monday = monday_of(first)
    weeks = min(MOST_WEEKS, max(LEAST_WEEKS, (max(finish, due or finish) - monday).days // 7 + 1))
    place = _Place(monday, weeks)
    bottom = TOP + ROW_H * len(lines) + 10
    rows = tuple(_row(n, line, place) for n, line in enumerate(lines))
    return Gantt(
        width=LEFT + WEEK_W * weeks + 4,
        height=bottom + FOOT,
        weeks=tuple(_week(place, n) for n in range(weeks)),
        off=tuple(_off(place, closed)),
        new_year=_new_year(place),
        rows=rows,
        links=tuple(_link(place, lines, a, i) for i, line in enumerate(lines) for a in line.after),
        finish=(place.x(finish) + DAY_W / 2, short_date(finish)),
        due=(place.x(due) + DAY_W, short_date(due)) if due and place.has(due) else None,
    )


@dataclass(frozen=True)
class _Place:
    monday: date
    weeks: int

    def x(self, day: date) -> float:
        number = (day - self.monday).days
        return LEFT + WEEK_W * (number // 7) + DAY_W * (number % 7)

    def has(self, day: date) -> bool:
        return 0 <= (day - self.monday).days < 7 * self.weeks

    def start_of(self, week: int) -> date:
        return self.monday + timedelta(weeks=week)


def _week(place: _Place, number: int) -> Week:
    start = place.start_of(number)
    days = tuple((place.x(start + timedelta(n)) + DAY_W / 2, (start + timedelta(n)).day) for n in range(5))
    return Week(place.x(start), _("%(day)sの週", day=short_date(start)), days)


def _off(place: _Place, closed: frozenset[date]) -> list[tuple[float, float]]:
    """Weekends, and the holidays between."""
    weekends = [(place.x(place.start_of(n) + timedelta(5)), 2 * DAY_W) for n in range(place.weeks)]
    holidays = [(place.x(day), DAY_W) for day in sorted(closed) if place.has(day) and day.weekday() < 5]
    return weekends + holidays


def _new_year(place: _Place) -> float | None:
    for year in {place.monday.year, place.monday.year + 1}:
        day = date(year, 12, 30)
        if place.has(day):
            return place.x(day) + DAY_W
    return None


def _row(number: int, line: Line, place: _Place) -> Row:
    base = TOP + ROW_H * (number + 1)
    work = line.work
    listed = [f"{short_date(day)} {team_words.hours(hours)}" for day, hours in work.hours]
    return Row(
        number=number + 1,
        step=line.step,
        firm=line.firm,
        firm_lines=wrapped(line.firm),
        lead=line.lead,
        base=base,
        free=tuple(_free(line, place, base)),
        bars=tuple(_bars(work, place, base - ROW_H + BAR_Y)),
        days=team_words.span(work.start, work.finish),
        by_day=team_words.listed(listed),
    )


def _free(line: Line, place: _Place, base: float) -> list[Free]:
    if line.free is None:
        return []
    found = []
    for n in range(place.weeks):
        start = place.start_of(n)
        if start not in line.told:
            found.append(Free(place.x(start) + 1, base, 5 * DAY_W - 2, 0.0, UNTOLD))
            continue
        hours = sum(h for day, h in line.free.items() if start <= day < start + timedelta(7))
        mark, height = MARKS[capacity_mark(hours)]
        if line.exact:
            height = min(FREE_H, FREE_H * hours / PLENTY_H)
            mark = _("空き%(hours)sh", hours=f"{hours:.0f}")
        found.append(Free(place.x(start) + 1, round(base - height, 1), 5 * DAY_W - 2, round(height, 1), mark))
    return found


def wrapped(name: str) -> tuple[str, ...]:
    """A name in the lines there is room for; only what is longer than all of them ends in …."""
    lines, width = [""], 0
    for letter in name:
        wide = 2 if unicodedata.east_asian_width(letter) in "FWA" else 1
        if width + wide > NAME_WIDTH:
            if len(lines) == NAME_LINES:
                lines[-1] = lines[-1][:-1] + "…"
                break
            lines.append("")
            width = 0
        lines[-1] += letter
        width += wide
    return tuple(line.strip() for line in lines)


def _bars(work: Work, place: _Place, y: float) -> list[Bar]:
    """One bar for each week, because nobody works at weekends; the longest one carries the hours."""
    weeks: dict[int, list[date]] = {}
    for day, _hours in work.hours:
        if place.has(day):
            weeks.setdefault((day - place.monday).days // 7, []).append(day)
    total = team_words.hours(sum(h for _, h in work.hours))
    longest = max(weeks, key=lambda n: (weeks[n][-1] - weeks[n][0], -n), default=0)
    return [
        Bar(place.x(days[0]) + 1, y, place.x(days[-1]) - place.x(days[0]) + DAY_W - 2, total if n == longest else "")
        for n, days in weeks.items()
    ]


def _link(place: _Place, lines: Sequence[Line], before: int, after: int) -> str:
    """From the end of one bar down and over to the start of the next."""
    x = place.x(lines[before].work.finish) + DAY_W - 6
    top = TOP + ROW_H * before + BAR_Y + BAR_H
    side = TOP + ROW_H * after + BAR_Y + BAR_H / 2
    return f"M{x:.0f} {top:.0f}V{side:.0f}H{place.x(lines[after].work.start):.0f}"
