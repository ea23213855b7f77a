"""What a client sees of its case: a timeline in plain words, whom it waits for, and the firms that would do it.

A firm has no name here until both were introduced: ward and operation only, and none of its own words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms.models import Firm
from backend.firms.rules import Audience, audience_of
from backend.introductions import people, queries, rules, tables, wording
from backend.introductions.changes import service as changes
from backend.introductions.doors.client import case_of
from backend.introductions.legs import order_items
from backend.introductions.legs import service as leg_rules
from backend.introductions.legs.offers import is_disclosed
from backend.introductions.legs.order_items import OrderList
from backend.introductions.legs.summary import labelled
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.reasons import CONDITIONS, DECLINE_REASONS, LOST_REASONS
from backend.introductions.states import CaseState, LegState, OfferState, Party
from backend.introductions.trail import By, case_id_of
from backend.requests.models import PartRequest

# What still lies ahead is told by these; the states between them only once the case stands there.
MILESTONES = (
    CaseState.RECEIVED,
    CaseState.SHORTLISTING,
    CaseState.ASKING,
    CaseState.ANSWERED,
    CaseState.INTRODUCED,
    CaseState.ORDERED,
    CaseState.MAKING,
    CaseState.DELIVERED,
)
# What a milestone is called while it lies ahead.
AHEAD: Mapping[CaseState, str] = {
    CaseState.SHORTLISTING: mark("工場を探す"),
    CaseState.ASKING: mark("工場にたずねる"),
    CaseState.ANSWERED: mark("工場を選ぶ"),
    CaseState.INTRODUCED: mark("紹介"),
    CaseState.ORDERED: mark("注文"),
    CaseState.MAKING: mark("製作"),
    CaseState.DELIVERED: mark("納品"),
}
# Whose turn it is, as the client reads it.
WAITING: Mapping[CaseState, str] = {
    CaseState.RECEIVED: mark("コーディネーターが内容を読んでいます。連絡をお待ちください。"),
    CaseState.CLARIFYING: mark("あなたのお返事を待っています。足りないことを教えてください。"),
    CaseState.SHORTLISTING: mark("コーディネーターが、たずねる工場を選んでいます。"),
    CaseState.ASKING: mark("工場の返事を待っています。お名前は出していません。"),
    CaseState.ANSWERED: mark("あなたのお返事を待っています。紹介を希望する工場を選んでください。"),
    CaseState.AGREED: mark("コーディネーターが紹介の準備をしています。"),
    CaseState.INTRODUCED: mark("見積や打合せの様子を教えてください。"),
    CaseState.NEGOTIATING: mark("見積や打合せの結果を教えてください。"),
    CaseState.ORDERED: mark("工場が着手するところです。"),
    CaseState.MAKING: mark("工場が製作しています。"),
    CaseState.DELIVERED: mark("ご感想をお待ちしています。"),
}
ASKING_MORE = mark("コーディネーターが、ほかにたずねる工場を選んでいます。")
# How the firms that were asked are counted.
SAID: Mapping[OfferState, str] = {
    OfferState.WILLING: mark("手を挙げた"),
    OfferState.CONDITIONAL: mark("条件付き"),
    OfferState.AGREED: mark("紹介を希望"),
    OfferState.INTRODUCED: mark("紹介した"),
    OfferState.QUOTED: mark("紹介した"),
    OfferState.WON: mark("決まった"),
    OfferState.ASKED: mark("返事待ち"),
    OfferState.SILENT: mark("返事なし"),
    OfferState.DECLINED: mark("見送り"),
    OfferState.DROPPED_OUT: mark("辞退"),
    OfferState.NOT_CHOSEN: mark("選ばなかった"),
}
CLIENT = By(None, Party.CLIENT)
ORDER = {state: place for place, state in enumerate(CaseState)}
SHOWN = frozenset({OfferState.WILLING, OfferState.CONDITIONAL}) | tables.AGREED_ON
AS_CLIENT = ("agree_to", "disagree", "quote", "win", "pass_over")


@dataclass(frozen=True)
class Step:
    """One place of the timeline: past, where it stands, or ahead."""

    words: str
    day: str
    place: str


@dataclass(frozen=True)
class FirmCard:
    """A firm that would do one operation. `name` and what follows it stay empty until both were introduced."""

    offer: Offer
    called: str
    conditions: tuple[str, ...]
    # What it was shown when it said yes to all of it.
    accepted: tuple[tuple[str, str], ...]
    may: frozenset[str]
    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    words: str = ""


@dataclass(frozen=True)
class LegView:
    """One operation: the firms that would do it, and how many said what."""

    leg: CaseLeg
    state: str
    cards: tuple[FirmCard, ...]
    asked: int
    counts: tuple[tuple[str, int], ...]
    declined: tuple[str, ...]
    inspect: bool
    # What one's own order has to say in writing.
    order: OrderList | None


@dataclass(frozen=True)
class Timeline:
    """Everything a client sees of the way of its case."""

    case: Case
    steps: tuple[Step, ...]
    waiting: str
    until: str
    reason: str
    legs: tuple[LegView, ...]
    ended: bool
    may_withdraw: bool
    may_reopen: bool
    choosing: bool
    # What was changed lately, and firms have not been told of.
    untold: bool


@dataclass(frozen=True)
class _Known:
    """What is read once for all firms and operations of a case."""

    firms: Mapping[str, Firm]
    mails: Mapping[str, str]
    orders: Mapping[str, OrderList] = field(default_factory=dict)


def timeline_of(session: Session, kept: PartRequest) -> Timeline:
    """The timeline of the case of this request."""
    case = case_of(session, kept)
    case_id = case_id_of(case)
    offers = queries.offers_of(session, case_id)
    firms = queries.firms_by_id(session, [offer.firm_id for offer in offers])
    legs = queries.legs_of(session, case_id)
    orders = order_items.lists(session, case, [leg for leg in legs if leg.orderer_firm_id is None], firms, _("依頼者"))
    known = _Known(firms, _mail_addresses(session, offers), orders)
    views = tuple(_leg(session, case, leg, [o for o in offers if o.leg_id == leg.id], known) for leg in legs)
    return Timeline(
        case=case,
        steps=_steps(case, queries.events_of(session, case_id)),
        waiting=_waiting(case, views),
        until=wording.day_of(case.due_at) if case.due_at and case.state not in tables.ENDED else "",
        reason=_(LOST_REASONS[case.reason]) if case.reason in LOST_REASONS else "",
        legs=tuple(view for view in views if view.asked),
        ended=case.state in tables.ENDED,
        may_withdraw=rules.may_move("withdraw", case.state, Party.CLIENT),
        may_reopen=rules.may_move("reopen", case.state, Party.CLIENT),
        choosing=any("agree_to" in card.may for view in views for card in view.cards),
        untold=bool(changes.firms_to_tell(session, case)),
    )


def _waiting(case: Case, legs: Sequence[LegView]) -> str:
    """Whose turn it is. Firms are chosen again where some were asked before: their answers stand right below."""
    if case.state is CaseState.SHORTLISTING and any(leg.asked for leg in legs):
        return _(ASKING_MORE)
    return _(WAITING[case.state]) if case.state in WAITING else ""


def _steps(case: Case, events: Sequence[CaseEvent]) -> tuple[Step, ...]:
    """Where the case has been, in the order in which it last came there; where it stands; what lies ahead."""
    entered: dict[str, datetime] = {}
    for event in reversed(events):
        if event.after in set(CaseState) and event.leg_id is None:
            entered.pop(event.after, None)
            entered[event.after] = event.at
    past = [_step(CaseState(state), at, "done") for state, at in entered.items() if state != case.state]
    here = _step(case.state, entered.get(case.state, case.entered_at), "here")
    if case.state in tables.ENDED:
        return (*past, here)
    ahead = [state for state in MILESTONES if ORDER[state] > ORDER[case.state]]
    return (*past, here, *(Step(_(AHEAD[state]), "", "ahead") for state in ahead))


def _step(state: CaseState, at: datetime, place: str) -> Step:
    return Step(_(tables.STATES[state].label_for_client), wording.day_of(at), place)


def _leg(session: Session, case: Case, leg: CaseLeg, offers: Sequence[Offer], known: _Known) -> LegView:
    shown = [offer for offer in offers if offer.state in SHOWN]
    counted = Counter(_(SAID[offer.state]) for offer in offers if offer.state in SAID)
    reasons = dict.fromkeys(offer.reason for offer in offers if offer.state is OfferState.DECLINED)
    return LegView(
        leg=leg,
        state=_(tables.LEG_LABELS[leg.state]) if leg.state is not LegState.OPEN else "",
        cards=tuple(_card(leg, offer, known) for offer in _best_first(shown)),
        asked=sum(offer.state is not OfferState.CANCELLED for offer in offers),
        counts=tuple(counted.items()),
        declined=tuple(_(DECLINE_REASONS[reason]) for reason in reasons if reason in DECLINE_REASONS),
        inspect=case.state not in tables.ENDED
        and leg.state is LegState.HANDED_OVER
        and leg_rules.may_move(session, CLIENT, leg, "accept_leg"),
        order=known.orders.get(leg.id),
    )


def _best_first(offers: Iterable[Offer]) -> list[Offer]:
    """Chosen ones first, then those without conditions."""
    return sorted(offers, key=lambda o: (o.state not in tables.AGREED_ON, o.state is not OfferState.WILLING))


def _card(leg: CaseLeg, offer: Offer, known: _Known) -> FirmCard:
    firm = known.firms[offer.firm_id]
    card = FirmCard(
        offer=offer,
        called=wording.without_name(firm.ward, leg.title),
        conditions=tuple(_(CONDITIONS[one]) for one in offer.conditions if one in CONDITIONS),
        accepted=tuple(labelled(offer.summary)) if offer.state is OfferState.WILLING else (),
        may=frozenset(action for action in AS_CLIENT if rules.may_move_offer(action, offer.state, Party.CLIENT)),
    )
    return _named(card, firm, known.mails.get(firm.id, "")) if is_disclosed(offer) else card


def introduced_firms(session: Session, case: Case) -> list[FirmCard]:
    """Every firm that the client knows by now, with how to reach it, in the order of the work."""
    offers = queries.offers_of(session, case_id_of(case))
    firms = queries.firms_by_id(session, [offer.firm_id for offer in offers])
    known = _Known(firms, _mail_addresses(session, offers))
    legs = queries.legs_of(session, case_id_of(case))
    return [
        _card(leg, offer, known) for leg in legs for offer in offers if offer.leg_id == leg.id and is_disclosed(offer)
    ]


def _mail_addresses(session: Session, offers: Iterable[Offer]) -> dict[str, str]:
    """Where the introduced firms are written to."""
    return people.mail_addresses(session, {offer.firm_id for offer in offers if is_disclosed(offer)})


def _named(card: FirmCard, firm: Firm, email: str) -> FirmCard:
    hidden = {name for name in ("address", "phone") if audience_of(firm.audiences, name) is Audience.COORDINATOR}
    return replace(
        card,
        name=firm.name,
        address=firm.ward if "address" in hidden else firm.address or firm.ward,
        email=email,
        phone="" if "phone" in hidden else firm.phone,
        words=card.offer.words,
    )
