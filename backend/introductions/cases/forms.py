"""What a coordinator typed into the page of a case: days, and the answer of a firm."""

from datetime import date, datetime, time

from backend.core import clock
from backend.core.days import read_date
from backend.introductions.forms import Sent
from backend.introductions.legs.offers import Reply
from backend.introductions.rules import CLOSING_HOUR


def closing_time(day: date | None) -> datetime | None:
    """Five in the afternoon of that day in Tokyo."""
    return datetime.combine(day, time(CLOSING_HOUR), clock.TOKYO) if day else None


def read_reply(sent: Sent) -> Reply:
    """The answer of a firm, as the coordinator typed it in."""
    return Reply(
        sent.one("answer"),
        sent.one("reason"),
        sent.all("conditions")[:20],
        read_date(sent.one("proposed_date"), "proposed_date"),
        sent.one("words"),
    )
