"""What the two sides report and how they rate: a report moves the case, ratings finish it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.db import Database
from backend.core.errors import Invalid, NotFound, Refused
from backend.firms.rules import Answer
from backend.introductions import queries
from backend.introductions.outcomes import queries as outcome_queries
from backend.introductions.outcomes import service as outcomes
from backend.introductions.outcomes.service import Points, Report
from backend.introductions.states import CaseState, OfferState, Party
from tests import cases

CLIENT, FIRM, DESK = Party.CLIENT, Party.FIRM, Party.COORDINATOR
DELIVERED = Report(delivered=Answer.YES, amount_yen=180_000)
WELL = Points(5, 4, 3, "助かりました")


def test_one_report_of_a_delivery_moves_everything_before_it(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.INTRODUCED)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        kept = outcomes.report(session, made.by(CLIENT), first.id, DELIVERED)
        assert (kept.quoted, kept.ordered, kept.amount_yen) == (Answer.YES, Answer.YES, 180_000)
        assert first.state is OfferState.WON
        assert cases.case_of(session, made).state is CaseState.DELIVERED
        version = cases.case_of(session, made).version
        outcomes.report(session, made.by(CLIENT), first.id, DELIVERED)
        assert cases.case_of(session, made).version == version


def test_when_all_have_rated_the_case_is_finished(database: Database) -> None:
    made = cases.open_case(database, steps=2)
    cases.bring_to(database, made, CaseState.DELIVERED)
    with database.writing() as session:
        won = [o for o in queries.offers_of(session, made.case_id) if o.state is OfferState.WON]
        for offer in won:
            outcomes.rate(session, made.by(CLIENT), offer.id, WELL)
        assert cases.case_of(session, made).state is CaseState.DELIVERED
        for offer in won:
            outcomes.rate(session, made.by(FIRM), offer.id, Points(4, 4, 4))
        assert cases.case_of(session, made).state is CaseState.CLOSED
        said = outcomes.comment(session, made.by(FIRM), won[0].id, "ありがとうございました")
        assert said.seen_at is not None
        rated = outcome_queries.ratings_of(session, [offer.id for offer in won])
        assert sorted((r.party, r.quality, r.delivery, r.cost) for r in rated) == [
            *[(Party.CLIENT, 5, 4, 3)] * 2,
            *[(Party.FIRM, 4, 4, 4)] * 2,
        ]


def test_no_order_ends_it_with_a_reason(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.NEGOTIATING)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        with pytest.raises(Invalid):
            outcomes.report(session, made.by(FIRM), first.id, Report(ordered=Answer.NO))
        outcomes.report(session, made.by(FIRM), first.id, Report(ordered=Answer.NO, reason="price"))
        assert (first.state, first.feedback) == (OfferState.NOT_CHOSEN, "price")
        assert cases.case_of(session, made).state is CaseState.SHORTLISTING


def test_what_cannot_be_is_refused(database: Database) -> None:
    made = cases.open_case(database)
    cases.bring_to(database, made, CaseState.ANSWERED)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        with pytest.raises(Refused):
            outcomes.report(session, made.by(CLIENT), first.id, DELIVERED)
    cases.bring_to_next(database, made, CaseState.AGREED)
    cases.bring_to_next(database, made, CaseState.INTRODUCED)
    tomorrow = clock.today() + timedelta(days=1)
    with database.writing() as session:
        first = queries.offers_of(session, made.case_id)[0]
        for wrong in (replace(DELIVERED, amount_yen=-1), replace(DELIVERED, delivered_on=tomorrow)):
            with pytest.raises(Invalid):
                outcomes.report(session, made.by(CLIENT), first.id, wrong)
        with pytest.raises(Refused):
            outcomes.rate(session, made.by(CLIENT), first.id, WELL)
        with pytest.raises(Invalid):
            outcomes.rate(session, made.by(CLIENT), first.id, Points(6, 1, 1))
        with pytest.raises(NotFound):
            outcomes.rate(session, made.by(DESK), first.id, WELL)
        with pytest.raises(NotFound):
            outcomes.comment(session, made.by(FIRM), first.id, "まだです")
