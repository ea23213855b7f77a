"""How a firm comes to what it was asked: by the signed link of one case, or signed in. Both lead to the same page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.accounts.models import Role, User
from backend.core.errors import NotFound
from backend.core.i18n import gettext as _
from backend.firms.models import Firm
from backend.introductions import queries
from backend.introductions.doors import links
from backend.introductions.keys import CaseKey
from backend.introductions.legs.offers import is_disclosed
from backend.introductions.models import Case, Offer
from backend.introductions.states import Channel, Party
from backend.introductions.trail import By


class NoSuchLink(NotFound):
    """Forged, past its day, replaced by a newer one, or nothing is asked behind it any more."""

    def __init__(self) -> None:
        super().__init__(_("このリンクは使えません。"))


@dataclass(frozen=True)
class Door:
    """One firm before one case: where its page lies, and what it was asked, in the order of the work."""

    base: str
    firm: Firm
    case: Case
    offers: Sequence[Offer]
    by: By

    @property
    def is_known(self) -> bool:
        """Whether this firm and the client know of each other."""
        return any(is_disclosed(offer) for offer in self.offers)

    @property
    def key(self) -> CaseKey:
        """What this firm may open, whichever way it came."""
        return CaseKey(self.offers[0].case_id, self.firm.id)

    def offer(self, offer_id: str) -> Offer:
        """One of those the firm was asked in this case; anything else is not there."""
        found = next((offer for offer in self.offers if offer.id == offer_id), None)
        if found is None:
            raise NotFound
        return found


# Opens the door inside a transaction, so that what is done there rests on a right that was just looked at.
Opening = Callable[[Session], Door]


def by_link(secret: str, token: str, today: date) -> Opening:
    """For whoever has the link of the firm. It holds until its day, and while no newer number was given out."""

    def opened(session: Session) -> Door:
        link = links.read(secret, token)
        if link is None or link.last_day < today:
            raise NoSuchLink
        offers = queries.offers_to(session, link.case_id, link.firm_id)
        if not offers or link.number != link_number(offers):
            raise NoSuchLink
        by = By(None, Party.FIRM, Channel.LINK, CaseKey(link.case_id, link.firm_id))
        return _door(session, f"/o/{token}", offers, by)

    return opened


def by_sign_in(user: User, offer_id: str) -> Opening:
    """For the people of the firm, who find it in their list."""

    def opened(session: Session) -> Door:
        offer = queries.offer_for(session, user, offer_id) if user.role is Role.WORKSHOP else None
        if offer is None:
            raise NotFound
        offers = queries.offers_to(session, offer.case_id, offer.firm_id)
        return _door(session, f"/offers/{offer_id}", offers, By(user, Party.FIRM, Channel.WEB))

    return opened


def link_number(offers: Sequence[Offer]) -> int:
    """The number that a link of this firm in this case must have."""
    return max(offer.link_number for offer in offers)


def link_to(secret: str, offers: Sequence[Offer], today: date) -> str:
    """The address under this site at which the firm of these offers answers them."""
    first = offers[0]
    return f"/o/{links.make(secret, first.case_id, first.firm_id, link_number(offers), today)}"


def _door(session: Session, base: str, offers: Sequence[Offer], by: By) -> Door:
    case = session.get(Case, offers[0].case_id)
    firm = queries.firms_by_id(session, [offers[0].firm_id]).get(offers[0].firm_id)
    if case is None or firm is None or firm.deleted_at is not None:
        raise NoSuchLink
    return Door(base, firm, case, offers, by)
