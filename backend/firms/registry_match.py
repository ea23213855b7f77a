"""Whether a row of a file is a firm the register already has. Pure: works on keys, not on the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from backend.firms.drafts import FirmDraft
from backend.firms.faults import FaultCode, Problem
from backend.firms.wording import address_key, name_key


@dataclass(frozen=True, slots=True)
class RowKeys:
    """By what a firm is recognised. The address is the ward where no address is given."""

    code: str | None
    number: str | None
    name: str
    address: str


def keys_of(draft: FirmDraft) -> RowKeys:
    """The keys of a draft."""
    where = address_key(draft.address or draft.ward)[:300]
    return RowKeys(draft.code, draft.corporate_number, name_key(draft.name)[:200], where)


class Registry:
    """The firms of the register by their keys. Deleted firms count too: an import brings them back."""

    def __init__(self, known: Iterable[Any]) -> None:
        rows = list(known)
        self._by_code = {row.code: row for row in rows if row.code}
        self._by_number = {row.corporate_number: row for row in rows if row.corporate_number}
        self._by_name = {(row.name_key, row.address_key): row for row in rows if row.deleted_at is None}

    def find(self, keys: RowKeys) -> str | Problem | None:
        """The id of the firm this row is about, None for a newcomer, or what is contradictory."""
        by_code = self._by_code.get(keys.code) if keys.code else None
        by_number = self._by_number.get(keys.number) if keys.number else None
        if by_code is not None and by_number is not None and by_code.id != by_number.id:
            return Problem("corporate_number", FaultCode.CODE_CONFLICT, keys.number or "", by_number.name)
        if by_code is not None:
            return str(by_code.id)
        if by_number is not None:
            return self._same_number(keys, by_number)
        return self._same_name(keys)

    def _same_number(self, keys: RowKeys, firm: Any) -> str | Problem:  # noqa: ANN401 - a row of a query
        if keys.code and firm.code and keys.code != firm.code:
            return Problem("corporate_number", FaultCode.NUMBER_TAKEN, keys.number or "", firm.name)
        return str(firm.id)

    def _same_name(self, keys: RowKeys) -> str | Problem | None:
        """Same name and address: the same firm if nothing speaks against it, otherwise somebody has to look."""
        firm = self._by_name.get((keys.name, keys.address)) if keys.name and keys.address else None
        if firm is None:
            return None
        contradicts = (keys.code and firm.code) or (keys.number and firm.corporate_number)
        if contradicts:
            return Problem("name", FaultCode.DUPLICATE_NAME, keys.name, firm.name)
        return str(firm.id)
