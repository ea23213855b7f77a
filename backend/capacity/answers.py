"""Answers: what a firm has free in the coming weeks, kept as given, and taken back with one tap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import randbelow
from typing import Any

from sqlmodel import Session

from backend.capacity import queries, rules
from backend.capacity.models import CapacityAnswer, CapacityBooking, CapacityContact
from backend.core import audit, clock
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms import capacity as firms
from backend.firms.capacity import HeldFirm
from backend.firms.models import CapacityWeek
from matching.days import monday_of

TOLD = audit.action("capacity told", mark("空きの答えを受けた"))
TAKEN_BACK = audit.action("capacity answer taken back", mark("空きの答えを取り消した"))
# Hours by group ("" where a firm has none) and Monday.
Weeks = Mapping[str, Mapping[date, float]]


@dataclass(frozen=True)
class Given:
    """An answer on its way in. `seen` is the newest booking that the page had taken off before it was answered;
    `at` is when the firm gave it, if that is not now."""

    weeks: Weeks
    channel: rules.Channel
    seen: int = 0
    actor_id: str | None = None
    spoke_with: str = ""
    form_id: str | None = None
    at: datetime | None = None


def contact_for(session: Session, firm_id: str) -> CapacityContact:
    """How the firm wants to be asked; the first time, with a fresh number for its sheet and no reminders."""
    there = queries.contact(session, firm_id)
    if there is None:
        there = CapacityContact(firm_id=firm_id, code=_free_code(session))
        session.add(there)
        session.flush()
    return there


def _free_code(session: Session) -> str:
    while True:
        code = rules.with_check_digit(f"{randbelow(10 ** (rules.CODE_DIGITS - 1)):0{rules.CODE_DIGITS - 1}d}")
        if queries.contact_by_code(session, code) is None:
            return code


def answer(session: Session, firm_id: str, given: Given) -> CapacityAnswer:
    """Take an answer. The same form sent twice is one answer."""
    [firm] = firms.hold(session, [firm_id]).values() or _nobody()
    there = queries.answer_by_form(session, given.form_id) if given.form_id else None
    if there is not None:
        return there
    now = given.at or clock.now()
    told = {monday: sum(part.get(monday, 0.0) for part in given.weeks.values()) for monday in _mondays(given.weeks)}
    before = _state(firm, told)
    firms.declare(firm, told, now)
    settled = _settle_bookings(session, firm, told, given.seen)
    firms.note_change(session, firm)
    row = CapacityAnswer(
        firm_id=firm_id,
        at=now,
        channel=given.channel,
        actor_id=given.actor_id,
        spoke_with=given.spoke_with[:80],
        weeks={group: {m.isoformat(): h for m, h in sorted(part.items())} for group, part in given.weeks.items()},
        before={"weeks": before, "bookings": settled},
        form_id=given.form_id,
    )
    session.add(row)
    changed = audit.difference({s["week"]: s["hours"] for s in before}, {m.isoformat(): h for m, h in told.items()})
    what = {"channel": given.channel.value, "answer": row.id, **changed}
    audit.record(session, TOLD, f"firm:{firm_id}", actor_id=given.actor_id, **what)
    return row


def _nobody() -> list[HeldFirm]:
    raise NotFound


def _mondays(weeks: Weeks) -> list[date]:
    return sorted({monday for part in weeks.values() for monday in part})


def _state(firm: HeldFirm, mondays: Iterable[date]) -> list[dict[str, Any]]:
    """What stood in these weeks, to put it back."""
    return [{"week": monday.isoformat(), **_said(firm.weeks.get(monday))} for monday in mondays]


def _said(row: CapacityWeek | None) -> dict[str, Any]:
    if row is None:
        return {"hours": None, "at": ""}
    return {"hours": row.hours_free, "at": row.declared_at.isoformat()}


def _settle_bookings(session: Session, firm: HeldFirm, told: Mapping[date, float], seen: int) -> list[int]:
    """Bookings the firm saw when it answered are in its figures; later ones still come off. Gives those now settled."""
    if not told:
        return []
    rows = queries.counted_bookings(session, [firm.id], min(told))
    touched = [row for row in rows if monday_of(row.day) in told]
    settled = [row for row in touched if (row.seq or 0) <= seen]
    for row in settled:
        row.counted = False
    session.add_all(settled)
    _count_bookings(firm, told, (row for row in touched if row.counted))
    return [row.seq or 0 for row in settled]


def _count_bookings(firm: HeldFirm, mondays: Iterable[date], rows: Iterable[CapacityBooking]) -> None:
    totals = dict.fromkeys(mondays, 0.0)
    for row in rows:
        totals[monday_of(row.day)] += row.hours
    for monday, hours in totals.items():
        firm.weeks[monday].hours_booked = hours


def take_back(session: Session, firm_id: str, answer_id: str, *, actor_id: str | None = None) -> CapacityAnswer:
    """Undo the newest answer; what stood before stands again, with its age. Twice is the same as once."""
    [firm] = firms.hold(session, [firm_id]).values() or _nobody()
    row = session.get(CapacityAnswer, answer_id, populate_existing=True)
    if row is None or row.firm_id != firm_id:
        raise NotFound
    if row.undone_at is not None:
        return row
    newest = queries.last_answer(session, firm_id)
    if newest is None or newest.id != row.id:
        raise Refused(_("このあとに新しい答えが届いているため、元に戻せません。"))
    row.undone_at = clock.now()
    session.add(row)
    _put_back(session, firm, row)
    firms.note_change(session, firm)
    audit.record(session, TAKEN_BACK, f"firm:{firm_id}", actor_id=actor_id, answer=row.id)
    return row


def _put_back(session: Session, firm: HeldFirm, row: CapacityAnswer) -> None:
    for booking in queries.bookings_numbered(session, row.before["bookings"]):
        booking.counted = True
        session.add(booking)
        week = firm.weeks.get(monday_of(booking.day))
        if week is not None:
            week.hours_booked += booking.hours
    for state in row.before["weeks"]:
        week = firm.weeks[date.fromisoformat(state["week"])]
        if state["hours"] is not None:
            week.hours_free, week.declared_at = state["hours"], datetime.fromisoformat(state["at"])
        elif week.hours_booked:
            week.hours_free = 0.0
        else:
            session.delete(firm.weeks.pop(week.week_start))
