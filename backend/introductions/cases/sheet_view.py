"""What stands on the sheets of a case. The sheet for a firm that is only asked says no more than its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.core.i18n import gettext as _
from backend.core.i18n import term
from backend.firms.models import Firm
from backend.introductions import queries, tables, wording
from backend.introductions.client.view import FirmCard, introduced_firms
from backend.introductions.firm.view import Contact, Link, contact_of
from backend.introductions.legs import order_items, team
from backend.introductions.legs.order_items import OrderList
from backend.introductions.legs.summary import labelled
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.requests.models import PartRequest

# More lines than these would run onto a second page.
MOST_EVENTS, MOST_OFFERS, MOST_CHARS = 8, 12, 420


@dataclass(frozen=True)
class AskingSheet:
    """One operation put to one firm. `leg` is blank where the rows name the operation."""

    number: str
    firm: str
    leg: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    chain: tuple[Link, ...]


@dataclass(frozen=True)
class IntroducedFirm:
    """A firm that was introduced, with the operation it would do."""

    card: FirmCard
    leg: str
    dates: str

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """What it was asked, with the operation first and its days beside it, each named once."""
        asked = labelled(self.card.offer.summary)
        named = [row for row in asked if _is_operation(row)] or [(_("工程"), term(self.leg))]
        return (*named, (_("日程"), self.dates), *(row for row in asked if not _is_operation(row)))


@dataclass(frozen=True)
class Letter:
    """Who is introduced to whom."""

    kept: PartRequest
    client: Contact
    firms: tuple[IntroducedFirm, ...]

    @property
    def by_firm(self) -> tuple[tuple[IntroducedFirm, ...], ...]:
        """A letter for each firm, with all the operations it does."""
        found: dict[str, list[IntroducedFirm]] = {}
        for one in self.firms:
            found.setdefault(one.card.offer.firm_id, []).append(one)
        return tuple(tuple(ones) for ones in found.values())


@dataclass(frozen=True)
class OfferLine:
    leg: str
    firm: str
    state: str
    said: str


@dataclass(frozen=True)
class EventLine:
    at: str
    words: str


@dataclass(frozen=True)
class SummarySheet:
    """A case on one page."""

    kept: PartRequest
    text: str
    client: Contact
    state: str
    owner: str
    offers: tuple[OfferLine, ...]
    events: tuple[EventLine, ...]


def asking_sheet(session: Session, case: Case, offer: Offer) -> AskingSheet:
    legs = queries.legs_of(session, offer.case_id)
    leg = next(leg for leg in legs if leg.id == offer.leg_id)
    firm = queries.firms_by_id(session, [offer.firm_id])[offer.firm_id]
    chain = tuple(Link(one.title, one.id == leg.id) for one in legs) if len(legs) > 1 else ()
    asked = labelled(offer.summary)
    named = "" if _names_operation(asked) else leg.title
    return AskingSheet(queries.request_of(session, case).number, firm.name, named, _rows(asked), chain)


def _names_operation(rows: Sequence[tuple[str, str]]) -> bool:
    return any(_is_operation(row) for row in rows)


def _is_operation(row: tuple[str, str]) -> bool:
    return row[0] == _("工程")


def _rows(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Two short facts beside each other; a long one has a line of its own."""
    rows: list[tuple[tuple[str, str], ...]] = []
    for pair in pairs:
        alone = _is_long(pair)
        if rows and not alone and len(rows[-1]) == 1 and not _is_long(rows[-1][0]):
            rows[-1] = (*rows[-1], pair)
        else:
            rows.append((pair,))
    return tuple(rows)


def _is_long(pair: tuple[str, str]) -> bool:
    return max(map(len, pair)) > 14


def letter(session: Session, case: Case) -> Letter:
    legs = {leg.id: leg for leg in queries.legs_of(session, case.id or 0)}
    firms, planned = [], team.planned_firms(session, case)
    for card in introduced_firms(session, case):
        leg = legs[card.offer.leg_id]
        # The days of a plan are those of its firm; no other has agreed to them.
        agreed = planned.get(leg.id, card.offer.firm_id) == card.offer.firm_id
        days = [wording.day_words(day) for day in (leg.start, leg.finish) if day and agreed]
        firms.append(IntroducedFirm(card, leg.title, " – ".join(days) or _("相談中")))
    return Letter(queries.request_of(session, case), contact_of(session, case), tuple(firms))


def summary(session: Session, case_id: int, case: Case) -> SummarySheet:
    kept, owner = queries.request_of(session, case), queries.user_by_id(session, case.owner_id)
    legs = {leg.id: leg for leg in queries.legs_of(session, case_id)}
    offers = queries.offers_of(session, case_id)
    events = queries.events_of(session, case_id)[:MOST_EVENTS]
    firms = queries.firms_by_id(session, [*(offer.firm_id for offer in offers), *(event.firm_id for event in events)])
    lines = [
        OfferLine(legs[o.leg_id].title, firms[o.firm_id].name, _(tables.OFFER_LABELS[o.state]), _said(o))
        for o in sorted(offers, key=lambda o: legs[o.leg_id].position)
    ]
    return SummarySheet(
        kept=kept,
        text=kept.text if len(kept.text) <= MOST_CHARS else f"{kept.text[:MOST_CHARS]}…",
        client=contact_of(session, case),
        state=_(tables.STATES[case.state].label),
        owner=owner.name if owner else "",
        offers=tuple(lines[:MOST_OFFERS]),
        events=tuple(_event(event, firms) for event in events),
    )


def _said(offer: Offer) -> str:
    day = _("%(day)sなら渡せます", day=wording.day_words(offer.proposed_date)) if offer.proposed_date else ""
    return " ".join(part for part in (day, offer.words[:60]) if part)


def _event(event: CaseEvent, firms: Mapping[str, Firm]) -> EventLine:
    label = _(tables.LABELS[event.action]) if event.action in tables.LABELS else event.action
    firm = firms.get(event.firm_id or "")
    said = (label, firm.name if firm else "", event.words[:60])
    return EventLine(wording.moment_words(event.at), " ".join(filter(None, said)))


def order_list(session: Session, case: Case, leg: CaseLeg) -> OrderList | None:
    """What the order of one leg has to say, where a law may ask for it."""
    firms = queries.firms_by_id(session, [leg.firm_id, leg.orderer_firm_id])
    client = contact_of(session, case)
    called = client.organisation or client.name or _("依頼者")
    return order_items.lists(session, case, [leg], firms, called).get(leg.id)
