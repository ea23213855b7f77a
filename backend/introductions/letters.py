"""The mails of a case: who gets one, and the facts that its words need. The words stand in templates/emails."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from backend.accounts import reach_queries as accounts
from backend.accounts.models import User
from backend.capacity import queries as capacity
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import mark, speaking, term
from backend.core.mail import declare, send_mail
from backend.core.texts import digest_of_address
from backend.firms.models import Firm
from backend.introductions import people, queries, tables
from backend.introductions.changes import queries as change_queries
from backend.introductions.changes import wording as change_wording
from backend.introductions.changes.differences import changed_lines
from backend.introductions.doors import links
from backend.introductions.firm.view import contact_of
from backend.introductions.legs.summary import labelled
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.reasons import FEEDBACK
from backend.introductions.states import Party
from backend.introductions.wording import moment_words
from backend.requests.models import PartRequest

OTHER_CHOSEN = FEEDBACK["other"]
# By these moves a firm hears that it does not do the work.
WORK_IS_OFF = frozenset({"pass_over", "call_off"})
# Each event, with what people unsubscribe from where the mail is not essential.
MAILS = {
    "case-taken": "",
    "case-answers": "",
    "case-introduced": "",
    "case-ordered": "",
    "case-delivered": "",
    "case-undelivered": "",
    "case-ended": "",
    "case-withdrawn": "",
    "case-changed": "",
    "case-address": "",
    "work-changed": "",
    "order-unbooked": "",
    "case-reminder": mark("お返事のお願い"),
    "case-escalated": "",
    "offer": mark("仕事のおたずね"),
    "offer-changed": "",
    "offer-link": "",
    "offer-reminder": mark("仕事のお返事のお願い"),
    "offer-answered": mark("工場の返事のお知らせ"),
    "offer-cancelled": "",
    "offer-agreed": "",
    "offer-not-chosen": "",
    "offer-dropped": "",
    "message": mark("連絡が届いたお知らせ"),
}
for _event, _optional in MAILS.items():
    # A mail to a firm carries the link that opens its offer, so its words are forgotten once it is sent.
    declare(_event, optional=_optional, secret=True)


@dataclass(frozen=True)
class Recipient:
    """Who gets the mail, and the page it leads to. `firm_id` is empty for the client and for coordinators."""

    email: str
    name: str
    lang: str
    path: str
    firm_id: str = ""


@dataclass(frozen=True)
class Affair:
    """What a mail is about, read once."""

    case: Case
    request: PartRequest
    offer: Offer | None
    leg: CaseLeg | None
    firms: dict[str, Firm]
    offers: tuple[Offer, ...]


def write(session: Session, secret: str, event: str, case_id: int, party: Party, offer_id: str | None, key: str) -> int:
    """Write the mails of one event to one party; how many. Nobody to write to is no error: the desk shows the case."""
    affair = _affair(session, case_id, offer_id)
    if affair is None:
        return 0
    sent = 0
    for recipient in recipients(session, secret, affair, party):
        with speaking(recipient.lang):
            words = _words(session, event, affair, recipient)
        told = f"{key}:{digest_of_address(recipient.email)}"
        mail = send_mail(session, event, recipient.email, recipient.lang, words, told)
        sent += mail is not None
    return sent


def _affair(session: Session, case_id: int, offer_id: str | None) -> Affair | None:
    case = session.get(Case, case_id)
    if case is None:
        return None
    offers = tuple(queries.offers_of(session, case_id))
    offer = next((one for one in offers if one.id == offer_id), None)
    if offer_id and offer is None:
        # Its leg was taken away meanwhile. Without this the mail would go to every firm that knows the client.
        return None
    leg = next((leg for leg in queries.legs_of(session, case_id) if offer and leg.id == offer.leg_id), None)
    firms = queries.firms_by_id(session, (one.firm_id for one in offers))
    return Affair(case, queries.request_of(session, case), offer, leg, firms, offers)


def recipients(session: Session, secret: str, affair: Affair, party: Party) -> list[Recipient]:
    """Everybody of the party who has an address. Nobody but time itself writes to the supervisors."""
    if party is Party.CLIENT:
        return _client(session, affair)
    if party is Party.FIRM:
        return [one for firm_id in _firms_told(affair) for one in _firm(session, secret, affair, firm_id)]
    if party is Party.SYSTEM:
        return supervisors(session, affair)
    return [_desk(user, affair) for user in people.at_desk(session, affair.case)]


def supervisors(session: Session, affair: Affair) -> list[Recipient]:
    """Who hears of a case that stands still: the heads of the bodies that look after its ward."""
    return [_desk(user, affair) for user in accounts.supervisors_of_ward(session, affair.request.ward)]


def _client(session: Session, affair: Affair) -> list[Recipient]:
    request, path = affair.request, f"/requests/{affair.request.token}"
    owner = session.get(User, request.owner_id) if request.owner_id else None
    mail = people.client_mail(request, owner)
    own = owner.name if owner is not None and not request.contact_email else ""
    return [Recipient(mail, own or request.contact_name or _("ご相談の方"), request.lang, path)] if mail else []


def _firms_told(affair: Affair) -> Iterable[str]:
    """The firm of the offer; for the whole case every firm that knows its client."""
    if affair.offer is not None:
        return [affair.offer.firm_id]
    return dict.fromkeys(offer.firm_id for offer in affair.offers if offer.state in tables.DISCLOSED)


def _firm(session: Session, secret: str, affair: Affair, firm_id: str) -> list[Recipient]:
    """A firm at the address it gave for its capacity, else its people who sign in."""
    firm, contact = affair.firms[firm_id], capacity.contact(session, firm_id)
    if firm.deleted_at is not None:
        return []
    path = f"/o/{_link(secret, affair, firm_id)}"
    if contact is not None and contact.email:
        return [Recipient(contact.email, firm.name, contact.lang, path, firm_id)]
    people = accounts.people_of_firm(session, firm_id)
    return [Recipient(user.email, firm.name, "ja", path, firm_id) for user in people]


def _link(secret: str, affair: Affair, firm_id: str) -> str:
    number = max(offer.link_number for offer in affair.offers if offer.firm_id == firm_id)
    return links.make(secret, affair.case.id or 0, firm_id, number, clock.today())


def _desk(user: User, affair: Affair) -> Recipient:
    return Recipient(user.email, user.name, "ja", f"/cases/{affair.case.id}")


def _words(session: Session, event: str, affair: Affair, to: Recipient) -> dict[str, object]:
    case, offer, leg = affair.case, affair.offer, affair.leg
    owner = people.living_owner(session, case)
    state = tables.STATES[case.state]
    return {
        "name": to.name,
        "number": affair.request.number,
        # The title may hold what the client wrote; a firm that is only asked reads the summary instead.
        "title": case.title if not to.firm_id or _knows_client(affair, to.firm_id) else _("おたずねした仕事"),
        "desk": _("コーディネーター"),
        "owner": owner.name if owner else _("まだ決まっていません"),
        "state": _(state.label_for_client) if to.path.startswith("/requests/") else _(state.label),
        "due": day_words(offer.reply_by if offer else case.due_at),
        "path": to.path,
        "firm": affair.firms[offer.firm_id].name if offer else "",
        "leg": leg.title if leg else "",
        "answer": _(tables.OFFER_LABELS[offer.state]) if offer else "",
        "feedback": _feedback(offer),
        "facts": _facts(session, event, affair, to),
        "changed": _changed(session, event, affair),
    }


def _facts(session: Session, event: str, affair: Affair, to: Recipient) -> list[tuple[str, str]]:
    """What an offer shows; at an introduction, who the others are; at a withdrawal, whom the desk has to call."""
    if event == "case-withdrawn":
        return _to_call(session, affair)
    if affair.offer is not None and event != "case-introduced":
        return labelled(affair.offer.summary)
    if to.firm_id and _knows_client(affair, to.firm_id):
        told = contact_of(session, affair.case)
        names = (told.organisation, told.name, told.email, told.phone)
        return [(_("依頼者"), " ".join(name for name in names if name))]
    if to.firm_id:
        return []
    known = dict.fromkeys(offer.firm_id for offer in affair.offers if offer.state in tables.DISCLOSED)
    return [(_("工場"), f"{affair.firms[id_].name} ({term(affair.firms[id_].ward)})") for id_ in known]


def _to_call(session: Session, affair: Affair) -> list[tuple[str, str]]:
    """Whoever heard at the end of the case that its work is off, where no mail reaches it."""
    since = affair.case.closed_at
    told = [
        event.firm_id
        for event in queries.events_of(session, affair.case.id or 0)
        if event.firm_id and event.action in WORK_IS_OFF and since is not None and event.at >= since
    ]
    mails = people.mail_addresses(session, told)
    firms = (affair.firms[id_] for id_ in dict.fromkeys(reversed(told)) if id_ not in mails and id_ in affair.firms)
    return [(_("電話かFAXで知らせる工場"), f"{firm.name} {firm.phone}".strip()) for firm in firms]


def _changed(session: Session, event: str, affair: Affair) -> list[tuple[str, str]]:
    """What is different now: of the summary for a firm that is only asked, of the request for who knows its client."""
    offer = affair.offer
    if event == "offer-changed" and offer is not None and offer.shown_before:
        return change_wording.arrows(changed_lines(offer.shown_before[-1]["summary"], offer.summary))
    if event in {"case-changed", "work-changed"}:
        newest = change_queries.newest(session, affair.case.id or 0)
        return change_wording.arrows(newest.lines) if newest else []
    return []


def _knows_client(affair: Affair, firm_id: str) -> bool:
    return any(offer.firm_id == firm_id and offer.state in tables.DISCLOSED for offer in affair.offers)


def _feedback(offer: Offer | None) -> str:
    if offer is None:
        return ""
    listed = _(FEEDBACK.get(offer.feedback, OTHER_CHOSEN))
    return f"{listed} {offer.feedback_words}".strip()


def day_words(moment: datetime | None) -> str:
    """A day and hour as a mail says it."""
    return moment_words(moment) if moment else _("決まった日")
