"""What the team half of the workbench shows."""

from typing import Any

from fastapi import Request
from sqlmodel import Session

from backend.accounts.models import User
from backend.requests.models import PartRequest
from matching.routing.route import Route
from matching.types import Need


def teams_context(
    request: Request, session: Session, actor: User | None, kept: PartRequest, need: Need, route: Route
) -> dict[str, Any]:
    """The values `_teams.html` needs; none while there is nothing to show."""
    del request, session, actor, kept, need, route
    return {}
