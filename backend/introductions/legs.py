"""The legs of a case: one operation each, from the route or the decided team, through order, making and inspection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.capacity.service import book
from backend.core import clock
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules, tables
from backend.introductions.models import Case, CaseLeg
from backend.introductions.offers import act, leg_reference
from backend.introductions.states import Inspection, LegState, NdaState, Party
from backend.introductions.trail import TIME, By, Said, case_id_of, go, held, held_for, note, touch


@dataclass(frozen=True)
class LegSpec:
    """What a leg is, before anybody is asked: a step of the route, or the whole job of one firm."""

    step_key: str
    title: str
    process_id: str = ""
    hours: float | None = None
    start: date | None = None
    finish: date | None = None
    orderer_firm_id: str | None = None


def set_legs(session: Session, by: By, case_id: int, specs: Sequence[LegSpec]) -> list[CaseLeg]:
    """Make these the legs of the case. A leg whose step stays keeps its offers; the offers of one that goes are passed
    over, and refused when a firm is already at work on it.
    """
    if by.actor is None or by.party is not Party.COORDINATOR:
        raise NotFound
    case = held_for(session, by.actor, case_id)
    before = {leg.step_key: leg for leg in queries.legs_of(session, case_id)}
    gone = [leg for key, leg in before.items() if key not in {spec.step_key for spec in specs}]
    for leg in gone:
        _remove(session, case, leg)
    legs = [_put(session, case, before.get(spec.step_key), place, spec) for place, spec in enumerate(specs)]
    touch(session, case)
    note(session, case, by, "legs", said=Said(words=" → ".join(leg.title for leg in legs)[: rules.LONGEST_WORDS]))
    return legs


def _put(session: Session, case: Case, leg: CaseLeg | None, place: int, spec: LegSpec) -> CaseLeg:
    leg = leg or CaseLeg(case_id=case_id_of(case), position=place, step_key=spec.step_key, title=spec.title)
    leg.position, leg.title, leg.process_id = place, spec.title, spec.process_id
    leg.hours, leg.start, leg.finish = spec.hours, spec.start, spec.finish
    leg.orderer_firm_id = spec.orderer_firm_id
    session.add(leg)
    session.flush()
    return leg


def _remove(session: Session, case: Case, leg: CaseLeg) -> None:
    if leg.state is not LegState.OPEN:
        raise Refused(_("「%(leg)s」はもう工場が決まっているので、外せません。", leg=leg.title))
    for offer in queries.offers_of(session, case_id_of(case)):
        if offer.leg_id == leg.id and rules.may_move_offer("cancel", offer.state, Party.SYSTEM):
            act(session, TIME, offer.id, "cancel")
    session.flush()
    session.delete(leg)
    session.flush()


def move_leg(
    session: Session,
    by: By,
    leg_id: str,
    action: str,
    *,
    on: date | None = None,
    words: str = "",
    hours_by_day: Mapping[date, float] | None = None,
) -> CaseLeg:
    """Order, start, hand over, accept after inspection or send back one leg. The same move twice has one effect.

    `order_leg` books `hours_by_day` of the firm, all of them or none: the same hours are never promised twice.

    Raises:
        NotFound: the actor may not read the leg. Refused: the leg is elsewhere, or the hours are gone.
    """
    leg = queries.leg_for(session, by.actor, leg_id) if by.actor else None
    if leg is None or action not in tables.LEG_MOVES:
        raise NotFound
    if leg.state is tables.LEG_MOVES[action][1] and action != "send_back":
        return leg
    if action == "order_leg" and leg.firm_id and hours_by_day:
        # First of all that is written: firms are locked before cases, so that two do not wait for each other.
        book(
            session,
            leg_reference(leg.id),
            {(leg.firm_id, day): h for day, h in hours_by_day.items()},
            actor_id=by.actor_id,
        )
    case = held(session, leg.case_id)
    session.refresh(leg)
    leg.state = rules.check_leg_move(action, leg.state)
    _note_dates(leg, action, on or clock.today(), rules.check_words(words))
    session.add(leg)
    touch(session, case)
    note(session, case, by, action, leg, Said(words=words))
    follow_legs(session, case)
    return leg


def set_nda(session: Session, by: By, leg_id: str, state: NdaState) -> CaseLeg:
    """Note where the secrecy agreement of one leg stands. It belongs to the leg: each firm signs for itself."""
    leg = queries.leg_for(session, by.actor, leg_id) if by.actor else None
    if leg is None:
        raise NotFound
    case = held(session, leg.case_id)
    if leg.nda is not state:
        before, leg.nda, leg.nda_at = leg.nda, state, clock.now()
        session.add(leg)
        touch(session, case)
        note(session, case, by, "nda", leg, Said(before, state))
    return leg


def follow_legs(session: Session, case: Case) -> None:
    """Let the case follow the work on its legs, as the table says."""
    action = rules.wanted_by_legs(case.state, [leg.state for leg in queries.legs_of(session, case_id_of(case))])
    if action is not None:
        go(session, case, rules.check_move(action, case.state, Party.FIRM), TIME)


def _note_dates(leg: CaseLeg, action: str, on: date, words: str) -> None:
    if action == "order_leg":
        leg.ordered_on = on
    if action == "hand_over":
        leg.handed_over_on = on
    if action in {"accept_leg", "send_back"}:
        leg.inspection = Inspection.PASSED if action == "accept_leg" else Inspection.FAILED
        leg.inspection_words = words[:500]
