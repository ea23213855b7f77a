"""The drawings of a case for each side: whose keys open what, and what a firm finds written on its copy.

A drawing is shown to an offer, that is to one firm for one leg. The key of an offer is held by its firm while it is
introduced and has agreed to secrecy where that is asked for; a firm that drops out holds nothing from that moment on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.files.handing import Stamp, stamp_for
from backend.files.listing import DocumentRow, listing
from backend.files.rules import CLIENT, DESK, Actor
from backend.introductions import queries
from backend.introductions.doors.client import ClientDoor
from backend.introductions.doors.firm import Door
from backend.introductions.legs import service as leg_rules
from backend.introductions.legs.offers import is_disclosed
from backend.introductions.models import Case, Offer
from backend.introductions.states import OfferState
from backend.introductions.trail import case_id_of

NOTHING_TYPED: Mapping[str, str] = {}


@dataclass(frozen=True)
class Refusal:
    """What was refused, and what else stood in the form."""

    error: Invalid
    typed: Mapping[str, str]


@dataclass(frozen=True)
class FilesView:
    """The drawings on a page. `log` says whether it tells who has seen them."""

    rows: Sequence[DocumentRow]
    base: str
    names: Mapping[str, str]
    receivers: tuple[str, ...]
    log: bool
    may_send: bool
    is_desk: bool
    error: Invalid | None
    typed: Mapping[str, str]
    # The sheets of the case for the desk to print: address and words.
    papers: tuple[tuple[str, str], ...] = ()


def subject_of(case_id: int) -> str:
    """The name under which the files of a case are kept."""
    return f"case:{case_id}"


def offer_key(offer: Offer) -> str:
    """One firm for one leg, as one to whom a drawing may be shown."""
    return f"offer:{offer.id}"


def desk_actor(user: User) -> Actor:
    return Actor(user.name, frozenset({DESK}), user.id)


def client_actor(door: ClientDoor) -> Actor:
    user, kept = door.by.actor, door.kept
    name = kept.contact_name or (user.name if user else "") or _("依頼者")
    return Actor(name, frozenset({CLIENT}), door.by.actor_id, None if user else f"request:{kept.id}")


def firm_actor(session: Session, door: Door) -> Actor:
    """The firm with the keys it holds at this moment."""
    legs = {leg.id: leg for leg in queries.legs_of(session, case_id_of(door.case))}
    open_now = [offer for offer in door.offers if leg_rules.may_open_drawings(legs[offer.leg_id], offer)]
    keys = frozenset(offer_key(offer) for offer in open_now)
    user = door.by.actor
    name = f"{door.firm.name} {user.name}" if user else door.firm.name
    return Actor(name, keys, door.by.actor_id, None if user else f"offer-link:{door.key.case_id}:{door.firm.id}")


def firm_stamp(session: Session, door: Door) -> Stamp:
    """What is written on every page a firm receives."""
    return stamp_for(door.firm.name, queries.request_of(session, door.case).number)


def receivers_of(session: Session, case: Case) -> dict[str, str]:
    """To whom drawings may be shown: firms that were introduced, each with its operation."""
    return {key: words for key, (words, known) in _offers(session, case).items() if known}


def _offers(session: Session, case: Case) -> dict[str, tuple[str, bool]]:
    offers = queries.offers_of(session, case_id_of(case))
    legs = {leg.id: leg.title for leg in queries.legs_of(session, case_id_of(case))}
    firms = queries.firms_by_id(session, [offer.firm_id for offer in offers])
    # A firm that was introduced once is known by name, also when it has left.
    met = [offer for offer in offers if offer.introduced_at is not None]
    return {
        offer_key(offer): (f"{firms[offer.firm_id].name}({legs[offer.leg_id]})", is_disclosed(offer)) for offer in met
    }


def view_for_desk(session: Session, user: User, case: Case, refusal: Refusal | None = None) -> FilesView:
    actor = desk_actor(user)
    view = _view(session, actor, case, f"/cases/{case.id}", may_send=True, is_desk=True, refusal=refusal)
    return replace(view, papers=_papers(session, case))


def _papers(session: Session, case: Case) -> tuple[tuple[str, str], ...]:
    offers = queries.offers_of(session, case_id_of(case))
    legs = {leg.id: leg.title for leg in queries.legs_of(session, case_id_of(case))}
    firms = queries.firms_by_id(session, [offer.firm_id for offer in offers])
    letter = [(f"/cases/{case.id}/letter", _("紹介状"))] if any(map(is_disclosed, offers)) else []
    asking = [
        (f"/offers/{o.id}/sheet", _("打診票: %(firm)s(%(leg)s)", firm=firms[o.firm_id].name, leg=legs[o.leg_id]))
        for o in offers
        if o.state in {OfferState.ASKED, OfferState.SILENT}
    ]
    return ((f"/cases/{case.id}/summary", _("案件概要")), *letter, *asking)


def view_for_client(session: Session, door: ClientDoor, refusal: Refusal | None = None) -> FilesView:
    return _view(session, client_actor(door), door.case, door.base, may_send=True, is_desk=False, refusal=refusal)


def view_for_firm(session: Session, door: Door) -> FilesView:
    """Only what was shown to it, without the log."""
    actor = firm_actor(session, door)
    rows = listing(session, subject_of(door.key.case_id), actor.keys)
    return FilesView(rows, door.base, {}, (), log=False, may_send=False, is_desk=False, error=None, typed=NOTHING_TYPED)


def _view(
    session: Session, actor: Actor, case: Case, base: str, *, may_send: bool, is_desk: bool, refusal: Refusal | None
) -> FilesView:
    met = _offers(session, case)
    return FilesView(
        rows=listing(session, subject_of(case_id_of(case)), actor.keys, with_log=True),
        base=base,
        names={key: words for key, (words, _known) in met.items()},
        receivers=tuple(key for key, (_words, known) in met.items() if known),
        log=True,
        may_send=may_send,
        is_desk=is_desk,
        error=refusal.error if refusal else None,
        typed=refusal.typed if refusal else NOTHING_TYPED,
    )
