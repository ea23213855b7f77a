"""What is typed or tapped, read into hours; and days in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from backend.capacity import forms, wording
from backend.capacity.forms import Asked
from backend.core.errors import Invalid
from backend.core.i18n import use_language

MONDAY = date(2026, 12, 7)
WEEKS = tuple(MONDAY + timedelta(weeks=n) for n in range(8))
MARKS = Asked(("",), by_hours=False, weeks=WEEKS, standing={"": {MONDAY: 36.0, WEEKS[1]: 0.0}})
HOURS = Asked(("",), by_hours=True, weeks=WEEKS, standing={"": {}})
GROUPS = Asked(("旋盤", "フライス"), by_hours=False, weeks=WEEKS, standing={"旋盤": {MONDAY: 8.0}, "フライス": {}})


def field(n: int = 0, group: int = 0) -> str:
    return forms.field_name(group, WEEKS[n])


def test_marks_become_hours() -> None:
    told = forms.read_answer({field(0): "plenty", field(1): "free", field(7): "none"}, MARKS)
    assert told == {"": {WEEKS[0]: 36.0, WEEKS[1]: 10.0, WEEKS[7]: 0.0}}


@pytest.mark.parametrize(("typed", "hours"), [("12", 12.0), ("１２．５ｈ", 12.5), (" 1,000 ", 1000.0), ("0", 0.0)])
def test_hours_as_people_type_them(typed: str, hours: float) -> None:
    assert forms.read_answer({field(): typed}, HOURS) == {"": {MONDAY: hours}}


@pytest.mark.parametrize("typed", ["-1", "nan", "inf", "1e9", "たくさん", "12;drop"])
def test_what_is_no_number_of_hours(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        forms.read_answer({field(): typed, field(1): "8"}, HOURS)
    assert set(refusal.value.fields) == {field()}


@pytest.mark.parametrize("form", [{}, {field(): ""}, {"w0-2030-01-07": "plenty"}, {"same": ""}, {"all": "everything"}])
def test_an_answer_says_something(form: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="どの週も"):
        forms.read_answer(form, MARKS)


def test_one_press_repeats_what_stands() -> None:
    assert forms.read_answer({"same": "1"}, MARKS) == {"": {WEEKS[0]: 36.0, WEEKS[1]: 0.0}}
    shown = {field(): "plenty", field(1): "none"}
    assert forms.read_answer({"same": "1"} | shown, MARKS) == {"": {WEEKS[0]: 36.0, WEEKS[1]: 0.0}}
    assert forms.read_answer({"same": "1"}, GROUPS) == {"旋盤": {MONDAY: 8.0}}


def test_a_week_changed_before_the_one_press_is_sent_as_shown() -> None:
    assert forms.read_answer({"same": "1", field(): "none"}, MARKS) == {"": {WEEKS[0]: 0.0, WEEKS[1]: 0.0}}
    assert forms.read_answer({"same": "1", field(1): "free"}, MARKS) == {"": {WEEKS[0]: 36.0, WEEKS[1]: 10.0}}
    assert forms.read_answer({"same": "1", field(0, 1): "little"}, GROUPS) == {
        "旋盤": {MONDAY: 8.0},
        "フライス": {MONDAY: 4.0},
    }
    with pytest.raises(Invalid) as refusal:
        forms.read_answer({"same": "1", field(): "many"}, HOURS)
    assert set(refusal.value.fields) == {field()}


def test_hours_sent_back_as_shown_confirm_the_exact_figure() -> None:
    asked = replace(HOURS, standing={"": {MONDAY: 12.34}})
    assert forms.read_answer({field(): "12.3"}, asked) == {"": {MONDAY: 12.34}}
    assert forms.read_answer({field(): "12.4"}, asked) == {"": {MONDAY: 12.4}}


def test_one_press_says_the_same_of_all_weeks() -> None:
    assert forms.read_answer({"all": "free"}, GROUPS) == dict.fromkeys(GROUPS.groups, dict.fromkeys(WEEKS, 10.0))


def test_groups_answer_each_for_itself() -> None:
    told = forms.read_answer({field(0): "little", field(0, 1): "plenty"}, GROUPS)
    assert told == {"旋盤": {MONDAY: 8.0}, "フライス": {MONDAY: 20.0}}


def test_a_page_that_lay_open_over_the_weekend_still_counts() -> None:
    week_before = WEEKS[0] - timedelta(weeks=1)
    assert forms.read_answer({forms.field_name(0, week_before): "free"}, MARKS) == {"": {week_before: 10.0}}


@pytest.mark.parametrize("line", ["124-", "◎○×-", "１２４ー", "1 2 4 -", "1、2、4"])
def test_a_line_of_keys(line: str) -> None:
    assert forms.read_quick(line, MARKS) == {"": {WEEKS[0]: 36.0, WEEKS[1]: 10.0, WEEKS[2]: 0.0}}


def test_a_line_of_hours() -> None:
    assert forms.read_quick("20 10.5 - 0", HOURS) == {"": {WEEKS[0]: 20.0, WEEKS[1]: 10.5, WEEKS[3]: 0.0}}
    assert forms.read_quick("20", HOURS) == {"": {WEEKS[0]: 20.0}}


@pytest.mark.parametrize(
    ("line", "asked"),
    [("", MARKS), ("123456789", MARKS), ("5", MARKS), ("12a", MARKS), ("--", MARKS), ("x y", HOURS), ("1", GROUPS)],
)
def test_a_line_that_cannot_be_read(line: str, asked: Asked) -> None:
    with pytest.raises(Invalid):
        forms.read_quick(line, asked)


@pytest.mark.parametrize("text", ["083683", "083-683", "０８３－６８３", " 083 683 "])
def test_a_code_as_people_write_it(text: str) -> None:
    assert forms.read_code(text) == "083683"


def test_a_code_that_cannot_be_one() -> None:
    with pytest.raises(Invalid):
        forms.read_code("083684")


def test_wishes() -> None:
    wishes = forms.read_wishes(
        {"weekday": "1", "email": " A@Example.JP ", "groups": "旋盤\n\n旋盤\nフライス", "by_hours": "1", "lang": "xx"}
    )
    assert (wishes.weekday, wishes.email, wishes.groups, wishes.by_hours, wishes.lang) == (
        1,
        "a@example.jp",
        ("旋盤", "フライス"),
        True,
        "ja",
    )


@pytest.mark.parametrize(
    ("form", "field_name"),
    [
        ({"weekday": "7"}, "weekday"),
        ({"weekday": "1"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.jp\nBcc: c@d.jp"}, "email"),
        ({"groups": "\n".join("abcde")}, "groups"),
        ({"groups": "あ" * 41}, "groups"),
    ],
)
def test_wishes_that_cannot_be(form: dict[str, str], field_name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        forms.read_wishes(form)
    assert field_name in refusal.value.fields


@pytest.mark.parametrize(
    ("monday", "ja", "note"),
    [
        (date(2026, 12, 7), "12/7〜11", ""),
        (date(2026, 12, 28), "12/28〜1/1", "年末年始"),
        (date(2027, 1, 11), "1/11〜15", "11日は祝日"),
        (date(2027, 5, 3), "5/3〜7", "3・4・5日は祝日"),
    ],
)
def test_weeks_in_words(monday: date, ja: str, note: str) -> None:
    assert (wording.week_words(monday), wording.week_note(monday)) == (ja, note)


def test_days_in_words() -> None:
    assert wording.day_words(date(2026, 12, 15)) == "12月15日(火)"
    assert [wording.age_words(date(2026, 12, day), date(2026, 12, 15)) for day in (15, 14, 3)] == [
        "今日の答え",
        "きのうの答え",
        "12日前の答え",
    ]
    use_language("en")
    assert wording.day_words(date(2026, 12, 15)) == "Tue 15 December"
    assert wording.week_words(date(2026, 12, 28)) == "28 Dec – 1 Jan"
    assert wording.week_note(date(2027, 5, 3)) == "Holiday: 3, 4, 5"
