"""What the two sides report after they were introduced, and how each rates the other.

A report moves what it tells of: a quotation, an order, a delivery. The rated side reads its rating first and may say a
word to it; the other firms never see it.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.core import clock
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.firms.rules import Answer
from backend.introductions import queries, rules, tables
from backend.introductions.legs import offers, orders
from backend.introductions.legs import service as legs
from backend.introductions.models import Case, Offer
from backend.introductions.outcomes import queries as outcome_queries
from backend.introductions.outcomes.models import Outcome, Rating
from backend.introductions.reasons import LOST_REASONS
from backend.introductions.states import CaseState, OfferState, Party
from backend.introductions.trail import TIME, By, Said, case_id_of, go, note, touch

MOST_YEN = 10**12
POINTS = range(1, 6)
RATERS = frozenset({Party.CLIENT, Party.FIRM})


@dataclass(frozen=True)
class Report:
    """What one side says came of an introduction; what it does not know stays unknown."""

    quoted: Answer = Answer.UNKNOWN
    ordered: Answer = Answer.UNKNOWN
    delivered: Answer = Answer.UNKNOWN
    amount_yen: int | None = None
    ordered_on: date | None = None
    delivered_on: date | None = None
    reason: str = ""
    words: str = ""


@dataclass(frozen=True)
class Points:
    """Quality, delivery and cost, from 1 to 5."""

    quality: int
    delivery: int
    cost: int
    words: str = ""


def report(session: Session, by: By, offer_id: str, said: Report) -> Outcome:
    """Keep what one side reports, and move the case by it. Saying it again replaces what that side said before.

    Raises:
        Refused: the two were never introduced. Invalid: an amount or a date that cannot be, or no reason for a no.
    """
    checked = _checked(said)
    # Firms are locked before cases. Of work that is delivered no hours are booked any more.
    is_ahead = checked.ordered is Answer.YES and checked.delivered is not Answer.YES
    short = orders.book_for(session, by, offer_id) if is_ahead else None
    offer, case = _introduced(session, offer_id)
    kept = outcome_queries.outcome_of(session, offer_id, by.party) or Outcome(offer_id=offer_id, party=by.party)
    before = _report_of(kept)
    if kept.reported_by is not None and before == checked:
        return kept
    for field in Report.__dataclass_fields__:
        setattr(kept, field, getattr(checked, field))
    kept.channel, kept.reported_by, kept.at = by.channel, by.actor_id, clock.now()
    session.add(kept)
    touch(session, case)
    note(session, case, by, "report", offer, Said(words=checked.words, reason=checked.reason))
    _follow(session, by, offer, checked)
    orders.tell_unbooked(session, by, offer, short)
    return kept


def rate(session: Session, by: By, offer_id: str, points: Points) -> Rating:
    """Keep how one side found the other. When every side of the case has rated, the case is finished.

    Raises:
        Refused: the work is not delivered. Invalid: a figure outside 1 to 5.
    """
    if by.party not in RATERS:
        raise NotFound
    if not all(point in POINTS for point in (points.quality, points.delivery, points.cost)):
        message = _("品質・納期・費用を、それぞれ1から5で選んでください。")
        raise Invalid(message, {"quality": message})
    offer, case = _introduced(session, offer_id)
    if offer.state is not OfferState.WON or case.state not in {CaseState.DELIVERED, CaseState.CLOSED}:
        raise Refused(_("評価は、納品のあとにお願いします。"))
    kept = outcome_queries.rating_of(session, offer_id, by.party)
    kept = kept or Rating(offer_id=offer_id, party=by.party, quality=1, delivery=1, cost=1)
    kept.quality, kept.delivery, kept.cost = points.quality, points.delivery, points.cost
    kept.words = rules.check_words(points.words)
    kept.channel, kept.rated_by, kept.at, kept.seen_at = by.channel, by.actor_id, clock.now(), None
    session.add(kept)
    touch(session, case)
    note(session, case, by, "rate", offer)
    _close_when_all_rated(session, case)
    return kept


def comment(session: Session, by: By, offer_id: str, words: str) -> Rating:
    """A word of the rated side to its rating; the rating counts as seen from then on."""
    offer, case = _introduced(session, offer_id)
    rater = Party.FIRM if by.party is Party.CLIENT else Party.CLIENT
    kept = outcome_queries.rating_of(session, offer.id, rater)
    if kept is None or by.party not in RATERS:
        raise NotFound
    kept.comment, kept.seen_at = rules.check_words(words), kept.seen_at or clock.now()
    session.add(kept)
    touch(session, case)
    note(session, case, by, "comment", offer)
    return kept


def _introduced(session: Session, offer_id: str) -> tuple[Offer, Case]:
    offer, case = offers.held_offer(session, offer_id)
    if offer.introduced_at is None:
        raise Refused(_("まだ紹介の前なので、結果は書けません。"))
    return offer, case


def _follow(session: Session, by: By, offer: Offer, said: Report) -> None:
    """Move what the report tells of, as far as the table allows it."""
    if said.ordered is Answer.NO and rules.may_move_offer("pass_over", offer.state, Party.COORDINATOR):
        offers.act(session, TIME, offer.id, "pass_over", feedback=LOST_TO_FEEDBACK.get(said.reason, "other"))
        return
    if said.quoted is Answer.YES and rules.may_move_offer("quote", offer.state, Party.COORDINATOR):
        offers.act(session, by, offer.id, "quote")
    if said.ordered is Answer.YES and rules.may_move_offer("win", offer.state, Party.COORDINATOR):
        offers.win(session, by, offer.id)
    if said.delivered is Answer.YES and offer.state is OfferState.WON:
        legs.deliver(session, by, offer.leg_id, said.delivered_on)


# Why nothing came of it, as the firm is told.
LOST_TO_FEEDBACK = {"price": "price", "due": "earlier", "quality": "conditions", "stopped": "stopped"}


def _checked(said: Report) -> Report:
    wrong = {}
    if said.amount_yen is not None and not 0 <= said.amount_yen < MOST_YEN:
        wrong["amount_yen"] = _("金額は、円の数字で書いてください。")
    if said.ordered is Answer.NO and said.reason not in LOST_REASONS:
        wrong["reason"] = _("成約しなかった理由を1つ選んでください。")
    for field in ("ordered_on", "delivered_on"):
        day: date | None = getattr(said, field)
        if day is not None and day > clock.today():
            wrong[field] = _("まだ来ていない日です。済んだ日を書いてください。")
    if wrong:
        raise Invalid(_("赤い欄を直してください。"), wrong)
    ordered = Answer.YES if said.delivered is Answer.YES else said.ordered
    return Report(
        Answer.YES if ordered is Answer.YES else said.quoted,
        ordered,
        said.delivered,
        said.amount_yen,
        said.ordered_on,
        said.delivered_on,
        said.reason if ordered is Answer.NO else "",
        rules.check_words(said.words),
    )


def _report_of(kept: Outcome) -> Report:
    return Report(**{field: getattr(kept, field) for field in Report.__dataclass_fields__})


def _close_when_all_rated(session: Session, case: Case) -> None:
    won = [o for o in queries.offers_of(session, case_id_of(case)) if o.state is OfferState.WON]
    rated = outcome_queries.raters_of(session, [offer.id for offer in won])
    everybody = bool(won) and all((offer.id, party) in rated for offer in won for party in RATERS)
    if everybody and rules.may_move("close", case.state, Party.SYSTEM):
        go(session, case, tables.BY_ACTION["close"], TIME)
