"""Cases for tests, brought to where a test needs them by walking the service."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import Role, User
from backend.core.db import Database
from backend.firms import service as firms
from backend.firms.drafts import FirmDraft, TechniqueDraft
from backend.introductions import queries, service
from backend.introductions.legs import offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import CaseState, Channel, Party
from backend.introductions.trail import By
from backend.requests import service as requests
from backend.requests.forms import Wording
from tests import factories

TEXT = "検査機のカバーを12個。A5052を曲げて黒アルマイト。来月末まで。"
SUMMARY = (("何を", "板を曲げる"), ("材質", "A5052"), ("数量", "12個"))
STEPS = ("曲げ", "黒アルマイト", "検査", "組立")


@dataclass(frozen=True)
class People:
    """Everybody with a part in a case, or none."""

    client: User
    other_client: User
    coordinator: User
    shops: tuple[User, ...]
    outsider_shop: User


@dataclass(frozen=True)
class Made:
    """A case on the site: its id, the people, the firms that were asked, and the token of its request."""

    case_id: int
    people: People
    firm_ids: tuple[str, ...]
    token: str

    def by(self, party: Party, channel: Channel = Channel.WEB, shop: int = 0) -> By:
        """Somebody of this party, acting for it."""
        actors = {Party.CLIENT: self.people.client, Party.COORDINATOR: self.people.coordinator}
        return By(actors.get(party, self.people.shops[shop]), party, channel)


def firm(database: Database, name: str) -> str:
    """A workshop in the register."""
    draft = FirmDraft(name=name, ward="墨田区", lat=35.7, lng=139.8, techniques=(TechniqueDraft("曲げ加工"),))
    with database.writing() as session:
        return firms.create_firm(session, None, draft).id


def open_case(database: Database, *, shops: int = 2, steps: int = 1) -> Made:
    """A case just received, with `steps` legs, and as many firms as may be asked."""
    ids = tuple(firm(database, f"工場{factories.unique()}") for _ in range(shops + 1))
    people = People(
        factories.person(database, Role.STARTUP),
        factories.person(database, Role.STARTUP),
        factories.person(database, Role.COORDINATOR),
        tuple(factories.person(database, Role.WORKSHOP, firm_id=id_) for id_ in ids[:-1]),
        factories.person(database, Role.WORKSHOP, firm_id=ids[-1]),
    )
    with database.writing() as session:
        request = requests.send(session, Wording(TEXT), owner_id=people.client.id)
        case = queries.case_of_request(session, request.id or 0)
        assert case is not None
        made = Made(case.id or 0, people, ids[:-1], request.token)
        specs = [LegSpec(f"s{place}", STEPS[place % len(STEPS)]) for place in range(steps)]
        legs.set_legs(session, made.by(Party.COORDINATOR), made.case_id, specs)
    return made


def bring_on(database: Database, made: Made, state: CaseState) -> None:
    """From asking, where the case is, on to this state; to one before it there is no way back, and it stays."""
    if state in WAY:
        for step in WAY[WAY.index(CaseState.ASKING) + 1 : WAY.index(state) + 1]:
            bring_to_next(database, made, step)
        return
    bring_to_next(database, made, CaseState.ANSWERED)
    _end(database, made, state)


def _end(database: Database, made: Made, state: CaseState) -> None:
    action = {CaseState.LOST: "lose", CaseState.WITHDRAWN: "withdraw", CaseState.EXPIRED: "expire"}[state]
    with database.writing() as session:
        service.move(session, made.by(Party.COORDINATOR), made.case_id, action, reason="other")


def bring_to_next(database: Database, made: Made, state: CaseState) -> None:
    """One step of the usual way, from the state before it."""
    with database.writing() as session:
        _walk(session, made, state)


# What each state is reached by from the one before it; offers go to every firm for every leg.
WAY = (
    CaseState.RECEIVED,
    CaseState.CLARIFYING,
    CaseState.SHORTLISTING,
    CaseState.ASKING,
    CaseState.ANSWERED,
    CaseState.AGREED,
    CaseState.INTRODUCED,
    CaseState.NEGOTIATING,
    CaseState.ORDERED,
    CaseState.MAKING,
    CaseState.DELIVERED,
    CaseState.CLOSED,
)


def bring_to(database: Database, made: Made, state: CaseState) -> None:
    """Walk the case from where it was opened to this state of the usual way, or out of it."""
    target = WAY.index(state) if state in WAY else WAY.index(CaseState.ANSWERED)
    for step in WAY[1 : target + 1]:
        with database.writing() as session:
            _walk(session, made, step)
    if state not in WAY:
        _end(database, made, state)


PLAIN = {
    CaseState.CLARIFYING: "take",
    CaseState.SHORTLISTING: "clear",
    CaseState.NEGOTIATING: "negotiate",
    CaseState.CLOSED: "close",
}
LEG_MOVES = {CaseState.MAKING: ("order_leg", "start_leg"), CaseState.DELIVERED: ("hand_over", "accept_leg")}


def _walk(session: Session, made: Made, to: CaseState) -> None:
    desk = made.by(Party.COORDINATOR)
    if to in PLAIN:
        service.move(session, desk, made.case_id, PLAIN[to])
    elif to in LEG_MOVES:
        for leg in legs_of(session, made):
            for action in LEG_MOVES[to]:
                legs.move_leg(session, desk, leg.id, action)
    elif to is CaseState.ASKING:
        for leg in legs_of(session, made):
            offers.ask(session, desk, leg.id, [Question(firm_id, SUMMARY) for firm_id in made.firm_ids])
    elif to is CaseState.INTRODUCED:
        offers.introduce(session, desk, made.case_id)
    else:
        _walk_offers(session, made, to)


def _walk_offers(session: Session, made: Made, to: CaseState) -> None:
    for offer in _first_offers(session, made):
        if to is CaseState.ANSWERED:
            offers.answer(session, made.by(Party.FIRM), offer.id, Reply("raise_hand"))
        elif to is CaseState.AGREED:
            offers.act(session, made.by(Party.CLIENT), offer.id, "agree_to")
        else:
            offers.win(session, made.by(Party.COORDINATOR), offer.id)


def legs_of(session: Session, made: Made) -> Sequence[CaseLeg]:
    return queries.legs_of(session, made.case_id)


def _first_offers(session: Session, made: Made) -> list[Offer]:
    """Those of the first firm, for every leg."""
    return [o for o in queries.offers_of(session, made.case_id) if o.firm_id == made.firm_ids[0]]


def case_of(session: Session, made: Made) -> Case:
    found = session.get(Case, made.case_id)
    assert found is not None
    return found
