"""What may be done in a case, asked of the tables. A rule comes in two forms: `may_…` for pages, `check_…` raises."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time

from backend.core import clock
from backend.core.errors import Invalid, Refused
from backend.core.i18n import gettext as _
from backend.core.texts import printable
from backend.introductions.states import CaseState as C
from backend.introductions.states import LegState as L
from backend.introductions.states import OfferState as O
from backend.introductions.states import Party
from backend.introductions.tables import (
    AGREED_ON,
    ALIVE,
    BY_ACTION,
    ENDED,
    HANDED_ON,
    LEG_LABELS,
    LEG_MOVES,
    LOOKING,
    OFFER_BY_ACTION,
    OFFER_LABELS,
    OPEN_LEG_LABELS,
    READY,
    STATES,
    TRANSITIONS,
    OfferMove,
    Transition,
)
from matching.days import working_days

REPLY_DAYS = 3
LONGEST_WORDS = 1000
CLOSING_HOUR = 17


def may_move(action: str, state: C, party: Party) -> bool:
    """Whether the table has this move for this party in this state."""
    transition = BY_ACTION.get(action)
    return transition is not None and state in transition.sources and party in transition.who


def check_move(action: str, state: C, party: Party) -> Transition:
    """The move, or a refusal that says where the case stands."""
    if not may_move(action, state, party):
        raise Refused(_("この案件はいま「%(state)s」なので、それはできません。", state=_(STATES[state].label)))
    return BY_ACTION[action]


def moves_for(state: C, party: Party) -> tuple[Transition, ...]:
    """Everything this party may do in this state, in the order of the table."""
    return tuple(t for t in TRANSITIONS if state in t.sources and party in t.who)


def may_move_offer(action: str, state: O, party: Party) -> bool:
    move = OFFER_BY_ACTION.get(action)
    return move is not None and state in move.sources and party in move.who


def check_offer_move(action: str, state: O, party: Party) -> OfferMove:
    """The move of an offer, or a refusal that says where it stands."""
    if not may_move_offer(action, state, party):
        raise Refused(_("この打診はいま「%(state)s」なので、それはできません。", state=_(OFFER_LABELS[state])))
    return OFFER_BY_ACTION[action]


def check_leg_move(action: str, state: L) -> L:
    """The state a leg gets by this move, or a refusal that says where it stands."""
    sources, target, _label = LEG_MOVES[action]
    if state not in sources:
        raise Refused(_("この工程はいま「%(state)s」なので、それはできません。", state=_(LEG_LABELS[state])))
    return target


def leg_label(leg: L, offers: Collection[O]) -> str:
    """Where a leg stands, in one word; before it has its firm, how far its offers have come."""
    if leg is not L.OPEN:
        return LEG_LABELS[leg]
    return next((label for states, label in OPEN_LEG_LABELS if states & set(offers)), LEG_LABELS[leg])


def check_choice(value: str, allowed: Mapping[str, str], field: str, message: str) -> str:
    """One of the reasons of a list, or the sentence that says what is missing."""
    if value not in allowed:
        raise Invalid(message, {field: message})
    return value


def check_words(words: str, field: str = "words") -> str:
    """A few words of a person, kept as they were typed but for what no keyboard types."""
    if len(words) > LONGEST_WORDS:
        message = _("%(limit)s字までで書いてください(いま%(count)s字)。", limit=LONGEST_WORDS, count=len(words))
        raise Invalid(message, {field: message})
    return printable(words).strip()


def due_after(state: C, now: datetime) -> datetime | None:
    """Until when whoever owns this state has time: five in the afternoon, so many working days on."""
    days = STATES[state].days
    return None if days is None else after_working_days(now, days)


def after_working_days(now: datetime, days: int) -> datetime:
    """Five in the afternoon in Tokyo, `days` working days after `now`."""
    return datetime.combine(working_days(clock.in_tokyo(now).date(), days), time(CLOSING_HOUR), clock.TOKYO)


def is_within(moment: datetime, days: int, now: datetime) -> bool:
    """Whether `moment` is at most so many working days ahead: what is due on a Monday is a day ahead on Friday."""
    local = clock.in_tokyo(moment)
    return now >= datetime.combine(working_days(local.date(), -days), local.timetz())


def wanted_move(state: C, legs: Sequence[frozenset[O]]) -> str | None:
    """The move of the table that the offers ask for; `legs` holds the states of the offers of each leg.

    A leg nobody is left to do is a hole, and the coordinator chooses again; when each leg has a willing firm the client
    is asked; when each has one that both sides want they can be introduced; when each is ordered so is the case.
    Choosing ends by itself too: a firm that was silent may answer late.
    """
    if state in LOOKING or state is C.SHORTLISTING:
        return _wanted_while_looking(state, legs)
    if state in {C.INTRODUCED, C.NEGOTIATING, C.ORDERED, C.MAKING}:
        if not all(leg & AGREED_ON for leg in legs):
            return "hole"
        won = bool(legs) and all(O.WON in leg for leg in legs)
        return "order" if won and state in {C.INTRODUCED, C.NEGOTIATING} else None
    return None


def _wanted_while_looking(state: C, legs: Sequence[frozenset[O]]) -> str | None:
    if not legs or not all(leg & ALIVE for leg in legs):
        return None if state is C.SHORTLISTING else "exhausted"
    if all(leg & AGREED_ON for leg in legs):
        return None if state is C.AGREED else "agree"
    if all(leg & (READY | AGREED_ON) for leg in legs):
        return None if state is C.ANSWERED else "answers"
    # Whoever chooses again does so until there are answers, even while firms are still thinking.
    return None if state in {C.ASKING, C.SHORTLISTING} else "unanswered"


def wanted_by_legs(state: C, legs: Sequence[L]) -> str | None:
    """The move that the progress of the work asks for: begun somewhere or nowhere after all, received everywhere, or
    sent back again.
    """
    done = bool(legs) and all(leg in HANDED_ON for leg in legs)
    if state in {C.ORDERED, C.MAKING} and done:
        return "deliver"
    if state is C.DELIVERED and legs and not done:
        return "rework"
    begun = any(leg is L.MAKING or leg in HANDED_ON for leg in legs)
    if state is C.MAKING and legs and not begun:
        return "unstart"
    return "start" if state is C.ORDERED and begun else None


def check_running(state: C) -> None:
    """Once a case has ended nothing is done in it until it is opened again."""
    if state in ENDED:
        raise Refused(_("この案件は終わりました。もう一度始めてから行ってください。"))


def check_leg_takes(action: str, state: L) -> None:
    """What may still be said about an offer depends on its leg: a leg that has its firm only lets the others go."""
    if action in LEAVING and state in HANDED_ON:
        raise Refused(_("もう渡した工程なので、取りやめられません。"))
    if state is not L.OPEN and action not in LEAVING | LETTING_GO:
        raise Refused(_("この工程は、もう工場が決まりました。"))


LEAVING = frozenset({"drop_out", "call_off"})
LETTING_GO = frozenset({"cancel", "pass_over", "lapse"})
