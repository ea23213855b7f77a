"""Who has to be called about a change."""

from datetime import UTC, datetime

import pytest

from backend.core.i18n import speaking
from backend.introductions.changes.view import LegToTell, ToTell, Untold

LEGS = (
    LegToTell(
        "1", "曲げ", "", (ToTell("みほん板金", "", "", has_mail=False), ToTell("みほん製作所", "", "", has_mail=True))
    ),
    LegToTell(
        "2", "検査", "", (ToTell("ほか工業", "", "", has_mail=False), ToTell("みほん板金", "", "", has_mail=False))
    ),
)


@pytest.mark.parametrize(("language", "names"), [("ja", "みほん板金、ほか工業"), ("en", "みほん板金, ほか工業")])
def test_names_are_listed_as_the_reader_lists_them(language: str, names: str) -> None:
    with speaking(language):
        assert Untold(datetime(2026, 12, 1, tzinfo=UTC), (), LEGS).calls == names
