"""Cases and offers for programs, under the same rules of access as the pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from backend.accounts.api_access import Known, KnownActor, Once, Writer
from backend.accounts.models import Role
from backend.core.api_pages import Pages
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import NotFound
from backend.introductions import queries, service
from backend.introductions.api.forms import AnswerIn, CaseOut, CasesOut, MoveIn, OfferOut, OffersOut
from backend.introductions.api.view import case_out, case_rows, offer_out, offer_rows, party_of
from backend.introductions.cases import actions as case_actions
from backend.introductions.forms import LARGEST_ID
from backend.introductions.legs import offers
from backend.introductions.legs.offers import Reply
from backend.introductions.models import Case, Offer
from backend.introductions.states import CaseState, OfferState, Party
from backend.introductions.trail import By, open_for

router = APIRouter(prefix="/api/v1", tags=["cases"])
CaseNumber = Annotated[int, Path(ge=1, le=LARGEST_ID, examples=[412])]
OfferId = Annotated[str, Path(max_length=64, examples=["0b1d6f0f6c0e4d6a8a6a5d6e7f8a9b0c"])]
CaseStates = Annotated[
    list[CaseState], Query(max_length=len(CaseState), description="Only cases in one of these states.")
]
OfferStates = Annotated[
    list[OfferState], Query(max_length=len(OfferState), description="Only offers in one of these states.")
]


def _readable(session: ReadSession, actor: Known, case_id: CaseNumber) -> int:
    """A case the asker may read, whatever else was sent."""
    open_for(session, actor.user, case_id)
    return case_id


def _asked(session: ReadSession, actor: Known, offer_id: OfferId) -> str:
    """An offer to the asker's own firm: nobody else answers it here."""
    if actor.user.role is not Role.WORKSHOP or queries.offer_for(session, actor.user, offer_id) is None:
        raise NotFound
    return offer_id


OurCase = Annotated[int, Depends(_readable)]
OurOffer = Annotated[str, Depends(_asked)]


@router.get("/cases", summary="List cases")
def list_cases(session: ReadSession, actor: Known, pages: Pages, state: CaseStates = []) -> CasesOut:  # noqa: B006
    """Newest first: those of your organisation's requests; for coordinators those of their wards, of no ward yet, and
    shared. A workshop finds what it is asked under `/offers`.
    """
    found = queries.readable_cases(actor.user)
    piece = pages.piece(session, queries.in_states(found, state), Case.id, newest_first=True)
    return CasesOut(items=case_rows(session, actor.user, piece.items), next=piece.next)


@router.get("/cases/{case_id}", summary="Read a case")
def get_case(session: ReadSession, actor: Known, case_id: OurCase) -> CaseOut:
    """Where a case stands, its operations with the firms asked for them, and what you may do with it now.

    A client sees the firms that would do the work, by name from the introduction on; coordinators see all of them.
    """
    return case_out(session, actor.user, open_for(session, actor.user, case_id))


@router.post("/cases/{case_id}/moves", summary="Move a case", response_model=CaseOut)
def move_case(session: WriteSession, actor: Writer, once: Once, case_id: OurCase, sent: MoveIn) -> Response:
    """Move a case along; the case after it comes back. `moves` of the case are what can be done now.

    What the present state does not allow, or with `version` what was decided on an older one, is refused with 409.
    """

    def work() -> CaseOut:
        by = _by(actor, party_of(actor.user))
        if actor.is_staff:
            moved = case_actions.move(session, by, case_id, sent.action, sent.reason, sent.words, sent.version)
        else:
            moved = service.move(
                session, by, case_id, sent.action, reason=sent.reason, words=sent.words, seen=sent.version
            )
        return case_out(session, actor.user, moved)

    return once.answer(session, work)


@router.get("/offers", summary="List offers")
def list_offers(session: ReadSession, actor: Known, pages: Pages, state: OfferStates = []) -> OffersOut:  # noqa: B006
    """What your workshop was asked, in an order that does not change; for coordinators all offers of their cases."""
    found = queries.readable_offers(actor.user)
    piece = pages.piece(session, queries.offers_in_states(found, state), Offer.id)
    return OffersOut(items=offer_rows(session, piece.items), next=piece.next)


@router.get("/offers/{offer_id}", summary="Read an offer")
def get_offer(session: ReadSession, actor: Known, offer_id: OfferId) -> OfferOut:
    """What is to be made, until when to answer, and what was answered; from the introduction on, who asks."""
    offer = queries.offer_for(session, actor.user, offer_id)
    if offer is None:
        raise NotFound
    return offer_out(session, offer)


@router.post("/offers/{offer_id}/answers", summary="Answer an offer", response_model=OfferOut)
def answer_offer(session: WriteSession, actor: Writer, once: Once, offer_id: OurOffer, sent: AnswerIn) -> Response:
    """Say for your workshop whether it would do the work, would under conditions, or passes; the offer comes back.

    A later answer replaces an earlier one until the client has agreed; after that it is refused with 409.
    """

    def work() -> OfferOut:
        reply = Reply(sent.answer, sent.reason, tuple(sent.conditions), sent.proposed_date, sent.words)
        return offer_out(session, offers.answer(session, _by(actor, Party.FIRM), offer_id, reply))

    return once.answer(session, work)


def _by(actor: KnownActor, party: Party) -> By:
    return By(actor.user, party, program=bool(actor.token_id))
