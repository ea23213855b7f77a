"""Running cases for the demo: every state of the table, of different age, each reached by walking the service."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from backend.accounts import service as accounts
from backend.accounts.models import Role, User
from backend.core import clock
from backend.core.db import Database
from backend.firms import queries as firm_queries
from backend.firms.rules import Answer
from backend.introductions import queries, rules, service, tables
from backend.introductions.legs import candidates, offers
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import Case, Notification, Offer
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Points, Report
from backend.introductions.states import CaseState, Channel, ClientKind, ClientPlace, Party
from backend.introductions.trail import By, open_for
from backend.requests import service as requests
from backend.requests.models import PartRequest
from backend.teams import service as routes
from matching.routing.route import RouteStep
from matching.vocabulary.processes import find_processes, processes

ASKED_AT_ONCE = 3
MOST_LEGS = 4
# How far the demo cases come, in turn; the first entries are the newest requests.
ENDS = (
    CaseState.RECEIVED,
    CaseState.ASKING,
    CaseState.CLARIFYING,
    CaseState.ANSWERED,
    CaseState.CLOSED,
    CaseState.ASKING,
    CaseState.SHORTLISTING,
    CaseState.INTRODUCED,
    CaseState.AGREED,
    CaseState.NEGOTIATING,
    CaseState.LOST,
    CaseState.MAKING,
    CaseState.ASKING,
    CaseState.DELIVERED,
    CaseState.WITHDRAWN,
    CaseState.ORDERED,
)
# Which of these the demo's founder asked: one being asked, one to choose in, one of each later state.
OF_THE_FOUNDER = frozenset({1, 3, 4, 7, 9, 11, 13})
WAY = tuple(state for state in CaseState if state in ENDS and state not in {CaseState.LOST, CaseState.WITHDRAWN})
KINDS = (ClientKind.STARTUP, ClientKind.COMPANY, ClientKind.STARTUP, ClientKind.PERSON, ClientKind.SCHOOL)
PLACES = (ClientPlace.WARD, ClientPlace.TOKYO, ClientPlace.WARD, ClientPlace.ELSEWHERE, ClientPlace.ABROAD)
CHANNELS = (Channel.WEB, Channel.PHONE, Channel.WEB, Channel.VISIT, Channel.WEB)
WARDS = ("墨田区", "大田区", "葛飾区", "板橋区", None)
DECLINES = ("no_capacity", "size", "tolerance")
YEN = (48_000, 120_000, 260_000, 86_000, 540_000)
# Who asks in the demo; nobody of that name exists.
ASKERS = ("青木", "石田", "上野", "遠藤", "小川", "加藤", "木村", "工藤", "近藤", "斉藤", "杉本")
HOUSES = ("ソラマメ配膳", "ひなた電装", "ことり計測", "みずいろ設計", "まめぞう工房", "すずかけ大学", "あさひ教材")
# Of sixteen cases that wait for firms one has a reply that is late, one lost all firms of an operation.
LATE_REPLY, WITH_HOLE, TODAY = 5, 12, 2
# The notices of these newest cases are still unread.
UNREAD = 10
# Days between the ends of two cases, and from one state of a case to the next.
DAYS_BETWEEN, DAYS_TO_COME = 1.4, 2.5
# How many states a case has come through.
WAY_LENGTH = {state: WAY.index(state) if state in WAY else 3 for state in CaseState}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Stage:
    """Who acts in the demo, and which firms can do which process."""

    desk: User
    founder: User
    firms: Mapping[str, Sequence[str]]
    # The firm of the demo's workshop is asked first, so that its people find something.
    own: str | None


def load_cases(database: Database, progress: Progress, own_firm: str | None) -> int:
    """Walk the demo's cases to where they stand; gives how many. Nothing the second time."""
    with database.writing() as session:
        if session.exec(select(Case).where(Case.state != CaseState.RECEIVED)).first() is not None:
            return 0
        people = accounts.ensure_demo_people(session, firm_id=own_firm)
        stage = Stage(people[Role.COORDINATOR], people[Role.STARTUP], _firms_by_process(session), own_firm)
        ids = list(session.exec(select(Case.id).order_by(col(Case.id).desc())))
    for place, case_id in enumerate(ids):
        with database.writing() as session:
            case = open_for(session, stage.desk, case_id or 0)
            _describe(session, case, place, stage)
            _walk(session, case, ENDS[place % len(ENDS)], place, stage)
            _date(session, case, place)
        progress("cases", place + 1, len(ids))
    return len(ids)


def _firms_by_process(session: Session) -> Mapping[str, list[str]]:
    """Firm ids by everything they do, and by what that is a kind of."""
    found: dict[str, list[str]] = defaultdict(list)
    for firm in firm_queries.whole_firms(session):
        known = {hit.process_id for row in firm.techniques for hit in find_processes(row.process)}
        for process_id in sorted({kind for id_ in known for kind in _kinds(id_)}):
            found[process_id].append(firm.id)
    return found


def _kinds(process_id: str) -> list[str]:
    """A process and all that it is a kind of."""
    parent = processes()[process_id].parent
    return [process_id, *(_kinds(parent) if parent else ())]


def _describe(session: Session, case: Case, place: int, stage: Stage) -> None:
    request = session.get(PartRequest, case.request_id)
    if request is not None:
        request.ward = WARDS[place % len(WARDS)]
        if place in OF_THE_FOUNDER:
            request.owner_id = stage.founder.id
        session.add(request)
        requests.say_contact(session, request.token, _contact(place, stage))
    service.describe(
        session,
        By(stage.desk, Party.COORDINATOR),
        case.id or 0,
        title=case.title,
        kind=KINDS[place % len(KINDS)],
        place=PLACES[place % len(PLACES)],
        channel=CHANNELS[place % len(CHANNELS)],
    )


def _contact(place: int, stage: Stage) -> Mapping[str, str]:
    """Whom to call back; who telephoned has left a number only."""
    if place in OF_THE_FOUNDER:
        return {"contact_name": stage.founder.name, "contact_email": stage.founder.email}
    name, house = ASKERS[place % len(ASKERS)], HOUSES[place % len(HOUSES)]
    by_phone = CHANNELS[place % len(CHANNELS)] is Channel.PHONE
    return {
        "contact_name": name,
        "contact_organisation": house,
        "contact_phone": f"03-0000-{2000 + place * 37 % 7000}",
        "contact_email": "" if by_phone else f"contact{place + 1}@example.jp",
    }


def _walk(session: Session, case: Case, end: CaseState, place: int, stage: Stage) -> None:
    """From the reception to `end`, as far as there are firms to ask."""
    desk, case_id = By(stage.desk, Party.COORDINATOR), case.id or 0
    target = end if end in WAY else CaseState.ASKING
    for state in WAY[1 : WAY.index(target) + 1]:
        if state is CaseState.ASKING and not _ask(session, case, place, stage):
            return
        if state in STEPS:
            STEPS[state](session, desk, case_id, place)
    _end(session, desk, case_id, end, place)


def _end(session: Session, desk: By, case_id: int, end: CaseState, place: int) -> None:
    """What comes after the way itself: an end without work, or an operation that every firm passes on."""
    if end is CaseState.LOST:
        service.move(session, desk, case_id, "lose", reason="price")
    if end is CaseState.WITHDRAWN:
        service.move(session, desk, case_id, "withdraw", reason="stopped")
    if end is CaseState.ASKING and place % len(ENDS) == WITH_HOLE:
        last = queries.legs_of(session, case_id)[-1].id
        for offer in queries.offers_of(session, case_id):
            if offer.leg_id == last:
                offers.answer(session, By(None, Party.FIRM, Channel.LINK), offer.id, Reply("decline", "no_capacity"))


def _ask(session: Session, case: Case, place: int, stage: Stage) -> bool:
    """Make the legs of the route and ask firms for each; False where some step has none."""
    steps = routes.work_on(session, None, queries.request_of(session, case).token).route.steps[:MOST_LEGS]
    able = [_able(stage, step, place) for step in steps]
    if not able or not all(able):
        return False
    desk = By(stage.desk, Party.COORDINATOR)
    specs = [
        LegSpec(f"s{n + 1}" if len(steps) > 1 else "", _name(step), step.process_id) for n, step in enumerate(steps)
    ]
    made = legs.set_legs(session, desk, case.id or 0, specs)
    request = queries.request_of(session, case)
    for leg, firm_ids in zip(made, able, strict=True):
        shown = candidates.lines(session, stage.desk, leg, request)
        offers.ask(session, desk, leg.id, [Question(id_, shown) for id_ in firm_ids])
    return True


def _able(stage: Stage, step: RouteStep, place: int) -> list[str]:
    """A few firms for a step, other ones for other cases."""
    every = list(stage.firms.get(step.process_id, ()))
    turned = every[place % max(1, len(every)) :] + every[: place % max(1, len(every))]
    first = [stage.own] if stage.own in every else []
    return list(dict.fromkeys([*first, *turned]))[:ASKED_AT_ONCE] if every else []


def _name(step: RouteStep) -> str:
    return processes()[step.process_id].ja


def _answer(session: Session, _desk: By, case_id: int, place: int) -> None:
    """The first of each leg raises a hand, the second has a condition, the third passes."""
    seen: dict[str, int] = defaultdict(int)
    for offer in queries.offers_of(session, case_id):
        turn = seen[offer.leg_id]
        seen[offer.leg_id] += 1
        by = By(None, Party.FIRM, Channel.LINK if place % 2 else Channel.PHONE)
        decline = Reply("decline", DECLINES[place % len(DECLINES)])
        offers.answer(session, by, offer.id, (Reply("raise_hand"), Reply("conditional", "", ("later",)), decline)[turn])


def _agree(session: Session, _desk: By, case_id: int, _place: int) -> None:
    for offer in _firsts(session, case_id):
        offers.act(session, By(None, Party.CLIENT), offer.id, "agree_to")


def _introduce(session: Session, desk: By, case_id: int, _place: int) -> None:
    offers.introduce(session, desk, case_id)


def _order(session: Session, desk: By, case_id: int, place: int) -> None:
    for offer in _firsts(session, case_id):
        told = Report(quoted=Answer.YES, ordered=Answer.YES, amount_yen=YEN[place % len(YEN)])
        outcomes.report(session, By(desk.actor, Party.FIRM, Channel.PHONE), offer.id, told)


def _make(session: Session, desk: By, case_id: int, _place: int) -> None:
    for leg in queries.legs_of(session, case_id):
        for action in ("order_leg", "start_leg"):
            legs.move_leg(session, desk, leg.id, action)


def _deliver(session: Session, desk: By, case_id: int, _place: int) -> None:
    for leg in queries.legs_of(session, case_id):
        legs.move_leg(session, desk, leg.id, "hand_over")


def _rate(session: Session, desk: By, case_id: int, place: int) -> None:
    for offer in _firsts(session, case_id):
        for party in (Party.CLIENT, Party.FIRM):
            points = Points(5 - place % 2, 4, 4 + place % 2, "助かりました。" if place % 3 == 0 else "")
            outcomes.rate(session, By(desk.actor, party, Channel.PHONE), offer.id, points)


def _move(action: str) -> Callable[[Session, By, int, int], None]:
    def moved(session: Session, desk: By, case_id: int, _place: int) -> None:
        service.move(session, desk, case_id, action)

    return moved


STEPS: Mapping[CaseState, Callable[[Session, By, int, int], None]] = {
    CaseState.CLARIFYING: _move("take"),
    CaseState.SHORTLISTING: _move("clear"),
    CaseState.ANSWERED: _answer,
    CaseState.AGREED: _agree,
    CaseState.INTRODUCED: _introduce,
    CaseState.NEGOTIATING: _move("negotiate"),
    CaseState.ORDERED: _order,
    CaseState.MAKING: _make,
    CaseState.DELIVERED: _deliver,
    CaseState.CLOSED: _rate,
}


def _firsts(session: Session, case_id: int) -> list[Offer]:
    """The first firm that was asked for each leg."""
    first: dict[str, Offer] = {}
    for offer in queries.offers_of(session, case_id):
        first.setdefault(offer.leg_id, offer)
    return list(first.values())


def _date(session: Session, case: Case, place: int) -> None:
    """Give the case its age: those that run came to where they stand these days, the others some time ago."""
    days = (place % 4) if case.state in tables.RUNNING else 4 + DAYS_BETWEEN * place
    entered = _in_office_hours(clock.now() - timedelta(days=days), place)
    opened = _in_office_hours(entered - timedelta(days=DAYS_TO_COME * WAY_LENGTH[case.state]), place + 3)
    case.created_at, case.entered_at = opened, entered
    case.due_at = rules.due_after(case.state, entered)
    if place % len(ENDS) == TODAY and case.state in tables.RUNNING:
        case.due_at = clock.in_tokyo(clock.now()).replace(hour=17, minute=0, second=0, microsecond=0)
    case.answered_at = opened + timedelta(hours=5 + place % 30) if case.answered_at else None
    case.closed_at = entered if case.closed_at else None
    session.add(case)
    for offer in queries.offers_of(session, case.id or 0):
        offer.asked_at = entered if case.state is CaseState.ASKING else opened + (entered - opened) * 0.5
        offer.reply_by = rules.after_working_days(offer.asked_at, rules.REPLY_DAYS)
        offer.answered_at = offer.asked_at + timedelta(hours=4) if offer.answered_at else None
        offer.introduced_at = entered if offer.introduced_at else None
        session.add(offer)
    if case.state is CaseState.ASKING and place % len(ENDS) == LATE_REPLY:
        _let_pass(session, _firsts(session, case.id or 0)[0], place)
    events = list(reversed(queries.events_of(session, case.id or 0)))
    for n, event in enumerate(events):
        event.at = opened + (entered - opened) * (n / max(1, len(events) - 1))
        session.add(event)
    for notice in session.exec(select(Notification).where(Notification.case_id == case.id)):
        notice.at, notice.read_at = entered, None if place < UNREAD else entered
        session.add(notice)


def _let_pass(session: Session, offer: Offer, place: int) -> None:
    """The day to answer by was yesterday or the day before."""
    offer.reply_by = clock.in_tokyo(clock.now() - timedelta(days=1 + place % 2)).replace(hour=17, minute=0)
    offer.asked_at = offer.reply_by - timedelta(days=4)
    session.add(offer)


def _in_office_hours(moment: datetime, place: int) -> datetime:
    """The same day between nine and five, never later than now."""
    local = clock.in_tokyo(moment).replace(hour=9 + place % 8, minute=place * 7 % 60)
    return min(local, clock.now() - timedelta(minutes=7 + place * 13 % 170))
