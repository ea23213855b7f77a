"""Free hours for programs: what a firm told, and a new answer, under the same rules as the page of the firm."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.api_access import Known, Once, Writer
from backend.capacity import queries, rules, service, views
from backend.capacity.api_forms import CapacityIn, CapacityOut, WeekOut, read_told
from backend.core import clock
from backend.core.db import ReadSession, WriteSession
from backend.firms.models import CapacityWeek
from matching.days import monday_of

router = APIRouter(prefix="/api/v1", tags=["capacity"])
FirmId = Annotated[str, Path(max_length=64, examples=["5f0c8a529d534a3b9a580d3a6c1a7f10"])]


def _readable(session: ReadSession, actor: Known, firm_id: FirmId) -> str:
    """A firm whose hours the asker may know: its own, or any for coordinators."""
    return service.firm_for(session, actor.user, firm_id).id


Ours = Annotated[str, Depends(_readable)]


@router.get("/firms/{firm_id}/capacity", summary="Read free hours")
def get_capacity(session: ReadSession, firm_id: Ours) -> CapacityOut:
    """The hours of the coming weeks as the firm told them, what jobs have taken since, and how old the answer is.

    For the firm itself and for coordinators.
    """
    return _shown(session, firm_id)


@router.put("/firms/{firm_id}/capacity", summary="Tell free hours", response_model=CapacityOut)
def put_capacity(session: WriteSession, actor: Writer, once: Once, firm_id: Ours, sent: CapacityIn) -> Response:
    """A new answer of the firm, by marks or hours, which counts as fresh from today; the state after it comes back.

    Weeks that are not named stay as they are. A firm that answers for groups of processes tells all of them for each
    week. `seen` is the number that was read with the hours: jobs booked later still come off what is told here.
    """

    def work() -> CapacityOut:
        contact = queries.contact(session, firm_id)
        today = clock.today()
        standing = views.standing_hours(session, firm_id, contact, today, sent.seen)
        told = read_told(sent, views.asked_of(contact, today, standing))
        given = service.Given(told, rules.Channel.API, sent.seen, actor.user.id, sent.spoke_with)
        service.answer(session, firm_id, given)
        session.flush()
        return _shown(session, firm_id)

    return once.answer(session, work)


def _shown(session: Session, firm_id: str) -> CapacityOut:
    today = clock.today()
    contact = queries.contact(session, firm_id)
    rows = queries.weeks_of(session, firm_id)
    newest = max((row.declared_at for row in rows), default=None)
    told = clock.in_tokyo(newest).date() if newest else None
    return CapacityOut(
        firm_id=firm_id,
        told_on=told,
        freshness=rules.freshness(told, today),
        fresh_until=rules.fresh_until(told) if told else None,
        groups=list(contact.groups) if contact else [],
        weeks_asked=list(rules.weeks_asked(today)),
        seen=queries.last_booking(session, firm_id),
        weeks=[_week(row) for row in rows if row.week_start >= monday_of(today)],
    )


def _week(row: CapacityWeek) -> WeekOut:
    return WeekOut(
        week_start=row.week_start,
        mark=rules.mark_of(row.hours_left),
        hours_free=row.hours_free,
        hours_booked=row.hours_booked,
        hours_left=row.hours_left,
    )
