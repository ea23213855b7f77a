"""What a firm typed into its page: the answer to one operation, and the hours that an order takes."""

from collections.abc import Mapping
from datetime import date

from backend.core.days import read_date
from backend.introductions.forms import Sent
from backend.introductions.legs import work_hours
from backend.introductions.legs.offers import Reply


def reply_of(sent: Sent) -> Reply:
    """The answer as it was typed. offers.answer checks it; only a date that is none is refused here."""
    return Reply(
        sent.one("answer"),
        sent.one("reason"),
        sent.all("conditions"),
        read_date(sent.one("proposed_date"), "proposed_date") if sent.one("answer") == "conditional" else None,
        sent.one("words"),
    )


def hours_of(sent: Sent) -> Mapping[date, float] | None:
    """The hours that an order takes, day by day, as the firm typed them; none where the form has no such field."""
    if not sent.all("hours"):
        return None
    hours = work_hours.read_hours(sent.one("hours"))
    if hours is None:
        return {}
    return work_hours.spread(hours, read_date(sent.one("first"), "first"), read_date(sent.one("last"), "last"))
