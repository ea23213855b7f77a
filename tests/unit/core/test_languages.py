"""Which language a browser wants."""

import pytest

from backend.core.i18n import preferred_languages


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", []),
        ("en-GB,en;q=0.8", ["en_GB", "en"]),
        ("en;q=0.5, ja", ["ja", "en"]),
        ("en ; q=0.3, ja;q=0.9", ["ja", "en"]),
        ("ja;q=0, en;q=0.1", ["en"]),
        ("en;q=much", ["en"]),
    ],
)
def test_the_dearest_comes_first(header: str, wanted: list[str]) -> None:
    assert preferred_languages(header) == wanted
