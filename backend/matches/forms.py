"""How what people and programs send arrives here."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field


async def _posted(request: Request) -> Mapping[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


# The fields of the form as they were sent, before anybody checked them.
Posted = Annotated[Mapping[str, str], Depends(_posted)]


class MatchIn(BaseModel):
    """What somebody wants made."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="What should be made, in plain Japanese or English.")
    corrections: dict[str, str] = Field(
        default_factory=dict, description="Parts of the reading to put right, in words: {part: words}."
    )
    top: int = Field(default=20, ge=1, le=100, description="How many firms to return.")


class ReadingOut(BaseModel):
    """What was understood; null where the text is silent. Lengths in millimetres."""

    material: str | None
    size_mm: list[float] | None
    tolerance_mm: float | None
    quantity: int | None
    due: date | None
    certifications: list[str] | None
    processes: list[str]


class CheckOut(BaseModel):
    aspect: str
    verdict: str = Field(description="ok, unknown or no.")
    fact: str
    question: str | None


class CandidateOut(BaseModel):
    firm_id: str
    name: str
    ward: str
    verdict: str = Field(description="ok, unknown or no.")
    checks: list[CheckOut]
    questions: list[str]


class MissingOut(BaseModel):
    key: str
    question: str


class MatchOut(BaseModel):
    """The answer: firms in the order in which they fit."""

    understood: ReadingOut
    missing: list[MissingOut]
    fitting: int = Field(description="How many firms come into question.")
    candidates: list[CandidateOut]
