"""Whom the coordinator has to telephone, because no mail tells them: of a case that ended, of a firm that left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.capacity import queries as capacity
from backend.core.i18n import gettext as _
from backend.firms.models import Firm
from backend.introductions import people, queries, tables
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.states import CaseState, OfferState, Party
from backend.requests.models import PartRequest

ENDED_WITHOUT = frozenset({CaseState.LOST, CaseState.WITHDRAWN, CaseState.EXPIRED})
TOLD_OF_THE_END = frozenset({"pass_over", "call_off"})


@dataclass(frozen=True)
class Call:
    """One to be told: who, whom to ask for there, and by which numbers."""

    name: str
    person: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    # The firm, whose page has more where it has no number; blank for the client.
    firm_id: str = ""


@dataclass(frozen=True)
class Calls:
    """What is to be told, and to whom."""

    why: str
    rows: tuple[Call, ...]


@dataclass(frozen=True)
class Known:
    """What the page of a case has read already."""

    case: Case
    kept: PartRequest
    legs: Sequence[CaseLeg]
    offers: Sequence[Offer]
    # The newest first.
    events: Sequence[CaseEvent]
    firms: Mapping[str, Firm]
    # Where mails reach the firms.
    mails: Mapping[str, str]


def to_call(session: Session, known: Known) -> Calls | None:
    """Everybody to be telephoned now, if there is anybody. That a firm left is told until another takes its place."""
    if known.case.state in ENDED_WITHOUT:
        client, firms, why = _of_the_end(session, known)
    elif known.case.state in tables.RUNNING:
        client, firms, why = _of_those_who_left(known)
    else:
        return None
    there = [id_ for id_ in dict.fromkeys(firms) if id_ in known.firms and known.firms[id_].deleted_at is None]
    rows = [_client(session, known.kept)] if client else []
    rows += _firms(session, known, there) if there else ()
    return Calls(why, tuple(rows)) if rows else None


def _of_the_end(session: Session, known: Known) -> tuple[bool, Iterable[str], str]:
    """The firms that still waited, and the client, unless it ended the case itself."""
    case, state = known.case, tables.STATES[known.case.state]
    ended = [event for event in known.events if case.closed_at is not None and event.at >= case.closed_at]
    by_client = any(event.after == case.state and event.party is Party.CLIENT for event in ended)
    firms = [event.firm_id for event in reversed(ended) if event.action in TOLD_OF_THE_END and event.firm_id]
    why = _("案件が終わったこと(%(state)s)", state=_(state.label))
    unheard = [id_ for id_ in firms if id_ not in known.mails]
    return not by_client and not _client_mail(session, known.kept), unheard, why


def _of_those_who_left(known: Known) -> tuple[bool, Iterable[str], str]:
    """The client and the firms introduced for other operations. No mail goes out, because what follows is open yet."""
    taken = {offer.leg_id for offer in known.offers if offer.state in tables.AGREED_ON}
    left = [one for one in known.offers if one.state is OfferState.DROPPED_OUT and one.leg_id not in taken]
    if not left:
        return False, (), ""
    titles = {leg.id: leg.title for leg in known.legs}
    whys = [_("%(firm)sが「%(leg)s」を辞退したこと", firm=_name(known, o), leg=titles[o.leg_id]) for o in left]
    gone = {offer.firm_id for offer in left}
    others = [o.firm_id for o in known.offers if o.state in tables.DISCLOSED and o.firm_id not in gone]
    return True, others, _("、").join(whys)


def _name(known: Known, offer: Offer) -> str:
    firm = known.firms.get(offer.firm_id)
    return firm.name if firm else _("台帳にない工場")


def _client_mail(session: Session, kept: PartRequest) -> str:
    return people.client_mail(kept, queries.user_by_id(session, kept.owner_id))


def _client(session: Session, kept: PartRequest) -> Call:
    name = kept.contact_organisation or kept.contact_name or _("依頼者")
    person = kept.contact_name if kept.contact_organisation else ""
    return Call(name, person, kept.contact_phone, email=_client_mail(session, kept))


def _firms(session: Session, known: Known, ids: Sequence[str]) -> Iterator[Call]:
    faxes, people = capacity.faxes(session, ids), capacity.spoken_with(session, ids)
    for id_ in ids:
        firm = known.firms[id_]
        mail = known.mails.get(id_, "")
        yield Call(firm.name, people.get(id_, ""), firm.phone, faxes.get(id_, ""), mail, id_)
