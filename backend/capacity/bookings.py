"""Hours promised to jobs. What a firm named as free is never promised twice, whoever asks at the same moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from backend.capacity import queries
from backend.capacity.models import CapacityBooking
from backend.capacity.rules import may_be_hours
from backend.capacity.wording import day_words
from backend.core import audit, clock
from backend.core.errors import Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms import capacity as firms
from backend.firms.capacity import HeldFirm
from matching.days import monday_of

BOOKED = audit.action("hours booked", mark("空き時間を押さえた"))
RELEASED = audit.action("hours released", mark("押さえた時間を返した"))
HoursByFirmDay = Mapping[tuple[str, date], float]
# Hours below this are rounding left over from dividing a week by its days, not work.
EPSILON_H = 1e-6


class Overbooked(Refused):
    """The hours are not there any more: which firm and week, how many are free, how many are wanted."""

    def __init__(self, firm_id: str, week: date, left: float, wanted: float, name: str) -> None:
        self.firm_id, self.week, self.left, self.wanted = firm_id, week, left, wanted
        super().__init__(
            _(
                "%(name)sは%(day)sの週の空きがあと%(left)s時間で、%(wanted)s時間には足りません。",
                name=name or _("この工場"),
                day=day_words(week),
                left=f"{left:g}",
                wanted=f"{wanted:g}",
            )
        )


def book(session: Session, reference: str, hours_by_firm_day: HoursByFirmDay, *, actor_id: str | None = None) -> bool:
    """Promise these hours to the job `reference`, all of them or none. Returns False when they were booked already.

    `hours_by_firm_day` maps (firm id, day) to hours; a week's days share the hours the firm named for that week.
    Raises `Overbooked` (409) when some week has not so many left, or the firm never spoke of it. The firms are
    held until the transaction ends: call this before a case is held, so that two do not wait for each other.
    """
    wanted = {key: hours for key, hours in hours_by_firm_day.items() if hours > EPSILON_H}
    if not all(map(may_be_hours, wanted.values())):
        raise ValueError("hours must be finite and not negative")
    held = firms.hold(session, {firm_id for firm_id, _day in wanted})
    before = {(row.firm_id, row.day): row.hours for row in queries.bookings_of(session, reference)}
    if before:
        _refuse_other(before, wanted)
        return False
    by_week = _by_week(wanted)
    _refuse_overbooking(held, by_week)
    _add(held, by_week)
    now = clock.now()
    session.add_all(
        CapacityBooking(firm_id=firm_id, day=day, hours=hours, reference=reference, booked_at=now)
        for (firm_id, day), hours in sorted(wanted.items())
    )
    _write(session, held.values())
    total = round(sum(wanted.values()) * 60)
    audit.record(session, BOOKED, f"booking:{reference}", actor_id=actor_id, minutes=total, firms=len(held))
    return True


def release(session: Session, reference: str, *, actor_id: str | None = None) -> float:
    """Give the hours of a job back; how many there were. Nothing booked, or already given back, is 0."""
    held = firms.hold(session, {row.firm_id for row in queries.bookings_of(session, reference)})
    given = {(row.firm_id, row.day): row.hours for row in queries.bookings_of(session, reference)}
    return _give_back(session, held, reference, given, actor_id)


def release_part(
    session: Session, reference: str, hours_by_firm_day: HoursByFirmDay, *, actor_id: str | None = None
) -> float:
    """Give back these hours of a job; the others stay booked. How many there were."""
    held = firms.hold(session, {firm_id for firm_id, _day in hours_by_firm_day})
    return _give_back(session, held, reference, hours_by_firm_day, actor_id)


def _give_back(
    session: Session, held: Mapping[str, HeldFirm], reference: str, wanted: HoursByFirmDay, actor_id: str | None
) -> float:
    rows = [row for row in queries.bookings_of(session, reference) if (row.firm_id, row.day) in wanted]
    given = {(row.firm_id, row.day): min(row.hours, wanted[row.firm_id, row.day]) for row in rows}
    if not rows:
        return 0.0
    # Hours that an answer of the firm already knew of are not given back: its next answer says what is free.
    counted = {(row.firm_id, row.day): -given[row.firm_id, row.day] for row in rows if row.counted}
    for row in rows:
        row.hours -= given[row.firm_id, row.day]
        if row.hours <= EPSILON_H:
            session.delete(row)
    _add(held, {key: hours for key, hours in _by_week(counted).items() if key[0] in held})
    _write(session, held.values())
    total = sum(given.values())
    audit.record(session, RELEASED, f"booking:{reference}", actor_id=actor_id, minutes=round(total * 60))
    return total


def release_all(session: Session, references: Sequence[str], *, actor_id: str | None = None) -> None:
    """Give the hours of several jobs back. All their firms are held at once, in the order that nobody crosses."""
    firms.hold(session, {row.firm_id for reference in references for row in queries.bookings_of(session, reference)})
    for reference in references:
        release(session, reference, actor_id=actor_id)


def _by_week(hours: Mapping[tuple[str, date], float]) -> dict[tuple[str, date], float]:
    weeks: dict[tuple[str, date], float] = defaultdict(float)
    for (firm_id, day), value in sorted(hours.items()):
        weeks[firm_id, monday_of(day)] += value
    return weeks


def _refuse_overbooking(held: Mapping[str, HeldFirm], by_week: Mapping[tuple[str, date], float]) -> None:
    for (firm_id, monday), hours in by_week.items():
        firm = held.get(firm_id)
        week = firm.weeks.get(monday) if firm else None
        left = week.hours_left if week else 0.0
        if hours > left + EPSILON_H:
            raise Overbooked(firm_id, monday, left, hours, firm.name if firm else "")


def _refuse_other(before: Mapping[tuple[str, date], float], wanted: HoursByFirmDay) -> None:
    same = before.keys() == wanted.keys() and all(abs(before[key] - wanted[key]) <= EPSILON_H for key in before)
    if not same:
        raise Refused(_("この仕事の時間はもう別の内容で押さえてあります。先に取り消してください。"))


def _add(held: Mapping[str, HeldFirm], by_week: Mapping[tuple[str, date], float]) -> None:
    for (firm_id, monday), hours in by_week.items():
        week = held[firm_id].weeks.get(monday)
        if week is not None:
            week.hours_booked = max(0.0, week.hours_booked + hours)


def _write(session: Session, held: Iterable[HeldFirm]) -> None:
    for firm in held:
        firms.note_change(session, firm)
