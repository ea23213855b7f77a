"""Whether the program is ready to serve. Each part adds a check that names what is missing, or says nothing."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

Check = Callable[[], str | None]
router = APIRouter()


def add_check(app: FastAPI, name: str, check: Check) -> None:
    """`check` returns None when all is well, else one sentence that says what is missing and what to do."""
    app.state.health_checks[name] = check


@router.get("/healthz")
def health(request: Request) -> JSONResponse:
    """200 when matches can be served; 503 with what is missing."""
    checks: dict[str, Check] = request.app.state.health_checks
    missing = {name: problem for name, check in checks.items() if (problem := check())}
    return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)
