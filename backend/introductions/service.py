"""What can be done with a case: open it, take it, move it along the table, end it, begin again."""

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.events import listen
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules
from backend.introductions.changes import service as changes
from backend.introductions.legs.following import follow
from backend.introductions.legs.offers import end_all, give_back_all
from backend.introductions.legs.service import catch_up
from backend.introductions.models import Case, CaseEvent
from backend.introductions.reasons import LOST_REASONS
from backend.introductions.states import CaseState, Channel, ClientKind, ClientPlace, Party
from backend.introductions.trail import (
    By,
    Said,
    case_id_of,
    check_seen,
    go,
    held,
    held_for,
    note,
    open_for,
    opened,
    tell,
    touch,
)
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.requests.models import PartRequest
from backend.requests.rules import printable

LONGEST_TITLE = 80
# These follow from what happens to offers, which have their own actions.
MOVED_BY_OFFERS = frozenset({"ask", "introduce", "order"})
# These end a case without its work.
ENDING = frozenset({"lose", "withdraw", "expire"})


def party_of(actor: User, request: PartRequest) -> Party:
    """What somebody who may read the case is in it."""
    return Party.COORDINATOR if actor.is_staff else Party.CLIENT if request.owner_id == actor.id else Party.FIRM


@listen("request.sent")
def open_case(session: Session, *, request: PartRequest, taken_by: User | None = None) -> Case:
    """Every request that is sent is a case from that moment on. Who wrote it down for a caller looks after it."""
    if request.id is None:
        raise ValueError("a request that is not stored cannot be a case")
    now = clock.now()
    case = Case(request_id=request.id, title=title_of(request.text), entered_at=now)
    if taken_by is not None:
        case.channel, case.owner_id = Channel.PHONE, taken_by.id
    case.due_at = rules.due_after(CaseState.RECEIVED, now)
    session.add(case)
    session.flush()
    by = By(taken_by, Party.CLIENT, case.channel) if taken_by else By(None, Party.CLIENT)
    note(session, case, by, "open", said=Said(after=CaseState.RECEIVED))
    return case


@listen("request.changed")
def take_change(session: Session, *, request: PartRequest, before: Wording, actor: User | None) -> None:
    """What a client says anew is noted in its case, and whoever has to know hears of it."""
    changes.record(session, request, before, actor)


def title_of(text: str) -> str:
    """The first sentence, short enough for a list."""
    first = text.strip().split("\n", 1)[0].split("。", 1)[0].strip()
    return first if len(first) <= 40 else f"{first[:39]}…"


def move(
    session: Session, by: By, case_id: int, action: str, *, reason: str = "", words: str = "", seen: int | None = None
) -> Case:
    """Move a case along the table. The same move sent twice has one effect.

    Raises:
        NotFound: whoever acts may not read the case, neither as a person nor by a key.
        Refused: the table has no such move for this party in this state, or the case changed meanwhile.
        Invalid: a reason is missing.
    """
    opened(session, by, case_id)
    if action in ENDING:
        # Firms are locked before cases, so that two do not wait for each other; a refusal undoes it.
        give_back_all(session, by, case_id)
    case = held(session, case_id)
    if _was_just_done(session, case, by, action):
        return case
    check_seen(case, seen)
    if action in MOVED_BY_OFFERS:
        raise Refused(_("これは工場ごとの画面から行ってください。"))
    transition = rules.check_move(action, case.state, by.party)
    if transition.needs_reason:
        rules.check_choice(reason, LOST_REASONS, "reason", _("理由を1つ選んでください。"))
    go(session, case, transition, by, reason=reason, words=rules.check_words(words))
    if action in ENDING:
        _end(session, case, by, action)
    if action in {"start", "deliver"}:
        catch_up(session, case, by, action)
    if action == "clear":
        # Firms may have been asked, and may have answered, before the coordinator went back to the question.
        follow(session, case)
    return case


def _end(session: Session, case: Case, by: By, action: str) -> None:
    """The firms hear that their work is off; of a withdrawal by the client so does the desk."""
    end_all(session, case)
    if action == "withdraw" and by.party is Party.CLIENT:
        tell(session, case, "case-withdrawn", Party.COORDINATOR)


def take_over(session: Session, by: By, case_id: int, owner: User | None) -> Case:
    """Say which coordinator looks after the case: somebody who can see it."""
    if by.actor is None or not by.actor.is_staff or (owner is not None and not owner.is_staff):
        raise NotFound
    case = held_for(session, by.actor, case_id)
    if owner is not None and not queries.can_read(session, owner, case_id):
        message = _("この人には、この案件が見えません。先に案件を共有するか、ほかの人を選んでください。")
        raise Invalid(message, {"owner_id": message})
    before, case.owner_id = case.owner_id, owner.id if owner else None
    touch(session, case)
    note(session, case, by, "take over", said=Said(before or "", case.owner_id or ""))
    return case


def change_address(session: Session, by: By, case_id: int) -> Case:
    """Give the client's page a new address and write it to the client; by the old one nobody comes in any more."""
    if by.actor is None or not by.actor.is_staff:
        raise NotFound
    # Requests are locked before cases, as where a client writes in its own.
    requests.change_address(session, queries.request_of(session, open_for(session, by.actor, case_id)), by.actor)
    case = held(session, case_id)
    touch(session, case)
    note(session, case, by, "change address")
    tell(session, case, "case-address", Party.CLIENT)
    return case


def change_link(session: Session, by: By, case_id: int, offer_id: str) -> Case:
    """Give the firm of this offer a new link and mail it; by an older one nobody comes in any more, from paper neither.

    The link is the firm's key to all it was asked in this case.
    """
    if by.actor is None or not by.actor.is_staff:
        raise NotFound
    case, asked = held_for(session, by.actor, case_id), queries.offer_for(session, by.actor, offer_id)
    if asked is None or asked.case_id != case_id:
        raise NotFound
    theirs = queries.offers_to(session, case_id, asked.firm_id)
    number = max(offer.link_number for offer in theirs) + 1
    for offer in theirs:
        offer.link_number = number
        session.add(offer)
    touch(session, case)
    note(session, case, by, "change link", asked)
    tell(session, case, "offer-link", Party.FIRM, asked)
    return case


def describe(
    session: Session, by: By, case_id: int, *, title: str, kind: ClientKind, place: ClientPlace, channel: Channel
) -> Case:
    """What the case is called, and who asks from where: what the ward's report counts."""
    if by.actor is None or not by.actor.is_staff:
        raise NotFound
    title = " ".join(printable(title).split())
    if not title or len(title) > LONGEST_TITLE:
        message = _("案件の名前を%(limit)s字までで書いてください。", limit=LONGEST_TITLE)
        raise Invalid(message, {"title": message})
    case = held_for(session, by.actor, case_id)
    before = case.title
    case.title, case.client_kind, case.client_place, case.channel = title, kind, place, channel
    touch(session, case)
    note(session, case, by, "describe", said=Said(words=f"{before} → {title}" if title != before else ""))
    return case


def remark(session: Session, by: By, case_id: int, words: str, leg_id: str | None = None) -> CaseEvent:
    """Note in one line what was said on the telephone. Only coordinators read it."""
    if by.actor is None or not by.actor.is_staff:
        raise NotFound
    case = held_for(session, by.actor, case_id)
    checked = rules.check_words(words)
    if not checked:
        message = _("メモを書いてください。")
        raise Invalid(message, {"words": message})
    leg = queries.leg_for(session, by.actor, leg_id) if leg_id else None
    event = CaseEvent(
        case_id=case_id_of(case),
        leg_id=leg.id if leg else None,
        action="remark",
        party=by.party,
        actor_id=by.actor_id,
        channel=by.channel,
        words=checked,
    )
    session.add(event)
    session.flush()
    return event


def _was_just_done(session: Session, case: Case, by: By, action: str) -> bool:
    """Whether this very move was the last thing that moved the case: then it is the same form sent twice."""
    newest = next((event for event in queries.events_of(session, case_id_of(case)) if event.after), None)
    return newest is not None and (newest.action, newest.actor_id, newest.after) == (action, by.actor_id, case.state)
