"""The coordinators' pages of cases together, fixed addresses before those with a number in them."""

from fastapi import APIRouter

from backend.introductions import board_pages, case_pages, change_pages, choosing_pages, desk_pages, list_pages

router = APIRouter()
for pages in (desk_pages, board_pages, list_pages, case_pages, change_pages, choosing_pages):
    router.include_router(pages.router)
