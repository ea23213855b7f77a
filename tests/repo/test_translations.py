"""English is complete and says as much as the Japanese."""

import re

from backend.core.i18n import LOCALES, read_catalogue
from tests.repo import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def test_every_sentence_has_an_english_one() -> None:
    assert messages.missing() == {}


def test_whatever_is_counted_has_a_form_for_one() -> None:
    assert messages.counted() == {}
    assert messages.plain() == {}


def test_no_translation_outlives_its_sentence() -> None:
    assert messages.left_over() == []


def test_translations_fill_in_the_same_values() -> None:
    for japanese, forms in messages.translated().items():
        wanted = set(PLACEHOLDER.findall(japanese))
        for english in forms:
            assert set(PLACEHOLDER.findall(english)) <= wanted | {"n"}, japanese
            assert wanted - {"n"} <= set(PLACEHOLDER.findall(english)), japanese


def test_no_sentence_is_translated_twice_differently() -> None:
    seen: dict[str, object] = {}
    for file in sorted((LOCALES / "en").glob("*.po")):
        for message in read_catalogue(file):
            if isinstance(message.id, str) and message.id:
                assert seen.setdefault(message.id, message.string) == message.string, f"{file.name}: {message.id}"
