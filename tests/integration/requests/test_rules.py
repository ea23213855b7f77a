"""What a request may say, and what a form asks to keep."""

import pytest
import time_machine

from backend.core.errors import Invalid
from backend.requests import rules
from backend.requests.forms import corrections_of


@pytest.mark.parametrize(
    ("text", "language"), [("箱", "ja"), ("ボルト M6", "ja"), ("a box", "en"), ("", "ja"), ("10×20", "en")]
)
def test_language(text: str, language: str) -> None:
    assert rules.language_of(text) == language


def test_a_text_keeps_its_lines() -> None:
    assert rules.check_text(" 箱\r\n10個\r") == "箱\n10個"


@pytest.mark.parametrize("text", ["", " \n", "あ" * 10_001, "a\x00b", "a\x1bb", "a\ud800b"])
def test_a_text_nobody_can_use(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_text(text)
    assert set(refusal.value.fields) == {"text"}


@pytest.mark.parametrize(
    "corrections", [{"colour": "red"}, {"material": 5}, {"material": "あ" * 201}, {"material": "a\nb\x00"}]
)
def test_corrections_nobody_can_use(corrections: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        rules.check_corrections(corrections)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_name", ""),
        ("contact_name", "あ" * 81),
        ("contact_organisation", "あ" * 121),
        ("contact_email", "mame"),
        ("contact_email", "a" * 250 + "@example.jp"),
        ("contact_phone", "でんわ"),
        ("contact_phone", "123"),
    ],
)
def test_contacts_nobody_can_use(field: str, value: str) -> None:
    good = {"contact_name": "豆田", "contact_organisation": "", "contact_email": "mame@example.jp", "contact_phone": ""}
    assert rules.check_contact(good) == good
    with pytest.raises(Invalid) as refusal:
        rules.check_contact(good | {field: value})
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize(
    "typed",
    [
        "0３－1234－5678",
        "03ー1234ー5678",
        "０３−１２３４−５６７８",
        "03―1234–5678",
        "03‐1234‑5678",
        "03ｰ1234 — 5678",
        "０３　ー　1234-5678",
    ],
)
def test_a_number_is_kept_plain_with_whatever_dash_it_was_typed(typed: str) -> None:
    assert rules.check_contact({"contact_name": "豆田", "contact_phone": typed})["contact_phone"] == "03-1234-5678"


def test_who_telephones_may_have_no_email() -> None:
    assert rules.check_contact({"contact_name": "豆田", "contact_phone": "03-1234-5678"})["contact_email"] == ""
    with pytest.raises(Invalid):
        rules.check_contact({"contact_name": "豆田"})


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({}, {}),
        ({"c-material": "SUS304"}, {"material": "SUS304"}),
        ({"w-material": "A5052", "v-material": "A5052"}, {}),
        ({"w-material": "A5052", "v-material": "SUS304 "}, {"material": "SUS304"}),
        ({"w-material": "A5052", "v-material": ""}, {"material": ""}),
        ({"answer": "quantity:10"}, {"a-quantity": "10"}),
        ({"answer": "drawing:"}, {"a-drawing": ""}),
        ({"answer": "nothing:10"}, {}),
        ({"answer": "quantity"}, {}),
        ({"answer": "due:14"}, {"a-due": "2026-12-15"}),
        ({"answer": "due:none"}, {"a-due": "none"}),
        ({"c-material": "SUS304", "c-a-grade": "A5052", "reset": "material"}, {}),
        ({"c-material": "SUS304", "reset": "quantity"}, {"material": "SUS304"}),
        ({"c-colour": "red"}, {}),
    ],
)
@time_machine.travel("2026-12-01T12:00:00+09:00", tick=False)
def test_what_a_form_asks_to_keep(form: dict[str, str], kept: dict[str, str]) -> None:
    assert corrections_of(form) == kept
