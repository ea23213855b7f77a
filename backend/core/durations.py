"""How long something took or has stood, said in one way on every page."""

from datetime import timedelta

from backend.core.i18n import gettext as _
from backend.core.i18n import ngettext

# Below this in hours, from there in days: nobody has to think what 0.7 days are.
IN_DAYS_FROM = timedelta(days=2)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def duration_words(span: timedelta) -> str:
    """3日, 17時間, 1時間未満. What is begun of an hour or a day does not count."""
    if span >= IN_DAYS_FROM:
        return ngettext("%(n)s日", "%(n)s日", span // DAY)
    return ngettext("%(n)s時間", "%(n)s時間", span // HOUR) if span >= HOUR else _("1時間未満")
