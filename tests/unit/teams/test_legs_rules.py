"""Truth tables of the hints about an order, at the exact thresholds of the law."""

from itertools import product

import pytest

from backend.teams.legs_rules import Hint, LegLaw, Missing, Party, leg_law

YES, NO, UNKNOWN = Hint.YES, Hint.NO, Hint.UNKNOWN
M10, M300 = 10_000_000, 300_000_000
FEW = 5


@pytest.mark.parametrize(
    ("ordering", "supplying", "expected"),
    [
        # Above 1,000万円 up to 3億円: from at most 1,000万円.
        (M10, M10, NO),
        (M10, 1, NO),
        (M10 + 1, M10, YES),
        (M10 + 1, M10 + 1, NO),
        (M300, M10, YES),
        (M300, M10 + 1, NO),
        # Above 3億円: from at most 3億円.
        (M300 + 1, M300, YES),
        (M300 + 1, M10, YES),
        (M300 + 1, M300 + 1, NO),
        (M300, M300, NO),
        # A party that says nothing.
        (None, M300 + 1, NO),
        (None, M300, UNKNOWN),
        (None, 1, UNKNOWN),
        (M10, None, NO),
        (M10 + 1, None, UNKNOWN),
        (M300 + 1, None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_capital_decides_where_both_are_small(ordering: int | None, supplying: int | None, expected: Hint) -> None:
    assert leg_law(Party(ordering, FEW), Party(supplying, FEW)).subcontract is expected


@pytest.mark.parametrize(
    ("ordering", "supplying", "expected"),
    [
        (300, 300, NO),
        (301, 300, YES),
        (301, 301, NO),
        (301, None, UNKNOWN),
        (None, 300, UNKNOWN),
        (None, 301, NO),
        (300, None, NO),
        (None, None, UNKNOWN),
    ],
)
def test_headcount_decides_where_capital_does_not_catch(
    ordering: int | None, supplying: int | None, expected: Hint
) -> None:
    assert leg_law(Party(M10, ordering), Party(M10, supplying)).subcontract is expected


@pytest.mark.parametrize(("people", "expected"), [(0, YES), (1, YES), (2, NO), (None, UNKNOWN)])
def test_somebody_who_works_alone_is_protected(people: int | None, expected: Hint) -> None:
    assert leg_law(Party(M10, FEW), Party(M10, people)).freelance is expected


def test_what_is_unknown_always_brings_a_question_and_nothing_else_does() -> None:
    capitals, people = (None, 1, M10, M10 + 1, M300, M300 + 1), (None, 0, 1, 2, 300, 301)
    for a, b, c, d in product(capitals, people, capitals, people):
        law = leg_law(Party(a, b), Party(c, d))
        assert bool(law.missing) == (UNKNOWN in {law.subcontract, law.freelance})
        assert (Missing.ORDERER_CAPITAL not in law.missing) or a is None
        assert (Missing.ORDERER_PEOPLE not in law.missing) or b is None
        assert (Missing.SUPPLIER_CAPITAL not in law.missing) or c is None
        assert (Missing.SUPPLIER_PEOPLE not in law.missing) or d is None
        assert len(set(law.missing)) == len(law.missing)


def test_an_answer_to_every_question_settles_both_hints() -> None:
    capitals, people = (None, M10, M10 + 1, M300 + 1), (None, 1, 300, 301)
    for a, b, c, d in product(capitals, people, capitals, people):
        missing = leg_law(Party(a, b), Party(c, d)).missing
        told = (
            Party(
                M300 + 1 if Missing.ORDERER_CAPITAL in missing else a, 400 if Missing.ORDERER_PEOPLE in missing else b
            ),
            Party(M10 if Missing.SUPPLIER_CAPITAL in missing else c, 2 if Missing.SUPPLIER_PEOPLE in missing else d),
        )
        assert leg_law(*told).missing == ()


def test_nothing_known_asks_for_all() -> None:
    assert leg_law(Party(), Party()) == LegLaw(UNKNOWN, UNKNOWN, leg_law(Party(), Party()).missing)
    assert set(leg_law(Party(), Party()).missing) == set(Missing)
