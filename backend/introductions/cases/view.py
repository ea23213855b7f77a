"""The page of a case as it is shown to a coordinator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.accounts.models import User
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.firms.models import Firm
from backend.introductions import people, queries, reasons, tables
from backend.introductions import rules as state_rules
from backend.introductions.cases import actions, calls, rules
from backend.introductions.cases import queries as case_queries
from backend.introductions.cases.calls import Calls, to_call
from backend.introductions.cases.rules import Next, Step
from backend.introductions.legs import candidates, order_items, team
from backend.introductions.legs.offers import leg_reference
from backend.introductions.legs.order_items import OrderList
from backend.introductions.legs.service import was_sent_back
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.states import Channel, ClientKind, ClientPlace, LegState, NdaState, OfferState, Party
from backend.introductions.tables import OfferMove, Transition
from backend.matches import service as matches
from backend.matches import words
from backend.matches.questions import questions_for
from backend.matches.reading import Chip, view
from backend.requests.forms import Wording
from backend.requests.models import PartRequest
from backend.teams import plans
from backend.teams import service as routes

K = TypeVar("K", bound=str)
CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE: mark("電話"),
    Channel.FAX: mark("FAX"),
    Channel.VISIT: mark("来所・訪問"),
    Channel.MAIL: mark("メール"),
    Channel.WEB: mark("Web"),
    Channel.LINK: mark("リンク"),
}
HEARD_MARKS: Mapping[Channel, str] = {
    Channel.PHONE: mark("電話で確認"),
    Channel.FAX: mark("FAXで確認"),
    Channel.VISIT: mark("会って確認"),
    Channel.MAIL: mark("メールで確認"),
}
PARTIES: Mapping[Party, str] = {
    Party.CLIENT: mark("依頼者"),
    Party.FIRM: mark("工場"),
    Party.COORDINATOR: mark("コーディネーター"),
    Party.SYSTEM: mark("自動"),
}
HEARD_BY = {channel: CHANNELS[channel] for channel in HEARD_MARKS}
ANSWERS = (("raise_hand", mark("受ける")), ("conditional", mark("条件付き")), ("decline", mark("見送り")))
# What a press is called here, where the coordinator writes down what somebody else said.
PRESSES: Mapping[str, str] = {
    "agree_to": mark("依頼者が承諾した"),
    "disagree": mark("依頼者の承諾を取り消す"),
    "drop_out": mark("工場が辞退した"),
    "take_back": mark("返事を取り消す"),
}
KINDS: Mapping[ClientKind, str] = {
    ClientKind.UNKNOWN: mark("まだわからない"),
    ClientKind.STARTUP: mark("スタートアップ"),
    ClientKind.COMPANY: mark("会社"),
    ClientKind.WORKSHOP: mark("町工場"),
    ClientKind.SCHOOL: mark("大学・学校"),
    ClientKind.PERSON: mark("個人"),
}
CLIENT_PLACES: Mapping[ClientPlace, str] = {
    ClientPlace.UNKNOWN: mark("まだわからない"),
    ClientPlace.WARD: mark("区内"),
    ClientPlace.TOKYO: mark("都内(区外)"),
    ClientPlace.ELSEWHERE: mark("都外"),
    ClientPlace.ABROAD: mark("国外"),
}
NDA: Mapping[NdaState, str] = {
    NdaState.NOT_NEEDED: mark("いらない"),
    NdaState.NEEDED: mark("必要"),
    NdaState.SENT: mark("送った"),
    NdaState.SIGNED: mark("結んだ"),
}
# Moves of a leg of which the day is kept.
DATED = frozenset({"order_leg", "hand_over"})
HOT = frozenset({OfferState.SILENT, OfferState.DROPPED_OUT})
MAIN = frozenset({OfferState.WILLING, OfferState.CONDITIONAL}) | tables.AGREED_ON


@dataclass(frozen=True)
class OfferRow:
    """One firm asked for one leg."""

    offer: Offer
    firm: Firm | None
    label: str
    tone: str
    late: bool
    heard: str
    said: tuple[str, ...]
    moves: tuple[OfferMove, ...]
    may_answer: bool
    may_win: bool
    # Whether a mail reaches it; where it is asked, such a mail.
    has_mail: bool

    @property
    def name(self) -> str:
        return self.firm.name if self.firm else _("台帳にない工場")

    @property
    def unheard(self) -> bool:
        """Whether it was asked and no mail went out: it knows of nothing until somebody calls or sends the sheet."""
        return self.offer.state is OfferState.ASKED and not self.has_mail


@dataclass(frozen=True)
class LegRow:
    """One operation with the firms asked for it."""

    number: int
    leg: CaseLeg
    label: str
    firm: str
    orderer: str
    offers: tuple[OfferRow, ...]
    hole: bool
    may_ask: bool
    moves: tuple[tuple[str, str], ...]
    # Hours of the firm that are booked for it, and whether they were when a team was decided on.
    booked: float
    with_team: bool
    # What its order has to say in writing, where a law may ask for it.
    order: OrderList | None

    @property
    def reached(self) -> str:
        """How those asked are reached, where a mail does not reach them all."""
        asked = [one for one in self.offers if one.offer.state is OfferState.ASKED]
        unheard = sum(one.unheard for one in asked)
        if not unheard:
            return ""
        return _("%(mailed)s社にメールで送信、%(others)s社は電話かFAXで。", mailed=len(asked) - unheard, others=unheard)


@dataclass(frozen=True)
class EventRow:
    """One thing that happened: when, what, who, how."""

    at: datetime
    label: str
    who: str
    about: str
    change: str
    words: str


@dataclass(frozen=True)
class Differences:
    """Where an introduction would leave the decided team: operation, firm decided on, firms agreed on; and the lead."""

    legs: tuple[tuple[str, str, str], ...]
    lead: str


@dataclass(frozen=True)
class CaseView:
    case: Case
    kept: PartRequest
    label: str
    owner: str
    # Whether that person does not work here any more.
    owner_gone: bool
    waited_for: str
    late: bool
    way: tuple[Step, ...]
    next: Next | None
    # The press beside an offer that comes next, and that offer.
    next_beside: tuple[str, str]
    others: tuple[Transition, ...]
    legs: tuple[LegRow, ...]
    events: tuple[EventRow, ...]
    chips: tuple[Chip, ...]
    questions: tuple[str, ...]
    # The steps of the route where there are several, and whether a team has been decided on.
    route: tuple[str, ...]
    # So many of them stand in no word of the request.
    inferred: int
    team_decided: bool
    # The workbench, as the answers of the firms leave it.
    workbench: str
    differences: Differences | None
    # Whoever still waits where others were agreed on: offer, firm, operation, and whether a mail reaches it.
    waiting: tuple[tuple[str, str, str, bool], ...]
    staff: tuple[tuple[str, str], ...]
    reason: str
    # Whom no mail tells of what happened.
    calls: Calls | None

    @property
    def path(self) -> str:
        return f"/cases/{self.case.id}"


def press(action: str) -> str:
    """The words on a button beside an offer."""
    return _(PRESSES.get(action, tables.OFFER_BY_ACTION[action].label))


def choices(words_by_key: Mapping[K, str]) -> list[tuple[str, str]]:
    """A list to choose from, in the language of the screen."""
    return [(str(key), _(label)) for key, label in words_by_key.items()]


def case_view(session: Session, actor: User, case: Case) -> CaseView:
    """Everything on the page. The number of questions to the database does not grow with what the case holds."""
    kept = queries.request_of(session, case)
    legs = queries.legs_of(session, case.id or 0)
    offers = queries.offers_of(session, case.id or 0)
    events = queries.events_of(session, case.id or 0)
    ids = [*(o.firm_id for o in offers), *(e.firm_id for e in events)]
    firms = queries.firms_by_id(session, [*ids, *(leg.firm_id for leg in legs), *(leg.orderer_firm_id for leg in legs)])
    names = accounts.user_names(session, _people(case, events))
    booked = queries.hours_booked(session, [leg_reference(leg.id) for leg in legs])
    client = kept.contact_organisation or kept.contact_name or _("依頼者")
    asked = {offer.firm_id for offer in offers if offer.state is OfferState.ASKED}
    reach = people.reach(session, [offer.firm_id for offer in offers], tables.ASKING, asked)
    mails = reach.addresses
    orders = order_items.lists(session, case, legs, firms, client)
    known = _Known(offers, firms, reach, booked)
    rows = tuple(_leg(case, number, leg, known, orders.get(leg.id)) for number, leg in enumerate(legs, 1))
    need, _wrong = matches.as_shown(Wording(kept.text, kept.corrections))
    steps = routes.work_on(session, actor, kept.token).route.steps
    rule = tables.STATES[case.state]
    owner = queries.user_by_id(session, case.owner_id)
    agreed = any(offer.state is OfferState.AGREED for offer in offers)
    shown = rules.next_step(case.state, _choose(case, rows), agreed)
    return CaseView(
        case=case,
        kept=kept,
        label=_(rule.label),
        owner=names.get(case.owner_id or "", ""),
        owner_gone=owner is not None and not owner.active,
        waited_for=_(PARTIES[rule.owner]),
        late=case.due_at is not None and case.due_at < clock.now(),
        way=rules.way(case.state),
        next=shown,
        next_beside=rules.next_beside(case.state, [{o.offer.id: o.offer.state for o in row.offers} for row in rows]),
        others=rules.other_moves(case.state, shown),
        legs=rows,
        events=tuple(_event(event, names, firms, {leg.id: leg.title for leg in legs}) for event in events),
        chips=tuple(chip for chip in view(need, {}).chips if chip.value),
        questions=tuple(question.text for question in questions_for(need, kept.corrections).open),
        route=tuple(words.process_names((s.process_id, *s.also)) for s in steps) if len(steps) > 1 else (),
        inferred=sum(step.inferred for step in steps),
        team_decided=plans.decided(session, kept.id or 0) is not None,
        workbench=candidates.team_address(case, kept, legs, offers),
        differences=_differences(session, case) if agreed else None,
        waiting=tuple(
            (o.id, _name(firms, o.firm_id), next(leg.title for leg in legs if leg.id == o.leg_id), o.firm_id in mails)
            for o in actions.waiting_to_hear(case, offers)
        ),
        staff=case_queries.coordinators(session),
        reason=_(reasons.LOST_REASONS[case.reason]) if case.reason in reasons.LOST_REASONS else "",
        calls=to_call(session, calls.Known(case, kept, legs, offers, events, firms, mails)),
    )


def _differences(session: Session, case: Case) -> Differences | None:
    """What is shown before the press that introduces: it takes days, orderer and booked hours away."""
    found = team.departures(session, case)
    if not found:
        return None
    firms = queries.firms_by_id(session, [found.lead, *(id_ for d in found.legs for id_ in (d.planned, *d.agreed))])
    return Differences(
        legs=tuple(
            (d.leg.title, _name(firms, d.planned), _("、").join(_name(firms, id_) for id_ in d.agreed))
            for d in found.legs
        ),
        lead=_name(firms, found.lead),
    )


def _people(case: Case, events: Sequence[CaseEvent]) -> list[str | None]:
    """Whose names stand on the page; who handed a case to whom is told by ids."""
    found = [case.owner_id, *(event.actor_id for event in events)]
    for event in events:
        if event.action == "take over":
            found += [event.before, event.after]
    return found


def _choose(case: Case, rows: Sequence[LegRow]) -> str:
    """Where firms are chosen: for the first leg that has nobody left, else the first open one."""
    open_legs = sorted((row for row in rows if row.may_ask), key=lambda row: any(not _gone(o) for o in row.offers))
    return f"/cases/{case.id}/legs/{open_legs[0].leg.id}/candidates" if open_legs else "#legs"


def _name(firms: Mapping[str, Firm], firm_id: str | None) -> str:
    firm = firms.get(firm_id or "")
    return firm.name if firm else ""


def _gone(row: OfferRow) -> bool:
    return row.offer.state not in tables.ALIVE


@dataclass(frozen=True)
class _Known:
    """What is read once for all legs."""

    offers: Sequence[Offer]
    firms: Mapping[str, Firm]
    reach: people.Reach
    booked: Mapping[str, float]


def _leg(case: Case, number: int, leg: CaseLeg, known: _Known, order: OrderList | None) -> LegRow:
    own = [offer for offer in known.offers if offer.leg_id == leg.id]
    running = case.state not in tables.ENDED
    moves = [
        (action, _(label))
        for action, (sources, _target, label) in tables.LEG_MOVES.items()
        if leg.state in sources and not (action == "undo_start" and was_sent_back(leg))
    ]
    return LegRow(
        number=number,
        leg=leg,
        label=_(state_rules.leg_label(leg.state, [offer.state for offer in own])),
        firm=_name(known.firms, leg.firm_id),
        orderer=_name(known.firms, leg.orderer_firm_id),
        offers=tuple(_offer(offer, leg, known, case) for offer in own),
        hole=running and rules.is_hole([offer.state for offer in own]),
        may_ask=actions.waiting(case, leg, own),
        moves=tuple(moves) if case.state in tables.AFTER_ORDER else (),
        booked=known.booked.get(leg_reference(leg.id), 0.0),
        with_team=team.has_hours(case, leg),
        order=order,
    )


def _offer(offer: Offer, leg: CaseLeg, known: _Known, case: Case) -> OfferRow:
    running, is_open = case.state not in tables.ENDED, leg.state is LegState.OPEN
    asking = is_open and case.state in tables.BY_ACTION["ask"].sources
    late = is_open and running and actions.is_silent(offer, clock.now())
    tone = "hot" if late or offer.state in HOT else "main" if offer.state in MAIN else ""
    return OfferRow(
        offer=offer,
        firm=known.firms.get(offer.firm_id),
        label=_(tables.OFFER_LABELS[offer.state]),
        tone=tone,
        late=late,
        heard=_(HEARD_MARKS[offer.channel]) if offer.channel and offer.channel in HEARD_MARKS else "",
        said=_said(offer),
        moves=rules.offer_moves(offer.state, leg.state, asking=asking) if running else (),
        may_answer=running and rules.may_answer(offer.state, leg.state),
        may_win=running and rules.may_win(offer.state, leg.state),
        has_mail=offer.firm_id in (known.reach.told if offer.state is OfferState.ASKED else known.reach.addresses),
    )


def _said(offer: Offer) -> tuple[str, ...]:
    """What the firm answered and what it was told, line by line."""
    found = [_(reasons.DECLINE_REASONS[offer.reason])] if offer.reason in reasons.DECLINE_REASONS else []
    found += [_(reasons.CONDITIONS[one]) for one in offer.conditions if one in reasons.CONDITIONS]
    if offer.words:
        found.append(_("「%(words)s」", words=offer.words))
    if offer.feedback in reasons.FEEDBACK:
        found.append(_("伝えた理由: %(words)s", words=_(reasons.FEEDBACK[offer.feedback])))
    return tuple(found)


def _event(event: CaseEvent, names: Mapping[str, str], firms: Mapping[str, Firm], legs: Mapping[str, str]) -> EventRow:
    name = names.get(event.actor_id or "", "")
    party = _(PARTIES[event.party])
    how = _(CHANNELS[event.channel]) if event.channel not in {Channel.WEB, Channel.LINK} else ""
    about = [_name(firms, event.firm_id), legs.get(event.leg_id or "", "")]
    return EventRow(
        at=event.at,
        label=_(tables.LABELS.get(event.action, event.action)),
        who=" ・ ".join(part for part in (name, party, how) if part),
        about=" ・ ".join(part for part in about if part),
        change=_change(event, names),
        words=event.words,
    )


def _change(event: CaseEvent, names: Mapping[str, str]) -> str:
    """From where to where: states of the case by their words, people by their names."""
    if event.action == "take over":
        return names.get(event.after, _("担当なし"))
    states = {state.value: rule.label for state, rule in tables.STATES.items()}
    if event.after not in states or event.action == "nda":
        return ""
    return f"→ {_(states[event.after])}"
