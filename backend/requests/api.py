"""Requests for programs."""

from fastapi import APIRouter, status

from backend.accounts.dependencies import CurrentUser
from backend.core.db import ReadSession, WriteSession
from backend.requests import rules, service
from backend.requests.forms import RequestIn, RequestOut, Wording
from backend.requests.models import PartRequest

router = APIRouter(prefix="/api/v1", tags=["requests"])


@router.post("/requests", status_code=status.HTTP_201_CREATED)
def create_request(sent: RequestIn, session: WriteSession, user: CurrentUser) -> RequestOut:
    """Sends a request. The token in the answer is the only way back to it: keep it."""
    wording = Wording(rules.check_text(sent.text), rules.check_corrections(sent.corrections))
    return _shown(service.send(session, wording, owner_id=user.id if user else None))


@router.get("/requests/{token}")
def get_request(token: str, session: ReadSession) -> RequestOut:
    """The request of this token."""
    return _shown(service.open_request(session, token))


def _shown(request: PartRequest) -> RequestOut:
    return RequestOut(
        token=request.token,
        number=request.number,
        text=request.text,
        lang=request.lang,
        corrections=request.corrections,
        url=f"/requests/{request.token}",
    )
