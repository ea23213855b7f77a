"""All SQL for those who act with a key instead of an account: the same three reads as for a person, never wider."""

from sqlalchemy import false
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.introductions.keys import CaseKey
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.queries import part_of_firm


def cases_of_key(key: CaseKey) -> SelectOfScalar[Case]:
    """The client's key opens its case. A firm's opens offers and legs, never the case."""
    statement = select(Case)
    return statement.where(Case.id == key.case_id if key.firm_id is None else false())


def legs_of_key(key: CaseKey) -> SelectOfScalar[CaseLeg]:
    """To the client all legs of its case; to a firm those it does, orders, leads or was introduced for."""
    statement = select(CaseLeg).where(CaseLeg.case_id == key.case_id)
    return statement if key.firm_id is None else statement.where(part_of_firm(key.firm_id))


def offers_of_key(key: CaseKey) -> SelectOfScalar[Offer]:
    """To a firm what it was asked in this case; to the client all of them, which its pages show without names."""
    statement = select(Offer).where(Offer.case_id == key.case_id)
    return statement if key.firm_id is None else statement.where(Offer.firm_id == key.firm_id)


def case_with_key(session: Session, key: CaseKey, case_id: int) -> Case | None:
    return session.exec(cases_of_key(key).where(Case.id == case_id)).first()


def leg_with_key(session: Session, key: CaseKey, leg_id: str) -> CaseLeg | None:
    return session.exec(legs_of_key(key).where(CaseLeg.id == leg_id)).first()


def offer_with_key(session: Session, key: CaseKey, offer_id: str) -> Offer | None:
    return session.exec(offers_of_key(key).where(col(Offer.id) == offer_id)).first()
