"""All pages of cases: those of coordinators, of firms that are asked and of clients, and where all sides meet."""

from fastapi import APIRouter

from backend.introductions import file_pages
from backend.introductions.cases import change_pages, choosing_pages, sheet_pages
from backend.introductions.cases import pages as case_pages
from backend.introductions.client import pages as client_pages
from backend.introductions.desk import board_pages, list_pages
from backend.introductions.desk import pages as desk_pages
from backend.introductions.firm import pages as firm_pages
from backend.introductions.messages import notice_pages
from backend.introductions.messages import pages as message_pages
from backend.introductions.outcomes import pages as outcome_pages

# Fixed addresses come before those with a number in them.
STAFF = (desk_pages, board_pages, list_pages, case_pages, change_pages, choosing_pages)
PARTIES = (client_pages, file_pages, message_pages, notice_pages, firm_pages, sheet_pages, outcome_pages)

router = APIRouter()
for pages in (*STAFF, *PARTIES):
    router.include_router(pages.router)
