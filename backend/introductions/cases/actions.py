"""What a coordinator does from the page of a case, where it takes more than one call of the services below."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules, service, tables
from backend.introductions.cases import rules as case_rules
from backend.introductions.changes import service as changes
from backend.introductions.legs import candidates, offers, summary, team
from backend.introductions.legs import service as legs
from backend.introductions.legs.offers import Question, Reply
from backend.introductions.legs.service import LegSpec
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.states import Channel, OfferState, Party
from backend.introductions.trail import By, check_seen, held_for, open_for
from backend.matches import words
from backend.requests.models import PartRequest
from backend.teams import plans, steps

MOST_ASKED = 12
WHOLE, ROUTE, TEAM = "whole", "route", "team"


def specs_of(session: Session, actor: User, request: PartRequest, kind: str) -> list[LegSpec]:
    """The legs of a request: the whole job as one, the steps of its route, or those of the team decided on."""
    worked = steps.work_on(session, actor, request.token)
    found = steps.steps_of(worked)
    if kind == WHOLE or not found:
        names = words.process_names(step.process_id for step in found)
        return [LegSpec("", (names or _("全部まとめて"))[:80], found[0].process_id if len(found) == 1 else "")]
    plan = plans.decided(session, request.id or 0) if kind == TEAM else None
    planned = steps.steps_of_team(session, worked, plan) if plan else found
    return [LegSpec(s.key, s.title, s.process_id, s.hours, s.start, s.finish, s.orderer_firm_id) for s in planned]


def split(session: Session, by: By, case_id: int, kind: str, seen: int | None) -> Sequence[CaseLeg]:
    """Make the legs anew. The same press twice has one effect.

    Raises:
        Refused: a firm is at work on a leg that would go, or the case changed meanwhile.
    """
    actor = _actor(by)
    shown = open_for(session, actor, case_id)
    request = queries.request_of(session, shown)
    plan = plans.decided(session, request.id or 0) if kind == TEAM else None
    specs = specs_of(session, actor, request, kind)
    before = queries.legs_of(session, case_id)
    same = [(leg.step_key, leg.title) for leg in before] == [(one.step_key, one.title) for one in specs]
    if same and shown.plan_id == (plan.id if plan else None):
        return before
    case = held_for(session, actor, case_id, seen)
    made = legs.set_legs(session, by, case_id, specs)
    case.plan_id, case.lead_firm_id = (plan.id, plan.lead_firm_id) if plan else (None, None)
    session.add(case)
    session.flush()
    return made


def ask(
    session: Session,
    by: By,
    leg_id: str,
    firm_ids: Sequence[str],
    lines: Sequence[tuple[str, str]],
    reply_by: datetime | None,
    seen: int | None,
) -> Sequence[Offer]:
    """Ask these firms for a leg. Firms that were asked before are left as they are: twice is as once.

    Raises:
        Invalid: nobody was chosen, the summary says who asks, or the day is past. Refused: the leg is past asking.
    """
    leg = _leg(session, by, leg_id)
    case = open_for(session, _actor(by), leg.case_id)
    wanted = list(dict.fromkeys(firm_ids))[:MOST_ASKED]
    known = queries.firms_by_id(session, wanted)
    if not wanted or not all(id_ in known and known[id_].deleted_at is None for id_ in wanted):
        message = _("打診する工場を選んでください。")
        raise Invalid(message, {"firms": message})
    summary.check(lines, candidates.secrets_of(session, queries.request_of(session, case)))
    asked = {offer.firm_id for offer in queries.offers_of(session, leg.case_id) if offer.leg_id == leg_id}
    if asked >= set(wanted):
        return []
    check_seen(case, seen)
    return offers.ask(session, by, leg_id, [Question(id_, lines) for id_ in wanted], reply_by)


def answer(session: Session, actor: User, offer_id: str, reply: Reply, channel: Channel, seen: int | None) -> Offer:
    """Write down what a firm said. It is marked with how it reached us."""
    offer = _offer(session, actor, offer_id)
    target = next((m.target for m in tables.OFFER_MOVES if m.action == reply.action), None)
    if not (offer.answered_by == actor.id and offer.state is target):
        held_for(session, actor, offer.case_id, seen)
    return offers.answer(session, By(actor, Party.FIRM, channel), offer.id, reply)


def remark(session: Session, by: By, case_id: int, words: str, leg_id: str | None) -> CaseEvent:
    """One line for the desk. The same line sent twice stands there once."""
    newest = queries.newest_event(session, case_id)
    if newest and (newest.action, newest.actor_id, newest.words) == ("remark", by.actor_id, words.strip()):
        return newest
    return service.remark(session, by, case_id, words, leg_id)


def act(
    session: Session,
    actor: User,
    offer_id: str,
    action: str,
    channel: Channel,
    seen: int | None,
    *,
    feedback: str = "",
    said: str = "",
) -> Offer:
    """Any other press beside an offer."""
    offer = _offer(session, actor, offer_id)
    move = tables.OFFER_BY_ACTION.get(action)
    if move is None or action in case_rules.ANSWERS or action == "introduce_firm":
        raise NotFound
    if offer.state is move.target:
        return offer
    if action in rules.LEAVING:
        # Firms are locked before cases, so this one is only compared here; the service below locks.
        check_seen(open_for(session, actor, offer.case_id), seen)
    else:
        held_for(session, actor, offer.case_id, seen)
    by = By(actor, case_rules.party_saying(action), channel)
    if action == "win":
        return offers.win(session, by, offer.id)
    if action == "ask_again" and changes.is_outdated(session, offer):
        _show_as_it_is(session, by, offer)
    return offers.act(session, by, offer.id, action, feedback=feedback, words=said)


def waiting_to_hear(case: Case, made: Sequence[Offer]) -> list[Offer]:
    """The firms still waiting for a leg that has one both sides want."""
    legs: dict[str, list[OfferState]] = {}
    for offer in made:
        legs.setdefault(offer.leg_id, []).append(offer.state)
    found = case_rules.to_let_go(case.state, legs)
    return [offer for offer in made if offer.leg_id in found and offer.state in tables.UNTOLD]


def let_go(session: Session, actor: User, case_id: int, offer_ids: Sequence[str], feedback: str, said: str) -> Case:
    """Tell these firms that others do the work, all with one reason. Whoever has heard before is left as it is.

    Raises:
        Invalid: nobody was chosen, or the reason is missing.
    """
    case = held_for(session, actor, case_id)
    told = [offer for offer in waiting_to_hear(case, queries.offers_of(session, case_id)) if offer.id in offer_ids]
    if not offer_ids:
        message = _("見送りを伝える工場を選んでください。")
        raise Invalid(message, {"offers": message})
    for offer in told:
        by = By(actor, Party.COORDINATOR)
        offers.act(session, by, offer.id, "pass_over", feedback=feedback, words=said)
    return case


def _show_as_it_is(session: Session, by: By, offer: Offer) -> None:
    """Whoever is asked once more reads what the job is now: what others of the leg read, else what was read anew."""
    case, leg = queries.case_of_offer(session, offer), queries.leg_of(session, offer)
    request = queries.request_of(session, case)
    others = [one for one in queries.offers_of(session, offer.case_id) if one.leg_id == leg.id and one.id != offer.id]
    told = [one.summary for one in others if not changes.is_outdated(session, one)]
    lines = (
        [(label, words) for label, words in told[-1]]
        if told
        else candidates.sent_before(candidates.lines(session, _actor(by), leg, request), offer.summary)
    )
    summary.check(lines, candidates.secrets_of(session, request))
    changes.show_anew(session, case, by, offer, lines)


def move(session: Session, by: By, case_id: int, action: str, reason: str, said: str, seen: int | None) -> Case:
    """A move of the case itself; introducing is one of the presses too."""
    if action != "introduce":
        return service.move(session, by, case_id, action, reason=reason, words=said, seen=seen)
    case = open_for(session, _actor(by), case_id)
    again = not offers.waiting_for_introduction(session, case_id)
    if again and case.state is tables.BY_ACTION["introduce"].target:
        return case
    return offers.introduce(session, by, case_id, seen)


def move_leg(
    session: Session,
    by: By,
    leg_id: str,
    action: str,
    on: date | None,
    said: str,
    hours_by_day: Mapping[date, float] | None = None,
) -> CaseLeg:
    """How the work on a leg goes on. The work of another case is not there.

    An order may book hours of the firm. Those of a decided team were booked when it was decided on.
    """
    leg = _leg(session, by, leg_id)
    case = session.get(Case, leg.case_id)
    if hours_by_day and case is not None and team.has_hours(case, leg):
        message = _("決めたチームの時間は、決めたときに押さえてあります。時間は空けたままにしてください。")
        raise Invalid(message, {"hours": message})
    if on is not None and on > clock.today():
        message = _("まだ来ていない日です。済んだ日を書いてください。")
        raise Invalid(message, {"on": message})
    return legs.move_leg(session, by, leg_id, action, on=on, words=said, hours_by_day=hours_by_day)


def waiting(case: Case, leg: CaseLeg, made: Sequence[Offer]) -> bool:
    """Whether somebody can still be asked for this leg."""
    return (
        case.state in tables.BY_ACTION["ask"].sources
        and leg.firm_id is None
        and not any(offer.state in tables.AGREED_ON for offer in made)
    )


def is_silent(offer: Offer, now: datetime) -> bool:
    """Whether a firm has let its day pass."""
    return offer.state is OfferState.SILENT or (offer.state is OfferState.ASKED and offer.reply_by < now)


def _actor(by: By) -> User:
    if by.actor is None or not by.actor.is_staff:
        raise NotFound
    return by.actor


def _leg(session: Session, by: By, leg_id: str) -> CaseLeg:
    leg = queries.leg_for(session, _actor(by), leg_id)
    if leg is None:
        raise NotFound
    return leg


def _offer(session: Session, actor: User, offer_id: str) -> Offer:
    offer = queries.offer_for(session, actor, offer_id)
    if offer is None or not actor.is_staff:
        raise NotFound
    return offer
