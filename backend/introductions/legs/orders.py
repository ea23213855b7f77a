"""An order that the two parties tell of themselves. It holds whether or not the firm's calendar had room for it.

A coordinator who notes an order is refused where the hours are gone, and can talk to the firm first. Two parties that
have agreed on an order have agreed: then it is noted, nothing is booked, and the coordinator hears of it.
"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from backend.capacity.service import Overbooked, book
from backend.core.errors import Refused
from backend.introductions import queries, rules
from backend.introductions.legs import offers, team, work_hours
from backend.introductions.legs import service as legs
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import LegState, Party
from backend.introductions.trail import By, Said, case_id_of, held, note, opened_leg, tell, touch
from backend.teams.plan_queries import with_calendar

Hours = Mapping[date, float]


def take(session: Session, by: By, offer_id: str, hours: Hours | None = None) -> Offer:
    """The firm has the order: its leg is filled and ordered in one step, and its hours are booked. Twice is as once.

    `hours` is what the firm says it takes; without it what the leg was planned with.
    """
    short = book_for(session, by, offer_id, hours)
    offer = offers.win(session, by, offer_id)
    leg = opened_leg(session, by, offer.leg_id)
    if leg.state is LegState.FILLED:
        legs.move_leg(session, by, leg.id, "order_leg")
    tell_unbooked(session, by, offer, short)
    return offer


def report(session: Session, by: By, offer_id: str) -> Offer:
    """The client says that it has ordered from this firm."""
    short = book_for(session, by, offer_id)
    offer = offers.win(session, by, offer_id)
    tell_unbooked(session, by, offer, short)
    return offer


def book_for(session: Session, by: By, offer_id: str, hours: Hours | None = None) -> Overbooked | None:
    """Book the hours of an order, all of them or none; what stood against it. Before the case is held.

    Nothing is booked twice for a leg, nor for a firm that never named hours, nor beside those of a decided team.
    """
    offer = queries.offer_by_id(session, offer_id)
    leg = queries.leg_of(session, offer) if offer else None
    if offer is None or leg is None or not _is_to_book(session, offer, leg):
        return None
    taken = hours if hours is not None else work_hours.of_leg(leg)
    if not taken:
        return None
    wanted = {(offer.firm_id, day): h for day, h in taken.items()}
    try:
        book(session, offers.leg_reference(leg.id), wanted, actor_id=by.signed_by)
    except Overbooked as short:
        return short
    except Refused:
        # Somebody booked other hours for it a moment ago: those hold.
        return None
    return None


def _is_to_book(session: Session, offer: Offer, leg: CaseLeg) -> bool:
    # A leg that was won but not yet ordered: the client told of it first, and the firm names its hours.
    new = rules.may_move_offer("win", offer.state, Party.FIRM) and leg.state is LegState.OPEN
    told = leg.firm_id == offer.firm_id and leg.state is LegState.FILLED
    case = queries.case_of_offer(session, offer)
    if not (new or told) or team.has_hours(case, leg):
        return False
    booked = queries.hours_booked(session, [offers.leg_reference(leg.id)])
    return not booked and offer.firm_id in with_calendar(session, {offer.firm_id})


def tell_unbooked(session: Session, by: By, offer: Offer, short: Overbooked | None) -> None:
    """The coordinator hears that the hours of an order are not there, once for each order."""
    case = held(session, offer.case_id)
    if short is None or _was_told(session, case, offer):
        return
    touch(session, case)
    note(session, case, by, "unbooked", offer, Said(words=short.message[: rules.LONGEST_WORDS]))
    tell(session, case, "order-unbooked", Party.COORDINATOR, offer)


def _was_told(session: Session, case: Case, offer: Offer) -> bool:
    """Whether this order stands in the history as one without hours already."""
    for event in queries.events_of(session, case_id_of(case)):
        if (event.leg_id, event.firm_id) == (offer.leg_id, offer.firm_id):
            if event.action == "unbooked":
                return True
            if event.action == "introduce_firm":
                return False
    return False
