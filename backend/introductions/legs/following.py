"""A case follows its offers and its legs, as the tables say: nobody moves it by hand where its parts already tell."""

from sqlmodel import Session

from backend.introductions import queries, rules, tables
from backend.introductions.models import Case
from backend.introductions.states import Party
from backend.introductions.trail import TIME, case_id_of, go


def follow(session: Session, case: Case) -> None:
    """Move the case until nothing further follows. One event may lead over several states: a firm that leaves a case
    after the introduction sends it back to choosing, and on to the client where another firm is still willing.
    """
    legs = queries.legs_of(session, case_id_of(case))
    offers = queries.offers_of(session, case_id_of(case))
    asked = [frozenset(offer.state for offer in offers if offer.leg_id == leg.id) for leg in legs]
    work = [leg.state for leg in legs]
    while action := rules.wanted_move(case.state, asked) or rules.wanted_by_legs(case.state, work):
        # What follows from an order or from work is in the table a move of those who do it.
        party = Party.SYSTEM if Party.SYSTEM in tables.BY_ACTION[action].who else Party.FIRM
        go(session, case, rules.check_move(action, case.state, party), TIME)
