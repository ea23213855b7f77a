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
from backend.introductions.legs.following import follow
from backend.introductions.legs.offers import held_offer, is_disclosed, leg_reference
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import Inspection, LegState, NdaState, Party
from backend.introductions.trail import TIME, By, Said, case_id_of, go, held, held_for, note, opened_leg, touch


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
    """Make these the legs of the case. A leg whose step stays keeps its offers.

    Raises:
        Refused: the case has ended, or a leg would go for which a firm is asked or at work: it has to hear so first.
    """
    if by.actor is None or by.party is not Party.COORDINATOR:
        raise NotFound
    case = held_for(session, by.actor, case_id)
    rules.check_running(case.state)
    before = {leg.step_key: leg for leg in queries.legs_of(session, case_id)}
    gone = [leg for key, leg in before.items() if key not in {spec.step_key for spec in specs}]
    for leg in gone:
        _remove(session, case, leg)
    legs = [_put(session, case, before.get(spec.step_key), place, spec) for place, spec in enumerate(specs)]
    touch(session, case)
    note(session, case, by, "legs", said=Said(words=" → ".join(leg.title for leg in legs)[: rules.LONGEST_WORDS]))
    follow(session, case)
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
    asked = [offer for offer in queries.offers_of(session, case_id_of(case)) if offer.leg_id == leg.id]
    if any(offer.state in tables.ALIVE for offer in asked):
        # Its firms would find their page gone without a word.
        raise Refused(_("「%(leg)s」は工場にたずねています。先に打診を取り消してください。", leg=leg.title))
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
        NotFound: the leg is not theirs to read, or this move is not theirs to make.
        Refused: the leg is elsewhere, or the hours are gone.
    """
    leg = opened_leg(session, by, leg_id)
    if action not in tables.LEG_MOVES or not may_move(session, by, leg, action):
        raise NotFound
    if _is_done(leg, action):
        return leg
    if action == "order_leg" and leg.firm_id and hours_by_day:
        # Firms are locked before cases, so that two do not wait for each other.
        book(
            session,
            leg_reference(leg.id),
            {(leg.firm_id, day): h for day, h in hours_by_day.items()},
            actor_id=by.signed_by,
        )
    case = held(session, leg.case_id)
    session.refresh(leg)
    rules.check_running(case.state)
    before, leg.state = leg.state, rules.check_leg_move(action, leg.state)
    if action == "undo_hand_over":
        leg.state = _before_hand_over(session, leg)
    _note_dates(leg, action, on or clock.today(), rules.check_words(words))
    session.add(leg)
    touch(session, case)
    note(session, case, by, action, leg, Said(before=before, words=words))
    if action == "undo_hand_over" and rules.may_move("undeliver", case.state, Party.SYSTEM):
        go(session, case, tables.BY_ACTION["undeliver"], TIME)
    follow(session, case)
    return leg


def _is_done(leg: CaseLeg, action: str) -> bool:
    """Whether a leg stands already where this move leads. What is mended may be sent back once more."""
    if action == "undo_hand_over":
        return leg.state in tables.LEG_MOVES["hand_over"][0]
    return leg.state is tables.LEG_MOVES[action][1] and action != "send_back"


def _before_hand_over(session: Session, leg: CaseLeg) -> LegState:
    """Where the work stood when it was told to be handed over: perhaps nobody had told of its beginning."""
    told = queries.newest_of_leg(session, leg, "hand_over")
    return LegState.ORDERED if told is not None and told.before == LegState.ORDERED else LegState.MAKING


def deliver(session: Session, by: By, leg_id: str, on: date | None) -> None:
    """Somebody reports that the work of this leg has arrived: whatever was not noted on the way is noted now.

    Who may report is the caller's affair.
    """
    leg = session.get(CaseLeg, leg_id)
    if leg is None:
        raise NotFound
    case = held(session, leg.case_id)
    session.refresh(leg)
    if case.state not in tables.ENDED:
        _advance(session, case, by, leg, DELIVERED, on)
        follow(session, case)


def catch_up(session: Session, case: Case, by: By, action: str) -> None:
    """Somebody moved the case as a whole: `start` begins its first leg, `deliver` finishes the work on all of them."""
    legs = queries.legs_of(session, case_id_of(case))
    for leg in legs if action == "deliver" else legs[:1]:
        _advance(session, case, by, leg, DELIVERED if action == "deliver" else STARTED)


STARTED = ("order_leg", "start_leg")
DELIVERED = (*STARTED, "hand_over")


def _advance(
    session: Session, case: Case, by: By, leg: CaseLeg, actions: Sequence[str], on: date | None = None
) -> None:
    """Note for a leg what lies between where it stands and the last of these actions."""
    for action in actions:
        if leg.state in tables.LEG_MOVES[action][0]:
            leg.state = tables.LEG_MOVES[action][1]
            _note_dates(leg, action, on or clock.today(), "")
            session.add(leg)
            touch(session, case)
            note(session, case, by, action, leg)


def set_nda(session: Session, by: By, leg_id: str, state: NdaState) -> CaseLeg:
    """Note where the secrecy agreement of one leg stands. It belongs to the leg: each firm signs for itself."""
    leg = opened_leg(session, by, leg_id)
    if by.party is Party.FIRM:
        # A firm agrees for itself only, on its offer.
        raise NotFound
    case = held(session, leg.case_id)
    if leg.nda is not state:
        before, leg.nda, leg.nda_at = leg.nda, state, clock.now()
        session.add(leg)
        touch(session, case)
        note(session, case, by, "nda", leg, Said(before, state))
    if state is NdaState.SIGNED:
        _note_signature_on_paper(session, leg)
    return leg


def agree_nda(session: Session, by: By, offer_id: str) -> Offer:
    """A firm that was introduced promises to keep the secrets of this job. Twice is the same as once."""
    offer, case = held_offer(session, offer_id)
    leg = opened_leg(session, by, offer.leg_id)
    if not is_disclosed(offer) or (by.party is Party.FIRM and by.firm_id != offer.firm_id):
        raise NotFound
    if offer.nda_at is None:
        offer.nda_at = clock.now()
        before, leg.nda, leg.nda_at = leg.nda, NdaState.SIGNED, offer.nda_at
        session.add_all((offer, leg))
        touch(session, case)
        note(session, case, by, "nda", offer, Said(before, NdaState.SIGNED))
    return offer


def may_open_drawings(leg: CaseLeg, offer: Offer) -> bool:
    """Whether this firm may open what was shown to it: introduced, and secrecy agreed where it is asked for."""
    return is_disclosed(offer) and (leg.nda is NdaState.NOT_NEEDED or offer.nda_at is not None)


def _note_signature_on_paper(session: Session, leg: CaseLeg) -> None:
    """Signed with whom? With the firm that does the leg; before it is chosen, with the only one introduced."""
    known = [o for o in queries.offers_of(session, leg.case_id) if o.leg_id == leg.id and is_disclosed(o)]
    chosen = [o for o in known if o.firm_id == leg.firm_id] or (known if len(known) == 1 else [])
    for offer in chosen:
        offer.nda_at = offer.nda_at or clock.now()
        session.add(offer)
    session.flush()


def may_move(session: Session, by: By, leg: CaseLeg, action: str) -> bool:
    """Work is reported by the firm that does it, and inspected by whoever ordered it or leads the chain."""
    if action == "undo_start" and was_sent_back(leg):
        return False
    if by.party is Party.COORDINATOR:
        return by.actor is not None and by.actor.is_staff
    inspects = action in {"accept_leg", "send_back"}
    if by.party is Party.CLIENT:
        return inspects and leg.orderer_firm_id is None
    if not inspects:
        return leg.firm_id is not None and leg.firm_id == by.firm_id and _may_undo(session, leg, by.firm_id, action)
    case = session.get(Case, leg.case_id)
    lead = case.lead_firm_id if case else None
    return leg.firm_id != by.firm_id and by.firm_id in {leg.orderer_firm_id, lead} - {None}


def was_sent_back(leg: CaseLeg) -> bool:
    """Whether the work came back from inspection and is being mended."""
    return leg.state is LegState.MAKING and leg.inspection is Inspection.FAILED


# What takes a word back, and the word.
UNDOES = {"undo_start": "start_leg", "undo_hand_over": "hand_over"}


def _may_undo(session: Session, leg: CaseLeg, firm_id: str, action: str) -> bool:
    """A firm takes back what it told itself, not what the client or the desk did."""
    return action not in UNDOES or queries.told_by(session, leg.id, firm_id, UNDOES[action]) is Party.FIRM


def _note_dates(leg: CaseLeg, action: str, on: date, words: str) -> None:
    if action == "order_leg":
        leg.ordered_on = on
    if action == "hand_over":
        leg.handed_over_on = on
    if action == "undo_hand_over":
        leg.handed_over_on = None
    if action in {"accept_leg", "send_back"}:
        leg.inspection = Inspection.PASSED if action == "accept_leg" else Inspection.FAILED
        leg.inspection_words = words[:500]
