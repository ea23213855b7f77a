"""What the coordinator's pages say of a case: the way it goes, the next step, what may be chosen. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.core import clock
from backend.core.durations import HOUR, duration_words
from backend.core.errors import Refused
from backend.core.i18n import gettext as _
from backend.core.templating import short_date
from backend.introductions import rules
from backend.introductions.states import CaseState as C
from backend.introductions.states import Channel, LegState, OfferState, Party
from backend.introductions.tables import (
    AGREED_ON,
    ALIVE,
    BY_ACTION,
    ENDED,
    HANDED_ON,
    OFFER_MOVES,
    READY,
    STATES,
    UNTOLD,
    OfferMove,
    Transition,
)

# The usual way of a case; the other ends leave it.
WAY = (
    C.RECEIVED,
    C.CLARIFYING,
    C.SHORTLISTING,
    C.ASKING,
    C.ANSWERED,
    C.AGREED,
    C.INTRODUCED,
    C.NEGOTIATING,
    C.ORDERED,
    C.MAKING,
    C.DELIVERED,
    C.CLOSED,
)
# These follow from what is done with offers, on their own forms.
BY_OFFERS = frozenset({"ask", "order"})
# What the prominent button does where a press of it moves the case; elsewhere it leads to where the work is.
PRESSED = {C.RECEIVED: "take", C.AGREED: "introduce", C.INTRODUCED: "negotiate", C.DELIVERED: "close"}
PLACES = {
    C.CLARIFYING: "#missing",
    C.ASKING: "#legs",
    C.ANSWERED: "#legs",
    C.NEGOTIATING: "#legs",
    C.ORDERED: "#legs",
    C.MAKING: "#legs",
}
# With which press beside an offer the case goes on, for which offers, until one of the leg stands in one of the last.
BESIDE_OFFERS: Mapping[C, tuple[str, frozenset[OfferState], frozenset[OfferState]]] = {
    C.ANSWERED: ("agree_to", READY, AGREED_ON),
    C.NEGOTIATING: ("win", frozenset({OfferState.INTRODUCED, OfferState.QUOTED}), frozenset({OfferState.WON})),
}
ANSWERS = frozenset({"raise_hand", "conditional", "decline"})
# What firm and client say themselves, and the coordinator only writes down for them.
SAID_BY_FIRM = ANSWERS | {"take_back", "drop_out"}
SAID_BY_CLIENT = frozenset({"agree_to", "disagree"})
# Introducing is one press for the whole case, and so is telling of a change.
NOT_HERE = ANSWERS | {"introduce_firm", "win", "ask_to_confirm"}
HEARD_BY = frozenset({Channel.PHONE, Channel.FAX, Channel.VISIT, Channel.MAIL})


@dataclass(frozen=True)
class Step:
    """One state on the usual way. `place` is done, here or ahead."""

    label: str
    place: str


@dataclass(frozen=True)
class Next:
    """What the coordinator does now: a press that moves the case, or a way to where the work is."""

    label: str
    action: str = ""
    href: str = ""


def way(state: C) -> tuple[Step, ...]:
    """The progress line. A case that ended elsewhere has left the way: its end stands last."""
    if state in ENDED and state is not C.CLOSED:
        return (Step(STATES[C.RECEIVED].label, "done"), Step(STATES[state].label, "here"))
    here = WAY.index(state)
    return tuple(
        Step(STATES[one].label, "done" if place < here else "here" if place == here else "ahead")
        for place, one in enumerate(WAY)
    )


def next_step(state: C, choose: str, agreed: bool = False) -> Next | None:
    """The one prominent button; `choose` is the address where candidates are chosen, `agreed` that both sides want an
    introduction that has not happened.
    """
    label = STATES[state].next_step
    if agreed and rules.may_move("introduce", state, Party.COORDINATOR):
        return Next(BY_ACTION["introduce"].label, action="introduce")
    if state in PRESSED:
        return Next(label, action=PRESSED[state])
    if state is C.SHORTLISTING:
        return Next(label, href=choose)
    return Next(label, href=PLACES[state]) if label else None


def other_moves(state: C, shown: Next | None) -> tuple[Transition, ...]:
    """Whatever else the table lets the coordinator do, in its order; `shown` is the prominent button."""
    hidden = BY_OFFERS | {"introduce", shown.action if shown else ""}
    return tuple(t for t in rules.moves_for(state, Party.COORDINATOR) if t.action not in hidden)


def offer_moves(state: OfferState, leg: LegState, *, asking: bool) -> tuple[OfferMove, ...]:
    """The presses beside an offer; answering has its own form. `asking`: whether firms are asked for the leg now."""
    return tuple(
        move
        for move in OFFER_MOVES
        if state in move.sources
        and Party.COORDINATOR in move.who
        and move.action not in NOT_HERE
        and _takes(move.action, leg)
        and (asking or move.action != "ask_again")
    )


def next_beside(state: C, legs: Iterable[Mapping[str, OfferState]]) -> tuple[str, str]:
    """The press beside an offer that comes next, and that offer; `legs` holds the offers of each.

    It is one of the first leg that has none yet. Where several firms are in question the choice is nobody's here.
    """
    action, ready, done = BESIDE_OFFERS.get(state, ("", frozenset(), frozenset()))
    waiting = next((leg for leg in legs if not done & set(leg.values())), {})
    found = [offer_id for offer_id, stands in waiting.items() if stands in ready]
    return (action, found[0]) if len(found) == 1 else ("", "")


def _takes(action: str, leg: LegState) -> bool:
    """Whether a leg still takes this move of an offer: one that has its firm only lets firms go."""
    if action in rules.LEAVING and leg in HANDED_ON:
        return False
    return leg is LegState.OPEN or action in rules.LEAVING | rules.LETTING_GO


def may_win(state: OfferState, leg: LegState) -> bool:
    return leg is LegState.OPEN and rules.may_move_offer("win", state, Party.COORDINATOR)


def may_answer(state: OfferState, leg: LegState) -> bool:
    """Whether an answer of the firm can be written down now."""
    return leg is LegState.OPEN and any(rules.may_move_offer(action, state, Party.COORDINATOR) for action in ANSWERS)


def to_let_go(state: C, legs: Mapping[str, Collection[OfferState]]) -> frozenset[str]:
    """The legs that have a firm both sides want, while others asked for them still wait to hear."""
    if state not in {C.AGREED, C.INTRODUCED, C.NEGOTIATING}:
        return frozenset()
    return frozenset(leg for leg, offers in legs.items() if set(offers) & AGREED_ON and set(offers) & UNTOLD)


def party_saying(action: str) -> Party:
    """For whom the coordinator acts."""
    if action in SAID_BY_FIRM:
        return Party.FIRM
    return Party.CLIENT if action in SAID_BY_CLIENT else Party.COORDINATOR


def is_hole(offers: Collection[OfferState]) -> bool:
    """Whether firms were asked for a leg and none of them is left."""
    return bool(offers) and not set(offers) & ALIVE


def board_moves(state: C) -> tuple[Transition, ...]:
    """The moves that a drag on the board can make: no reason is needed, and no firm has to be chosen."""
    moves = rules.moves_for(state, Party.COORDINATOR)
    return tuple(t for t in moves if t.action not in BY_OFFERS and not t.needs_reason and _moves_on(t, state))


def _moves_on(transition: Transition, state: C) -> bool:
    """One more firm is introduced on the page of the case; on the board a card is introduced once."""
    return transition.action != "introduce" or state is C.AGREED


def check_board_move(state: C, target: C) -> Transition:
    """The move by which a card goes into that column, or why it cannot."""
    found = next((t for t in board_moves(state) if t.target is target), None)
    if found is not None:
        return found
    labels = {"here": _(STATES[state].label), "there": _(STATES[target].label)}
    if any(t.target is target and t.needs_reason for t in rules.moves_for(state, Party.COORDINATOR)):
        raise Refused(_("「%(there)s」にするには理由が要ります。案件のページから行ってください。", **labels))
    if target is C.ASKING:
        raise Refused(_("打診する工場を、案件のページで選んでください。打診すると「%(there)s」へ進みます。", **labels))
    raise Refused(_("「%(here)s」から「%(there)s」へは、動かせません。", **labels))


def over_words(since: datetime, now: datetime) -> str:
    """How long a deadline is past: 2日超過, 3時間超過."""
    past = now - since
    return _("%(time)s超過", time=duration_words(past)) if past >= HOUR else _("いま過ぎた")


def age_words(since: datetime, now: datetime) -> str:
    """How long something has stood: 3日, 5時間, 1時間未満."""
    return duration_words(now - since)


def moment_words(at: datetime, now: datetime) -> str:
    """今日 8:12, 昨日 17:40, 11/28 9:05."""
    there, today = clock.in_tokyo(at), clock.in_tokyo(now).date()
    hour = f"{there.hour}:{there:%M}"
    days = (today - there.date()).days
    if days == 0:
        return _("今日 %(hour)s", hour=hour)
    return _("昨日 %(hour)s", hour=hour) if days == 1 else f"{short_date(there)} {hour}"


def median(values: Sequence[float]) -> float | None:
    """The middle of the values; of two middles, what lies between."""
    ordered, half = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
