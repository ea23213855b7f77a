"""How anything that changes a case is written down: who acted, the lock, the state, the history and the mails."""

from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.errors import NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.jobs import enqueue
from backend.introductions import key_queries, notices, queries, rules, tables
from backend.introductions.keys import CaseKey
from backend.introductions.models import Case, CaseEvent, CaseLeg, Offer
from backend.introductions.states import Channel, Party
from backend.introductions.tables import OfferMove, Transition

TELL = "introductions.tell"
AUDITED = {action: audit.action(f"case {action}", label) for action, label in tables.LABELS.items()}


@dataclass(frozen=True)
class By:
    """Who acts, for which party, and how it reached us. A coordinator may act for others: that is then marked.

    Whoever comes by the token of a request or by a firm's link holds a key; what the key opens is theirs to act on.
    The actor of a program is the organisation of its token, which is no person of ours.
    """

    actor: User | None
    party: Party
    channel: Channel = Channel.WEB
    key: CaseKey | None = None
    program: bool = False

    @property
    def actor_id(self) -> str | None:
        """The person, where a table asks for one; none for a program."""
        return self.actor.id if self.actor and not self.program else None

    @property
    def signed_by(self) -> str | None:
        """Who stands in the audit trail: the person, or the token of a program."""
        return self.actor.id if self.actor else None

    @property
    def firm_id(self) -> str | None:
        """For which firm somebody acts who is not of the desk."""
        return self.key.firm_id if self.key else self.actor.firm_id if self.actor else None


TIME = By(None, Party.SYSTEM)


@dataclass(frozen=True)
class Said:
    """What goes into the history beside the action: from where to where, a reason of a list, and words."""

    before: str = ""
    after: str = ""
    reason: str = ""
    words: str = ""


NOTHING = Said()


def open_for(session: Session, actor: User, case_id: int) -> Case:
    """The case, for somebody who may read it; for everybody else there is none."""
    case = queries.case_for(session, actor, case_id)
    if case is None:
        raise NotFound
    return case


def opened(session: Session, by: By, case_id: int) -> Case:
    """The case, for whoever holds its key or may read it as a person; for everybody else there is none."""
    if by.key is not None:
        case = key_queries.case_with_key(session, by.key, case_id)
    else:
        case = queries.case_for(session, by.actor, case_id) if by.actor else None
    if case is None:
        raise NotFound
    return case


def opened_leg(session: Session, by: By, leg_id: str) -> CaseLeg:
    """The leg, in the same way."""
    if by.key is not None:
        leg = key_queries.leg_with_key(session, by.key, leg_id)
    else:
        leg = queries.leg_for(session, by.actor, leg_id) if by.actor else None
    if leg is None:
        raise NotFound
    return leg


def held(session: Session, case_id: int) -> Case:
    """The case, locked for this transaction."""
    case = queries.hold_case(session, case_id)
    if case is None:
        raise NotFound
    return case


def held_for(session: Session, actor: User, case_id: int, seen: int | None = None) -> Case:
    """The case, locked, for somebody who may read it.

    Raises:
        Refused: it changed since the person saw version `seen`.
    """
    open_for(session, actor, case_id)
    case = held(session, case_id)
    check_seen(case, seen)
    return case


def check_seen(case: Case, seen: int | None) -> None:
    """Refuse what was decided while looking at an older state of the case."""
    if seen is not None and seen != case.version:
        raise Refused(_("この案件は、開いているあいだに変わりました。いまの様子を見て、もう一度押してください。"))


def pressed_twice(
    session: Session, case: Case, actor: User, action: str, seen: int | None, firm_id: str | None = None
) -> bool:
    """Whether the last change of the case was this very press, from the page as it still was: one form sent twice."""
    newest = queries.newest_event(session, case_id_of(case))
    pressed = (newest.action, newest.actor_id, newest.firm_id) if newest else None
    return seen == case.version - 1 and pressed == (action, actor.id, firm_id)


def go(session: Session, case: Case, transition: Transition, by: By, *, reason: str = "", words: str = "") -> None:
    """Carry a checked move out: state, deadline, trail and mails together. The case is held by the caller."""
    before, now = case.state, clock.now()
    case.state = transition.target
    case.entered_at = now
    case.due_at = rules.due_after(case.state, now)
    case.reminded_at = case.escalated_at = None
    case.closed_at = now if case.state in tables.ENDED else None
    case.reason, case.words = (reason, words) if transition.needs_reason else ("", "")
    look_after(session, case, by)
    touch(session, case)
    note(session, case, by, transition.action, said=Said(before, case.state, reason, words))
    for event, party in transition.mails:
        tell(session, case, event, party)


def look_after(session: Session, case: Case, by: By) -> None:
    """The coordinator who first does something for a case looks after it, and the client has been heard.

    So does whoever goes on with a case whose coordinator does not work here any more.
    """
    if by.party is not Party.COORDINATOR:
        return
    case.answered_at = case.answered_at or clock.now()
    owner = queries.user_by_id(session, case.owner_id)
    if by.actor_id is not None and (owner is None or not owner.active):
        case.owner_id = by.actor_id


def touch(session: Session, case: Case) -> None:
    """Count one more change of the case."""
    case.version += 1
    case.updated_at = clock.now()
    session.add(case)
    session.flush()


def note(
    session: Session, case: Case, by: By, action: str, about: CaseLeg | Offer | None = None, said: Said = NOTHING
) -> None:
    """Write what happened into the case's own history and into the audit trail."""
    session.add(
        CaseEvent(
            case_id=case_id_of(case),
            leg_id=about.leg_id if isinstance(about, Offer) else about.id if about else None,
            firm_id=about.firm_id if about else None,
            action=action,
            party=by.party,
            actor_id=by.actor_id,
            channel=by.channel,
            before=said.before,
            after=said.after,
            words=said.words,
        )
    )
    audit.record(
        session,
        AUDITED[action],
        f"case:{case.id}",
        actor_id=by.signed_by,
        party=by.party,
        channel=by.channel,
        before=said.before or None,
        after=said.after or None,
        firm=about.firm_id if about else None,
        about=about.id if about else None,
        reason=said.reason or None,
    )


def tell(
    session: Session,
    case: Case,
    event: str,
    party: Party,
    offer: Offer | None = None,
    *,
    once: str = "",
    message_id: str | None = None,
) -> None:
    """Have the worker write a mail about this, once for this change of the case, and tell it in the page.

    `once` or the message names what it is about where the case itself does not change by it.
    """
    of = offer.id if offer else "all"
    notices.add(session, case, event, party, offer, message_id)
    payload = {"event": event, "case_id": case.id, "party": party.value, "offer_id": offer.id if offer else None}
    enqueue(session, TELL, payload, f"{TELL}:{event}:{party.value}:{case.id}:{once or message_id or case.version}:{of}")


def tell_offer(session: Session, case: Case, offer: Offer, made: OfferMove) -> None:
    for event, party in made.mails:
        tell(session, case, event, party, offer)


def case_id_of(case: Case) -> int:
    if case.id is None:
        raise ValueError("a case that is not stored")
    return case.id
