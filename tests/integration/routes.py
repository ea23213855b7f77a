"""Every address the application answers, with its method, as the application itself lists them."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

Route = tuple[str, str]


def every_route(app: FastAPI) -> list[Route]:
    """Method and path pattern, in the order of the application. HEAD answers like GET and is left out."""
    contexts = [context for context in iter_route_contexts(app.routes) if getattr(context, "methods", None)]
    return [(method, str(c.path)) for c in contexts for method in sorted(c.methods or ()) if method != "HEAD"]


def address(pattern: str, ids: Mapping[str, str]) -> str:
    """The pattern with its names replaced."""
    for name, value in ids.items():
        pattern = pattern.replace(f"{{{name}}}", quote(value, safe="%"))
    return pattern


def is_file(pattern: str) -> bool:
    """Whether a picture or drawing is behind it, which no page has by itself."""
    return "{picture_id}" in pattern or "{version_id}" in pattern
