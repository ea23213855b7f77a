"""Days where there is little room: by number in Japanese, by the name of the month in English."""

from datetime import date

import pytest

from backend.capacity.wording import week_words
from backend.core.i18n import speaking
from backend.core.templating import short_date
from backend.dashboards.period import Period
from backend.dashboards.report_view import long_month_name, month_name
from backend.teams.team_words import span

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", ("11/23", "11/23〜27", "11/30〜12/4", "11/23–25", "11/23–12/1")),
        ("en", ("23 Nov", "23–27 Nov", "30 Nov – 4 Dec", "23–25 Nov", "23 Nov – 1 Dec")),
    ],
)
def test_short_days_and_weeks(lang: str, said: tuple[str, ...]) -> None:
    with speaking(lang):
        weeks = (week_words(DAY), week_words(date(2026, 11, 30)))
        assert (short_date(DAY), *weeks, span(DAY, date(2026, 11, 25)), span(DAY, date(2026, 12, 1))) == said
        assert span(DAY, DAY) == short_date(DAY)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ja", ("11月", "2027年1月", "2026年11月", "2026年11月23日から2026年11月30日")),
        ("en", ("Nov", "Jan 2027", "Nov 2026", "23 Nov 2026 to 30 Nov 2026")),
    ],
)
def test_months_and_times_of_the_report(lang: str, said: tuple[str, ...]) -> None:
    with speaking(lang):
        months = (month_name(DAY), month_name(date(2027, 1, 1)), long_month_name(DAY))
        assert (*months, Period(DAY, date(2026, 11, 30)).words) == said
