"""The coordinators' pages of cases together, fixed addresses before those with a number in them."""

from fastapi import APIRouter

from backend.introductions import case_pages, choosing_pages, desk_pages

router = APIRouter()
for pages in (desk_pages, case_pages, choosing_pages):
    router.include_router(pages.router)
