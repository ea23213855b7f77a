"""What somebody holds who comes without being anybody: the token of a request, or the signed link of a firm."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseKey:
    """Opens one case to its client; with a firm, only what that firm was asked and does in it."""

    case_id: int
    firm_id: str | None = None
