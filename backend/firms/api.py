"""The register for programs: the same rules of access as the pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from backend.accounts.dependencies import CurrentUser
from backend.core import clock
from backend.core.db import ReadSession
from backend.firms import queries, service
from backend.firms.forms import read_search
from backend.firms.views import FirmOut, firm_out, view_of

router = APIRouter(prefix="/api/v1", tags=["firms"])
Wanted = Annotated[queries.Search, Depends(read_search)]


class FirmsOut(BaseModel):
    """One page of the directory."""

    items: list[FirmOut]
    page: int
    pages: int
    total: int


@router.get("/firms")
def list_firms(session: ReadSession, user: CurrentUser, search: Wanted) -> FirmsOut:
    """Firms of the directory, narrowed by words, process, material, ward, certificate and free weeks."""
    found = queries.search_firms(session, user, search)
    items = [firm_out(view_of(firm, user), clock.today()) for firm in found.items]
    return FirmsOut(items=items, page=found.number, pages=found.pages, total=found.total)


@router.get("/firms/{firm_id}")
def get_firm(session: ReadSession, user: CurrentUser, firm_id: Annotated[str, Path(max_length=64)]) -> FirmOut:
    """One firm, with the fields that the asker may read."""
    return firm_out(view_of(service.firm_for(session, user, firm_id), user), clock.today())
