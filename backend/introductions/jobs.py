"""What happens in a case by itself: mails, reminders, escalation, and what silence leads to."""

from datetime import timedelta

from sqlmodel import Session

from backend.core import clock
from backend.core.jobs import Work, enqueue, every, job
from backend.introductions import letters, queries, rules, tables
from backend.introductions.legs import offers
from backend.introductions.models import Case, Offer
from backend.introductions.states import Party
from backend.introductions.trail import TELL, TIME, case_id_of, go, held, note, tell, touch

WATCH, LAPSE, WATCH_CASE = "introductions.watch", "introductions.lapse", "introductions.watch-case"
# Reminders of an offer go out so many working days before its reply is due.
BEFORE_REPLY = 1


@job(TELL)
def write_mails(work: Work) -> None:
    """Write the mails of one event; the outbox sends them."""
    payload = work.payload
    letters.write(
        work.session,
        work.settings.secret_key.get_secret_value(),
        payload["event"],
        payload["case_id"],
        Party(payload["party"]),
        payload["offer_id"],
        work.key,
    )


@job(WATCH)
def watch(work: Work) -> None:
    """Look for everything whose moment has come; each is then one job, so that one failure holds up nothing else."""
    now = clock.now()
    for offer in queries.overdue_offers(work.session, now):
        enqueue(work.session, LAPSE, {"offer_id": offer.id}, f"{LAPSE}:{offer.id}:{offer.reply_by.isoformat()}")
    for offer in queries.offers_due_by(work.session, rules.after_working_days(now, BEFORE_REPLY + 1)):
        if rules.is_within(offer.reply_by, BEFORE_REPLY, now):
            _remind(work.session, offer)
    for case in queries.cases_waiting(work.session, tables.RUNNING):
        if _what_is_due(case) is not None:
            key = f"{WATCH_CASE}:{case.id}:{case.entered_at.isoformat()}:{_what_is_due(case)}"
            enqueue(work.session, WATCH_CASE, {"case_id": case.id}, key)


def _remind(session: Session, offer: Offer) -> None:
    offer.reminded_at = clock.now()
    session.add(offer)
    payload = {"event": "offer-reminder", "case_id": offer.case_id, "party": Party.FIRM.value, "offer_id": offer.id}
    enqueue(session, TELL, payload, f"{TELL}:offer-reminder:{offer.id}:{offer.reply_by.isoformat()}")


@job(LAPSE)
def lapse_offer(work: Work) -> None:
    offers.lapse(work.session, work.payload["offer_id"])


@job(WATCH_CASE)
def watch_case(work: Work) -> None:
    """Remind, escalate, or let silence have its effect, whichever is due in this case."""
    case = held(work.session, work.payload["case_id"])
    due = _what_is_due(case)
    if due == "lapse":
        _lapse(work.session, case)
    elif due == "escalate":
        case.escalated_at = clock.now()
        touch(work.session, case)
        note(work.session, case, TIME, "escalated")
        tell(work.session, case, "case-escalated", Party.SYSTEM)
    elif due == "remind":
        case.reminded_at = clock.now()
        touch(work.session, case)
        note(work.session, case, TIME, "reminded")
        owner = tables.STATES[case.state].owner
        tell(work.session, case, "case-reminder", owner if owner is Party.CLIENT else Party.COORDINATOR)


def _lapse(session: Session, case: Case) -> None:
    """What silence leads to. Where a firm works on an order the silence of others ends nothing."""
    action = tables.STATES[case.state].lapse
    if action == "close":
        go(session, case, rules.check_move(action, case.state, Party.SYSTEM), TIME)
    elif not offers.has_orders(session, case_id_of(case)):
        go(session, case, rules.check_move(action, case.state, Party.SYSTEM), TIME)
        offers.end_all(session, case)


def _what_is_due(case: Case) -> str | None:
    """What has come to be done about this case: the furthest of lapse, escalate and remind."""
    rule, now = tables.STATES[case.state], clock.now()
    if case.due_at is None:
        return None
    if rule.lapse and now >= rules.after_working_days(case.due_at, rule.lapse_days):
        return "lapse"
    late = rules.after_working_days(case.due_at, rule.escalate or 0)
    if rule.escalate is not None and case.escalated_at is None and now >= late:
        return "escalate"
    if rule.remind is not None and case.reminded_at is None and rules.is_within(case.due_at, rule.remind, now):
        return "remind"
    return None


every(WATCH, timedelta(minutes=15))
