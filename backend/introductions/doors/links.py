"""The link by which a firm answers an offer without signing in: one firm, one case, until a day, nothing else."""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.core import security

PURPOSE = "offer"
DAYS = 60
LONGEST = 200


@dataclass(frozen=True)
class Link:
    """What a link that we signed says, whether or not it still holds."""

    case_id: int
    firm_id: str
    number: int
    last_day: date


def make(secret: str, case_id: int, firm_id: str, number: int, today: date, days: int = DAYS) -> str:
    """The token of a link that holds for so many days."""
    last_day = today + timedelta(days=days)
    return security.sign(secret, f"{PURPOSE}.{case_id}.{firm_id}.{number}.{last_day:%Y%m%d}")


def read(secret: str, token: str) -> Link | None:
    """What the token says, if we signed it for this purpose; else None."""
    text = security.unsign(secret, token) if len(token) <= LONGEST else None
    parts = (text or "").split(".")
    if len(parts) != 5 or parts[0] != PURPOSE:
        return None
    # What we signed ourselves is well formed.
    day = date(int(parts[4][:4]), int(parts[4][4:6]), int(parts[4][6:]))
    return Link(int(parts[1]), parts[2], int(parts[3]), day)
