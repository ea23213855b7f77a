"""What the pages of capacity take from a request."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

MOST_FIELDS = 200


async def _text_fields(request: Request) -> Mapping[str, str]:
    data = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return {name: value for name, value in data.items() if isinstance(value, str)}


# The text fields of a form; a field that is sent twice counts once.
Sent = Annotated[Mapping[str, str], Depends(_text_fields)]


def number(text: str | None) -> int:
    """A number of ours that came back in a hidden field; anything else is 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def form_id(sent: Mapping[str, str]) -> str | None:
    """The id this form was given, so that it counts once however often it is sent."""
    given = sent.get("form_id", "")
    return given if len(given) == 32 and given.isalnum() and given.isascii() else None
