"""What a firm typed into its page: the answer to one operation, and the hours that an order takes."""

from collections.abc import Mapping
from datetime import date

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.introductions.forms import Sent
from backend.introductions.legs import work_hours
from backend.introductions.legs.offers import Reply


def reply_of(sent: Sent) -> Reply:
    """The answer as it was typed. offers.answer checks it; only a date that is none is refused here."""
    return Reply(
        sent.one("answer"),
        sent.one("reason"),
        sent.all("conditions"),
        _date(sent.one("proposed_date")) if sent.one("answer") == "conditional" else None,
        sent.one("words"),
    )


def hours_of(sent: Sent) -> Mapping[date, float] | None:
    """The hours that an order takes, day by day, as the firm typed them; none where the form has no such field."""
    if not sent.all("hours"):
        return None
    hours = work_hours.read_hours(sent.one("hours"))
    if hours is None:
        return {}
    return work_hours.spread(hours, _date(sent.one("first"), "first"), _date(sent.one("last"), "last"))


def _date(text: str, field: str = "proposed_date") -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = _("日付を選びなおしてください。")
        raise Invalid(message, {field: message}) from error
