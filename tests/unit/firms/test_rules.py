"""Who may see what: the whole truth table of one field, and the locks."""

import pytest

from backend.firms.rules import (
    ALWAYS_COORDINATOR,
    DEFAULT_AUDIENCES,
    Audience,
    Viewer,
    audience_of,
    capacity_mark,
    clean_audiences,
    hidden_fields,
    may_see,
)


@pytest.mark.parametrize(
    ("audience", "stranger"), [(Audience.PUBLIC, True), (Audience.COORDINATOR, False), (Audience.AFTER_CONSENT, False)]
)
def test_a_stranger_sees_public_fields_only(audience: Audience, stranger: bool) -> None:
    chosen = {"equipment": audience.value}
    assert may_see(chosen, "equipment", Viewer.STRANGER) is stranger
    assert may_see(chosen, "equipment", Viewer.OWN_FIRM)
    assert may_see(chosen, "equipment", Viewer.STAFF)


@pytest.mark.parametrize("field", sorted(ALWAYS_COORDINATOR))
def test_what_is_about_the_head_stays_with_staff_whatever_was_chosen(field: str) -> None:
    chosen = {field: "public"}
    assert not may_see(chosen, field, Viewer.STRANGER)
    assert not may_see(chosen, field, Viewer.OWN_FIRM)
    assert may_see(chosen, field, Viewer.STAFF)


@pytest.mark.parametrize("field", sorted(DEFAULT_AUDIENCES))
def test_an_unknown_audience_is_the_default(field: str) -> None:
    assert audience_of({field: "everybody"}, field) is DEFAULT_AUDIENCES[field]


def test_name_and_ward_cannot_be_hidden() -> None:
    assert audience_of({"name": "coordinator"}, "name") is Audience.PUBLIC


def test_only_real_choices_are_kept() -> None:
    chosen = {"equipment": "coordinator", "name": "coordinator", "kana": "public", "website": "nobody"}
    assert clean_audiences(chosen) == {"equipment": "coordinator"}


def test_staff_have_nothing_hidden() -> None:
    assert hidden_fields({}, Viewer.STAFF) == frozenset()
    assert {"address", "capital_yen"} <= hidden_fields({}, Viewer.STRANGER)


@pytest.mark.parametrize(("hours", "mark"), [(0, "none"), (1, "little"), (10, "free"), (20, "plenty"), (60, "plenty")])
def test_hours_become_marks(hours: float, mark: str) -> None:
    assert capacity_mark(hours) == mark
