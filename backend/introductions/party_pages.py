"""All pages of a case for its parties, the firms that are asked and the client, and where all sides meet."""

from fastapi import APIRouter

from backend.introductions import client_pages, file_pages, message_pages, notice_pages, offer_pages, sheet_pages

router = APIRouter()
for pages in (client_pages, file_pages, message_pages, notice_pages, offer_pages, sheet_pages):
    router.include_router(pages.router)
