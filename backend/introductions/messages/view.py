"""A thread of messages as one side reads it, with the form to write the next one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.accounts.queries import user_names
from backend.core.i18n import gettext as _
from backend.core.i18n import mark, term
from backend.core.model import new_id
from backend.introductions import queries, reasons, tables, wording
from backend.introductions.forms import Sent
from backend.introductions.keys import CaseKey
from backend.introductions.messages import queries as message_queries
from backend.introductions.messages import service as messages
from backend.introductions.messages.models import Audience, CaseMessage
from backend.introductions.messages.queries import Told
from backend.introductions.messages.service import To
from backend.introductions.models import Case, Offer
from backend.introductions.states import Channel, OfferState, Party
from backend.introductions.trail import By, case_id_of

CHANNELS: Mapping[Channel, str] = {
    Channel.PHONE: mark("電話で"),
    Channel.FAX: mark("FAXで"),
    Channel.VISIT: mark("会って"),
    Channel.MAIL: mark("メールで"),
}


MOST_CHARS = 60


@dataclass(frozen=True)
class Line:
    """One message as it is read here."""

    who: str
    at: str
    how: str
    readers: str
    body: str
    own: bool


@dataclass(frozen=True)
class Thread:
    """What was written, and to whom one may write. `action` is where the form goes."""

    lines: tuple[Line, ...]
    choices: tuple[tuple[str, str], ...]
    action: str
    form_id: str
    to: str
    body: str
    channel: str
    error: str
    is_desk: bool


def thread_for_key(session: Session, by: By, case: Case, key: CaseKey, action: str, sent: Sent, error: str) -> Thread:
    """The thread of the client, or of one firm."""
    return _thread(session, by, case, message_queries.messages_with(session, key), action, sent, error)


def thread_for_desk(session: Session, actor: User, case: Case, sent: Sent, error: str) -> Thread:
    """All that was written in a case, for its coordinators."""
    found = message_queries.messages_for(session, actor, case_id_of(case))
    by = By(actor, Party.COORDINATOR)
    return _thread(session, by, case, found, f"/cases/{case.id}/messages", sent, error)


def _thread(
    session: Session, by: By, case: Case, found: Sequence[CaseMessage], action: str, sent: Sent, error: str
) -> Thread:
    offers = queries.offers_of(session, case_id_of(case))
    choices = messages.addressees(by, offers)
    names = _Names(session, by, case, found, choices)
    again = sent.one("form") == "message" and error
    return Thread(
        lines=tuple(names.line(message) for message in found),
        choices=tuple((to.key, names.readers(to)) for to in choices),
        action=action,
        form_id=sent.one("form_id") if again else new_id(),
        to=sent.one("to") if again else choices[0].key,
        body=sent.one("body") if again else "",
        channel=sent.one("channel") if again else "",
        error=error if again else "",
        is_desk=by.party is Party.COORDINATOR,
    )


class _Names:
    """Who is who in a thread, as far as this side may know it: a side only ever reads of those it was introduced to."""

    def __init__(
        self, session: Session, by: By, case: Case, found: Iterable[CaseMessage], choices: Iterable[To]
    ) -> None:
        self.party = by.party
        firm_ids = [message.firm_id for message in found] + [to.firm_id for to in choices]
        self.firms = {id_: firm.name for id_, firm in queries.firms_by_id(session, firm_ids).items()}
        self.people = user_names(session, (m.author_id for m in found if m.party is Party.COORDINATOR))
        request = queries.request_of(session, case)
        self.client = request.contact_name or request.contact_organisation or _("依頼者")

    def line(self, message: CaseMessage) -> Line:
        return Line(
            who=self._who(message),
            at=wording.moment_words(message.at),
            how=_(CHANNELS[message.channel]) if message.channel in CHANNELS else "",
            readers=self._tag(To(message.audience, message.firm_id)),
            body=message.body,
            own=message.party is self.party,
        )

    def _who(self, message: CaseMessage) -> str:
        if message.party is Party.COORDINATOR:
            name = self.people.get(message.author_id or "", "")
            return f"{_('コーディネーター')} {name}".strip()
        if message.party is self.party:
            return _("あなた") if self.party is Party.CLIENT else _("御社")
        return self.client if message.party is Party.CLIENT else self.firms.get(message.firm_id or "", _("工場"))

    def _tag(self, to: To) -> str:
        """What goes without saying is not said: that a side talks with its coordinator."""
        plain = self.party is not Party.COORDINATOR and to.audience is not Audience.BOTH
        return "" if plain else self.readers(to)

    def readers(self, to: To) -> str:
        """Who reads it, in words."""
        firm = self.firms.get(to.firm_id or "", _("工場"))
        if to.audience is Audience.COORDINATORS:
            return _("相談窓口だけ")
        if self.party is Party.COORDINATOR:
            return {Audience.CLIENT: self.client, Audience.FIRM: firm}.get(to.audience, f"{self.client}・{firm}")
        if to.audience is Audience.BOTH:
            other = firm if self.party is Party.CLIENT else self.client
            return _("%(name)sとコーディネーター", name=other)
        return _("コーディネーターだけ")


def content_of(one: Told) -> str:
    """What came in, on one line: which firm answered what for which operation, or who wrote what."""
    if one.message:
        who = one.firm if one.message.party is Party.FIRM and one.firm else _("依頼者")
        return f"{who}: {_quoted(one.message.body)}"
    if not one.offer:
        return ""
    whose = _joined(one.firm or "", term(one.leg or ""))
    return f"{whose}: {_said(one.notice.action, one.offer, one.dropped or '')}"


def _said(action: str, offer: Offer, dropped: str) -> str:
    """What the notice tells of, in the words of the firm; where that is past, where the offer stands now."""
    state = _(tables.OFFER_LABELS[offer.state])
    if offer.state not in message_queries.STILL_TRUE.get(action, {offer.state}):
        return _("いまは「%(state)s」", state=state)
    if offer.state is OfferState.DROPPED_OUT:
        return _joined(state, *_quotes(dropped))
    return _joined(state, *_answer(offer)) if offer.state in message_queries.ANSWERED else state


def _answer(offer: Offer) -> list[str]:
    reason = [_(reasons.DECLINE_REASONS[offer.reason])] if offer.reason in reasons.DECLINE_REASONS else []
    conditions = [_(reasons.CONDITIONS[one]) for one in offer.conditions if one in reasons.CONDITIONS]
    return [*reason, *conditions, *_quotes(offer.words)]


def _joined(*parts: str) -> str:
    return " ・ ".join(part for part in parts if part)


def _quotes(text: str) -> list[str]:
    return [_quoted(text)] if text else []


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return _("「%(words)s」", words=line if len(line) <= MOST_CHARS else f"{line[:MOST_CHARS]}…")
