"""A client says something else while firms are asked: the desk hears of it, and the firms hear of it from the desk.

Firms that know their client hear of it at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.core.i18n import speaking
from backend.introductions import notices, queries, rules, tables
from backend.introductions.changes import differences, wording
from backend.introductions.changes import queries as change_queries
from backend.introductions.changes.models import CaseChange
from backend.introductions.legs.following import follow
from backend.introductions.legs.offers import said_before, says, set_state
from backend.introductions.models import Case, Offer
from backend.introductions.states import OfferState, Party
from backend.introductions.trail import By, Said, case_id_of, check_seen, held, note, open_for, tell, touch
from backend.requests.forms import Wording
from backend.requests.models import PartRequest

# Somebody who corrects one thing after the other is not reported each time.
AGAIN = timedelta(hours=1)
Lines = Sequence[tuple[str, str]]
YES: Mapping[OfferState, str] = {OfferState.WILLING: "raise_hand", OfferState.CONDITIONAL: "conditional"}


def record(session: Session, request: PartRequest, before: Wording, actor: User | None) -> CaseChange | None:
    """Note in the case of a request what it says now; tell its coordinator, and the firms that know the client."""
    found = queries.case_of_request(session, request.id or 0)
    if found is None:
        return None
    case = held(session, case_id_of(found))
    desk = actor is not None and actor.is_staff
    # A program is no person of ours: then there is nobody to name.
    program = actor is not None and queries.user_by_id(session, actor.id) is None
    by = By(actor, Party.COORDINATOR if desk else Party.CLIENT, program=program)
    change, heard_at = _change(session, case, by, before)
    said = differences.between(before, _now(request))
    whole = said if heard_at is None else differences.between(_wording(change.before), _now(request))
    change.lines = [list(line) for line in whole]
    change.at = clock.now()
    if not change.lines:
        # Everything is as it was before: there is nothing to tell any more.
        change.settled_at = change.settled_at or change.at
    session.add(change)
    touch(session, case)
    with speaking("ja"):
        words = wording.told(said)[: rules.LONGEST_WORDS]
    note(session, case, by, "changed", said=Said(words=words))
    if change.lines and case.state not in tables.ENDED and (heard_at is None or change.at - heard_at > AGAIN):
        _tell(session, case, change, actor)
    return change


def _change(session: Session, case: Case, by: By, before: Wording) -> tuple[CaseChange, datetime | None]:
    """The change that is still going on, with when it last did, or a new one.

    It goes on while nothing was decided about it and nobody was shown the case in between.
    """
    newest = change_queries.newest(session, case_id_of(case))
    shown = [offer.shown_at for offer in queries.offers_of(session, case_id_of(case))]
    if newest is not None and newest.settled_at is None and not any(at > newest.at for at in shown):
        return newest, newest.at
    said = {"text": before.text, "corrections": dict(before.corrections)}
    return CaseChange(case_id=case_id_of(case), party=by.party, actor_id=by.actor_id, before=said), None


def _tell(session: Session, case: Case, change: CaseChange, actor: User | None) -> None:
    once = f"{change.id}:{change.at.isoformat()}"
    asked = firms_to_tell(session, case)
    if asked:
        tell(session, case, "case-changed", Party.COORDINATOR, once=once)
    elif case.owner_id is not None and (actor is None or actor.id != case.owner_id):
        notices.add(session, case, "case-edited", Party.COORDINATOR)
    known = [o for o in queries.offers_of(session, case_id_of(case)) if o.state in tables.DISCLOSED]
    for offer in {offer.firm_id: offer for offer in reversed(known)}.values():
        tell(session, case, "work-changed", Party.FIRM, offer, once=once)


def firms_to_tell(session: Session, case: Case) -> list[Offer]:
    """Those in the running that were last shown the case before it changed."""
    found = change_queries.open_changes(session, case_id_of(case))
    if not found or case.state in tables.ENDED:
        return []
    newest = max(change.at for change in found)
    made = queries.offers_of(session, case_id_of(case))
    return [one for one in made if one.state in tables.HEARS_BY_DESK and one.shown_at < newest]


def tell_firms(session: Session, by: By, case_id: int, lines: Mapping[str, Lines], seen: int | None) -> list[Offer]:
    """Show the firms what the job is now, leg by leg; how many hear of it. The same press twice has one effect.

    The caller has checked that the lines name nobody.

    Raises:
        NotFound: the case is not theirs. Refused: it changed meanwhile.
        Invalid: the firms would read what they have read before.
    """
    case, found = _opened(session, by, case_id, seen)
    if not found:
        return []
    newest = max(change.at for change in found)
    asked = {offer.id for offer in firms_to_tell(session, case)}
    told = []
    for offer in queries.offers_of(session, case_id):
        may_come_back = offer.state in tables.UNDECIDED and offer.shown_at < newest
        if (offer.id in asked or may_come_back) and show_anew(session, case, by, offer, lines.get(offer.leg_id, ())):
            told.append(offer)
    if not any(offer.id in asked for offer in told):
        message = _("工場に見せる内容が、前と同じです。変わったところを書き足すか、「知らせない」を選んでください。")
        raise Invalid(message, {"summary": message})
    _settle(session, by, found)
    follow(session, case)
    return told


def leave(session: Session, by: By, case_id: int, seen: int | None) -> None:
    """Decide that the firms need not hear: what changed was the wording and not the job."""
    case, found = _opened(session, by, case_id, seen)
    if found:
        _settle(session, by, found)
        touch(session, case)
        note(session, case, by, "change left")


def _opened(session: Session, by: By, case_id: int, seen: int | None) -> tuple[Case, Sequence[CaseChange]]:
    """The case, held, with what is open about it; whoever pressed before is not refused for having pressed."""
    if by.actor is None or by.party is not Party.COORDINATOR:
        raise NotFound
    open_for(session, by.actor, case_id)
    case = held(session, case_id)
    found = change_queries.open_changes(session, case_id)
    if found:
        check_seen(case, seen)
        rules.check_running(case.state)
    return case, found


def _settle(session: Session, by: By, found: Sequence[CaseChange]) -> None:
    for change in found:
        change.settled_at, change.settled_by = clock.now(), by.actor_id
        session.add(change)
    session.flush()


def show_anew(session: Session, case: Case, by: By, offer: Offer, lines: Lines) -> bool:
    """Show a firm what the job is now, and keep what it was shown; whether that is anything new. The case is held.

    Whoever is in the running hears of it, and has time once more. Who had said yes is asked to say so again; who
    had passed or was silent finds the new words when it comes back.
    """
    summary = [[label, words] for label, words in lines]
    if not summary or offer.summary == summary:
        return False
    kept = {"summary": offer.summary, "until": clock.now().isoformat(), "answer": _answer(session, offer)}
    offer.shown_before = [*offer.shown_before, kept]
    offer.summary, offer.shown_at = summary, clock.now()
    session.add(offer)
    if offer.state in tables.HEARS_BY_DESK:
        _ask_to_confirm(session, case, by, offer)
    return True


def _answer(session: Session, offer: Offer) -> str:
    """What a firm said to what it was shown last. Whoever was asked to confirm and has not is still asked for that."""
    if offer.state is OfferState.AGREED:
        return YES.get(said_before(session, offer), "raise_hand")
    return says(offer).action or answer_to_confirm(offer)


def answer_to_confirm(offer: Offer) -> str:
    """The answer that a firm gave before the job changed, and has not given again."""
    waits = offer.state in {OfferState.ASKED, OfferState.SILENT} and offer.answered_at is None
    said = str(offer.shown_before[-1]["answer"]) if waits and offer.shown_before else ""
    return said if said in YES.values() else ""


def _ask_to_confirm(session: Session, case: Case, by: By, offer: Offer) -> None:
    offer.answered_at = offer.answered_by = offer.channel = offer.agreed_at = offer.agreed_by = None
    offer.reply_by = max(offer.reply_by, rules.after_working_days(clock.now(), rules.REPLY_DAYS))
    offer.reminded_at = None
    set_state(session, case, offer, by, "ask_to_confirm")


def is_outdated(session: Session, offer: Offer) -> bool:
    """Whether the case changed since this firm was last shown it."""
    newest = change_queries.newest(session, offer.case_id)
    return newest is not None and newest.at > offer.shown_at


def _wording(kept: Mapping[str, object]) -> Wording:
    corrections = kept.get("corrections")
    return Wording(str(kept.get("text", "")), dict(corrections) if isinstance(corrections, Mapping) else {})


def _now(request: PartRequest) -> Wording:
    return Wording(request.text, request.corrections)
