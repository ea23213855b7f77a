"""Asking firms for a leg, and what becomes of it: raised hands, conditions, consent of both, introduction, order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from backend.capacity.service import release, release_all
from backend.core import clock
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules, tables
from backend.introductions.legs import team
from backend.introductions.legs.following import follow
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.reasons import CONDITIONS, DECLINE_REASONS, FEEDBACK
from backend.introductions.states import Inspection, LegState, NdaState, OfferState, Party
from backend.introductions.tables import DISCLOSED, OfferMove
from backend.introductions.trail import (
    NOTHING,
    TIME,
    By,
    Said,
    case_id_of,
    check_seen,
    go,
    held,
    look_after,
    note,
    tell_offer,
    touch,
)


@dataclass(frozen=True)
class Question:
    """What a firm is shown when it is asked: label and words, in order. It names nobody and holds no drawing."""

    firm_id: str
    summary: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """What a firm says to an offer."""

    action: str
    reason: str = ""
    conditions: tuple[str, ...] = ()
    proposed_date: date | None = None
    words: str = ""


def ask(
    session: Session, by: By, leg_id: str, questions: Sequence[Question], reply_by: datetime | None = None
) -> list[Offer]:
    """Ask firms for one leg without naming the client. A firm that was asked for it before is not asked twice.

    Raises:
        NotFound: the actor may not read the leg. Refused: the case or the leg is past asking.
    """
    leg, case = _held_leg(session, by, leg_id)
    _check_asking(case, leg)
    before = {offer.firm_id: offer for offer in queries.offers_of(session, case_id_of(case)) if offer.leg_id == leg.id}
    until = reply_by or rules.after_working_days(clock.now(), rules.REPLY_DAYS)
    if until <= clock.now():
        message = _("返事の期限は、これからの日にしてください。")
        raise Invalid(message, {"reply_by": message})
    asked = [_ask_one(session, by, case, leg, one, until) for one in questions if one.firm_id not in before]
    if asked:
        _begin_asking(session, case, by)
        _tell_asked(session, case, asked)
        follow(session, case)
    return asked


def _check_asking(case: Case, leg: CaseLeg) -> None:
    if case.state not in tables.BY_ACTION["ask"].sources or leg.state is not LegState.OPEN:
        raise Refused(_("この工程は、もう打診の段階ではありません。"))


def _begin_asking(session: Session, case: Case, by: By) -> None:
    """The case waits for answers once somebody is asked for each of its legs; until then firms are still chosen."""
    look_after(session, case, by)
    offers = queries.offers_of(session, case_id_of(case))
    asked = {offer.leg_id for offer in offers if offer.state in tables.ALIVE}
    action = "ask" if asked >= {leg.id for leg in queries.legs_of(session, case_id_of(case))} else "clear"
    if rules.may_move(action, case.state, by.party):
        go(session, case, tables.BY_ACTION[action], by)


def _ask_one(session: Session, by: By, case: Case, leg: CaseLeg, one: Question, until: datetime) -> Offer:
    offer = Offer(
        case_id=leg.case_id,
        leg_id=leg.id,
        firm_id=one.firm_id,
        summary=[[label, words] for label, words in one.summary],
        asked_by=by.actor_id,
        asked_at=clock.now(),
        reply_by=until,
    )
    session.add(offer)
    session.flush()
    note(session, case, by, "ask", offer)
    return offer


def _tell_asked(session: Session, case: Case, asked: Sequence[Offer]) -> None:
    from_table = tables.ASKING_MAIL
    for offer in asked:
        tell_offer(session, case, offer, from_table)


def answer(session: Session, by: By, offer_id: str, reply: Reply) -> Offer:
    """Take a firm's answer, from itself or entered for it by a coordinator. The same answer twice has one effect.

    Who may answer is the caller's affair: it comes with a link, a sign-in of the firm, or a coordinator's.

    Raises:
        Refused: the offer is past answering. Invalid: a reason or a condition is missing, or a date has passed.
    """
    offer, case = held_offer(session, offer_id)
    checked = _checked(reply)
    made = rules.check_offer_move(checked.action, offer.state, by.party)
    if offer.state is made.target and says(offer) == checked:
        return offer
    if case.state in tables.ENDED:
        raise Refused(_("この案件は終わりました。ご検討ありがとうございました。"))
    rules.check_leg_takes(made.action, queries.leg_of(session, offer).state)
    offer.reason, offer.conditions = checked.reason, list(checked.conditions)
    offer.proposed_date, offer.words = checked.proposed_date, checked.words
    offer.answered_at, offer.answered_by, offer.channel = clock.now(), by.actor_id, by.channel
    _carry_out(session, case, offer, by, made.action, words=checked.words, reason=checked.reason)
    return offer


def act(session: Session, by: By, offer_id: str, action: str, *, feedback: str = "", words: str = "") -> Offer:
    """Any other move of an offer: consent of the client, its withdrawal, passing over, dropping out, cancelling.

    The same move twice has one effect.

    Raises:
        Refused: the table has no such move for this party in this state. Invalid: a reason is missing.
    """
    if action in ANSWERS | OWN_DOORS:
        raise NotFound
    if action in rules.LEAVING:
        _give_back_hours(session, by, offer_id)
    offer, case = held_offer(session, offer_id)
    if _is_done(offer, action):
        return offer
    made = rules.check_offer_move(action, offer.state, by.party)
    leg = queries.leg_of(session, offer)
    rules.check_running(case.state)
    rules.check_leg_takes(action, leg.state)
    if action == "ask_again":
        _check_asking(case, leg)
    if action == "pass_over":
        offer.feedback = rules.check_choice(feedback, FEEDBACK, "feedback", _("見送る理由を1つ選んでください。"))
        offer.feedback_words = rules.check_words(words, "feedback_words")
    _note_consent(offer, by, action)
    _carry_out(session, case, offer, by, made.action, words=rules.check_words(words), reason=feedback)
    return offer


ANSWERS = frozenset({"raise_hand", "conditional", "decline"})
# These take more than their own row along: `win`, `introduce` and changes.py see to that.
OWN_DOORS = frozenset({"win", "introduce_firm", "ask_to_confirm"})


def _is_done(offer: Offer, action: str) -> bool:
    """Whether an offer stands already where this move leads."""
    move = tables.OFFER_BY_ACTION.get(action)
    if action == "disagree":
        return offer.state in tables.READY
    return move is not None and offer.state is move.target


def introduce(session: Session, by: By, case_id: int, seen: int | None = None) -> Case:
    """Introduce the client and every firm both sides agreed on, if the case is what the person saw once it is held."""
    freed = team.free_hours(session, by, case_id)
    case = held(session, case_id)
    agreed = [offer for offer in queries.offers_of(session, case_id) if offer.state is OfferState.AGREED]
    if case.state is not tables.BY_ACTION["agree"].target and not agreed:
        if case.state is tables.BY_ACTION["introduce"].target:
            return case
        raise Refused(_("まだ双方の承諾がそろっていません。"))
    check_seen(case, seen)
    transition = rules.check_move("introduce", case.state, by.party)
    team.leave(session, by, case, freed)
    for offer in agreed:
        offer.introduced_at = clock.now()
        _put(session, case, offer, by, tables.OFFER_BY_ACTION["introduce_firm"])
    # Each firm hears of its own introduction once, also where it does several operations.
    for offer in {offer.firm_id: offer for offer in reversed(agreed)}.values():
        tell_offer(session, case, offer, tables.OFFER_BY_ACTION["introduce_firm"])
    go(session, case, transition, by)
    follow(session, case)
    return case


def win(session: Session, by: By, offer_id: str) -> Offer:
    """The order goes to this firm: the leg is filled, and the others of the leg hear that they were not chosen."""
    offer, case = held_offer(session, offer_id)
    if offer.state is OfferState.WON:
        return offer
    rules.check_offer_move("win", offer.state, by.party)
    leg = queries.leg_of(session, offer)
    leg.firm_id, leg.state = offer.firm_id, LegState.FILLED
    session.add(leg)
    set_state(session, case, offer, by, "win")
    for other in queries.offers_of(session, offer.case_id):
        if (
            other.leg_id == leg.id
            and other.id != offer.id
            and rules.may_move_offer("pass_over", other.state, Party.SYSTEM)
        ):
            other.feedback = other.feedback or "other"
            set_state(session, case, other, TIME, "pass_over")
    follow(session, case)
    return offer


def lapse(session: Session, offer_id: str) -> None:
    """The day to answer by has passed without a word."""
    offer, case = held_offer(session, offer_id)
    if offer.state is OfferState.ASKED and offer.reply_by <= clock.now():
        _carry_out(session, case, offer, TIME, "lapse")


def end_all(session: Session, case: Case) -> None:
    """The case has ended without its work: whoever still waits hears so, and orders not yet carried out are off.

    The hours of those orders were given back before, by `give_back_all`.
    """
    for offer in queries.offers_of(session, case_id_of(case)):
        leg = queries.leg_of(session, offer)
        action = "call_off" if offer.state is OfferState.WON else "pass_over"
        if rules.may_move_offer(action, offer.state, Party.SYSTEM) and leg.state not in tables.HANDED_ON:
            offer.feedback = offer.feedback or "stopped"
            _leave(session, case, leg, offer)
            set_state(session, case, offer, TIME, action)


def give_back_all(session: Session, by: By, case_id: int) -> None:
    """Free what was booked for the work of a case that is about to end, before the case is locked."""
    legs = [leg for leg in queries.legs_of(session, case_id) if leg.state not in tables.HANDED_ON]
    release_all(session, [leg_reference(leg.id) for leg in legs], actor_id=by.signed_by)


def has_orders(session: Session, case_id: int) -> bool:
    """Whether some firm of the case has an order."""
    return any(offer.state is OfferState.WON for offer in queries.offers_of(session, case_id))


def waiting_for_introduction(session: Session, case_id: int) -> bool:
    """Whether both sides want an introduction that has not happened."""
    return any(offer.state is OfferState.AGREED for offer in queries.offers_of(session, case_id))


def is_disclosed(offer: Offer) -> bool:
    """Whether this firm and the client know of each other."""
    return offer.state in DISCLOSED


def _carry_out(
    session: Session, case: Case, offer: Offer, by: By, action: str, *, words: str = "", reason: str = ""
) -> None:
    if action in rules.LEAVING:
        offer.feedback = "stopped" if action == "call_off" else offer.feedback
        _leave(session, case, queries.leg_of(session, offer), offer)
    if action == "ask_again":
        _ask_afresh(offer)
    set_state(session, case, offer, by, action, words=words, reason=reason)
    if action == "disagree":
        offer.state = said_before(session, offer)
    if action == "ask_again":
        _begin_asking(session, case, by)
    follow(session, case)


def _leave(session: Session, case: Case, leg: CaseLeg, offer: Offer) -> None:
    """A firm goes: its leg is free for another, who signs for itself, and it neither leads nor orders here any more."""
    if leg.firm_id == offer.firm_id:
        leg.firm_id, leg.state, leg.ordered_on = None, LegState.OPEN, None
        leg.inspection, leg.inspection_words, leg.order_items = Inspection.NONE, "", {}
        leg.nda = NdaState.NEEDED if leg.nda is NdaState.SIGNED else leg.nda
    others = [one for one in queries.offers_of(session, leg.case_id) if one.id != offer.id]
    if any(one.firm_id == offer.firm_id and one.state in tables.AGREED_ON for one in others):
        return
    if case.lead_firm_id == offer.firm_id:
        case.lead_firm_id = None
    for one in queries.legs_of(session, leg.case_id):
        one.orderer_firm_id = None if one.orderer_firm_id == offer.firm_id else one.orderer_firm_id


def _ask_afresh(offer: Offer) -> None:
    """A firm that is asked once more has time once more; what it said, and what was agreed with it, is past."""
    offer.asked_at, offer.reply_by = clock.now(), rules.after_working_days(clock.now(), rules.REPLY_DAYS)
    offer.reminded_at = offer.answered_at = offer.answered_by = offer.channel = offer.proposed_date = None
    offer.agreed_at = offer.agreed_by = offer.introduced_at = offer.told_at = None
    offer.reason, offer.conditions, offer.words, offer.feedback, offer.feedback_words = "", [], "", "", ""


def said_before(session: Session, offer: Offer) -> OfferState:
    """What a firm had answered before the client agreed: its conditions hold on when the client thinks again."""
    for event in queries.events_of(session, offer.case_id):
        if event.action in ANSWERS and (event.leg_id, event.firm_id) == (offer.leg_id, offer.firm_id):
            return tables.OFFER_BY_ACTION[event.action].target
    return offer.state


def set_state(
    session: Session, case: Case, offer: Offer, by: By, action: str, *, words: str = "", reason: str = ""
) -> None:
    """One move of one offer: state, trail and mails together."""
    made = tables.OFFER_BY_ACTION[action]
    _put(session, case, offer, by, made, Said(words=words, reason=reason))
    tell_offer(session, case, offer, made)


def _put(session: Session, case: Case, offer: Offer, by: By, made: OfferMove, said: Said = NOTHING) -> None:
    offer.state = made.target
    session.add(offer)
    touch(session, case)
    note(session, case, by, made.action, offer, said)


def _give_back_hours(session: Session, by: By, offer_id: str) -> None:
    """Free what was booked for this firm. Firms are locked before cases, so that two do not wait for each other."""
    offer = queries.offer_by_id(session, offer_id)
    if offer is not None and offer.state is OfferState.WON:
        release(session, leg_reference(offer.leg_id), actor_id=by.signed_by)


def leg_reference(leg_id: str) -> str:
    """The name under which a leg's hours are booked."""
    return f"leg:{leg_id}"


def _note_consent(offer: Offer, by: By, action: str) -> None:
    if action == "agree_to":
        offer.agreed_at, offer.agreed_by = clock.now(), by.actor_id
    if action == "disagree":
        offer.agreed_at = offer.agreed_by = None
    if action == "take_back" and offer.reply_by <= clock.now():
        # Whoever takes an answer back wants to think: a day that is past would be silence at once.
        offer.reply_by, offer.reminded_at = rules.after_working_days(clock.now(), rules.REPLY_DAYS), None


def _checked(reply: Reply) -> Reply:
    if reply.action not in ANSWERS:
        message = _("お返事を1つ選んでください。")
        raise Invalid(message, {"answer": message})
    words = rules.check_words(reply.words)
    if reply.action == "decline":
        rules.check_choice(reply.reason, DECLINE_REASONS, "reason", _("見送りの理由を1つ選んでください。"))
        return Reply("decline", reply.reason, words=words)
    if reply.action == "raise_hand":
        return Reply("raise_hand", words=words)
    return _checked_condition(reply, words)


def _checked_condition(reply: Reply, words: str) -> Reply:
    conditions = tuple(dict.fromkeys(one for one in reply.conditions if one in CONDITIONS))
    if not conditions and not words and reply.proposed_date is None:
        message = _("どんな条件なら受けられるか、選ぶか書いてください。")
        raise Invalid(message, {"conditions": message})
    if reply.proposed_date is not None and reply.proposed_date < clock.today():
        message = _("これからの日を選んでください。")
        raise Invalid(message, {"proposed_date": message})
    return Reply("conditional", "", conditions, reply.proposed_date, words)


def says(offer: Offer) -> Reply:
    """What an offer's row says the firm answered, in the shape of a reply."""
    action = {made.target: made.action for made in tables.OFFER_MOVES if made.action in ANSWERS}.get(offer.state, "")
    return Reply(action, offer.reason, tuple(offer.conditions), offer.proposed_date, offer.words)


def held_offer(session: Session, offer_id: str) -> tuple[Offer, Case]:
    """An offer as it is now, with its case locked."""
    offer = queries.offer_by_id(session, offer_id)
    if offer is None:
        raise NotFound
    case = held(session, offer.case_id)
    session.refresh(offer)
    return offer, case


def _held_leg(session: Session, by: By, leg_id: str) -> tuple[CaseLeg, Case]:
    leg = queries.leg_for(session, by.actor, leg_id) if by.actor else None
    if leg is None or by.party is not Party.COORDINATOR:
        raise NotFound
    case = held(session, leg.case_id)
    session.refresh(leg)
    return leg, case
