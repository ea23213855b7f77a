"""Cases and offers as programs send and receive them."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from backend.core.api_models import ApiIn, ApiOut, like
from backend.core.api_pages import CURSOR
from backend.introductions import rules
from backend.introductions.reasons import CONDITIONS, DECLINE_REASONS, FEEDBACK, LOST_REASONS
from backend.introductions.states import CaseState, Channel, LegState, NdaState, OfferState, Party

# The number of a version fits into a column of the database.
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
# Longer than what is allowed: the rules say so in words. Lines may break; other control characters have no place.
Text = Annotated[str, StringConstraints(max_length=2 * rules.LONGEST_WORDS, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
# The same moment always reads the same, whether it was just worked out or comes from the database.
Moment = Annotated[datetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Code = Annotated[str, Field(max_length=32)]


class CaseMove(StrEnum):
    """What may be done with a case; the rest follows from what becomes of its offers."""

    TAKE = "take"
    CLEAR = "clear"
    UNCLEAR = "unclear"
    SHORTLIST = "shortlist"
    INTRODUCE = "introduce"
    NEGOTIATE = "negotiate"
    START = "start"
    DELIVER = "deliver"
    CLOSE = "close"
    LOSE = "lose"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REOPEN = "reopen"
    UNCLOSE = "unclose"


class MoveIn(ApiIn):
    """A move of a case."""

    model_config = like({"action": "lose", "reason": "price", "words": "海外の見積に決まった。", "version": 7})

    action: CaseMove
    reason: Code = Field(default="", description=f"For `lose` and `withdraw`: one of {', '.join(LOST_REASONS)}.")
    words: Text = ""
    version: Version | None = Field(
        default=None, description="As it was read; a case that changed since then is refused with 409."
    )


class CaseOfferOut(ApiOut):
    """A firm that was asked for a leg. A client sees those that would do it, without a name until the introduction."""

    id: str
    state: OfferState
    firm_id: str | None = Field(description="Null to the client until both sides were introduced.")
    firm: str = Field(description="The name, or to the client before the introduction its ward and work.")
    asked_at: Moment
    reply_by: Moment
    answered_at: Moment | None
    channel: Channel | None = Field(description="How the answer came.")
    conditions: list[str] = Field(description=f"Of {', '.join(CONDITIONS)}.")
    proposed_date: date | None
    reason: str = Field(description="Why the firm passed; for coordinators.")
    words: str = Field(description="What the firm said; to the client from the introduction on.")


class LegOut(ApiOut):
    """One operation of a case, in the order of the work."""

    id: str
    title: str
    state: LegState
    nda: NdaState
    hours: float | None
    start: date | None
    finish: date | None
    ordered_on: date | None
    handed_over_on: date | None
    offers: list[CaseOfferOut]


class CaseRow(ApiOut):
    """Where a case stands."""

    id: int
    number: str
    request: str = Field(description="The token of its request.")
    title: str
    state: CaseState
    waits_for: Party | None = Field(description="Whose turn it is; null when the case has ended.")
    due_at: Moment | None
    entered_at: Moment = Field(description="Since when it stands there.")
    ward: str | None
    reason: str = Field(description="Why it ended.")
    version: int
    created_at: Moment
    updated_at: Moment
    closed_at: Moment | None = None
    url: str


ROW = {
    "id": 412,
    "number": "26-0412",
    "request": "vq3dU0Zb1mW1xE0cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE",
    "title": "検査機のカバー 12個",
    "state": "making",
    "waits_for": "firm",
    "due_at": "2026-12-04T08:00:00Z",
    "entered_at": "2026-11-30T02:10:00Z",
    "ward": "大田区",
    "reason": "",
    "version": 7,
    "created_at": "2026-11-27T01:30:00Z",
    "updated_at": "2026-11-30T02:10:00Z",
    "url": "/cases/412",
}
OFFER = {
    "id": "0b1d6f0f6c0e4d6a8a6a5d6e7f8a9b0c",
    "state": "won",
    "firm_id": "5f0c8a529d534a3b9a580d3a6c1a7f10",
    "firm": "有限会社みほん板金",
    "asked_at": "2026-11-30T02:10:00Z",
    "reply_by": "2026-12-03T08:00:00Z",
    "answered_at": "2026-12-01T03:00:00Z",
    "channel": "phone",
    "conditions": ["later"],
    "proposed_date": "2026-12-22",
    "reason": "",
    "words": "22日なら渡せます。",
}
LEG = {
    "id": "9a1b2c3d4e5f40718293a4b5c6d7e8f9",
    "title": "曲げ",
    "state": "handed_over",
    "nda": "not_needed",
    "hours": 6.5,
    "start": "2026-12-07",
    "finish": "2026-12-18",
    "ordered_on": "2026-12-04",
    "handed_over_on": "2026-12-17",
    "offers": [OFFER],
}


class CasesOut(ApiOut):
    """Some cases, newest first."""

    model_config = like({"items": [ROW], "next": CURSOR})

    items: list[CaseRow]
    next: str | None


class CaseOut(CaseRow):
    """A case with its operations, the firms asked for them, and what the asker may do with it now."""

    model_config = like(ROW | {"moves": ["deliver", "withdraw"], "legs": [LEG]})

    moves: list[CaseMove]
    legs: list[LegOut]


class AnswerIn(ApiIn):
    """A firm's answer to an offer."""

    model_config = like({"answer": "conditional", "conditions": ["later"], "proposed_date": "2099-12-22"})

    answer: Literal["raise_hand", "conditional", "decline"]
    conditions: list[Code] = Field(
        default_factory=list, max_length=20, description=f"For `conditional`: of {', '.join(CONDITIONS)}."
    )
    proposed_date: date | None = Field(default=None, description="For `conditional`: when it could be handed over.")
    reason: Code = Field(default="", description=f"For `decline`: one of {', '.join(DECLINE_REASONS)}.")
    words: Text = ""


class Line(ApiOut):
    label: str
    words: str


class OfferRow(ApiOut):
    """What a firm was asked, and what it answered."""

    id: str
    firm_id: str
    number: str = Field(description="What to say on the telephone.")
    state: OfferState
    summary: list[Line] = Field(description="What is to be made, as it was told to the firm. It names nobody.")
    asked_at: Moment
    reply_by: Moment
    answered_at: Moment | None
    conditions: list[str]
    proposed_date: date | None
    reason: str
    words: str
    feedback: str = Field(description=f"Why another firm was chosen: one of {', '.join(FEEDBACK)}.")
    feedback_words: str
    url: str


class ClientOut(ApiOut):
    """Whom the firm works for."""

    name: str
    organisation: str
    email: str
    phone: str


ASKED = {
    "id": OFFER["id"],
    "firm_id": OFFER["firm_id"],
    "number": "26-0412",
    "state": "asked",
    "summary": [{"label": "何を", "words": "板を曲げる"}, {"label": "数量", "words": "12個"}],
    "asked_at": "2026-11-30T02:10:00Z",
    "reply_by": "2026-12-03T08:00:00Z",
    "conditions": [],
    "reason": "",
    "words": "",
    "feedback": "",
    "feedback_words": "",
    "url": f"/offers/{OFFER['id']}",
}
# An example holds no nulls; these are null until somebody has answered.
ANSWERED = ASKED | {
    "state": "introduced",
    "answered_at": "2026-12-01T03:00:00Z",
    "conditions": ["later"],
    "proposed_date": "2026-12-22",
}


class OffersOut(ApiOut):
    """Some offers."""

    model_config = like({"items": [ANSWERED], "next": CURSOR})

    items: list[OfferRow]
    next: str | None


class OfferOut(OfferRow):
    """An offer; `client` from the introduction on."""

    model_config = like(
        ANSWERED
        | {
            "client": {
                "name": "開発 さくら",
                "organisation": "みほんロボット",
                "email": "sakura@example.jp",
                "phone": "03-0000-1234",
            }
        }
    )

    client: ClientOut | None
