"""Who may see a document, and how many there may be. The same rule stands in queries.py as a WHERE clause."""

from collections.abc import Collection
from dataclasses import dataclass, field

from backend.files.models import Audience

DESK = "desk"
CLIENT = "client"
# One case with more papers than this is several cases.
MOST_DOCUMENTS = 200
MOST_VERSIONS = 50
# All versions of all papers of one case, in megabytes.
MOST_OF_CASE_MB = 2000
MOST_FILES_AT_ONCE = 20


@dataclass(frozen=True)
class Actor:
    """Who acts on the files of one subject: as the log will name them, and the audience keys they hold there."""

    name: str
    keys: frozenset[str] = field(default_factory=frozenset)
    user_id: str | None = None
    # For those who came by a signed link, without an account.
    link_id: str | None = None


def leg_key(leg_id: str | int) -> str:
    return f"leg:{leg_id}"


def firm_key(firm_id: str) -> str:
    return f"firm:{firm_id}"


def may_see(audience: Audience, owner_key: str, shown_to: Collection[str], keys: Collection[str]) -> bool:
    """The desk sees all, the client what is not for the desk alone, whoever brought it his own, others what is shown.

    A document that is taken back to a narrower audience is hidden from everybody it was shown to, at once.
    """
    if DESK in keys or owner_key in keys:
        return True
    if CLIENT in keys:
        return audience is not Audience.COORDINATORS
    return audience is Audience.CONSENTED and not set(shown_to).isdisjoint(keys)


def may_change(owner_key: str, keys: Collection[str]) -> bool:
    """New versions, another audience, removal: the desk and whoever brought the document."""
    return DESK in keys or owner_key in keys
