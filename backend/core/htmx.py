"""All that is said in HX-* headers."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response


def is_htmx(request: Request) -> bool:
    """Whether a fragment is wanted. A history restore wants the whole page, although htmx asks for it."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def redirect(request: Request, url: str) -> Response:
    """Go and look at that page: for a browser by 303, for htmx by its own header, so that the whole page changes."""
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": url})
    return RedirectResponse(url, status_code=303)
