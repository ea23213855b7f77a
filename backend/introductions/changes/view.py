"""A change of the request as its readers see it: the coordinator before the firms are told, and the firms after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.introductions import people, queries, tables
from backend.introductions.changes import queries as change_queries
from backend.introductions.changes import service as changes
from backend.introductions.changes import wording
from backend.introductions.changes.differences import Line, changed_lines
from backend.introductions.changes.models import CaseChange
from backend.introductions.legs import candidates, summary
from backend.introductions.models import Case, Offer
from backend.introductions.states import OfferState
from backend.requests.models import PartRequest

HEARS = mark("新しい内容と、返事の期限を知らせます")
CONFIRMS = mark("受けられるか、もう一度たずねます")


@dataclass(frozen=True)
class ToTell:
    """One firm that would hear, and what it is asked."""

    name: str
    state: str
    what: str
    has_mail: bool


@dataclass(frozen=True)
class LegToTell:
    """One operation: its firms, and the summary they would read now."""

    leg_id: str
    title: str
    summary: str
    firms: tuple[ToTell, ...]

    @property
    def field(self) -> str:
        return field_of(self.leg_id)


@dataclass(frozen=True)
class Untold:
    """What changed, and the firms that do not know."""

    at: datetime
    lines: tuple[Line, ...]
    legs: tuple[LegToTell, ...]

    @property
    def calls(self) -> str:
        """The firms whom no mail reaches."""
        return _("、").join(dict.fromkeys(firm.name for leg in self.legs for firm in leg.firms if not firm.has_mail))


@dataclass(frozen=True)
class News:
    """What is different since a firm read it last. `before` is the answer it gave to that, to be confirmed."""

    lines: tuple[Line, ...]
    at: datetime
    before: str = ""


def field_of(leg_id: str) -> str:
    """The name of the field in which the summary of a leg is sent."""
    return f"summary-{leg_id}"


def untold(session: Session, actor: User, case: Case, kept: PartRequest) -> Untold | None:
    """What the coordinator has to pass on, if there is anything."""
    asked = changes.firms_to_tell(session, case)
    if not asked:
        return None
    found = change_queries.open_changes(session, case.id or 0)
    ids = [offer.firm_id for offer in asked]
    firms, mails = queries.firms_by_id(session, ids), people.mail_addresses(session, ids)
    legs = [leg for leg in queries.legs_of(session, case.id or 0) if any(offer.leg_id == leg.id for offer in asked)]
    return Untold(
        at=max(change.at for change in found),
        lines=_merged(found),
        legs=tuple(
            LegToTell(
                leg.id,
                leg.title,
                summary.written(candidates.lines(session, actor, leg, kept)),
                tuple(
                    _to_tell(o, firms[o.firm_id].name, has_mail=o.firm_id in mails)
                    for o in asked
                    if o.leg_id == leg.id and o.firm_id in firms
                ),
            )
            for leg in legs
        ),
    )


def _merged(found: Sequence[CaseChange]) -> tuple[Line, ...]:
    return tuple(wording.named(wording.merged(change.lines for change in found)))


def _to_tell(offer: Offer, name: str, *, has_mail: bool) -> ToTell:
    waits = offer.state is OfferState.ASKED and not changes.answer_to_confirm(offer)
    return ToTell(name, _(tables.OFFER_LABELS[offer.state]), _(HEARS) if waits else _(CONFIRMS), has_mail)


def news_for_firm(offer: Offer) -> News | None:
    """What a firm that does not know the client was told anew."""
    if not offer.shown_before:
        return None
    last = offer.shown_before[-1]
    lines = wording.named(changed_lines(last["summary"], offer.summary))
    return News(tuple(lines), offer.shown_at, changes.answer_to_confirm(offer))


def news_for_introduced(session: Session, offers: Sequence[Offer]) -> tuple[News, ...]:
    """Whatever the client changed since the firm of these offers was shown the job, the newest first."""
    known = [offer.shown_at for offer in offers if offer.state in tables.DISCLOSED]
    if not known:
        return ()
    found = change_queries.since(session, offers[0].case_id, min(known))
    return tuple(News(tuple(wording.named(change.lines)), change.at) for change in found if change.lines)
