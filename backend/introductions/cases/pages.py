"""The page of a case for its coordinator: where it stands, what to do now, its legs, its history."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from backend.accounts.dependencies import Staff
from backend.accounts.models import User
from backend.core.db import Database, OpenDatabase
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.htmx import redirect
from backend.core.site import settings_of
from backend.core.templating import render
from backend.introductions import queries, reasons, rules, service
from backend.introductions.cases import actions
from backend.introductions.cases import queries as case_queries
from backend.introductions.cases import view as case_view
from backend.introductions.cases.forms import read_reply
from backend.introductions.changes import view as change_view
from backend.introductions.forms import NOTHING_KEPT, CaseId, Kept, Posted, read_date
from backend.introductions.legs import order_items, work_hours
from backend.introductions.legs import service as legs
from backend.introductions.messages.pages import mark_notices_read
from backend.introductions.models import Offer
from backend.introductions.states import Channel, ClientKind, ClientPlace, NdaState, Party
from backend.introductions.trail import By, check_seen, open_for, pressed_twice

router = APIRouter()
# What a press does, and where on the page it leaves the reader.
Doing = Callable[[Session], object]


@router.get("/cases/{case_id}")
def show_case(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId) -> Response:
    with database.reading() as session:
        answer = _page(request, session, staff, case_id, NOTHING_KEPT)
    mark_notices_read(database, staff, case_id)
    return answer


@router.post("/cases/{case_id}/move")
def move(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """The prominent button, and the other moves of the table."""
    action, said = sent.one("action"), sent.one("words")

    def do(session: Session) -> object:
        by = By(staff, Party.COORDINATOR)
        return actions.move(session, by, case_id, action, sent.one("reason"), said, sent.seen)

    return done(request, database, staff, case_id, Kept(f"move-{action}", sent), do)


@router.post("/cases/{case_id}/owner")
def take_over(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """Who looks after the case; a press of one's own button names oneself."""
    wanted = sent.one("owner_id", staff.id)

    def do(session: Session) -> object:
        owner = case_queries.coordinator(session, wanted) if wanted else None
        if wanted and owner is None:
            raise NotFound
        case = open_for(session, staff, case_id)
        if case.owner_id == (owner.id if owner else None):
            return case
        check_seen(case, sent.seen)
        return service.take_over(session, By(staff, Party.COORDINATOR), case_id, owner)

    return done(request, database, staff, case_id, Kept("owner", sent), do)


@router.post("/cases/{case_id}/describe")
def describe(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """The name of the case, and who asks from where."""
    kind = sent.choice("client_kind", ClientKind, ClientKind.UNKNOWN)
    place = sent.choice("client_place", ClientPlace, ClientPlace.UNKNOWN)
    channel = sent.choice("channel", Channel, Channel.WEB)
    title = " ".join(sent.one("title").split())

    def do(session: Session) -> object:
        case = open_for(session, staff, case_id)
        if (case.title, case.client_kind, case.client_place, case.channel) == (title, kind, place, channel):
            return case
        check_seen(case, sent.seen)
        by = By(staff, Party.COORDINATOR)
        return service.describe(session, by, case_id, title=title, kind=kind, place=place, channel=channel)

    return done(request, database, staff, case_id, Kept("describe", sent), do)


@router.post("/cases/{case_id}/address")
def change_address(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """A new address for the client's page, where the old one came into wrong hands."""

    def do(session: Session) -> object:
        case = open_for(session, staff, case_id)
        if pressed_twice(session, case, staff, "change address", sent.seen):
            return case
        check_seen(case, sent.seen)
        return service.change_address(session, By(staff, Party.COORDINATOR), case_id)

    return done(request, database, staff, case_id, Kept("address", sent), do)


@router.post("/cases/{case_id}/remark")
def remark(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """One line about what was said on the telephone. The same line sent twice stands there once."""

    def do(session: Session) -> object:
        open_for(session, staff, case_id)
        by = By(staff, Party.COORDINATOR, sent.heard)
        return actions.remark(session, by, case_id, sent.one("words"), sent.one("leg_id") or None)

    return done(request, database, staff, case_id, Kept("remark", sent), do, "#history")


@router.post("/cases/{case_id}/legs")
def split(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """Make one leg of the whole job, or a leg of each step of the route or of the decided team."""
    kind = sent.one("kind")
    if kind not in {actions.WHOLE, actions.ROUTE, actions.TEAM}:
        raise NotFound

    def do(session: Session) -> object:
        return actions.split(session, By(staff, Party.COORDINATOR), case_id, kind, sent.seen)

    return done(request, database, staff, case_id, Kept("legs", sent), do, "#legs")


@router.post("/cases/{case_id}/legs/{leg_id}/move")
def move_leg(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, leg_id: str, sent: Posted
) -> Response:
    """How the work on one leg goes on: ordered, begun, handed over, accepted or sent back."""

    def do(session: Session) -> object:
        _leg_of(session, staff, case_id, leg_id)
        by = By(staff, Party.COORDINATOR, sent.heard)
        on = read_date(sent.one("on"), "on")
        hours = work_hours.read_hours(sent.one("hours"))
        first, last = read_date(sent.one("first"), "first"), read_date(sent.one("last"), "last")
        taken = work_hours.spread(hours, first, last) if hours is not None else None
        return actions.move_leg(session, by, leg_id, sent.one("action"), on, sent.one("words"), taken)

    return done(request, database, staff, case_id, Kept(f"leg-{leg_id}", sent), do, f"#leg-{leg_id}")


@router.post("/cases/{case_id}/legs/{leg_id}/nda")
def set_nda(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, leg_id: str, sent: Posted
) -> Response:
    """Where the secrecy agreement of one leg stands."""

    def do(session: Session) -> object:
        _leg_of(session, staff, case_id, leg_id)
        state = sent.one("nda")
        if state not in set(NdaState):
            raise NotFound
        return legs.set_nda(session, By(staff, Party.COORDINATOR), leg_id, NdaState(state))

    return done(request, database, staff, case_id, Kept(f"nda-{leg_id}", sent), do, f"#leg-{leg_id}")


@router.post("/cases/{case_id}/legs/{leg_id}/order-items")
def tick_order(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, leg_id: str, sent: Posted
) -> Response:
    """What the written order of one leg names."""

    def do(session: Session) -> object:
        _leg_of(session, staff, case_id, leg_id)
        by = By(staff, Party.COORDINATOR, sent.heard)
        return order_items.tick(session, by, leg_id, sent.all("items"), read_date(sent.one("on"), "on"))

    return done(request, database, staff, case_id, Kept(f"order-{leg_id}", sent), do, f"#leg-{leg_id}")


@router.post("/cases/{case_id}/offers/{offer_id}/answer")
def answer(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, offer_id: str, sent: Posted
) -> Response:
    """What a firm said on the telephone or by FAX; what is only for the desk goes into the history of the case."""

    def do(session: Session) -> object:
        _offer_of(session, staff, case_id, offer_id)
        memo = rules.check_words(sent.one("memo"), "memo")
        offer = actions.answer(session, staff, offer_id, read_reply(sent), sent.heard, sent.seen)
        if memo:
            actions.remark(session, By(staff, Party.COORDINATOR, sent.heard), case_id, memo, offer.leg_id)
        return offer

    return done(request, database, staff, case_id, Kept(f"answer-{offer_id}", sent), do, f"#offer-{offer_id}")


@router.post("/cases/{case_id}/offers/{offer_id}/link")
def change_link(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, offer_id: str, sent: Posted
) -> Response:
    """A new link for a firm, where the old one came into wrong hands. The same press twice has one effect."""

    def do(session: Session) -> object:
        case = open_for(session, staff, case_id)
        firm_id = _offer_of(session, staff, case_id, offer_id).firm_id
        if pressed_twice(session, case, staff, "change link", sent.seen, firm_id):
            return case
        check_seen(case, sent.seen)
        return service.change_link(session, By(staff, Party.COORDINATOR), case_id, offer_id)

    return done(request, database, staff, case_id, Kept(f"link-{offer_id}", sent), do, f"#offer-{offer_id}")


@router.post("/cases/{case_id}/offers/{offer_id}/act")
def act(
    request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, offer_id: str, sent: Posted
) -> Response:
    """Any other press beside an offer."""
    action = sent.one("action")

    def do(session: Session) -> object:
        _offer_of(session, staff, case_id, offer_id)
        told = {"feedback": sent.one("feedback"), "said": sent.one("words")}
        return actions.act(session, staff, offer_id, action, sent.heard, sent.seen, **told)

    kept = Kept(f"{action}-{offer_id}", sent)
    return done(request, database, staff, case_id, kept, do, f"#offer-{offer_id}")


@router.post("/cases/{case_id}/let-go")
def let_go(request: Request, database: OpenDatabase, staff: Staff, case_id: CaseId, sent: Posted) -> Response:
    """One press for all firms that still wait where others were agreed on."""

    def do(session: Session) -> object:
        return actions.let_go(session, staff, case_id, sent.all("offers"), sent.one("feedback"), sent.one("words"))

    return done(request, database, staff, case_id, Kept("let-go", sent), do)


def done(
    request: Request, database: Database, staff: User, case_id: int, kept: Kept, do: Doing, place: str = ""
) -> Response:
    """Carry a press out and show the case; a refusal leaves nothing behind but what was typed, on the same page."""
    try:
        with database.writing() as session:
            do(session)
    except (Invalid, Refused) as refusal:
        said = Kept(kept.form, kept.sent, refusal.message, refusal.fields, refusal.status)
        with database.reading() as session:
            return _page(request, session, staff, case_id, said)
    return redirect(request, f"/cases/{case_id}{place}")


def _page(request: Request, session: Session, staff: User, case_id: int, said: Kept) -> Response:
    case = open_for(session, staff, case_id)
    view = case_view.case_view(session, staff, case)
    return render(
        request,
        "introductions/case.html",
        status=said.status,
        view=view,
        untold=change_view.untold(session, staff, case, view.kept),
        case=case,
        actor_party=Party.COORDINATOR,
        said=said,
        reasons=reasons,
        words=case_view,
        heard=case_view.choices(case_view.HEARD_BY),
        site=settings_of(request).base_url,
    )


def _leg_of(session: Session, staff: User, case_id: int, leg_id: str) -> None:
    leg = queries.leg_for(session, staff, leg_id)
    if leg is None or leg.case_id != case_id:
        raise NotFound


def _offer_of(session: Session, staff: User, case_id: int, offer_id: str) -> Offer:
    offer = queries.offer_for(session, staff, offer_id)
    if offer is None or offer.case_id != case_id:
        raise NotFound
    return offer
