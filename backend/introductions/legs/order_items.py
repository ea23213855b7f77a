"""What an order has to say in writing (4条明示): ticked by whoever orders, seen by both sides and the desk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.accounts import queries as accounts
from backend.core import clock
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.firms.models import Firm
from backend.introductions import queries, rules
from backend.introductions.models import Case, CaseLeg
from backend.introductions.states import ClientKind, LegState, Party
from backend.introductions.trail import By, Said, held, note, opened_leg, touch
from backend.teams.legs import freelance_words, law_verdict
from backend.teams.legs_rules import ORDER_ITEMS, Hint, LegLaw, leg_law
from backend.teams.legs_rules import Party as Side


@dataclass(frozen=True)
class Item:
    """One item of the list; `on` and `who` are empty until somebody ticked it."""

    key: str
    label: str
    on: date | None
    who: str


@dataclass(frozen=True)
class OrderList:
    """The list of one leg, with what is likely to apply to it, in words."""

    leg: CaseLeg
    items: tuple[Item, ...]
    verdict: str
    orderer: str
    supplier: str

    @property
    def done(self) -> int:
        return sum(item.on is not None for item in self.items)


def tick(session: Session, by: By, leg_id: str, keys: Collection[str], on: date | None) -> CaseLeg:
    """Keep which items the order names, with the day and who says so. The same list twice has one effect.

    Raises:
        NotFound: the leg is not theirs, or they do not order it. Refused: it has no firm. Invalid: the day is to come.
    """
    leg = opened_leg(session, by, leg_id)
    if not may_tick(by, leg):
        raise NotFound
    case = held(session, leg.case_id)
    session.refresh(leg)
    rules.check_running(case.state)
    if leg.state is LegState.OPEN:
        raise Refused(_("工場が決まってから、書きとめてください。"))
    if on is not None and on > clock.today():
        message = _("まだ来ていない日です。済んだ日を書いてください。")
        raise Invalid(message, {"on": message})
    before = leg.order_items
    fresh = {"on": (on or clock.today()).isoformat(), "party": by.party.value, "by": by.actor_id or ""}
    after = {key: before.get(key, fresh) for key in ORDER_ITEMS if key in keys}
    if after != before:
        leg.order_items = after
        session.add(leg)
        touch(session, case)
        note(session, case, by, "order items", leg, Said(words=f"{len(after)}/{len(ORDER_ITEMS)}"))
    return leg


def may_tick(by: By, leg: CaseLeg) -> bool:
    """Who orders says what its order says; a coordinator may write it down for them."""
    if by.party is Party.COORDINATOR:
        return by.actor is not None and by.actor.is_staff
    if by.party is Party.CLIENT:
        return leg.orderer_firm_id is None
    return leg.orderer_firm_id is not None and leg.orderer_firm_id == by.firm_id


def lists(
    session: Session, case: Case, legs: Sequence[CaseLeg], firms: Mapping[str, Firm], client: str
) -> dict[str, OrderList]:
    """The list of each leg that a law is likely to ask for, or may; by the id of the leg.

    `firms` holds those that do and those that order the legs, `client` is what the client is called to the reader.
    """
    decided = [leg for leg in legs if leg.firm_id in firms]
    if not decided:
        return {}
    asking = _client(session, case)
    names = accounts.user_names(session, [str(kept["by"]) for leg in decided for kept in leg.order_items.values()])
    found = {}
    for leg in decided:
        orderer = firms.get(leg.orderer_firm_id or "")
        law = _law(asking if leg.orderer_firm_id is None else _side(orderer), firms[leg.firm_id or ""])
        if is_caught(law):
            called = orderer.name if orderer else client
            verdict = law_verdict(law) + freelance_words(law)
            items = tuple(_item(leg, key, called, names) for key in ORDER_ITEMS)
            found[leg.id] = OrderList(leg, items, verdict, called, firms[leg.firm_id or ""].name)
    return found


def is_caught(law: LegLaw) -> bool:
    """Whether a law is likely to apply, or nobody knows yet; then rather one list too many."""
    return {law.subcontract, law.freelance} != {Hint.NO}


def _law(orderer: Side | None, supplier: Firm) -> LegLaw:
    """A private person who orders is no business, and neither law speaks to them."""
    if orderer is None:
        return LegLaw(Hint.NO, Hint.NO)
    return leg_law(orderer, Side(supplier.capital_yen, supplier.employees))


def _client(session: Session, case: Case) -> Side | None:
    """The client as far as is known: only a workshop that asks for something itself stands in the register."""
    if case.client_kind is ClientKind.PERSON:
        return None
    owner = queries.user_by_id(session, queries.request_of(session, case).owner_id)
    own = queries.firms_by_id(session, [owner.firm_id if owner else None])
    return _side(next(iter(own.values()), None))


def _side(firm: Firm | None) -> Side:
    return Side(firm.capital_yen, firm.employees) if firm else Side()


def _item(leg: CaseLeg, key: str, orderer: str, names: Mapping[str, str]) -> Item:
    kept = leg.order_items.get(key)
    if kept is None:
        return Item(key, _(ORDER_ITEMS[key]), None, "")
    desk = kept["party"] == Party.COORDINATOR.value
    who = _("コーディネーター %(name)s", name=names.get(kept["by"], "")).strip() if desk else orderer
    return Item(key, _(ORDER_ITEMS[key]), date.fromisoformat(kept["on"]), who)
