"""What a client does on its page: wish for an introduction, pass over, tell of quote and order, end, begin again."""

from collections.abc import Callable

from sqlmodel import Session

from backend.capacity.dependencies import form_id
from backend.core.days import read_date
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.introductions import rules, service
from backend.introductions.doors.client import ClientDoor
from backend.introductions.forms import Sent
from backend.introductions.legs import offers, order_items, orders
from backend.introductions.legs import service as legs
from backend.introductions.messages import service as messages
from backend.introductions.trail import case_id_of

Deed = Callable[[Session, ClientDoor, Sent], None]
PLAIN = frozenset({"agree_to", "disagree", "quote"})
INSPECTION = frozenset({"accept_leg", "send_back"})
OF_THE_CASE = frozenset({"withdraw", "reopen"})


def act(session: Session, door: ClientDoor, sent: Sent) -> None:
    """Carry out one button of the page."""
    action = sent.one("action")
    if action in OF_THE_CASE:
        words, reason = sent.one("words"), sent.one("reason")
        service.move(session, door.by, case_id_of(door.case), action, reason=reason, words=words)
    elif action in INSPECTION:
        _inspect(session, door, sent)
    elif action == "order_items":
        on = read_date(sent.one("on"), "on")
        order_items.tick(session, door.by, sent.one("leg"), sent.all("items"), on)
    else:
        _act_on_offer(session, door, sent)


def _act_on_offer(session: Session, door: ClientDoor, sent: Sent) -> None:
    offer, action = door.offer(session, sent.one("offer")), sent.one("action")
    if action in PLAIN:
        offers.act(session, door.by, offer.id, action)
    elif action == "pass_over":
        feedback, words = sent.one("feedback"), sent.one("feedback_words")
        offers.act(session, door.by, offer.id, action, feedback=feedback, words=words)
    elif action == "win":
        orders.report(session, door.by, offer.id)
    else:
        raise NotFound


def _inspect(session: Session, door: ClientDoor, sent: Sent) -> None:
    action, words = sent.one("action"), rules.check_words(sent.one("words"))
    if action == "send_back" and not words:
        message = _("どこを直してほしいか、ひとこと書いてください。")
        raise Invalid(message, {"words": message})
    legs.move_leg(session, door.by, sent.one("leg"), action, words=words)


def write(session: Session, door: ClientDoor, sent: Sent) -> None:
    """A message of the client."""
    messages.write(session, door.by, door.case, sent.one("to"), sent.one("body"), form_id(dict(sent.pairs)))
