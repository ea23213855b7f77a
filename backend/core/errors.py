"""Refusals a person can read. Each is a status and one sentence; what was wrong with a field stands beside it."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from backend.core.i18n import gettext as _


class AppError(Exception):
    """A request that is refused, with the sentence to show."""

    def __init__(
        self,
        status: int,
        message: str,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})


class NotFound(AppError):
    """There is no such thing, or not for this person: both look alike."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(404, message or _("お探しのページは見つかりませんでした。"))


class Refused(AppError):
    """Well formed, but the present state of things does not allow it."""

    def __init__(self, message: str) -> None:
        super().__init__(409, message)


class Invalid(AppError):
    """Something in the input cannot be used; `fields` says what and how to mend it."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(422, message, fields)


class TooMany(AppError):
    """Too many tries in too short a time; `seconds` says after how many it may be tried again."""

    def __init__(self, message: str, seconds: int | None = None) -> None:
        super().__init__(429, message, headers={"Retry-After": str(seconds)} if seconds else None)


class TooLarge(HTTPException):
    """A body above the limit. No AppError, because whoever reads a body lets nothing else through."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


class ErrorBody(BaseModel):
    """What the JSON interface answers when it refuses."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(description="One sentence that says why.")
    fields: dict[str, str] = Field(default_factory=dict, description="What to mend, by the name of the field.")
