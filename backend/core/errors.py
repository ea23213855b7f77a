"""Refusals a person can read. Each is a status and one sentence; what was wrong with a field stands beside it."""

from collections.abc import Mapping

from pydantic import BaseModel

from backend.core.i18n import gettext as _


class AppError(Exception):
    """A request that is refused, with the sentence to show."""

    def __init__(self, status: int, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = dict(fields or {})


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
    """Too many tries in too short a time."""

    def __init__(self, message: str) -> None:
        super().__init__(429, message)


class ErrorBody(BaseModel):
    """What the JSON interface answers when it refuses."""

    message: str
    fields: dict[str, str] = {}
