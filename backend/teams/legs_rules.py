"""What the law may ask of an order between two firms. Pure; a hint for people, never a legal opinion.

取適法 (中小受託取引適正化法, in force since 2026-01-01), manufacturing: orderer and supplier are compared by capital
and, where that does not catch, by headcount. フリーランス法 (since 2024-11-01): somebody who works alone gets written
conditions from whoever orders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.core.i18n import mark

SMALL_CAPITAL, LARGE_CAPITAL = 10_000_000, 300_000_000
MANY_PEOPLE = 300
# The owner alone: registers count nobody, or the owner.
ALONE = 1
# What an order says in writing and at once (取適法 4条; フリーランス法 3条 asks for the same).
ORDER_ITEMS: Mapping[str, str] = {
    "parties": mark("委託事業者と中小受託事業者の名前"),
    "ordered": mark("注文した日"),
    "work": mark("頼む内容(品物・加工・数量・仕様)"),
    "due": mark("受け取る日"),
    "place": mark("受け取る場所"),
    "inspected": mark("検査をするなら、検査が終わる日"),
    "price": mark("代金の額、または算定の方法"),
    "payment": mark("支払う日(受け取りから60日以内)"),
    "supplied": mark("材料を有償で渡すなら、品名・数量・対価・引き渡しの日・決済の日と方法"),
}


class Hint(StrEnum):
    """Whether a law is likely to apply."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Missing(StrEnum):
    """What has to be asked before more can be said."""

    ORDERER_CAPITAL = "orderer_capital"
    ORDERER_PEOPLE = "orderer_people"
    SUPPLIER_CAPITAL = "supplier_capital"
    SUPPLIER_PEOPLE = "supplier_people"


@dataclass(frozen=True)
class Party:
    """One side of an order as far as is known: capital in yen, people employed."""

    capital_yen: int | None = None
    people: int | None = None


@dataclass(frozen=True)
class LegLaw:
    """Both hints for an order, and what to ask where one is open."""

    subcontract: Hint
    freelance: Hint
    missing: tuple[Missing, ...] = ()


def leg_law(orderer: Party, supplier: Party) -> LegLaw:
    """The hints for an order of manufacturing by `orderer` from `supplier`."""
    by_capital, by_people = _by_capital(orderer, supplier), _by_people(orderer, supplier)
    subcontract = _either(by_capital, by_people)
    freelance = _alone(supplier)
    missing: list[Missing] = []
    if subcontract is Hint.UNKNOWN:
        missing += _missing_capital(orderer, supplier) if by_capital is Hint.UNKNOWN else []
        missing += _missing_people(orderer, supplier) if by_people is Hint.UNKNOWN else []
    if freelance is Hint.UNKNOWN and Missing.SUPPLIER_PEOPLE not in missing:
        missing.append(Missing.SUPPLIER_PEOPLE)
    return LegLaw(subcontract, freelance, tuple(missing))


def _either(one: Hint, other: Hint) -> Hint:
    if Hint.YES in {one, other}:
        return Hint.YES
    return Hint.UNKNOWN if Hint.UNKNOWN in {one, other} else Hint.NO


def _by_capital(orderer: Party, supplier: Party) -> Hint:
    """Above 3億円 from at most 3億円; above 1,000万円 from at most 1,000万円."""
    ordering, supplying = orderer.capital_yen, supplier.capital_yen
    if ordering is None:
        # Above 3億円 nobody is protected by capital, whoever orders.
        return Hint.NO if supplying is not None and supplying > LARGE_CAPITAL else Hint.UNKNOWN
    if ordering <= SMALL_CAPITAL:
        return Hint.NO
    limit = LARGE_CAPITAL if ordering > LARGE_CAPITAL else SMALL_CAPITAL
    if supplying is None:
        return Hint.UNKNOWN
    return Hint.YES if supplying <= limit else Hint.NO


def _by_people(orderer: Party, supplier: Party) -> Hint:
    """More than 300 people from at most 300."""
    if orderer.people is not None and orderer.people <= MANY_PEOPLE:
        return Hint.NO
    if supplier.people is not None and supplier.people > MANY_PEOPLE:
        return Hint.NO
    return Hint.UNKNOWN if orderer.people is None or supplier.people is None else Hint.YES


def _alone(supplier: Party) -> Hint:
    if supplier.people is None:
        return Hint.UNKNOWN
    return Hint.YES if supplier.people <= ALONE else Hint.NO


def _missing_capital(orderer: Party, supplier: Party) -> list[Missing]:
    wanted = ((Missing.ORDERER_CAPITAL, orderer.capital_yen), (Missing.SUPPLIER_CAPITAL, supplier.capital_yen))
    return [name for name, value in wanted if value is None]


def _missing_people(orderer: Party, supplier: Party) -> list[Missing]:
    wanted = ((Missing.ORDERER_PEOPLE, orderer.people), (Missing.SUPPLIER_PEOPLE, supplier.people))
    return [name for name, value in wanted if value is None]
