"""All pages of a case that are there for its parties: the firms that are asked, and the client."""

from fastapi import APIRouter

from backend.introductions import client_pages, offer_pages

router = APIRouter()
for pages in (client_pages, offer_pages):
    router.include_router(pages.router)
