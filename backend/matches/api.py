"""Matches for programs, under the same rules of access as the pages."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.accounts.api_access import OPEN, Asker
from backend.core.db import ReadSession
from backend.core.errors import Invalid
from backend.matches import service
from backend.matches.cards import Card
from backend.matches.dependencies import Index
from backend.matches.forms import CandidateOut, CheckOut, MatchIn, MatchOut, MissingOut, ReadingOut
from backend.requests import rules
from backend.requests import service as requests
from backend.requests.forms import Wording
from matching.types import Need

router = APIRouter(prefix="/api/v1", tags=["matches"])
Token = Annotated[str, Path(max_length=64, examples=["vq3dU0Zb1mW1xE0cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE"])]
TOP = 20


@router.post("/matches", summary="Find firms for a text", openapi_extra=OPEN)
def find_matches(sent: MatchIn, index: Index, actor: Asker) -> MatchOut:
    """Reads a text and finds the firms that come into question, best first. Nothing is kept."""
    wording = Wording(rules.check_text(sent.text), rules.check_corrections(sent.corrections))
    return _shown(service.answer(index, wording, top=sent.top, staff=actor.is_staff))


@router.get("/requests/{token}/matches", summary="Find firms for a request", openapi_extra=OPEN)
def get_matches(token: Token, session: ReadSession, index: Index, actor: Asker) -> MatchOut:
    """The firms for a request that was sent before."""
    kept = requests.open_by(session, actor.user, token)
    return _shown(service.answer(index, Wording(kept.text, kept.corrections), top=TOP, staff=actor.is_staff))


def _shown(answer: service.Answer) -> MatchOut:
    wrong = {chip.aspect: chip.problem for chip in answer.reading.chips if chip.problem}
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    return MatchOut(
        understood=_reading(answer.need),
        missing=[MissingOut(key=q.key, question=q.text) for q in answer.questions.open],
        fitting=answer.fitting,
        candidates=[_candidate(card) for card in answer.cards],
    )


def _reading(need: Need) -> ReadingOut:
    return ReadingOut(
        material=need.material.value if need.material else None,
        size_mm=list(need.size_mm.value) if need.size_mm else None,
        tolerance_mm=need.tolerance_mm.value if need.tolerance_mm else None,
        quantity=need.quantity.value if need.quantity else None,
        due=need.due.value if need.due else None,
        certifications=list(need.certifications.value) if need.certifications else None,
        processes=[mention.process_id for mention in need.processes],
    )


def _candidate(card: Card) -> CandidateOut:
    return CandidateOut(
        firm_id=card.firm_id,
        name=card.name,
        ward=card.ward,
        verdict=card.verdict,
        checks=[
            CheckOut(aspect=line.aspect, verdict=line.verdict, fact=line.fact, question=line.question or None)
            for line in card.checks
        ],
        questions=list(card.questions),
    )
