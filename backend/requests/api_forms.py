"""Requests as programs send and receive them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from backend.core.api_models import ApiIn, ApiOut, like
from backend.core.api_pages import CURSOR
from backend.core.errors import Invalid
from backend.requests import rules
from backend.requests.forms import Wording
from backend.requests.models import PartRequest

# Longer than what is allowed: the rules say so in words.
Text = Annotated[str, Field(max_length=2 * rules.MAX_CHARS)]
Short = Annotated[str, Field(max_length=1000)]
SAID = "アルミの箱を10個、角を丸くして黒くしたい。来月末まで。"
Corrections = Annotated[
    dict[str, Short],
    Field(
        max_length=40,
        description="Parts of the reading to put right, in words: {part: words}. "
        f"Parts: {', '.join(rules.CORRECTABLE)}; answers to questions: a-quantity, a-due and so on.",
    ),
]


class ContactBody(ApiIn):
    """Whom the coordinators call back."""

    name: Short
    organisation: Short = ""
    email: Short = Field(default="", description="The address or the telephone number is needed; both are welcome.")
    phone: Short = ""

    def columns(self) -> dict[str, str]:
        return {
            "contact_name": self.name,
            "contact_organisation": self.organisation,
            "contact_email": self.email,
            "contact_phone": self.phone,
        }


CONTACT = {
    "name": "開発 さくら",
    "organisation": "みほんロボット",
    "email": "sakura@example.jp",
    "phone": "03-0000-0000",
}


class RequestIn(ApiIn):
    """Something to be made."""

    model_config = like({"text": SAID, "corrections": {"quantity": "12"}, "contact": CONTACT})

    text: Text = Field(description="What should be made, in plain Japanese or English.")
    corrections: Corrections = Field(default_factory=dict)
    contact: ContactBody | None = None

    @property
    def wording(self) -> Wording:
        return Wording(rules.check_text(self.text), rules.check_corrections(self.corrections))


class RequestPatch(ApiIn):
    """What is to change; what is not named stays."""

    model_config = like({"corrections": {"due": "2027-01-20"}})

    text: Text | None = None
    corrections: Corrections | None = None
    contact: ContactBody | None = None

    def wording_over(self, kept: PartRequest) -> Wording:
        text = kept.text if self.text is None else rules.check_text(self.text)
        sent = kept.corrections if self.corrections is None else rules.check_corrections(self.corrections)
        return Wording(text, sent)


EXAMPLE = {
    "token": "vq3dU0Zb1mW1xE0cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE",
    "number": "26-0412",
    "text": SAID,
    "lang": "ja",
    "corrections": {"quantity": "12"},
    "ward": "大田区",
    "contact": CONTACT,
    "created_at": "2026-12-01T01:30:00Z",
    "updated_at": "2026-12-01T01:30:00Z",
    "url": "/requests/vq3dU0Zb1mW1xE0cQm3mJ0Gq0jv8T6o1mD1pYk0aXzE",
}


class RequestOut(ApiOut):
    """A request. `token` is the way back to it: whoever holds it may read and change the request."""

    model_config = like(EXAMPLE)

    token: str
    number: str
    text: str
    lang: str
    corrections: dict[str, str]
    ward: str | None = Field(description="Whose coordinators look after it; null while nobody has said so.")
    contact: ContactBody | None = Field(
        description="Whom to call back; for those who sent the request and for its coordinators."
    )
    created_at: datetime
    updated_at: datetime
    url: str


class RequestsOut(ApiOut):
    """Some requests, newest first."""

    model_config = like({"items": [EXAMPLE], "next": CURSOR})

    items: list[RequestOut]
    next: str | None


def request_out(request: PartRequest, *, with_contact: bool) -> RequestOut:
    known = with_contact and request.contact_name
    return RequestOut(
        token=request.token,
        number=request.number,
        text=request.text,
        lang=request.lang,
        corrections=request.corrections,
        ward=request.ward,
        contact=ContactBody(
            name=request.contact_name,
            organisation=request.contact_organisation,
            email=request.contact_email,
            phone=request.contact_phone,
        )
        if known
        else None,
        created_at=request.created_at,
        updated_at=request.updated_at,
        url=f"/requests/{request.token}",
    )


def check_contact(contact: ContactBody) -> Mapping[str, str]:
    """The contact as it will be kept; what is wrong is named as it was sent."""
    try:
        return rules.check_contact(contact.columns())
    except Invalid as refusal:
        named = {name.replace("contact_", "contact."): sentence for name, sentence in refusal.fields.items()}
        raise Invalid(refusal.message, named) from refusal
