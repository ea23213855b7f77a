"""What the pages of capacity show: the eight weeks to answer, the picture after sending, the state of an answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from backend.capacity import queries, rules, wording
from backend.capacity.forms import Asked, field_name
from backend.capacity.models import CapacityAnswer, CapacityContact
from backend.capacity.rules import Freshness, Mark
from backend.core import clock
from backend.core.model import new_id
from backend.core.templating import short_date
from backend.firms.models import Firm
from backend.firms.rules import Viewer, may_see
from matching.days import monday_of

# The drawing after sending: 320 wide, a bar for each week, as high as its mark.
BAR_HEIGHTS = {Mark.PLENTY: 64, Mark.FREE: 40, Mark.LITTLE: 18, Mark.NONE: 0}
BAR_STEP, BAR_FLOOR, BAR_LEFT = 40, 78, 6
# The line of the coming days: 15 units a day, twenty days.
DAY_STEP, LINE_LEFT, LINE_DAYS = 15, 10, 20
LABEL_FIRST, LABEL_LAST = 92, 152


@dataclass(frozen=True)
class WeekRow:
    """One week to answer: what is chosen, or typed, and how many hours jobs have taken since the last answer."""

    name: str
    words: str
    note: str
    chosen: str
    typed: str
    booked: str
    error: str = ""


@dataclass(frozen=True)
class Part:
    """The weeks of one group of processes, or of the whole firm."""

    group: str
    rows: tuple[WeekRow, ...]


@dataclass(frozen=True)
class AskForm:
    """The form of a firm. `told` is the day of the answer that was copied in; None for the first time."""

    parts: tuple[Part, ...]
    by_hours: bool
    told: date | None
    seen: str
    form_id: str
    fresh_until: date


@dataclass(frozen=True)
class Bar:
    """One week of the picture: its place, its height (0 for none) and the date under it, if there is room for one."""

    x: int
    y: int
    height: int
    label: str


@dataclass(frozen=True)
class Timeline:
    """Until when the answer counts as fresh, on a line of days; positions in the drawing."""

    bar: int
    until_x: int
    ask_x: int | None
    ask_label_x: int
    ticks: str


@dataclass(frozen=True)
class Standing:
    """The state of a firm's answer for people: when, how, and how far it can be trusted."""

    declared: date | None
    freshness: Freshness
    channel: str
    spoke_with: str
    age: str
    weeks: tuple[tuple[str, Mark, float], ...]


def asked_of(contact: CapacityContact | None, today: date, standing: Mapping[str, Mapping[date, float]]) -> Asked:
    return Asked(_groups(contact), bool(contact and contact.by_hours), rules.weeks_asked(today), standing)


def _groups(contact: CapacityContact | None) -> tuple[str, ...]:
    return tuple(contact.groups) if contact and contact.groups else ("",)


def standing_hours(
    session: Session, firm_id: str, contact: CapacityContact | None, today: date, seen: int | None = None
) -> dict[str, dict[date, float]]:
    """What the firm's last answer says of the weeks asked now, less what jobs have taken; a new week as the one before.

    Nothing when the last answer reaches none of them. With `seen`, as it stood after the booking of that number.
    """
    left = _left(session, firm_id, seen)
    weeks = rules.weeks_asked(today)
    groups = _groups(contact)
    if not any(week in left for week in weeks):
        return {group: {} for group in groups}
    if groups == ("",):
        return {"": _carried(left, weeks)}
    shares = _shares(queries.last_answer(session, firm_id), groups, left)
    return {group: _carried(shares[group], weeks) for group in groups}


def _left(session: Session, firm_id: str, seen: int | None) -> dict[date, float]:
    """The hours left in each week; bookings after `seen` were not known when the page was shown."""
    rows = queries.weeks_of(session, firm_id)
    later: dict[date, float] = defaultdict(float)
    if seen is not None and rows:
        for booking in queries.counted_bookings(session, [firm_id], rows[0].week_start):
            if (booking.seq or 0) > seen:
                later[monday_of(booking.day)] += booking.hours
    return {row.week_start: max(0.0, row.hours_free - row.hours_booked + later[row.week_start]) for row in rows}


def _carried(known: Mapping[date, float], weeks: tuple[date, ...]) -> dict[date, float]:
    carried: dict[date, float] = {}
    for week in weeks:
        if week in known:
            carried[week] = known[week]
        elif carried:
            carried[week] = carried[max(carried)]
    return carried


def _shares(
    answer: CapacityAnswer | None, groups: tuple[str, ...], left: Mapping[date, float]
) -> dict[str, dict[date, float]]:
    """For each group its hours of each week, when the last answer spoke of these groups."""
    shares: dict[str, dict[date, float]] = {group: {} for group in groups}
    if answer is None or not set(answer.weeks) <= set(groups):
        return shares
    for monday, hours_left in left.items():
        key = monday.isoformat()
        parts = {group: part[key] for group, part in answer.weeks.items() if key in part}
        for group, hours in rules.share_out(parts, hours_left).items():
            shares[group][monday] = hours
    return shares


def ask_form(
    session: Session,
    firm_id: str,
    contact: CapacityContact | None,
    today: date,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> AskForm:
    """The form with the last answer copied in, or with what was typed before it was refused."""
    standing = standing_hours(session, firm_id, contact, today)
    rows = {row.week_start: row for row in queries.weeks_of(session, firm_id)}
    asked = asked_of(contact, today, standing)
    told = max((row.declared_at for row in rows.values()), default=None) if any(standing.values()) else None
    filler = _Filler(asked, {week: row.hours_booked for week, row in rows.items()}, typed, errors or {})
    return AskForm(
        parts=tuple(filler.part(number, group) for number, group in enumerate(asked.groups)),
        by_hours=asked.by_hours,
        told=clock.in_tokyo(told).date() if told else None,
        seen=typed.get("seen", "") if typed else str(queries.last_booking(session, firm_id)),
        form_id=typed.get("form_id", "") if typed else new_id(),
        fresh_until=rules.fresh_until(today),
    )


@dataclass(frozen=True)
class _Filler:
    asked: Asked
    booked: Mapping[date, float]
    typed: Mapping[str, str] | None
    errors: Mapping[str, str]

    def part(self, number: int, group: str) -> Part:
        hours = self.asked.standing.get(group, {})
        return Part(group, tuple(self._row(number, week, hours.get(week)) for week in self.asked.weeks))

    def _row(self, number: int, week: date, hours: float | None) -> WeekRow:
        name = field_name(number, week)
        mark = rules.mark_of(hours).value if hours is not None else ""
        said = wording.hours_words(round(hours, 1)) if hours is not None else ""
        booked = self.booked.get(week, 0.0)
        return WeekRow(
            name=name,
            words=wording.week_words(week),
            note=wording.week_note(week),
            chosen=mark if self.typed is None else self.typed.get(name, ""),
            typed=said if self.typed is None else self.typed.get(name, ""),
            booked=wording.hours_words(booked) if booked else "",
            error=self.errors.get(name, ""),
        )


def bars(session: Session, firm_id: str, first: date) -> tuple[Bar, ...]:
    """The picture of the eight weeks after sending."""
    rows = {row.week_start: row.hours_left for row in queries.weeks_of(session, firm_id)}
    weeks = [first + timedelta(weeks=n) for n in range(rules.WEEKS_ASKED)]
    labelled = {0, 4, rules.WEEKS_ASKED - 1}
    return tuple(
        _bar(at, rows[week], short_date(week) if at in labelled else "")
        for at, week in enumerate(weeks)
        if week in rows
    )


def _bar(at: int, hours: float, label: str) -> Bar:
    height = BAR_HEIGHTS[rules.mark_of(hours)]
    return Bar(BAR_LEFT + BAR_STEP * at, BAR_FLOOR - height, height, label)


def timeline(answered: date, asking: date | None, today: date) -> Timeline:
    """From today to the day on which the answer gets old."""
    fresh = max(0, (rules.fresh_until(answered) - today).days)
    ask = (asking - today).days if asking else None
    ask_x = LINE_LEFT + DAY_STEP * ask if ask is not None and ask <= LINE_DAYS else None
    steps = (f"M{LINE_LEFT + DAY_STEP * n}.5 20v{10 if n in {0, ask, fresh} else 5}" for n in range(LINE_DAYS + 1))
    return Timeline(
        bar=DAY_STEP * fresh,
        until_x=LINE_LEFT + DAY_STEP * fresh,
        ask_x=ask_x,
        ask_label_x=min(max(ask_x or 0, LABEL_FIRST), LABEL_LAST),
        ticks="".join(steps),
    )


def standing(session: Session, firm: Firm, today: date) -> Standing:
    """How a firm's answer stands today."""
    rows = [row for row in queries.weeks_of(session, firm.id) if row.week_start >= monday_of(today)]
    newest = max((row.declared_at for row in queries.weeks_of(session, firm.id)), default=None)
    declared = clock.in_tokyo(newest).date() if newest else None
    answer = queries.last_answer(session, firm.id)
    known = answer is not None and declared == clock.in_tokyo(answer.at).date()
    return Standing(
        declared=declared,
        freshness=rules.freshness(declared, today),
        channel=rules.CHANNEL_NAMES[answer.channel] if answer and known else "",
        spoke_with=answer.spoke_with if answer and known else "",
        age=wording.age_words(declared, today) if declared else "",
        weeks=tuple((wording.week_words(r.week_start), rules.mark_of(r.hours_left), r.hours_left) for r in rows),
    )


def limits(today: date) -> tuple[datetime, datetime]:
    """The moments since which an answer is fresh, and before which it is stale."""
    midnight = datetime.combine(today, time(), tzinfo=clock.TOKYO)
    return midnight - timedelta(days=rules.FRESH_DAYS), midnight - timedelta(days=rules.STALE_AFTER_DAYS)


def marks_are_public(firm: Firm) -> bool:
    """Whether everybody sees the marks of this firm, or only the coordinators."""
    return may_see(firm.audiences, "capacity", Viewer.STRANGER)
