"""What a firm sees of a case: what it is asked, what it said, and after the introduction whom it works for.

Before the introduction nothing here may come from the request: only the summary of the offer and titles of legs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from backend.core import clock
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules, tables
from backend.introductions.changes.view import News, news_for_firm, news_for_introduced
from backend.introductions.doors.firm import Door
from backend.introductions.forms import Sent
from backend.introductions.legs import order_items, team
from backend.introductions.legs import service as leg_rules
from backend.introductions.legs.offers import is_disclosed, leg_reference
from backend.introductions.legs.order_items import OrderList
from backend.introductions.legs.summary import labelled
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import CaseState, LegState, OfferState, Party

# Where each state of an offer stands on the page.
STAGES: Mapping[OfferState, str] = {
    OfferState.ASKED: "asked",
    OfferState.SILENT: "asked",
    OfferState.WILLING: "said",
    OfferState.CONDITIONAL: "said",
    OfferState.DECLINED: "said",
    OfferState.AGREED: "agreed",
    OfferState.INTRODUCED: "known",
    OfferState.QUOTED: "known",
    OfferState.WON: "known",
}
ANSWERED_AS = {OfferState.WILLING: "raise_hand", OfferState.CONDITIONAL: "conditional", OfferState.DECLINED: "decline"}


@dataclass(frozen=True)
class Typed:
    """What the form of one operation shows: what was sent and refused, else what was answered before."""

    answer: str
    conditions: frozenset[str]
    proposed_date: str
    words: str
    errors: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One operation the firm was asked for. `progress` names the buttons for its own work."""

    number: int
    offer: Offer
    leg: CaseLeg
    stage: str
    typed: Typed
    may_answer: bool
    may_take_back: bool
    may_drop_out: bool
    days_left: int
    decided_by: datetime
    progress: tuple[str, ...]
    # The step it told of last, as long as it may be taken back.
    undo: str
    orderer: str
    next_leg: CaseLeg | None
    next_firm: str
    nda_open: bool
    # The summary in the language of the reader, and what is different since the firm read it last.
    summary: Sequence[tuple[str, str]]
    news: News | None
    # Hours booked for it, and whether the firm may still name them with its order.
    booked: float
    may_book: bool
    # What the order it has from somebody has to say in writing.
    order: OrderList | None

    @property
    def wide(self) -> list[str]:
        """The labels that need two places of the title block, for themselves or for their words."""
        return [label for label, words in self.summary if max(len(label), len(words)) > 12]


@dataclass(frozen=True)
class Link:
    """One place of the chain strip."""

    title: str
    is_own: bool


@dataclass(frozen=True)
class LedLeg:
    """A leg that this firm leads: who does it, where it stands, whether it waits for inspection."""

    leg: CaseLeg
    firm: str
    label: str
    inspect: bool
    # What its own order has to say in writing.
    order: OrderList | None


@dataclass(frozen=True)
class Contact:
    """Whom the firm works for, known from the introduction on."""

    name: str
    organisation: str
    email: str
    phone: str = ""


@dataclass(frozen=True)
class OfferPage:
    """Everything on the page of one firm in one case."""

    door: Door
    number: str
    today: date
    parts: tuple[Part, ...]
    chain: tuple[Link, ...]
    led: tuple[LedLeg, ...]
    client: Contact | None
    news: tuple[News, ...]
    ended: bool

    @property
    def due(self) -> Part | None:
        """The operation that must be answered first, while one is open."""
        open_parts = [part for part in self.parts if part.stage == "asked" and part.may_answer]
        return min(open_parts, key=lambda part: part.offer.reply_by, default=None)


def page_of(session: Session, door: Door, sent: Sent, errors: Mapping[str, str]) -> OfferPage:
    """The page, with what was sent where it was refused."""
    request = queries.request_of(session, door.case)
    legs = queries.legs_of(session, door.offers[0].case_id)
    booked = queries.hours_booked(session, [leg_reference(offer.leg_id) for offer in door.offers])
    firms = queries.firms_by_id(session, [id_ for leg in legs for id_ in (leg.firm_id, leg.orderer_firm_id)])
    names = {id_: firm.name for id_, firm in firms.items()}
    client = contact_of(session, door.case) if door.is_known else None
    called = (client.organisation or client.name if client else "") or _("依頼者")
    orders = order_items.lists(session, door.case, legs, firms, called) if client else {}
    around = _Around(legs, names, booked, orders)
    own = {offer.leg_id for offer in door.offers if offer.state is not OfferState.CANCELLED}
    return OfferPage(
        door=door,
        number=request.number,
        today=clock.today(),
        parts=tuple(
            _part(session, door, number, offer, around, sent if sent.one("offer") == offer.id else None, errors)
            for number, offer in enumerate(door.offers, 1)
        ),
        chain=tuple(Link(leg.title, leg.id in own) for leg in legs) if len(legs) > 1 else (),
        led=_led(session, door, legs, names, orders) if door.is_known else (),
        client=client,
        news=news_for_introduced(session, door.offers),
        ended=door.case.state in tables.ENDED,
    )


def contact_of(session: Session, case: Case) -> Contact:
    """The client by name. Only for whoever was introduced."""
    request = queries.request_of(session, case)
    owner = queries.user_by_id(session, request.owner_id)
    name = request.contact_name or (owner.name if owner else "")
    email = request.contact_email or (owner.email if owner else "")
    return Contact(name, request.contact_organisation, email, request.contact_phone)


@dataclass(frozen=True)
class _Around:
    """What the parts of a page share: all legs, the names of their firms, hours booked and what orders name, by leg."""

    legs: Sequence[CaseLeg]
    names: Mapping[str, str]
    booked: Mapping[str, float]
    orders: Mapping[str, OrderList]


def _part(
    session: Session,
    door: Door,
    number: int,
    offer: Offer,
    around: _Around,
    sent: Sent | None,
    errors: Mapping[str, str],
) -> Part:
    leg = next(leg for leg in around.legs if leg.id == offer.leg_id)
    known, running = is_disclosed(offer), door.case.state not in tables.ENDED
    after = next((one for one in around.legs if one.position > leg.position), None)
    return Part(
        number=number,
        offer=offer,
        leg=leg,
        stage=STAGES.get(offer.state, "past"),
        typed=_typed(offer, sent, errors),
        may_answer=running and rules.may_move_offer("decline", offer.state, Party.FIRM),
        may_take_back=running and rules.may_move_offer("take_back", offer.state, Party.FIRM),
        may_drop_out=running and _may_leave(offer, leg),
        days_left=(clock.in_tokyo(offer.reply_by).date() - clock.today()).days,
        decided_by=rules.after_working_days(offer.reply_by, tables.STATES[CaseState.ANSWERED].days or 0),
        progress=_progress(offer, leg) if known and running else (),
        undo=_undo(session, door, offer, leg) if known and running else "",
        orderer=around.names.get(leg.orderer_firm_id or "", "") if known else "",
        next_leg=after if known else None,
        next_firm=around.names.get(after.firm_id or "", "") if known and after else "",
        nda_open=known and not leg_rules.may_open_drawings(leg, offer),
        summary=labelled(offer.summary),
        news=news_for_firm(offer),
        booked=around.booked.get(leg_reference(leg.id), 0.0) if leg.firm_id == offer.firm_id else 0.0,
        order=around.orders.get(leg.id) if known and leg.firm_id == offer.firm_id else None,
        may_book=known and leg_reference(leg.id) not in around.booked and not team.has_hours(door.case, leg),
    )


def _may_leave(offer: Offer, leg: CaseLeg) -> bool:
    return rules.may_move_offer("drop_out", offer.state, Party.FIRM) and leg.state not in tables.HANDED_ON


def _progress(offer: Offer, leg: CaseLeg) -> tuple[str, ...]:
    """What the firm may report next of its own work."""
    if offer.state is OfferState.INTRODUCED:
        return ("quote", "order")
    if offer.state is OfferState.QUOTED:
        return ("order",)
    if leg.firm_id != offer.firm_id:
        return ()
    following = {
        LegState.FILLED: ("order",),
        LegState.ORDERED: ("start_leg", "hand_over"),
        LegState.MAKING: ("hand_over",),
    }
    return following.get(leg.state, ())


def _undo(session: Session, door: Door, offer: Offer, leg: CaseLeg) -> str:
    """What this firm told of last, until the other side has acted on it."""
    if offer.state is OfferState.QUOTED and queries.told_by(session, leg.id, offer.firm_id, "quote") is Party.FIRM:
        return "unquote"
    action = {LegState.MAKING: "undo_start", LegState.HANDED_OVER: "undo_hand_over"}.get(leg.state, "")
    return action if action and leg_rules.may_move(session, door.by, leg, action) else ""


def _led(
    session: Session,
    door: Door,
    legs: Sequence[CaseLeg],
    names: Mapping[str, str],
    orders: Mapping[str, OrderList],
) -> tuple[LedLeg, ...]:
    leads = door.case.lead_firm_id == door.firm.id
    mine = [leg for leg in legs if (leads or leg.orderer_firm_id == door.firm.id) and leg.firm_id != door.firm.id]
    return tuple(
        LedLeg(
            leg,
            names.get(leg.firm_id or "", ""),
            tables.LEG_LABELS[leg.state],
            door.case.state not in tables.ENDED
            and leg.state is LegState.HANDED_OVER
            and leg_rules.may_move(session, door.by, leg, "accept_leg"),
            orders.get(leg.id) if leg.orderer_firm_id == door.firm.id else None,
        )
        for leg in mine
    )


def _typed(offer: Offer, sent: Sent | None, errors: Mapping[str, str]) -> Typed:
    if sent is not None:
        return Typed(
            sent.one("answer"),
            frozenset(sent.all("conditions")),
            sent.one("proposed_date"),
            sent.one("words"),
            errors,
        )
    day = offer.proposed_date.isoformat() if offer.proposed_date else ""
    return Typed(ANSWERED_AS.get(offer.state, ""), frozenset(offer.conditions), day, offer.words, {})
