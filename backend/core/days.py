"""A day as it comes in from a form or an address."""

from datetime import date

from backend.core import clock
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from matching.days import plausible_date


def read_date(text: str, name: str) -> date | None:
    """The day of the field `name`, or none where it was left blank.

    Raises:
        Invalid: it is no day, or none that a plan or a report can be about.
    """
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        message = _("日付は「2027-01-15」のように書いてください。")
        raise Invalid(message, {name: message}) from None
    if not plausible_date(day, clock.today()):
        message = _("2000年以降、今日から3年先までの日付にしてください。")
        raise Invalid(message, {name: message})
    return day
