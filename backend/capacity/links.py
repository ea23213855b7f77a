"""The link by which a firm answers without signing in. It names one firm, ends on a day, and opens nothing else.

The text that is signed begins with the purpose, so that no signature made for anything else fits, nor this one there.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.core import security

PURPOSE = "capacity"
MAIL_DAYS = 35
PAPER_DAYS = 180
LONGEST = 200


@dataclass(frozen=True)
class Link:
    """What a link that we signed says, whether or not it still holds."""

    firm_id: str
    number: int
    last_day: date


def make(secret: str, firm_id: str, number: int, today: date, days: int = MAIL_DAYS) -> str:
    """The token of a link that holds for so many days."""
    last_day = today + timedelta(days=days)
    return security.sign(secret, f"{PURPOSE}.{firm_id}.{number}.{last_day:%Y%m%d}")


def read(secret: str, token: str) -> Link | None:
    """What the token says, if we signed it for this purpose; else None."""
    text = security.unsign(secret, token) if len(token) <= LONGEST else None
    parts = (text or "").split(".")
    if len(parts) != 4 or parts[0] != PURPOSE:
        return None
    # What we signed ourselves is well formed.
    return Link(parts[1], int(parts[2]), date(int(parts[3][:4]), int(parts[3][4:6]), int(parts[3][6:])))
