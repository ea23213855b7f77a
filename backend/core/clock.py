"""The only wall clock of the program. Tests travel in time; nothing else calls datetime.now()."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the wall calendar of a workshop in Tokyo."""
    return now().astimezone(TOKYO).date()


def in_tokyo(moment: datetime) -> datetime:
    """The same moment as people here read it off the clock."""
    return moment.astimezone(TOKYO)
