"""Completes the OpenAPI document: what each part is for, and every refusal an operation can answer with."""

import json
from collections.abc import Mapping
from typing import Any

from backend.core.errors import ErrorBody
from backend.core.idempotency import REPLAYED

ABOUT = """Firms, free hours, requests, matches and cases for programs, under the same rules of access as the pages.

* **Who asks.** `Authorization: Bearer nkm_…` with a token that an organisation makes on its page. Some operations are
  open to strangers; a token that is not good is refused there too.
* **Writes** take an `Idempotency-Key`: the same write sent again has no second effect and gets the first answer.
* **Lists** give `next`; send it back as `cursor`, with the same filters, for the items that follow.
* **Refusals** are one sentence, with `fields` for what is to be mended; in Japanese or, with `Accept-Language: en`,
  in English.
"""
TAGS = {
    "firms": "The register of workshops: machines, techniques, materials, certificates.",
    "capacity": "Free hours week by week, as the firms tell them.",
    "requests": "What somebody wants to have made.",
    "matches": "The workshops that come into question for a text or a request, with the reasons.",
    "routes": "The operations that a request needs, in their order.",
    "cases": "A request on its way: where it stands, the firms asked for its operations, and what they answered.",
    "teams": "Workshops that can do a request together.",
}
UNSAFE = frozenset({"post", "put", "patch", "delete"})
KEY = "Idempotency-Key"

# Status: what it means, and a sentence such as it comes with.
REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("The body cannot be read.", "We could not read what was sent. Please try again."),
    401: ("The token is missing, unknown, expired or revoked.", "This needs a token."),
    403: ("The token only reads, or the write comes from another site.", "This token only reads."),
    404: ("There is no such thing, or not for you: both look alike.", "The page you are looking for was not found."),
    409: (
        "Something else came first: a newer version, or the same write still under way.",
        "Somebody else changed it.",
    ),
    413: ("The body is too large.", "What was sent is too large."),
    422: ("The input cannot be used; `fields` says what to mend.", "Some of the input needs mending."),
    429: ("Too many questions with this token.", "Too many questions with this token."),
    503: ("Busy, or not ready yet. Nothing was changed.", "We are busy right now. Please wait a moment and try again."),
}
HEADERS: Mapping[int, tuple[str, str]] = {
    401: ("WWW-Authenticate", "How to ask: `Bearer`, with `error` where a token was refused."),
    429: ("Retry-After", "After how many seconds to ask again."),
    503: ("Retry-After", "After how many seconds to ask again."),
}


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """The document with every refusal in it, in place of FastAPI's own form of 422."""
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        parts.pop(replaced, None)
    parts["ErrorBody"] = json.loads(json.dumps(ErrorBody.model_json_schema()))
    schema["info"]["description"] = ABOUT
    schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    for path, operations in schema.get("paths", {}).items():
        for method, operation in operations.items():
            _complete(operation, path, method)
    return schema


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    answers = operation["responses"]
    for status in refusals_of(operation, path, method):
        answers[str(status)] = _refusal(status)
    names = {each["name"] for each in operation.get("parameters", ())}
    good = next(answer for status, answer in answers.items() if status.startswith("2"))
    if KEY in names:
        good.setdefault("headers", {})[REPLAYED] = _header("`true` when this is the answer of the first time.", "true")
    if "cursor" in names:
        good.setdefault("headers", {})["Link"] = _header('The address of the items that follow: `<…>; rel="next"`.', "")


def refusals_of(operation: Mapping[str, Any], path: str, method: str) -> list[int]:
    """The refusals that this operation can answer with."""
    names = {each["name"] for each in operation.get("parameters", ())}
    takes = "requestBody" in operation
    may_be: dict[int, bool] = {
        400: takes,
        401: "security" in operation,
        403: method in UNSAFE,
        404: "{" in path,
        409: KEY in names,
        413: takes,
        422: takes or bool(names),
        429: "security" in operation,
        503: True,
    }
    return [status for status, may in may_be.items() if may]


def _refusal(status: int) -> dict[str, Any]:
    meaning, sentence = REFUSALS[status]
    body = {"schema": {"$ref": "#/components/schemas/ErrorBody"}, "example": {"message": sentence, "fields": {}}}
    answer: dict[str, Any] = {"description": meaning, "content": {"application/json": body}}
    if status in HEADERS:
        name, text = HEADERS[status]
        answer["headers"] = {name: _header(text, "")}
    return answer


def _header(text: str, example: str) -> dict[str, Any]:
    header: dict[str, Any] = {"description": text, "schema": {"type": "string"}}
    return header | ({"example": example} if example else {})
