"""What a firm does on its page: answer, take back, drop out, agree to secrecy, report and inspect work."""

from sqlmodel import Session

from backend.capacity.dependencies import form_id
from backend.core.days import read_date
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.introductions import queries, rules
from backend.introductions.doors.firm import Door
from backend.introductions.firm.forms import hours_of, reply_of
from backend.introductions.forms import Sent
from backend.introductions.legs import offers, order_items, orders
from backend.introductions.legs import service as legs
from backend.introductions.messages import service as messages
from backend.introductions.models import Offer
from backend.introductions.reasons import DECLINE_REASONS
from backend.introductions.states import OfferState, Party

PLAIN = frozenset({"take_back", "quote", "unquote"})
OWN_WORK = frozenset({"start_leg", "hand_over", *legs.UNDOES})
INSPECTION = frozenset({"accept_leg", "send_back"})


def answer(session: Session, door: Door, sent: Sent) -> Offer:
    """Take the answer to one operation."""
    return offers.answer(session, door.by, door.offer(sent.one("offer")).id, reply_of(sent))


def act(session: Session, door: Door, sent: Sent) -> None:
    """Carry out any other button of the page."""
    action = sent.one("action")
    if action in INSPECTION:
        inspect(session, door, sent)
        return
    if action == "order_items":
        on = read_date(sent.one("on"), "on")
        order_items.tick(session, door.by, sent.one("leg"), sent.all("items"), on)
        return
    offer = door.offer(sent.one("offer"))
    if action in PLAIN:
        _press(session, door, offer, action)
    elif action == "drop_out":
        _drop_out(session, door, offer, sent)
    elif action == "agree_nda":
        legs.agree_nda(session, door.by, offer.id)
    elif action == "order":
        _take_order(session, door, offer, sent)
    elif action in OWN_WORK:
        legs.move_leg(session, door.by, offer.leg_id, action)
    else:
        raise NotFound


def inspect(session: Session, door: Door, sent: Sent) -> None:
    """A lead firm says what it found when the work arrived. Work that goes back needs a word on why."""
    if not door.is_known:
        raise NotFound
    action, words = sent.one("action"), rules.check_words(sent.one("words"))
    if action == "send_back" and not words:
        message = _("どこを直してほしいか、ひとこと書いてください。")
        raise Invalid(message, {"words": message})
    legs.move_leg(session, door.by, sent.one("leg"), action, words=words)


def _press(session: Session, door: Door, offer: Offer, action: str) -> None:
    """A firm takes only its own word back: where the client told that a quotation has come, it has."""
    if action == "unquote" and queries.told_by(session, offer.leg_id, offer.firm_id, "quote") is not Party.FIRM:
        raise NotFound
    offers.act(session, door.by, offer.id, action)


def _drop_out(session: Session, door: Door, offer: Offer, sent: Sent) -> None:
    if offer.state is OfferState.DROPPED_OUT:
        return
    reason = rules.check_choice(sent.one("reason"), DECLINE_REASONS, "reason", _("辞退する理由を1つ選んでください。"))
    words = f"{_(DECLINE_REASONS[reason])} {rules.check_words(sent.one('words'))}".strip()
    offers.act(session, door.by, offer.id, "drop_out", feedback=reason, words=words[: rules.LONGEST_WORDS])


def _take_order(session: Session, door: Door, offer: Offer, sent: Sent) -> None:
    """The firm has the order, and may say how many hours it takes of which days."""
    orders.take(session, door.by, offer.id, hours_of(sent))


def write(session: Session, door: Door, sent: Sent) -> None:
    """A message of the firm."""
    messages.write(session, door.by, door.case, sent.one("to"), sent.one("body"), form_id(dict(sent.pairs)))
