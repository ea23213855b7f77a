"""Cases and offers as a program may see them: field by field, each only for whom it is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlmodel import Session

from backend.accounts.models import User
from backend.firms.models import Firm
from backend.introductions import queries, rules, tables, wording
from backend.introductions.api.forms import (
    CaseMove,
    CaseOfferOut,
    CaseOut,
    CaseRow,
    ClientOut,
    LegOut,
    Line,
    OfferOut,
    OfferRow,
)
from backend.introductions.firm.view import contact_of
from backend.introductions.legs.offers import is_disclosed
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import OfferState, Party
from backend.introductions.trail import case_id_of
from backend.requests.models import PartRequest

MOVES = frozenset(CaseMove)


def party_of(actor: User) -> Party:
    """What somebody is in a case that is theirs to read: whoever is not of the desk has asked for it."""
    return Party.COORDINATOR if actor.is_staff else Party.CLIENT


def case_rows(session: Session, actor: User, cases: Sequence[Case]) -> list[CaseRow]:
    requests = queries.requests_by_id(session, [case.request_id for case in cases])
    return [CaseRow(**_row(actor, case, requests[case.request_id])) for case in cases]


def case_out(session: Session, actor: User, case: Case) -> CaseOut:
    """The whole case, for somebody who may read it."""
    case_id, party = case_id_of(case), party_of(actor)
    offers = [offer for offer in queries.offers_of(session, case_id) if _shows(party, offer)]
    firms = queries.firms_by_id(session, [offer.firm_id for offer in offers])
    moves = [CaseMove(move.action) for move in rules.moves_for(case.state, party) if move.action in MOVES]
    legs = [
        _leg(leg, [o for o in offers if o.leg_id == leg.id], firms, party) for leg in queries.legs_of(session, case_id)
    ]
    return CaseOut(**_row(actor, case, queries.request_of(session, case)), moves=moves, legs=legs)


def _row(actor: User, case: Case, request: PartRequest) -> Mapping[str, object]:
    ended = case.state in tables.ENDED
    return {
        "id": case_id_of(case),
        "number": request.number,
        "request": request.token,
        "title": case.title,
        "state": case.state,
        "waits_for": None if ended else tables.STATES[case.state].owner,
        "due_at": case.due_at,
        "entered_at": case.entered_at,
        "ward": request.ward,
        "reason": case.reason,
        "version": case.version,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "closed_at": case.closed_at,
        "url": f"/cases/{case.id}" if actor.is_staff else f"/requests/{request.token}",
    }


def _shows(party: Party, offer: Offer) -> bool:
    """A client sees the firms that would do the work, as on its page; the desk sees everybody who was asked."""
    return party is Party.COORDINATOR or offer.state in tables.READY | tables.AGREED_ON


def _leg(leg: CaseLeg, offers: Sequence[Offer], firms: Mapping[str, Firm], party: Party) -> LegOut:
    return LegOut(
        id=leg.id,
        title=leg.title,
        state=leg.state,
        nda=leg.nda,
        hours=leg.hours,
        start=leg.start,
        finish=leg.finish,
        ordered_on=leg.ordered_on,
        handed_over_on=leg.handed_over_on,
        offers=[_offer_in_case(offer, leg, firms[offer.firm_id], party) for offer in offers],
    )


def _offer_in_case(offer: Offer, leg: CaseLeg, firm: Firm, party: Party) -> CaseOfferOut:
    desk = party is Party.COORDINATOR
    known = desk or is_disclosed(offer)
    return CaseOfferOut(
        id=offer.id,
        state=offer.state,
        firm_id=firm.id if known else None,
        firm=firm.name if known else wording.without_name(firm.ward, leg.title),
        asked_at=offer.asked_at,
        reply_by=offer.reply_by,
        answered_at=offer.answered_at,
        channel=offer.channel,
        conditions=list(offer.conditions),
        proposed_date=offer.proposed_date,
        reason=offer.reason if desk else "",
        words=offer.words if known else "",
    )


def offer_rows(session: Session, offers: Sequence[Offer]) -> list[OfferRow]:
    requests = queries.requests_of_cases(session, [offer.case_id for offer in offers])
    return [OfferRow(**_asked(offer, requests[offer.case_id])) for offer in offers]


def offer_out(session: Session, offer: Offer) -> OfferOut:
    """What a firm was asked; from the introduction on with the name of whoever asks."""
    case = queries.case_of_offer(session, offer)
    told = contact_of(session, case) if is_disclosed(offer) else None
    client = ClientOut(**asdict(told)) if told else None
    return OfferOut(**_asked(offer, queries.request_of(session, case)), client=client)


def _asked(offer: Offer, request: PartRequest) -> Mapping[str, object]:
    told = offer.state is OfferState.NOT_CHOSEN
    return {
        "id": offer.id,
        "firm_id": offer.firm_id,
        "number": request.number,
        "state": offer.state,
        "summary": [Line(label=label, words=words) for label, words in offer.summary],
        "asked_at": offer.asked_at,
        "reply_by": offer.reply_by,
        "answered_at": offer.answered_at,
        "conditions": list(offer.conditions),
        "proposed_date": offer.proposed_date,
        "reason": offer.reason,
        "words": offer.words,
        "feedback": offer.feedback if told else "",
        "feedback_words": offer.feedback_words if told else "",
        "url": f"/offers/{offer.id}",
    }
