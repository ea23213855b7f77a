"""How what people and programs send arrives here."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field, StringConstraints

from backend.core.api_models import ApiIn, ApiOut, like


async def _posted(request: Request) -> Mapping[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


# The fields of the form as they were sent, before anybody checked them.
Posted = Annotated[Mapping[str, str], Depends(_posted)]


SAID = "アルミの箱を10個、角を丸くして黒くしたい。来月末まで。"
# Longer than what is allowed: the rules say so in words.
Text = Annotated[str, StringConstraints(max_length=20_000)]
Short = Annotated[str, StringConstraints(max_length=1000)]


class MatchIn(ApiIn):
    """What somebody wants made."""

    model_config = like({"text": SAID, "corrections": {"quantity": "12"}, "top": 5})

    text: Text = Field(description="What should be made, in plain Japanese or English.")
    corrections: dict[str, Short] = Field(
        default_factory=dict,
        max_length=40,
        description="Parts of the reading to put right, in words: {part: words}.",
    )
    top: int = Field(default=20, ge=1, le=100, description="How many firms to return.")


class ReadingOut(ApiOut):
    """What was understood; null where the text is silent. Lengths in millimetres."""

    material: str | None
    size_mm: list[float] | None
    tolerance_mm: float | None
    quantity: int | None
    due: date | None
    certifications: list[str] | None
    processes: list[str]


class CheckOut(ApiOut):
    aspect: str
    verdict: str = Field(description="ok, unknown or no.")
    fact: str
    question: str | None


class CandidateOut(ApiOut):
    firm_id: str
    name: str
    ward: str
    verdict: str = Field(description="ok, unknown or no.")
    checks: list[CheckOut]
    questions: list[str]


class MissingOut(ApiOut):
    key: str
    question: str


class MatchOut(ApiOut):
    """The answer: firms in the order in which they fit."""

    model_config = like(
        {
            "understood": {
                "material": "aluminium",
                "size_mm": [240.0, 160.0, 90.0],
                "tolerance_mm": 0.05,
                "quantity": 10,
                "due": "2026-12-31",
                "certifications": ["ISO9001"],
                "processes": ["bending", "anodising"],
            },
            "missing": [{"key": "supply", "question": "材料はどちらで用意しますか?"}],
            "fitting": 14,
            "candidates": [
                {
                    "firm_id": "5f0c8a529d534a3b9a580d3a6c1a7f10",
                    "name": "有限会社みほん板金",
                    "ward": "大田区",
                    "verdict": "unknown",
                    "checks": [
                        {
                            "aspect": "tolerance",
                            "verdict": "unknown",
                            "fact": "公差がわからない",
                            "question": "±0.05は出せますか?",
                        }
                    ],
                    "questions": ["黒アルマイトはどちらに頼みますか?"],
                }
            ],
        }
    )

    understood: ReadingOut
    missing: list[MissingOut]
    fitting: int = Field(description="How many firms come into question.")
    candidates: list[CandidateOut]
