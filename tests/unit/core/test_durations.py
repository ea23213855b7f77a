"""One way to say how long something took."""

from datetime import timedelta

import pytest

from backend.core.durations import duration_words
from backend.core.i18n import speaking


@pytest.mark.parametrize(
    ("span", "japanese", "english"),
    [
        (timedelta(minutes=-5), "1時間未満", "less than an hour"),
        (timedelta(minutes=59), "1時間未満", "less than an hour"),
        (timedelta(hours=1), "1時間", "1 hour"),
        (timedelta(days=0.7), "16時間", "16 hours"),
        (timedelta(hours=47, minutes=59), "47時間", "47 hours"),
        (timedelta(days=2), "2日", "2 days"),
        (timedelta(days=2, hours=23), "2日", "2 days"),
    ],
)
def test_below_two_days_in_hours(span: timedelta, japanese: str, english: str) -> None:
    assert duration_words(span) == japanese
    with speaking("en"):
        assert duration_words(span) == english
