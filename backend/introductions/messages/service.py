"""Writing to the people of a case: each message has its readers, and no firm ever reads what concerns another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.core.texts import printable
from backend.introductions import queries
from backend.introductions.legs.offers import is_disclosed
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages.models import Audience, CaseMessage
from backend.introductions.models import Case, Offer
from backend.introductions.states import Party
from backend.introductions.trail import By, held, tell

LONGEST = 4000


@dataclass(frozen=True)
class To:
    """Who reads a message. `firm_id` names the one firm it is for or about."""

    audience: Audience
    firm_id: str | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.audience.value}:{self.firm_id}" if self.firm_id else self.audience.value


def addressees(by: By, offers: Sequence[Offer]) -> list[To]:
    """To whom this side may write: the desk always; the other side once both were introduced."""
    known = list(dict.fromkeys(offer.firm_id for offer in offers if is_disclosed(offer)))
    both = [To(Audience.BOTH, firm_id) for firm_id in known]
    if by.party is Party.CLIENT:
        return [To(Audience.CLIENT), *both]
    if by.party is Party.FIRM:
        return [To(Audience.FIRM, by.firm_id), *(to for to in both if to.firm_id == by.firm_id)]
    asked = dict.fromkeys(offer.firm_id for offer in offers)
    firms = [To(Audience.FIRM, firm_id) for firm_id in asked]
    return [To(Audience.CLIENT), *both, *firms, To(Audience.COORDINATORS)]


def write(session: Session, by: By, case: Case, to_key: str, body: str, form_id: str | None = None) -> CaseMessage:
    """Keep a message and tell its readers. The same form sent twice stands there once.

    That the case is theirs to write in is the caller's affair: it was opened by a person, a token or a link.

    Raises:
        NotFound: nobody this side may write to. Invalid: nothing is written, or too much.
    """
    case_id = case.id or 0
    case = held(session, case_id)
    there = message_queries.message_of_form(session, form_id) if form_id else None
    if there is not None:
        if (there.case_id, there.party, there.author_id) != (case_id, by.party, by.actor_id):
            raise NotFound
        return there
    offers = queries.offers_of(session, case_id)
    to = next((one for one in addressees(by, offers) if one.key == to_key), None)
    if to is None:
        raise NotFound
    message = CaseMessage(
        case_id=case_id,
        firm_id=to.firm_id,
        audience=to.audience,
        party=by.party,
        author_id=by.actor_id,
        channel=by.channel,
        body=_checked(body),
        form_id=form_id,
    )
    if by.party is Party.COORDINATOR:
        case.answered_at = case.answered_at or clock.now()
        session.add(case)
    session.add(message)
    session.flush()
    _tell(session, by, case, to, message, offers)
    return message


def _checked(body: str) -> str:
    text = printable(body).strip()
    if not text:
        message = _("伝えたいことを書いてください。")
        raise Invalid(message, {"body": message})
    if len(text) > LONGEST:
        message = _("%(limit)s字までで書いてください(いま%(count)s字)。", limit=LONGEST, count=len(text))
        raise Invalid(message, {"body": message})
    return text


def _tell(session: Session, by: By, case: Case, to: To, message: CaseMessage, offers: Sequence[Offer]) -> None:
    """A mail and a notice to everybody who reads it, but not to the side that wrote it."""
    offer = next((offer for offer in offers if offer.firm_id == to.firm_id), None)
    readers = {
        Audience.CLIENT: {Party.CLIENT, Party.COORDINATOR},
        Audience.FIRM: {Party.FIRM, Party.COORDINATOR},
        Audience.BOTH: {Party.CLIENT, Party.FIRM, Party.COORDINATOR},
        Audience.COORDINATORS: {Party.COORDINATOR},
    }[to.audience] - {by.party}
    for party in sorted(readers):
        tell(session, case, "message", party, offer if party is Party.FIRM else None, message_id=message.id)
