"""English is complete and says as much as the Japanese."""

import re
from pathlib import Path

import pytest

from backend.core.i18n import LOCALES, read_catalogue
from tests.repo import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)")
MANY = re.compile(r"(?<!to )(?<!most )(?<!of )%\(n\)s (?:\w+ )?(?!is\b|words\b)[a-z]+s\b")
NEVER_ONE = {
    # Before these stands another sentence for one, or it takes two to be said at all.
    "Answered %(n)s days ago",
    "It takes %(n)s operations: specialised workshops would do them one after the other, as a team.",
}


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
    """Neither in two catalogues, nor where it is counted and where it stands alone (1.5 days are no count)."""
    seen: dict[str, tuple[str, str]] = {}
    for file in sorted((LOCALES / "en").glob("*.po")):
        for message in read_catalogue(file):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                english = message.string if isinstance(message.string, str) else list(message.string or [""])[-1]
                known, where = seen.setdefault(key, (english, file.name))
                assert known == english, f"{key}: {where} and {file.name}"


@pytest.mark.parametrize("file", sorted((LOCALES / "en").glob("*.po")), ids=lambda file: file.stem)
def test_what_may_be_one_is_counted(file: Path) -> None:
    """`1 firms` comes of a sentence that is translated without being counted."""
    plain = {m.string for m in read_catalogue(file) if isinstance(m.id, str) and isinstance(m.string, str)}
    assert {english for english in plain if MANY.search(english)} <= NEVER_ONE
