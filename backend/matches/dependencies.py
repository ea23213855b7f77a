"""What the pages and the programs' interface of this slice share: the live index, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request

from backend.accounts.models import User
from backend.matches.index import LiveIndex


def _index(request: Request) -> LiveIndex:
    index: LiveIndex = request.app.state.matches
    return index


Index = Annotated[LiveIndex, Depends(_index)]


def is_staff(user: User | None) -> bool:
    """Whether this person may read what firms told the coordinators only."""
    return user is not None and user.is_staff
